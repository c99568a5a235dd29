"""What each of the crowd does, as a locustfile: signs in, then reads and writes as the pages themselves would.

Run by bench/crowd.py, which names people and places in CROWD. Each write is noted down with its answer.
"""

import html
import json
import os
import random
import re
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from locust import HttpUser, between, events, task

PLACE = json.loads(Path(os.environ["CROWD"]).read_text(encoding="utf-8"))
PEOPLE, WORDS = iter(PLACE["people"]), PLACE["words"]
DONE = Path(PLACE["done"])
LOCK = Lock()
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SEEN = re.compile(r'name="([0-9a-f-]{36})-seen" value="(\d+)"')
FINDING = re.compile(r'href="(/findings/[0-9a-f-]{36}/)"')
NEXT = re.compile(r'href="(/findings/\?[^"]*after=[^"]*)"')
CONFLICT, KEPT = 409, (200, 302, 303)


class Person(HttpUser):
    """One person with a browser, who thinks for some seconds between two pages."""

    wait_time = between(*PLACE["thinks"])

    def on_start(self) -> None:
        """Sign in through the door."""
        with LOCK:
            self.who = next(PEOPLE)
        self.chance = random.Random(self.who["account"])
        typed = {"account": self.who["account"], "password": PLACE["password"], "next": ""}
        self._post("/sign-in", self._read("/sign-in", "sign in, form"), typed, "sign in")
        self.findings = FINDING.findall(self._read("/findings/", "ledger"))

    @task(6)
    def look_at_the_desk(self) -> None:
        self._read("/", "desk")

    @task(8)
    def read_a_finding(self) -> None:
        if self.findings:
            self._read(self.chance.choice(self.findings), "finding")

    @task(6)
    def turn_the_ledger(self) -> None:
        found = self._read(self.chance.choice(("/findings/", "/findings/?sort=due", "/findings/?last=1")), "ledger")
        self.findings = FINDING.findall(found) or self.findings
        if further := NEXT.search(found):
            self._read(html.unescape(further[1]), "ledger")

    @task(4)
    def search(self) -> None:
        self._read(f"/findings/?q={self.chance.choice(WORDS)}", "ledger, search")

    @task(3)
    def look_at_figures(self) -> None:
        self._read("/statistics/", "statistics")

    @task(3)
    def note_something(self) -> None:
        if self.findings:
            address = self.chance.choice(self.findings)
            page, mark = self._read(address, "finding"), f"crowd {uuid4()}"
            self._write("note", mark, f"{address}notes", page, {"text": mark}, "note, written")

    @task(1)
    def keep_a_view(self) -> None:
        page, mark = self._read("/findings/?light=overdue", "ledger"), uuid4().hex
        typed = {"name": mark, "asked": "light=overdue"}
        self._write("saved_view", mark, "/findings/views/", page, typed, "view, saved")

    @task(4)
    def report_progress(self) -> None:
        """As the list of progress has it: with the revision that was seen. Two of a unit may be in each other's way."""
        page = self._read("/progress/", "progress")
        lines, mark = SEEN.findall(page), f"crowd {uuid4()}"
        if not lines or not self.who["reports"]:
            return
        typed = {f"{finding}-seen": revision for finding, revision in lines}
        chosen = lines[0][0] if self.chance.random() < PLACE["rush"] else self.chance.choice(lines)[0]
        self._think()
        typed |= {f"{chosen}-text": mark, f"{chosen}-done_on": PLACE["on"]}
        self._write("progress", mark, "/progress/", page, typed, "progress, reported")

    def _think(self) -> None:
        import gevent

        gevent.sleep(self.chance.uniform(0, PLACE["thinks"][0]))

    def _read(self, address: str, name: str) -> str:
        with self.client.get(address, name=name, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code} {answer.headers.get('Location', '')}")
                return ""
            answer.success()
            return str(answer.text)

    def _post(self, address: str, page: str, typed: dict[str, str], name: str) -> int:
        token = TOKEN.search(page)
        data = {**typed, "csrfmiddlewaretoken": token[1] if token else ""}
        with self.client.post(address, data, name=name, allow_redirects=False, catch_response=True) as answer:
            code: int = answer.status_code
            if code in (302, 303) or code == CONFLICT:
                answer.success()
            else:
                answer.failure(f"{code}")
            return code

    def _write(self, thing: str, mark: str, address: str, page: str, typed: dict[str, str], name: str) -> None:
        if not page:
            return
        code = self._post(address, page, typed, name)
        with LOCK, DONE.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps({"thing": thing, "mark": mark, "code": code}) + "\n")


@events.quitting.add_listener
def _always_zero(environment: Any, **_more: Any) -> None:
    """Failures are counted by whoever started this."""
    environment.process_exit_code = 0


assert date.fromisoformat(PLACE["on"])

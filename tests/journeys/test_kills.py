"""The server's parts and its database are killed at random moments while people work: what was acknowledged is there.

One county in a home of its own, people at the API, a hand that kills. The seed is told: a run can be had again.
"""

import json
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from bihuan.cli.launcher import database
from tests.cli.launcher.stage import postmaster, room_for_homes, until
from tests.journeys.conftest import Place
from tests.journeys.visits import today

LATER = str(today() + timedelta(days=200))
SAID = "照片看不出公示日期，请补交原件再报。"
BODIES: dict[str, dict[str, Any]] = {
    "report_progress": {"progress": "已逐校核对，台账附后"},
    "mark": {"reason": SAID, "key": True},
    "report_basically_done": {"remains": "还有一所学校未公示", "remains_by": LATER},
    "resume": {"reason": SAID},
    "request_extension": {"until": LATER, "reason": SAID},
    "grant_extension": {},
    "refuse_extension": {"reason": SAID},
    "agree_plan": {},
    "return_plan": {"reason": SAID, "redo_by": LATER, "faults": ["measures_vague"]},
    "approve_plan": {},
    "withdraw_closing": {"reason": SAID},
    "return_closing": {"reason": SAID},
    "lapse": {"reason": SAID},
    "add_evidence": {},
}
ROLES = ("unit_head", "unit_clerk", "office_clerk", "office_director", "leading_group", "discipline_reviewer",
         "organization_reviewer")  # fmt: skip
PEOPLE = 3
PARTS = ("web_server:run", "worker:run", "postmaster")
STARTS_AGAIN_WITHIN = 90
# Whatever has a state: as many events as revisions, and the last of them led to the state that stands there.
STATED = {"finding": "finding", "plan": "plan", "plan_row": "plan_row", "closing_request": "closing_request",
          "request": "finding_request", "feedback": "feedback", "draft": "draft"}  # fmt: skip
UNTOLD = """
select t.id from {table} t
left join lateral (select count(*) as n from event e where e.thing_id = t.id and e.thing = %(thing)s) told on true
left join lateral (
  select e.state_to from event e where e.thing_id = t.id and e.thing = %(thing)s
  order by e.at desc, (e.state_from <> e.state_to) desc limit 1
) last on true
where told.n <> t.revision or last.state_to is distinct from t.state
"""
HALVES = {
    "a change of state without its event, or an event without its change": """
        select e.id from event e full join state_change c on c.event_id = e.id
        where (e.thing = 'finding' and e.state_from <> e.state_to and c.id is null) or e.id is null""",
    "an event without its body": "select e.id from event e left join event_body b on b.event_id = e.id"
    " where b.event_id is null",
    "an event of a finding without its place": "select e.id from event e left join event_place p on p.event_id = e.id"
    " where e.thing = 'finding' and p.event_id is null",
    "a finding under review without what is reviewed": """
        select f.id from finding f
        where (f.state = 'pending_review')
           <> exists (select 1 from closing_request c where c.finding_id = f.id and c.state = 'open')
        union all select f.id from finding f
        where (f.state = 'plan_submitted')
           <> exists (select 1 from plan_row r where r.finding_id = f.id and r.state = 'submitted')""",
    "an entry of progress without its event, or an event without its entry": """
        select finding_id from (
          select finding_id, count(*) as n from progress group by finding_id
        ) p full join (
          select thing_id, count(*) as n from event where step = 'report_progress' group by thing_id
        ) e on e.thing_id = p.finding_id where p.n is distinct from e.n""",
    "a file that nobody handed in": """
        select u.id from upload u where u.name = '断电佐证.txt'
        and not exists (select 1 from evidence v where v.upload_id = u.id)""",
}


@dataclass
class People:
    """Several people who work through the API as fast as it answers, each in a thread of their own."""

    place: Place
    luck: random.Random
    tokens: dict[str, str]
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def ask(self, role: str, path: str, typed: Any = None, files: dict[str, bytes] | None = None) -> tuple[int, Any]:
        """One request; (0, None) when nobody answered, or not to the end."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        body, kind = (None, "") if typed is None else (json.dumps(typed).encode(), "application/json")
        if files and body is not None:
            body, kind = _parts(body, files)
        if kind:
            headers["Content-Type"] = kind
        request = urllib.request.Request(f"{self.place.base}{path}", data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            with suppress(OSError, ValueError):
                return refusal.code, json.loads(refusal.read())
            return 0, None
        except (OSError, ValueError):
            return 0, None

    def step(self) -> None:
        """One step of some finding that this very moment permits to some role."""
        role = self.luck.choice(ROLES)
        status, listed = self.ask(role, "/api/findings?state=given")
        rows = listed["rows"] if status == 200 else []
        if not rows:
            time.sleep(0 if status == 200 else 0.2)
            return
        status, page = self.ask(role, f"/api/findings/{self.luck.choice(rows)['id']}")
        open_steps = [one["code"] for one in page["permitted"] if one["code"] in BODIES] if status == 200 else []
        if open_steps:
            self.take(role, page, self.luck.choice(open_steps))

    def take(self, role: str, page: dict[str, Any], code: str) -> None:
        """Take it as the page stood, and remember what was answered."""
        typed, files = BODIES[code] | {"seen": page["revision"]}, None
        if code == "add_evidence":
            typed["evidence"] = [{"measure": page["measures"][0]["id"], "name": "断电佐证.txt", "file": "one"}]
            files = {"one": f"第 {len(self.acknowledged)} 份".encode()}
        status, told = self.ask(role, f"/api/findings/{page['id']}/steps/{code}", typed, files)
        if status == 200:
            self.acknowledged.append({"step": code, **told})
        elif status in (0, 500, 502, 503):
            self.unanswered.append(code)
        else:
            self.refused.append(f"{code} {status} {told['code']}")


def _parts(typed: bytes, files: dict[str, bytes]) -> tuple[bytes, str]:
    """A multipart body: the JSON beside the files."""
    edge = b"--------bihuan-kills"
    lines = [b"--" + edge, b'Content-Disposition: form-data; name="typed"', b"", typed]
    for name, content in files.items():
        told = f'Content-Disposition: form-data; name="{name}"; filename="{name}.txt"'
        lines += [b"--" + edge, told.encode(), b"Content-Type: text/plain", b"", content]
    lines += [b"--" + edge + b"--", b""]
    return b"\r\n".join(lines), f"multipart/form-data; boundary={edge.decode()}"


class Hand:
    """What kills: one part after the other, each some moment after the next acknowledged step."""

    def __init__(self, place: Place, people: People, luck: random.Random, kills: int, steps: int) -> None:
        self.place, self.people, self.luck = place, people, luck
        self.at = sorted(luck.sample(range(1, max(steps - 1, kills + 2)), kills))
        self.done: list[str] = []
        self.fault: Exception | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            for number, after in enumerate(self.at):
                until(lambda after=after: len(self.people.acknowledged) >= after, seconds=600)
                time.sleep(self.luck.uniform(0, 0.15))
                self._kill(PARTS[number % len(PARTS)] if number < len(PARTS) else self.luck.choice(PARTS))
        except Exception as problem:
            self.fault = problem

    def _kill(self, part: str) -> None:
        found = postmaster(self.place.home) if part == "postmaster" else self.place.serving.child(part)
        assert found, f"{part} is not there to be killed"
        os.kill(found, signal.SIGKILL)
        self.done.append(part)
        until(lambda: self.place.serving.health() == 200, seconds=STARTS_AGAIN_WITHIN)


@contextmanager
def owner_of(place: Place) -> Iterator[psycopg.Connection[Any]]:
    """The home's database, seen by its owner."""
    with database(place.home, environ={}) as found, psycopg.connect(found.owner_dsn or "") as connection:
        yield connection


def check(owner: psycopg.Connection[Any], people: People, events_before: int) -> None:
    """Every acknowledged step is there, whole; of those that nobody answered each is there whole, or not at all."""
    for step in people.acknowledged:
        told = owner.execute(
            "select e.thing_id::text, e.step, e.state_to from event e join event_body b on b.event_id = e.id"
            " join event_place p on p.event_id = e.id where e.id = %s", [step["event"]],
        ).fetchone()  # fmt: skip
        assert told is not None, f"acknowledged and gone: {step}"
        assert told == (step["finding"], step["step"], step["state"])
    for thing, table in STATED.items():
        untold = owner.execute(UNTOLD.format(table=table), {"thing": thing}).fetchall()
        assert untold == [], f"{thing}: state, revision and record differ"
    for said, query in HALVES.items():
        assert owner.execute(query).fetchall() == [], said
    steps = taken(owner) - events_before
    assert len(people.acknowledged) <= steps <= len(people.acknowledged) + len(people.unanswered)


def taken(owner: psycopg.Connection[Any]) -> int:
    """How many steps of the kinds that these people take are on the record."""
    found = owner.execute(
        "select count(*) from event where thing = 'finding' and because_of is null and step = any(%s)", [list(BODIES)]
    ).fetchone()
    assert found
    return int(found[0])


# What a step that was half done would look like; each must be seen.
PLANTS = (
    "update finding set revision = revision + 1 where id = %(finding)s",
    "update finding set state = case state when 'closed' then 'returned' else 'closed' end where id = %(finding)s",
    "update plan_row set revision = revision + 1 where id = (select id from plan_row order by id limit 1)",
    "update closing_request set state = case state when 'agreed' then 'returned' else 'agreed' end"
    " where id = (select id from closing_request order by id limit 1)",
)


def sees_what_is_half_done(owner: psycopg.Connection[Any], people: People, events_before: int) -> None:
    """The look itself: each planted half is told."""
    for plant in PLANTS:
        with owner.transaction(force_rollback=True):
            planted = owner.execute(plant, {"finding": people.acknowledged[-1]["finding"]})
            assert planted.rowcount, plant
            with pytest.raises(AssertionError):
                check(owner, people, events_before)


def work_through_kills(seed: int, *, steps: int, kills: int) -> None:
    """So many acknowledged steps while so many parts are killed; then everything is looked at."""
    luck = random.Random(seed)
    print(f"seed {seed}")
    with room_for_homes() as folder:
        place = Place(folder / "home", "demo", FINDINGS="40")
        try:
            place.start()
            tokens = {post["role"]: one["token"] for one in place.accounts for post in one["posts"]}
            people = People(place, luck, tokens)
            with owner_of(place) as owner:
                before = taken(owner)
            hand = Hand(place, people, random.Random(seed + 1), kills, steps)
            limit = time.monotonic() + 60 + 5 * steps

            def work() -> None:
                while len(people.acknowledged) < steps or hand.thread.is_alive():
                    assert time.monotonic() < limit, f"{len(people.acknowledged)} steps, {hand.done}"
                    people.step()

            with ThreadPoolExecutor(PEOPLE) as threads:
                for done in [threads.submit(work) for _ in range(PEOPLE)]:
                    done.result()
            assert hand.fault is None, hand.fault
            assert len(hand.done) == kills
            assert set(hand.done) >= set(PARTS[:kills])
            print(f"{Counter(step['step'] for step in people.acknowledged)}, killed {Counter(hand.done)}")
            print(f"unanswered {Counter(people.unanswered)}, refused {Counter(people.refused)}")
            with owner_of(place) as owner:
                check(owner, people, before)
                sees_what_is_half_done(owner, people, before)
            assert place.serving.process.poll() is None, "the server gave up"
            place.stop()
        finally:
            place.serving.kill()


def test_what_was_acknowledged_survives_every_kill() -> None:
    work_through_kills(int(os.environ.get("SEED", "3")), steps=40, kills=4)


@pytest.mark.long
def test_what_was_acknowledged_survives_for_five_hundred_steps() -> None:
    work_through_kills(int(os.environ.get("SEED", str(time.time_ns() % 10**6))), steps=500, kills=25)

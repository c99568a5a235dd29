"""The chain by the API alone: every deed a request with a person's token, every answer JSON."""

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from tests.cli.launcher.stage import ROOT
from tests.journeys.chain import (
    LATER,
    MUCH_LATER,
    NO_ORIGINAL,
    OPINION,
    SOON,
    Cast,
    DraftSeen,
    Story,
    n_marked,
    new_inspection,
    token_of,
)
from tests.journeys.conftest import Place
from tests.journeys.visits import Visits

DOCUMENT = ROOT / "tests" / "samples" / "journey" / "special.docx"
CAST = Cast("云溪水投公司党支部", "区委第四巡察组", "shuitou", "shuitouban", "zuzhang4", "lianluo4")
PEOPLE = {"shuitou": ("束云舒", "单位主要负责人"), "shuitouban": ("相里青", "单位承办人")}
MOST_ROWS = 50


class Api:
    """The door: a server's address, a token for each person."""

    def __init__(self, base: str, tokens: dict[str, str]) -> None:
        self.base, self.tokens = base, tokens

    def ask(
        self, who: str, method: str, path: str, typed: Any = None, files: dict[str, Path] | None = None
    ) -> tuple[int, Any]:
        """Status and JSON of one request; files go beside the typed part as multipart."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        body = None
        if files is not None:
            boundary = uuid.uuid4().hex
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
            body = _multipart(boundary, typed or {}, files)
        elif method == "POST":
            headers["Content-Type"] = "application/json"
            body = json.dumps(typed or {}).encode()
        try:
            with urlopen(Request(f"{self.base}/api{path}", body, headers, method=method)) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    def get(self, who: str, path: str, **asked: Any) -> Any:
        """The answer to a question that must be answered."""
        status, found = self.ask(who, "GET", path + (f"?{urlencode(asked)}" if asked else ""))
        assert status == 200, (path, status, found)
        return found

    def post(self, who: str, path: str, typed: Any, files: dict[str, Path] | None = None) -> Any:
        """The answer to a deed that must succeed."""
        status, found = self.ask(who, "POST", path, typed, files)
        assert status == 200, (path, typed, status, found)
        return found

    def upload(self, who: str, document: Path, *, inspection: str) -> str:
        typed = {"inspection": inspection, "audience": "leadership", "title": document.stem}
        status, found = self.ask(who, "POST", "/feedback", typed, {"file": document})
        assert status == 200, found
        return str(found["feedback"])

    def drafts(self, who: str, feedback: str) -> list[DraftSeen]:
        found = self.get(who, f"/feedback/{feedback}")["drafts"]
        return [
            DraftSeen(row["id"], row["text"], row["revision"]) for row in found if row["state"]["code"] == "proposed"
        ]

    def correct(self, who: str, feedback: str, draft: DraftSeen, text: str) -> None:
        self.post(who, f"/drafts/{draft.id}/correct", {"seen": draft.revision, "text": text})

    def split(self, who: str, feedback: str, draft: DraftSeen, parts: Sequence[str]) -> None:
        self.post(who, f"/drafts/{draft.id}/split", {"seen": draft.revision, "texts": list(parts)})

    def join(self, who: str, feedback: str, draft: DraftSeen, other: DraftSeen) -> None:
        typed = {"seen": draft.revision, "other": other.id, "seen_other": other.revision}
        self.post(who, f"/drafts/{draft.id}/join", typed)

    def drop(self, who: str, feedback: str, draft: DraftSeen, reason: str) -> None:
        self.post(who, f"/drafts/{draft.id}/drop", {"seen": draft.revision, "reason": reason})

    def confirm(self, who: str, feedback: str, drafts: Sequence[DraftSeen], category: str) -> None:
        described = {"category": category, "amount": "32000.50", "severity": "key"}
        for draft in drafts:
            self.post(who, f"/drafts/{draft.id}/confirm", {"seen": draft.revision, "description": described})

    def act(self, who: str, feedback: str, deed: str) -> None:
        seen = self.get(who, f"/feedback/{feedback}")
        self.post(who, f"/feedback/{feedback}/{deed}", {"seen": seen["revision"]})

    def is_hidden(self, who: str, feedback: str) -> bool:
        status, _found = self.ask(who, "GET", f"/feedback/{feedback}")
        listed = [row["id"] for row in self.get(who, "/feedback")["rows"]]
        assert (feedback in listed) == (status == 200)
        return status == 404

    def numbers(self, who: str, inspection: str) -> list[str]:
        numbers: list[str] = []
        page = 1
        while True:
            found = self.get(who, "/findings", inspection=inspection, page=page)
            numbers += [row["number"] for row in found["rows"]]
            if page >= found["pages"]:
                return sorted(numbers)
            page += 1

    def _finding(self, who: str, number: str) -> Any:
        return self.get(who, f"/findings/{quote(number)}")

    def fill(self, who: str, feedback: str, numbers: Sequence[str], goal: str) -> None:
        for number in numbers:
            self._fill(who, self._finding(who, number), goal)

    def _fill(self, who: str, finding: Any, goal: str) -> None:
        measures = [
            {"text": text, "unit": finding["unit_id"], "person": "分管副局长", "due_on": str(LATER), "product": "凭证",
             "kinds": kinds}
            for text, kinds in (("逐笔核对并清退", ["recovery"]), ("修订采购办法第三条", ["institution", "like_cases"]))
        ]  # fmt: skip
        typed = {
            "causes": "采购审批没有复核，党组没有研究过",
            "goal": goal,
            "leader": "分管副局长",
            "measures": measures,
        }
        self.post(who, f"/plans/rows/{finding['id']}", typed)

    def submit(self, who: str, feedback: str) -> None:
        plan = self._plan(who, feedback, "draft")
        self.post(who, "/plans/submit", {"feedback": feedback, "seen": plan["revision"]})

    def _plan(self, who: str, feedback: str, state: str) -> Any:
        """The version in that state, as the page of the plan as it stands lists them."""
        found = self.get(who, f"/plans/{feedback}")["versions"]
        return next(version for version in found if version["state"]["code"] == state)

    def review(self, who: str, feedback: str, *, agrees: bool, rows: Sequence[str] = ()) -> None:
        plan = self._plan(who, feedback, "submitted")
        typed: dict[str, Any] = {"seen": plan["revision"], "agrees": agrees, "reason": "同意" if agrees else OPINION}
        if not agrees:
            typed |= {"faults": ["measures_vague"], "redo_by": str(SOON)}
        if rows:
            typed["findings"] = [self._finding(who, number)["id"] for number in rows]
        self.post(who, f"/plans/{plan['id']}/review", typed)

    def _step(self, who: str, number: str, step: str, files: dict[str, Path] | None = None, **typed: Any) -> Any:
        finding = self._finding(who, number)
        path = f"/findings/{finding['id']}/steps/{step}"
        return self.post(who, path, {"seen": finding["revision"], **typed}, files)

    def progress(self, who: str, number: str, text: str) -> None:
        self._step(who, number, "report_progress", progress=text)

    def evidence(self, who: str, number: str, measure: int, file: Path) -> None:
        of = self._finding(who, number)["measures"][measure - 1]["id"]
        handed_in = [{"measure": of, "file": "one", "proves": "已清退", "dated": str(SOON.today())}]
        self._step(who, number, "add_evidence", {"one": file}, evidence=handed_in)

    def ask_extension(self, who: str, number: str) -> None:
        self._step(who, number, "request_extension", until=str(MUCH_LATER), reason="对方单位破产清算，款项待分配")

    def decide_extension(self, who: str, number: str, *, grants: bool) -> None:
        self._step(who, number, "grant_extension" if grants else "refuse_extension", reason="情况属实")

    def report_basically_done(self, who: str, number: str) -> None:
        self._step(who, number, "report_basically_done", remains="还有一笔没有到账", remains_by=str(SOON))

    def ask_closing(self, who: str, number: str, claim: str) -> None:
        answers = [{"code": code, "text": "已经做到，见佐证"} for code in self.criteria]
        self._step(who, number, "request_closing", claim=claim, criteria=answers)

    criteria = ("answered", "people_and_matters", "money", "rules", "like_cases", "on_site", "masses", "no_new")
    points = ("causes", "measures", "results", "people_and_matters")

    def decide_closing(self, who: str, number: str, *, agrees: bool, claim: str = "done") -> None:
        if not agrees:
            self._step(who, number, "return_closing", reason=NO_ORIGINAL)
            return
        open_steps = {step["code"] for step in self._finding(who, number)["permitted"]}
        last = {"done": "close", "long_term": "accept_long_term"}[claim]
        typed: dict[str, Any] = {"points": list(self.points)}
        if claim == "long_term" and last in open_steps:
            typed |= {"stage_goals": "每半年复查一次", "next_review_on": str(LATER)}
        self._step(who, number, last if last in open_steps else "agree_closing", **typed)

    def ask_reopening(self, who: str, number: str, file: Path) -> None:
        handed_in = [{"measure": None, "file": "letter"}]
        self._step(
            who, number, "request_reopening", {"letter": file}, ground="still_there", reason="群众来信反映仍在收费",
            evidence=handed_in,
        )  # fmt: skip

    def decide_reopening(self, who: str, number: str, *, grants: bool) -> None:
        self._step(who, number, "approve_reopening" if grants else "refuse_reopening", reason="情况属实，同意重启整改")

    def state(self, who: str, number: str) -> str:
        return str(self._finding(who, number)["state"]["code"])

    def counts(self, who: str, inspection: str) -> dict[str, int]:
        found = self.get(who, "/findings", inspection=inspection)
        counted = {count["state"]["code"]: count["n"] for count in found["counts"] if count["n"]}
        assert sum(counted.values()) == len(self.numbers(who, inspection))
        return counted


def _multipart(boundary: str, typed: dict[str, Any], files: dict[str, Path]) -> bytes:
    parts = []
    plain = "seen" not in typed
    fields = typed if plain else {"typed": json.dumps(typed)}
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, path in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{path.name}"\r\n\r\n'
        parts.append(head.encode() + path.read_bytes() + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


@pytest.fixture(scope="module")
def api(demo: Place, visits_of_demo: Visits) -> Api:
    """The demo's people with their tokens, the unit's two among them."""
    return Api(demo.base, dict(demo.tokens))


def test_the_whole_chain_by_requests_alone(api: Api, visits_of_demo: Visits, tmp_path: Path) -> None:
    inspection = new_inspection(visits_of_demo, CAST, PEOPLE).rpartition("/")[2]
    for account in (CAST.head, CAST.clerk):
        api.tokens[account] = token_of(visits_of_demo, account)
    Story(api, CAST, inspection, DOCUMENT, tmp_path, n_marked(DOCUMENT)).tell()

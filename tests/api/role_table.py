"""Every operation of the API and what each caller gets, written down by hand from the matrix of need to know.

404: not yours to know; 403: not yours to do, or nobody at all; 422: yours, and the rules object to what was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.house.page_objects import NOBODY, VISITORS
from tests.house.page_table import AFTER, BEFORE, LEADERS, OFFICE, READERS, SIGNERS, UNIT

Statuses = Mapping[int, tuple[str, ...]]


@dataclass(frozen=True)
class Line:
    """One operation: the address as the document has it, filled in, with a body; who gets which status."""

    operation: str
    address: str
    rest: int = 200
    gets: Statuses = field(default_factory=dict)
    typed: Mapping[str, object] | None = None
    is_form: bool = False

    def expected(self) -> dict[str, int]:
        """The status for each caller; without a token nobody gets anything."""
        found = dict.fromkeys(VISITORS, self.rest) | {
            who: status for status, whose in self.gets.items() for who in whose
        }
        return found | {NOBODY: 403}


def known(readers: tuple[str, ...], may: tuple[str, ...], *, done: int = 422) -> dict[str, object]:
    """A deed on a thing: 404 for who does not know of it, 403 for readers who may not."""
    others = tuple(role for role in readers if role not in may)
    return {"rest": 404, "gets": {403: others, done: may}}


PLAN_REVIEWERS = ("discipline_reviewer", "organization_reviewer", "office_director")
STEP, DRAFTS = "POST /api/findings/{finding}/steps/{step}", "POST /api/drafts/{draft}"
LINES = (
    Line("GET /api/me", "/api/me"),
    Line("GET /api/desk", "/api/desk?page=2"),
    Line("GET /api/statistics", "/api/statistics?on=2026-11-20"),
    Line("GET /api/statistics", "/api/statistics?by=category&kind=regular&unit_class=department&category=A"),
    Line("GET /api/statistics", "/api/statistics?sort=findings&page=2"),
    Line("GET /api/statistics/metrics", "/api/statistics/metrics"),
    Line("GET /api/progress", "/api/progress?light=overdue&quiet=7&page=9"),
    Line("GET /api/findings", "/api/findings?state=in_progress&query=课后&overdue=true&page=99"),
    Line("GET /api/findings/{finding}", "/api/findings/{given}", rest=404, gets={200: AFTER}),
    Line("GET /api/findings/{finding}", "/api/findings/{drafted}", rest=404, gets={200: BEFORE}),
    Line("GET /api/findings/{finding}", "/api/findings/{unknown}", rest=404),
    Line(
        STEP, "/api/findings/{given}/steps/report_basically_done", **known(AFTER, UNIT),
        typed={"seen": "{given_seen}"},
    ),
    Line(
        STEP, "/api/findings/{given}/steps/request_closing", **known(AFTER, ("unit_head",)),
        typed={"seen": "{given_seen}"},
    ),
    Line(
        STEP, "/api/findings/{drafted}/steps/request_withdrawal", **known(BEFORE, OFFICE),
        typed={"seen": "{drafted_seen}"},
    ),
    Line(STEP, "/api/findings/{given}/steps/resume", rest=404, gets={409: AFTER}, typed={"seen": -1}),
    Line(STEP, "/api/findings/{given}/steps/resume", rest=400, typed={}),
    Line("GET /api/closing", "/api/closing?box=mine&claim=done&query=课后&page=99"),
    Line("GET /api/closing/{closing}", "/api/closing/{closing}", rest=404, gets={200: AFTER}),
    Line("GET /api/closing/{closing}", "/api/closing/{unknown}", rest=404),
    Line("GET /api/feedback", "/api/feedback"),
    Line("GET /api/feedback/{feedback}", "/api/feedback/{given_feedback}", rest=404, gets={200: AFTER}),
    Line("GET /api/feedback/{feedback}", "/api/feedback/{open_feedback}", rest=404, gets={200: BEFORE}),
    Line(
        "POST /api/feedback", "/api/feedback", **known(AFTER, READERS), is_form=True,
        typed={"inspection": "{inspection}", "audience": "nobody"},
    ),
    Line(
        "POST /api/feedback/{feedback}/drafts", "/api/feedback/{open_feedback}/drafts", **known(BEFORE, READERS),
        typed={"text": " "},
    ),
    Line(
        "POST /api/feedback/{feedback}/approve", "/api/feedback/{open_feedback}/approve", **known(BEFORE, LEADERS),
        typed={"seen": "{open_feedback_seen}"},
    ),
    Line(
        "POST /api/feedback/{feedback}/give", "/api/feedback/{open_feedback}/give", **known(BEFORE, OFFICE),
        typed={"seen": "{open_feedback_seen}"},
    ),
    Line(
        "POST /api/feedback/{feedback}/sign", "/api/feedback/{given_feedback}/sign", **known(AFTER, SIGNERS, done=409),
        typed={"seen": "{given_feedback_seen}"},
    ),
    # The liaison has confirmed a draft, which goes back; the others have done nothing there.
    Line(
        "POST /api/feedback/{feedback}/undo", "/api/feedback/{open_feedback}/undo", rest=404,
        gets={
            403: tuple(role for role in BEFORE if role not in READERS),
            422: tuple(role for role in READERS if role != "liaison"),
            200: ("liaison",),
        },
    ),
    Line(
        "POST /api/feedback/{feedback}/categorize", "/api/feedback/{open_feedback}/categorize",
        **known(BEFORE, READERS), typed={"drafts": [], "category": ""},
    ),
    Line(
        "POST /api/feedback/{feedback}/read-again", "/api/feedback/{open_feedback}/read-again",
        **known(BEFORE, READERS),
    ),
    Line(
        f"{DRAFTS}/confirm", "/api/drafts/{draft}/confirm", **known(BEFORE, READERS),
        typed={"seen": "{draft_seen}", "text": " "},
    ),
    Line(
        f"{DRAFTS}/drop", "/api/drafts/{draft}/drop", **known(BEFORE, READERS),
        typed={"seen": "{draft_seen}"},
    ),
    Line(
        f"{DRAFTS}/correct", "/api/drafts/{draft}/correct", **known(BEFORE, READERS),
        typed={"seen": "{draft_seen}", "text": " "},
    ),
    Line(
        f"{DRAFTS}/split", "/api/drafts/{draft}/split", **known(BEFORE, READERS),
        typed={"seen": "{draft_seen}", "texts": []},
    ),
    Line(
        f"{DRAFTS}/join", "/api/drafts/{draft}/join", **known(BEFORE, READERS),
        typed={"seen": "{draft_seen}", "other": "{draft}"},
    ),
    Line(
        "POST /api/findings/{finding}/notes", "/api/findings/{given}/notes", rest=404, gets={422: AFTER},
        typed={"text": " "},
    ),
    Line("GET /api/plans", "/api/plans"),
    Line("GET /api/plans/{plan}", "/api/plans/{plan}", rest=404, gets={200: AFTER}),
    Line("GET /api/plans/{plan}", "/api/plans/{given_feedback}", rest=404, gets={200: AFTER}),
    Line("GET /api/plans/{plan}", "/api/plans/{in_writing}", rest=404, gets={200: UNIT}),
    Line(
        "GET /api/plans/{plan}/compare", "/api/plans/{plan}/compare?before={under_review}", rest=404,
        gets={200: AFTER},
    ),
    Line("POST /api/plans/rows/{finding}", "/api/plans/rows/{given}", **known(AFTER, UNIT), typed={}),
    Line(
        "POST /api/plans/submit", "/api/plans/submit", rest=404, gets={409: AFTER},
        typed={"feedback": "{given_feedback}", "seen": -1},
    ),
    Line(
        "POST /api/plans/{plan}/review", "/api/plans/{plan}/review", **known(AFTER, PLAN_REVIEWERS),
        typed={"seen": "{plan_seen}", "agrees": False},
    ),
    Line("DELETE /api/me/token", "/api/me/token"),
)  # fmt: skip

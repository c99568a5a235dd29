"""Every address of the pages and what each visitor gets there, written down by hand from the matrix of need to know.

404: not yours to know; 403: not yours to do; 405: not done this way; 302 for who has not signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.house.page_objects import NOBODY, VISITORS

LEADERS = ("secretary", "leading_group")
OFFICE = ("office_director", "office_clerk")
TEAM = ("team_leader", "deputy_leader", "liaison", "team_member")
UNIT = ("unit_head", "unit_leader", "unit_clerk")
# Who reports progress, each on the own findings; there may be none.
REPORTERS = (*UNIT, "unit_head elsewhere")
REVIEWERS = ("discipline_reviewer", "organization_reviewer")
# Who knows of a finding before it is given, and afterwards; nobody here has a grant.
BEFORE = (*LEADERS, *OFFICE, *TEAM, *REVIEWERS)
AFTER = (*BEFORE, *UNIT)
READERS = ("office_director", "office_clerk", "team_leader", "liaison")
PLAN_REVIEWERS = ("discipline_reviewer", "organization_reviewer", "office_director")
SIGNERS = ("unit_head", "team_leader", "office_director")
CLOSING_SIGNERS = ("discipline_reviewer", "organization_reviewer", "office_director")
TREE = (*OFFICE, "system_officer")
# Who may bring in a ledger; one that the office sent is seen, and left alone, by who reads the county on its side.
IMPORTERS = (*OFFICE, "unit_head", "unit_clerk", "unit_head elsewhere")
READ_ALONE = (*LEADERS, *REVIEWERS)
OFFICE_SIDE = (*OFFICE, *READ_ALONE)

Statuses = Mapping[int, tuple[str, ...]]


@dataclass(frozen=True)
class Line:
    """One address: who gets which status (`rest`: everybody else), by GET and by POST; no `posted`: 405."""

    name: str
    address: str
    rest: int = 200
    asked: Statuses = field(default_factory=dict)
    posted: Statuses = field(default_factory=dict)
    posted_rest: int = 405
    body: str = "visited=1"
    is_public: bool = False

    def expected(self, method: str) -> dict[str, int]:
        """The status for each visitor."""
        given, rest = (self.asked, self.rest) if method == "GET" else (self.posted, self.posted_rest)
        found = dict.fromkeys(VISITORS, rest)
        if not self.is_public:
            found[NOBODY] = 302
        return found | {visitor: status for status, visitors in given.items() for visitor in visitors}


def only(roles: tuple[str, ...], *, otherwise: int = 403, done: int = 422) -> dict[str, object]:
    """A form for these roles: shown to them, and shown again when it was filled in wrongly; refused to all others."""
    return {"rest": otherwise, "asked": {200: roles}, "posted": {done: roles}, "posted_rest": otherwise}


def known(readers: tuple[str, ...], may: tuple[str, ...], *, shown: int = 200, done: int = 422) -> dict[str, object]:
    """A form on a thing: 404 for who does not know of it, 403 for readers who may not."""
    others = tuple(role for role in readers if role not in may)
    return {"rest": 404, "asked": {403: others, shown: may}, "posted": {403: others, done: may}, "posted_rest": 404}


def deed(readers: tuple[str, ...], may: tuple[str, ...], *, done: int, body: str = "visited=1") -> dict[str, object]:
    """A button on a thing: no page of its own."""
    others = tuple(role for role in readers if role not in may)
    return {"rest": 405, "posted": {403: others, done: may}, "posted_rest": 404, "body": body}


KEEPER, OWN, SENDER = ("system_officer",), ("unit_clerk",), ("liaison",)
PERSON = {"rest": 404, "asked": {200: KEEPER, 403: OWN}, "posted": {422: KEEPER, 403: OWN}, "posted_rest": 404}
PLANNED = {"rest": 404, "asked": {200: (*LEADERS, *OFFICE)}}

LINES = (
    Line("desk", "/"),
    Line("sign_in", "/sign-in", posted_rest=422, is_public=True),
    Line("sign_out", "/sign-out", rest=405, posted_rest=302),
    Line("password", "/password", posted_rest=422),
    Line("act_as", "/act-as", posted_rest=404),
    Line("language", "/language", rest=405, posted_rest=302, is_public=True),
    Line("set_up", "/set-up", rest=404, posted_rest=404, is_public=True),
    Line("healthz", "/healthz", posted_rest=200, is_public=True),
    Line("people.list", "/people/", rest=403, asked={200: KEEPER}),
    Line("people.grants", "/people/grants/", rest=403, asked={200: ("security_officer",)}),
    Line("people.new", "/people/new/", **only(KEEPER)),
    Line("people.detail", "/people/{person}/", rest=404, asked={200: (*KEEPER, *OWN)}),
    Line("people.give_post", "/people/{person}/give-post/", **PERSON),
    Line("people.end_post", "/people/{person}/posts/{post}/end/", **PERSON),
    Line("people.close", "/people/{person}/close/", **PERSON),
    Line("people.reset_password", "/people/{person}/reset-password/", rest=405, posted={200: KEEPER}, posted_rest=403),
    Line("people.issue_token", "/people/{person}/token/", rest=405, posted={200: OWN}, posted_rest=403),
    Line(
        "people.revoke_token", "/people/{person}/token/revoke/", rest=405,
        posted={422: (*KEEPER, *OWN)}, posted_rest=403,
    ),
    Line("record.list", "/record/", rest=403, asked={200: ("audit_officer",)}),
    Line("organizations.index", "/organizations/"),
    Line("organizations.create", "/organizations/new", **only(TREE)),
    Line("organizations.detail", "/organizations/{unit}/"),
    Line("organizations.detail", "/organizations/{unknown}/", rest=404),
    Line("organizations.rename", "/organizations/{unit}/rename", **only(TREE)),
    Line("organizations.move", "/organizations/{unit}/move", **only(TREE)),
    Line("organizations.merge", "/organizations/{unit}/merge", **only(TREE)),
    Line("organizations.end", "/organizations/{unit}/end", **only(TREE)),
    Line("terms.index", "/terms/"),
    Line("terms.create", "/terms/new", **only(OFFICE)),
    Line("terms.detail", "/terms/{term}/"),
    Line("terms.coverage", "/terms/{term}/coverage", **PLANNED),
    Line("rounds.index", "/rounds/", rest=302, asked={200: (*LEADERS, *OFFICE)}),
    Line("rounds.create", "/rounds/new", **only(OFFICE)),
    Line("rounds.detail", "/rounds/{round}", **PLANNED),
    Line("rounds.add_inspection", "/rounds/{round}/inspections/new", **known((*LEADERS, *OFFICE), OFFICE)),
    Line("inspections.index", "/inspections/"),
    Line("inspections.detail", "/inspections/{inspection}", rest=404, asked={200: AFTER}),
    Line(
        "inspections.step", "/inspections/{inspection}/steps/archive", rest=404,
        asked={302: AFTER, 200: OFFICE}, posted={422: AFTER}, posted_rest=404,
    ),
    Line("inspections.assign", "/inspections/{inspection}/assign", **known(AFTER, OFFICE)),
    Line("inspections.release", "/inspections/{inspection}/release/{member}", **known(AFTER, OFFICE)),
    Line("findings.list", "/findings/"),
    Line("findings.list", "/findings/?state=in_progress&q=课后&overdue=1&page=99"),
    Line("findings.list", "/findings/?q=问题&sort=-due&cols=number,marks,opened&due=30&under={unit}&after=x~y"),
    Line("findings.export", "/findings/export"),
    Line("findings.exports", "/findings/exports/?state=given", posted_rest=303, body="asked=state%3Dgiven"),
    Line("findings.export_file", "/findings/exports/{unknown}", rest=404),
    Line("findings.forms", "/findings/forms/?state=given", posted_rest=422),
    Line("findings.form", "/findings/forms/{unknown}/", rest=404, posted_rest=404),
    Line("findings.fill_form", "/findings/forms/{unknown}/fill?state=given", rest=404),
    Line("findings.remove_form", "/findings/forms/{unknown}/remove", rest=405, posted_rest=404),
    Line("findings.views", "/findings/views/", posted_rest=422),
    Line("findings.view", "/findings/views/{unknown}", rest=404),
    Line("findings.remove_view", "/findings/views/{unknown}/remove", rest=405, posted_rest=404),
    Line("findings.detail", "/findings/{given}/", rest=404, asked={200: AFTER}),
    Line("findings.detail", "/findings/{drafted}/", rest=404, asked={200: BEFORE}),
    Line("findings.detail", "/findings/{unknown}/", rest=404),
    Line("findings.step", "/findings/{given}/steps/report_basically_done/", **known(AFTER, UNIT)),
    Line("findings.step", "/findings/{given}/steps/request_closing/", **known(AFTER, ("unit_head",))),
    Line("findings.step", "/findings/{drafted}/steps/request_withdrawal/", **known(BEFORE, OFFICE)),
    Line("findings.step", "/findings/{given}/steps/nonsense/", rest=404, posted_rest=404),
    Line("imports.list", "/imports/", **only(IMPORTERS)),
    Line("imports.detail", "/imports/{import}/", rest=404, asked={200: OFFICE_SIDE}),
    Line("imports.detail", "/imports/{unknown}/", rest=404),
    Line("imports.take_columns", "/imports/{import}/columns", **deed(OFFICE_SIDE, OFFICE, done=303)),
    Line("imports.apply", "/imports/{import}/apply", **deed(OFFICE_SIDE, OFFICE, done=422)),
    Line("imports.put_away", "/imports/{import}/put-away", **deed(OFFICE_SIDE, OFFICE, done=303)),
    Line("closing.list", "/closing/"),
    Line("closing.list", "/closing/?box=mine&claim=done&q=课后&page=99"),
    # Who does not sign reads; the unit's own request is not for the unit to weigh.
    Line(
        "closing.detail", "/closing/{closing}/", rest=404,
        asked={200: AFTER}, posted={403: AFTER, 422: CLOSING_SIGNERS}, posted_rest=404,
    ),
    Line("closing.detail", "/closing/{unknown}/", rest=404, posted_rest=404),
    Line("evidence.detail", "/evidence/{evidence}", rest=404, asked={200: AFTER}),
    Line("evidence.detail", "/evidence/{unknown}", rest=404),
    Line("progress.list", "/progress/", posted={422: REPORTERS}, posted_rest=403),
    Line("progress.list", "/progress/?light=overdue&quiet=7&page=99", posted={422: REPORTERS}, posted_rest=403),
    Line("findings.note", "/findings/{given}/notes", rest=405, posted={422: AFTER}, posted_rest=404),
    Line("findings.note", "/findings/{drafted}/notes", rest=405, posted={422: BEFORE}, posted_rest=404),
    Line("evidence.file", "/evidence/{evidence}/file", rest=404, asked={200: AFTER}),
    # A text has no pages: who may see it is told so, all others learn nothing.
    Line("evidence.picture", "/evidence/{evidence}/pages/1", rest=404, asked={415: AFTER}),
    Line("feedback.list", "/feedback/"),
    Line("feedback.upload", "/feedback/upload", **only(READERS)),
    Line("feedback.intakes", "/feedback/intakes/", rest=403, asked={200: READERS}),
    Line("feedback.put_all_away", "/feedback/intakes/put-away", rest=405, posted={303: READERS}, posted_rest=403),
    # Everybody has the own alone; this one was refused at once, and what was never kept is not read again.
    Line("feedback.retry_intake", "/feedback/intakes/{intake}/again", rest=405, posted={422: SENDER}, posted_rest=404),
    Line("feedback.open_intake", "/feedback/intakes/{intake}/open", rest=405, posted={303: SENDER}, posted_rest=404),
    Line("feedback.put_away", "/feedback/intakes/{intake}/put-away", rest=405, posted={303: SENDER}, posted_rest=404),
    Line("feedback.detail", "/feedback/{given_feedback}/", rest=404, asked={200: AFTER}),
    Line("feedback.detail", "/feedback/{open_feedback}/", rest=404, asked={200: BEFORE}),
    # A text has no pages to look at, whoever asks; those of scans: tests/web/test_scans.py.
    Line("feedback.picture", "/feedback/{given_feedback}/pages/1", rest=404),
    Line("feedback.approve", "/feedback/{open_feedback}/approve", **known(BEFORE, LEADERS, shown=422)),
    # Nobody gives what is not approved: the state is told first.
    Line(
        "feedback.give", "/feedback/{open_feedback}/give", rest=404,
        asked={422: BEFORE}, posted={422: BEFORE}, posted_rest=404,
    ),
    Line("feedback.sign", "/feedback/{given_feedback}/sign", **known(AFTER, SIGNERS, shown=422)),
    Line(
        "feedback.confirm_all", "/feedback/{open_feedback}/confirm-all",
        **deed(BEFORE, READERS, done=422, body="draft={draft}:1"),
    ),
    Line("drafts.add", "/feedback/{open_feedback}/drafts/add", **deed(BEFORE, READERS, done=422)),
    Line("drafts.confirm", "/feedback/{open_feedback}/drafts/{draft}/confirm", **deed(BEFORE, READERS, done=303)),
    Line("drafts.drop", "/feedback/{open_feedback}/drafts/{draft}/drop", **deed(BEFORE, READERS, done=422)),
    Line("drafts.correct", "/feedback/{open_feedback}/drafts/{draft}/correct", **deed(BEFORE, READERS, done=422)),
    Line("drafts.split", "/feedback/{open_feedback}/drafts/{draft}/split", **deed(BEFORE, READERS, done=422)),
    Line("drafts.repair", "/feedback/{open_feedback}/drafts/{draft}/repair", **deed(BEFORE, READERS, done=422)),
    # The liaison has confirmed a draft, which goes back; the others have done nothing there.
    Line(
        "feedback.undo", "/feedback/{open_feedback}/undo", rest=405,
        posted={
            403: tuple(role for role in BEFORE if role not in READERS),
            422: tuple(role for role in READERS if role != "liaison"),
            303: ("liaison",),
        },
        posted_rest=404,
    ),
    Line("feedback.categorize", "/feedback/{open_feedback}/categorize", **deed(BEFORE, READERS, done=422)),
    Line("feedback.read_again", "/feedback/{open_feedback}/read-again", **deed(BEFORE, READERS, done=422)),
    Line("drafts.join", "/feedback/{open_feedback}/drafts/{draft}/join", **deed(BEFORE, READERS, done=303)),
    Line("uploads.file", "/uploads/{given_upload}", rest=404, asked={200: AFTER}),
    Line("uploads.file", "/uploads/{open_upload}", rest=404, asked={200: BEFORE}),
    Line("plans.list", "/plans/"),
    Line("plans.detail", "/plans/{given_feedback}/", rest=404, asked={200: AFTER}),
    Line("plans.detail", "/plans/{handed_in}/", rest=404, asked={200: AFTER}),
    Line("plans.detail", "/plans/{in_writing}/", rest=404, asked={200: UNIT}),
    Line("plans.detail", "/plans/{open_feedback}/", rest=404),
    Line("plans.export", "/plans/{handed_in}/export", rest=404, asked={200: AFTER}),
    Line("plans.export", "/plans/{in_writing}/export", rest=404, asked={200: UNIT}),
    Line("plans.export", "/plans/{open_feedback}/export", rest=404),
    Line(
        "plans.matching_start", "/plans/{given_feedback}/matching/", rest=404,
        asked={200: AFTER}, posted={422: AFTER}, posted_rest=404,
    ),
    Line("plans.matching_start", "/plans/{open_feedback}/matching/", rest=404, posted_rest=404),
    # Each side has its own documents; what may be taken over, the unit takes over.
    Line(
        "plans.matching", "/plans/{given_feedback}/matching/{later}?apart=1&pair=2:{given}", rest=404,
        asked={200: UNIT}, posted={422: UNIT}, posted_rest=404,
    ),
    Line(
        "plans.matching", "/plans/{given_feedback}/matching/{later_office}", rest=404,
        asked={200: BEFORE}, posted={403: BEFORE}, posted_rest=404,
    ),
    Line("plans.matching", "/plans/{given_feedback}/matching/{unknown}", rest=404, posted_rest=404),
    Line("plans.fill", "/plans/rows/{planned}/", **known(AFTER, UNIT)),
    Line("plans.submit", "/plans/{given_feedback}/submit", **known(AFTER, ("unit_head",))),
    Line("plans.review", "/plans/{handed_in}/review", **known(AFTER, PLAN_REVIEWERS, shown=422)),
    # The last party waits for the others, and is told so.
    Line(
        "plans.review", "/plans/{under_review}/review", rest=404, posted_rest=404,
        asked={403: AFTER, 200: PLAN_REVIEWERS[:2], 422: PLAN_REVIEWERS[2:]}, posted={403: AFTER, 422: PLAN_REVIEWERS},
    ),
    Line("plans.compare", "/plans/{handed_in}/compare?before={handed_in}", rest=404, asked={200: AFTER}),
    Line("plans.compare", "/plans/{in_writing}/compare?before={handed_in}", rest=404, asked={200: UNIT}),
    Line("statistics.by_state", "/statistics/"),
    Line("statistics.export", "/statistics/export?by=class"),
)  # fmt: skip

# What a shared part of a page may be given or not; its template says so at its head.
OPTIONAL = {
    *("page.figures", "page.steps", "page.refused", "page.counts", "page.lead"),
    *("action", "post.person", "count.tone", "note.text", "note.error"),
}
# The visitor's own session, read when a page asks for its messages; it belongs to the door, not to the page.
OF_THE_DOOR = 'FROM "django_session"'

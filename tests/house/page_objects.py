"""A small county to visit: one feedback given, with a finding at work and its evidence; one still being read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.test import Client

from bihuan.actions import _matching, drafts, imports, intakes, plans
from bihuan.models import ClosingRequest, Draft, Evidence, Feedback, PlanRow
from bihuan.rules.plan_content import RowContent
from bihuan.rules.vocabulary import ROLES
from tests.builders import County, build_county
from tests.paths import REPORT, TEXT, Path
from tests.web.visitors import visitor

NOBODY = "nobody"
# Two who stand elsewhere: the head of a unit that is not inspected, a member of a team that is not assigned.
ELSEWHERE = {"unit_head elsewhere": ("unit_head", "finance"), "team_member elsewhere": ("team_member", "team_2")}
VISITORS = (NOBODY, *ROLES, *ELSEWHERE)


@dataclass(frozen=True)
class Visited:
    """The county, the names under which page_table.py speaks of its things, and a browser for each visitor."""

    county: County
    things: dict[str, str]
    clients: dict[str, Client]


def county_to_visit() -> Visited:
    """Everything a page of the table speaks of, and everybody who may ask for it."""
    path = Path(build_county())
    things = {**_of_findings(path), **_of_the_county(path.county)}
    return Visited(path.county, {name: str(one) for name, one in things.items()}, dict(_browsers(path.county)))


def _of_findings(path: Path) -> dict[str, object]:
    """Two feedback documents, one given and one still being read, and what hangs on their findings."""
    path.upload()
    made = path.confirm_all()
    path.give()
    path.approve_plan()
    path.take("unit_clerk", "add_evidence", evidence=path.evidence())
    given, at_work = path.feedback, path.finding
    path.finding = made[1]
    path.approve_plan()
    path.request_closing()
    path.finding = made[2]
    path.submit_plan()
    path.finding = made[3]
    row = RowContent(**path.content())
    written = path.do("unit_clerk", plans.fill_row, finding=made[3], content=row)
    later = _laid_beside(path, given)
    path.upload(content=TEXT.replace("党组", "领导班子").encode())
    read = list(Draft.objects.filter(feedback_id=path.feedback).order_by("position"))
    drafted = path.do("liaison", drafts.confirm_draft, draft=read[0].pk, text=None)
    return {
        "given": at_work,
        "drafted": drafted,
        "evidence": Evidence.objects.filter(finding_id=at_work).values_list("pk", flat=True)[0],
        "closing": ClosingRequest.objects.get().pk,
        **later,
        "given_feedback": given,
        "handed_in": PlanRow.objects.get(finding=at_work).plan_id,
        "under_review": PlanRow.objects.get(finding=made[2]).plan_id,
        "in_writing": written.plan,
        "planned": made[3],
        "intake": _refused_at_once(path),
        "import": _ledger_sent(path),
        "open_feedback": path.feedback,
        "draft": read[1].pk,
        "given_upload": Feedback.objects.get(pk=given).upload_id,
        "open_upload": Feedback.objects.get(pk=path.feedback).upload_id,
    }


def _laid_beside(path: Path, given: object) -> dict[str, object]:
    """The same report, laid beside the ledger by either side."""
    roles = {"later": "unit_clerk", "later_office": "office_clerk"}
    return {
        name: path.do(role, _matching.lay_beside, feedback=given, name="进展报告.txt", content=REPORT.encode())
        for name, role in roles.items()
    }


def _refused_at_once(path: Path) -> object:
    """A file among others that was no document."""
    sent = [intakes.Sent("程序.exe", 3, lambda: b"MZ\0"), intakes.Sent("通知.txt", 6, lambda: "通知".encode())]
    refused, _waiting = path.do(
        "liaison", intakes.send, inspection=path.county.inspection, audience="leadership", files=sent
    )
    return refused


def _ledger_sent(path: Path) -> object:
    """A ledger of the office with a fault in it."""
    sent = path.do(
        "office_clerk",
        imports.send,
        round_id=path.county.round,
        name="台账.csv",
        content="问题,状态\n没有公示,差不多\n".encode(),
    )
    path.do("office_clerk", imports.check, ledger_import=sent)
    return sent


def _of_the_county(county: County) -> dict[str, object]:
    return {
        "unit": county.organizations["education"],
        "round": county.round,
        "inspection": county.inspection,
        "term": county.term,
        "person": county.actor("unit_clerk").account,
        "post": county.actor("unit_clerk").post,
        "member": county.actor("team_member").post,
        "unknown": "01900000-0000-7000-8000-000000000000",
    }


def _browsers(county: County) -> Iterable[tuple[str, Client]]:
    yield NOBODY, Client()
    for role in ROLES:
        yield role, visitor(county.actor(role))
    for name, (role, where) in ELSEWHERE.items():
        yield name, visitor(county.actor(role, organization=where))

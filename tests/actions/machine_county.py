"""A county in the midst of its work, made by the people's own acts: from here every step of every lifecycle is near."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bihuan.actions import drafts, feedback, plans
from bihuan.models import Draft, Finding
from bihuan.rules.typed import Description
from tests.actions.machine_inputs import LATER, OPINION, content_for
from tests.builders import TODAY, build_county
from tests.paths import DESCRIPTION, POINTS, TEXT, Path

# Who stands near: other units too, one that helps, one that leads in the unit's place, one that has nothing to do.
HELPER, LEADER, STRANGER = "finance", "school", "water"
SEATED = (
    *("secretary", "leading_group", "office_director", "office_clerk", "team_leader", "deputy_leader", "liaison"),
    *("team_member", "unit_head", "unit_leader", "unit_clerk", "discipline_reviewer", "organization_reviewer"),
    *("township_reviewer", f"unit_clerk@{HELPER}", f"unit_head@{HELPER}", f"unit_clerk@{LEADER}"),
    *(f"unit_head@{LEADER}", f"unit_head@{STRANGER}", f"unit_clerk@{STRANGER}"),
)


@dataclass(frozen=True)
class BusyCounty:
    """The path that made it, and the feedback that stand at each point of their way."""

    path: Path
    feedback: tuple[UUID, ...]


def a_busy_county() -> BusyCounty:
    """Findings at every point of their way: the head's own part, one with helping units, one not yet given."""
    path = Path(build_county())
    for seated in SEATED:
        role, _, where = seated.partition("@")
        path.county.actor(role, organization=where or None)
    made = [_decided(path), _heads_own_part(path), _at_work(path), _being_planned(path)]
    made += [_half_signed(path), _approved(path), _on_the_bench(path)]
    return BusyCounty(path, tuple(made))


def _upload(path: Path, whose: str, *, audience: str = "leadership") -> UUID:
    return path.upload(audience=audience, content=TEXT.replace("党组", whose).encode())


def _one_only(path: Path, whose: str, *, audience: str = "leadership") -> UUID:
    """A feedback of which one draft is confirmed and the others are dropped."""
    made = _upload(path, whose, audience=audience)
    for draft in Draft.objects.filter(feedback_id=made).order_by("position")[1:]:
        path.do("liaison", drafts.drop_draft, draft=draft.pk, reason="重复")
    path.confirm_all()
    return made


def _to_the_last_signer(path: Path, finding: UUID, claim: str) -> None:
    path.finding = finding
    path.approve_plan()
    path.request_closing(claim)
    path.agree_closing()


def _decided(path: Path) -> UUID:
    """Closed, kept up for long, one of each claim before its last signer."""
    made = _upload(path, "党组")
    given = path.confirm_all()
    path.give()
    for finding, claim in zip(given, ("done", "long_term", "long_term", "done"), strict=True):
        _to_the_last_signer(path, finding, claim)
    path.finding = given[0]
    path.take("office_director", "close", points=POINTS)
    path.finding = given[1]
    later = TODAY + timedelta(days=90)
    path.take(
        "office_director", "accept_long_term", stage_goals="每学期末抽查", next_review_on=later, points=POINTS
    )  # fmt: skip
    return made


def _heads_own_part(path: Path) -> UUID:
    made = _one_only(path, "主要负责人", audience="head")
    path.give()
    _to_the_last_signer(path, Finding.objects.get(feedback_id=made).pk, "done")
    return made


def _at_work(path: Path) -> UUID:
    """With a unit that helps, one that leads in the unit's place, an extension asked for, one nearly done."""
    made = _upload(path, "班子")
    units = path.county.organizations
    told = (
        Description("A302", helping_units=(units[HELPER],)), Description("A302", lead_unit=units[LEADER]),
        DESCRIPTION, DESCRIPTION,
    )  # fmt: skip
    open_drafts = Draft.objects.filter(feedback_id=made).order_by("position")
    given = [
        path.do("liaison", drafts.confirm_draft, draft=draft.pk, description=description)
        for draft, description in zip(open_drafts, told, strict=True)
    ]
    path.give()
    for finding in given:
        path.finding = finding
        path.approve_plan()
    path.take("unit_head", "request_extension", until=Finding.objects.get(pk=given[3]).due_on + timedelta(days=9),
              reason=OPINION)  # fmt: skip
    path.finding = given[2]
    path.take("unit_clerk", "report_basically_done", remains="还有一所学校", remains_by=LATER)
    return made


def _being_planned(path: Path) -> UUID:
    """One row agreed by all but the last, one returned, one in writing, one not begun."""
    made = _upload(path, "党委")
    given = path.confirm_all()
    path.give()
    for finding in given[:2]:
        path.finding = finding
        path.submit_plan()
    path.take("discipline_reviewer", "return_plan", reason=OPINION, redo_by=LATER, faults=("measures_vague",))
    path.finding = given[0]
    for role in ("discipline_reviewer", "organization_reviewer"):
        path.take(role, "agree_plan")
    row = Finding.objects.get(pk=given[2])
    path.do("unit_clerk", plans.fill_row, finding=row.pk, content=content_for(row))
    return made


def _half_signed(path: Path) -> UUID:
    made = _one_only(path, "党总支")
    path.do("secretary", feedback.approve, feedback=made)
    path.do("office_clerk", feedback.give, feedback=made)
    for role in ("team_leader", "office_director"):
        path.do(role, feedback.sign, feedback=made, signed_on=TODAY, on=TODAY)
    return made


def _approved(path: Path) -> UUID:
    made = _one_only(path, "党支部")
    path.do("secretary", feedback.approve, feedback=made)
    return made


def _on_the_bench(path: Path) -> UUID:
    """One draft is a finding already, the others wait."""
    made = _upload(path, "领导班子")
    first = Draft.objects.filter(feedback_id=made).order_by("position").first()
    path.do("liaison", drafts.confirm_draft, draft=first.pk, description=DESCRIPTION)
    return made

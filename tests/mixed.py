"""A county in mixed states: a finding in every state and in every way of waiting, feedback at every stage."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from bihuan.actions import feedback, plans
from bihuan.models import Draft
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import EvidenceInput
from tests.builders import TODAY, County, build_county
from tests.paths import DESCRIPTION, PATHS, POINTS, Path, to_awaiting_plan, to_closed, to_drafted, to_in_progress

TEXT = """关于巡察县教育局党组的反馈意见（{tag}）

一、贯彻落实党中央决策部署有差距
1.课后服务监管缺位。抽查 6 所学校，有 2 所学校课后服务收费未公示。
2.校外培训机构治理不彻底。3 家机构无证办学超过一年未查处。
"""
REASON = "佐证由外单位出具，尚未取回"


@dataclass
class OwnPath(Path):
    """A path with a document of its own, so that many walk in one county."""

    tag: str = ""

    def upload(self, *, audience: str = "leadership", content: bytes = b"", name: str = "反馈意见.txt") -> UUID:
        """Two findings under a title of their own."""
        return super().upload(audience=audience, content=content or TEXT.format(tag=self.tag).encode(), name=name)


@dataclass
class Mixed:
    """The county, and its paths by name."""

    county: County
    paths: dict[str, OwnPath] = field(default_factory=dict)

    def path(self, name: str) -> OwnPath:
        """A new path, its acts later than those of the one before."""
        self.paths[name] = OwnPath(self.county, minutes=20 * len(self.paths), tag=name)
        return self.paths[name]


def build_mixed() -> Mixed:
    """Every state, and beside them what waits in other ways."""
    mixed = Mixed(build_county())
    for role in ("unit_head", "unit_clerk"):
        mixed.county.actor(role, organization="finance")
    for state, walk in PATHS.items():
        walk(mixed.path(state))
    _feedback_on_its_way(mixed)
    _plans_being_written(mixed)
    _reviews_begun(mixed)
    _requests(mixed)
    _long_term_near(mixed)
    _helped(mixed)
    _heads_own_part(mixed)
    return mixed


def _feedback_on_its_way(mixed: Mixed) -> None:
    mixed.path("being read").upload()
    bare = mixed.path("without a category")
    to_drafted(bare)
    bare.take("liaison", "describe", description=replace(DESCRIPTION, category=""))
    approved = mixed.path("approved")
    to_drafted(approved)
    approved.do("leading_group", feedback.approve, feedback=approved.feedback)
    signed = mixed.path("signed once")
    to_drafted(signed)
    signed.do("secretary", feedback.approve, feedback=signed.feedback)
    signed.do("office_clerk", feedback.give, feedback=signed.feedback)
    signed.do("team_leader", feedback.sign, feedback=signed.feedback, signed_on=TODAY, on=TODAY)


def _plans_being_written(mixed: Mixed) -> None:
    filled = mixed.path("row filled")
    to_awaiting_plan(filled)
    others = list(Draft.objects.filter(feedback=filled.feedback).order_by("position").values_list("finding", flat=True))
    content = RowContent(**filled.content())
    filled.do("unit_clerk", plans.fill_row, finding=filled.finding, content=content)
    filled.do("unit_clerk", plans.fill_row, finding=others[1], content=RowContent(goal="6 所学校收费公示率达到 100%"))


def _reviews_begun(mixed: Mixed) -> None:
    plan = mixed.path("plan agreed by two")
    to_awaiting_plan(plan)
    plan.submit_plan()
    plan.take("discipline_reviewer", "agree_plan")
    plan.take("organization_reviewer", "agree_plan")
    for name, claim in (("closing agreed by two", "done"), ("long term agreed by two", "long_term")):
        closing = mixed.path(name)
        to_in_progress(closing)
        closing.request_closing(claim)
        closing.agree_closing()
    voided = mixed.path("closing agreed, then more evidence")
    to_in_progress(voided)
    voided.request_closing()
    voided.take("discipline_reviewer", "agree_closing", points=POINTS)
    paper = EvidenceInput(voided.evidence()[0].measure, "补充.txt", "补充公示记录".encode(), "补充公示", TODAY)
    voided.take("unit_clerk", "add_evidence", evidence=(paper,))


def _requests(mixed: Mixed) -> None:
    extension = mixed.path("extension asked")
    to_in_progress(extension)
    extension.take("unit_head", "request_extension", until=TODAY + timedelta(days=200), reason=REASON)
    reopening = mixed.path("reopening asked")
    to_closed(reopening)
    letter = EvidenceInput(reopening.evidence()[0].measure, "来信.txt", "来信摘要".encode())
    reopening.take(
        "discipline_reviewer", "request_reopening", ground="still_there", reason="群众来信反映仍在收费",
        evidence=(letter,),
    )  # fmt: skip
    for name, role in (("withdrawal asked by the clerk", "office_clerk"), ("by the director", "office_director")):
        withdrawal = mixed.path(name)
        to_awaiting_plan(withdrawal)
        withdrawal.take(role, "request_withdrawal", reason="与另一条重复")


def _long_term_near(mixed: Mixed) -> None:
    path = mixed.path("long term near")
    to_in_progress(path)
    path.request_closing("long_term")
    path.agree_closing()
    path.take(
        "office_director", "accept_long_term", stage_goals="每学期末抽查一次",
        next_review_on=TODAY + timedelta(days=9), points=POINTS,
    )  # fmt: skip


def _helped(mixed: Mixed) -> None:
    path = mixed.path("helped by finance")
    to_drafted(path)
    helper = mixed.county.organizations["finance"]
    described = replace(DESCRIPTION, helping_units=(helper,), key=True)
    path.take("liaison", "describe", description=described)
    path.give()
    path.approve_plan()


def _heads_own_part(mixed: Mixed) -> None:
    path = mixed.path("head's own part")
    path.upload(audience="head")
    path.confirm_all()
    path.give()
    path.approve_plan()

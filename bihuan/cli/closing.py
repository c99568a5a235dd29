"""`bihuan closing list|show|request|decide`: closings weighed at the command line, by the steps that the pages take."""

import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import answered, worded
from bihuan.cli.criteria import answers_of
from bihuan.cli.options import LOOK, As, AsJson, Confirm, Day, Files, Key, Opinion, Seen
from bihuan.cli.usage import Command
from bihuan.cli.words import USAGE, _, show, show_json, show_table, spoken, tell
from bihuan.rules.vocabulary import CLAIMS

if TYPE_CHECKING:
    from bihuan.queries.closing.page import ClosingPage
    from bihuan.queries.findings.page import FindingPage

closing = typer.Typer(help=_("销号：列表，一份申请，申请，审核。"), **LOOK)
SIGNS = {"agreed": "●", "void": "↺", "returned": "↩", "missing": "○"}
VERDICTS = ("agree", "return")


@closing.command("list", cls=Command, help=_("列出看得到的销号申请。"))
def list_closings(
    box: Annotated[str, typer.Option(help=_("只要这一部分：mine review returned closed long_term withdrawn。"))] = "",
    query: Annotated[str, typer.Option(help=_("只要含有这些字的。"))] = "",
    page: Annotated[int, typer.Option(help=_("第几页。"), min=1)] = 1,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """List requests for closing."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            from bihuan.queries.closing.lists import ClosingFilters, closings_for

            filters = ClosingFilters(box=box, query=query)
            found = closings_for(actor, filters=filters, on=timezone.localdate(at), page=page)
        if as_json:
            show_json(asdict(found))
            return
        heads = (_("编号"), _("问题"), _("单位"), _("申请事由"), _("状态"), _("会签"))
        show_table(heads, [
            (row.number, row.title, row.unit, _(row.claim_label), _(row.state.label),
             " ".join(f"{SIGNS[one.stands]}{_(one.label)}" for one in row.signers))
            for row in found.rows
        ])  # fmt: skip
        tell("  ".join(f"{_(count.label)} {count.n}" for count in found.counts))

    boxes = ("", "mine", "review", "returned", "closed", "long_term", "withdrawn")
    if box not in boxes:
        tell(_("没有“{box}”这一部分。请写：{boxes}").format(box=box, boxes=" ".join(boxes[1:])))
        return USAGE
    return answered(work, as_json=as_json)


@closing.command("show", cls=Command, help=_("看一份销号申请。ID 是问题编号（看最近一次申请），或申请的内部标识。"))
def show_closing(key: Key, as_json: AsJson = False, as_post: As = "") -> int:
    """Show one request."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            found = _closing_page(key, actor, at)
        if as_json:
            show_json(asdict(found))
        else:
            _show(found)

    return answered(work, as_json=as_json)


@closing.command("request", cls=Command, help=_("申请销号：逐条说明验收标准，交齐佐证。"))
def request_closing(
    key: Key,
    claim: Annotated[str, typer.Option(help=_("申请事由：done 或 long_term。"))] = "done",
    met: Annotated[list[str] | None, typer.Option(help=_("达到的标准：代码=怎样达到，可多次。"))] = None,
    not_applicable: Annotated[list[str] | None, typer.Option(help=_("不涉及的标准：代码=为什么，可多次。"))] = None,
    cite: Annotated[list[str] | None, typer.Option(help=_("标准引用的佐证：代码=佐证编号，可多次。"))] = None,
    criteria: Annotated[str, typer.Option(help=_("各条标准写在一个 JSON 文件里。"), metavar="FILE.json")] = "",
    evidence: Files = None,
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Ask for closing."""
    from bihuan.cli import findings

    if claim not in CLAIMS:
        tell(_("申请事由请写 done 或 long_term。"))
        return USAGE
    typed = findings.Typed(
        texts={"claim": claim},
        days={},
        evidence=tuple(evidence or ()),
        criteria=lambda: answers_of(
            met=met or (), not_applicable=not_applicable or (), cited=cite or (), file=criteria
        ),
    )
    return findings.step_command(key, "request_closing", typed=typed, seen=seen, as_post=as_post, as_json=as_json)


@closing.command(
    "decide", cls=Command, help=_("审核销号申请：agree 同意，return 退回。最后一方同意，即销号或转长期坚持。")
)
def decide_closing(
    key: Key,
    verdict: Annotated[str, typer.Argument(metavar="agree|return")],
    confirm: Confirm = None,
    reason: Opinion = "",
    stage_goals: Annotated[str, typer.Option(help=_("长期坚持的阶段目标。"))] = "",
    next_review_on: Day = None,
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Decide as one signer."""
    from bihuan.cli import findings

    if verdict not in VERDICTS:
        tell(_("请写 agree（同意）或 return（退回）。"))
        return USAGE
    typed = findings.Typed(
        texts={"reason": reason, "stage_goals": stage_goals},
        days={"next_review_on": next_review_on.date()} if next_review_on else {},
        points=tuple(confirm or ()),
    )
    step = agreeing_step if verdict == "agree" else "return_closing"
    return findings.step_command(key, step, typed=typed, seen=seen, as_post=as_post, as_json=as_json)


def agreeing_step(page: "FindingPage") -> str:
    """What agreeing is for this post: the last signer's step where it is open or waits only for the others."""
    steps = ("agree_closing", "close", "accept_long_term")
    permitted = [choice.code for choice in page.permitted if choice.code in steps]
    if permitted:
        return permitted[0]
    known = [one.code for one in page.refused if one.code in steps and one.objection.code != "not_yours"]
    claim = page.closings[0].claim if page.closings else ""
    fitting = {"close": claim == "done", "accept_long_term": claim == "long_term", "agree_closing": True}
    return next((code for code in known if fitting[code]), "agree_closing")


def _closing_page(key: str, actor: Any, at: datetime) -> "ClosingPage":
    from django.utils import timezone

    from bihuan.actions.refusals import Unknown
    from bihuan.queries.closing.page import closing_page, latest_closing

    wanted = _uuid(key)
    found = closing_page(wanted, actor=actor, on=timezone.localdate(at)) if wanted else None
    if found is None:
        last = latest_closing(wanted or key, actor=actor)
        found = closing_page(last, actor=actor, on=timezone.localdate(at)) if last else None
    if found is None:
        raise Unknown("closing_request", key)
    return found


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _show(found: "ClosingPage") -> None:
    language = spoken()
    facts: list[tuple[str, str]] = [
        (_("编号"), found.finding.number),
        (_("单位"), found.finding.unit),
        (_("申请事由"), _(found.claim_label)),
        (_("状态"), _(found.state.label)),
        (_("版次"), str(found.finding.revision)),
        (_("内容校验码"), found.content_hash),
        (_("问题"), found.finding.text),
    ]
    for measure in found.finding.measures:
        files = "、".join(f"{item.name} {item.id}" for item in measure.evidence)
        facts.append(
            (_("措施 {number}").format(number=measure.position), "｜".join(filter(None, (measure.text, files))))
        )
    for answer in found.answers:
        said = answer.text if answer.applies else f"{_('不涉及')}：{answer.text}"
        facts.append((f"{answer.code} {answer.label[language]}", said))
    facts += [(_("系统核对"), _checked(check)) for check in found.checks if not check.holds]
    facts += [(_("审核要点"), f"{point.code} {point.label[language]}") for point in found.points]
    for signer in found.signers:
        parts = (_(signer.stands_label), signer.person, signer.content_hash, signer.opinion)
        facts.append((_(signer.label), " ".join(filter(None, parts))))
    facts += [(_("可以办理"), f"{choice.code} {_(choice.label)}") for choice in found.permitted]
    facts += [
        (_("不能办理"), f"{choice.code} {_(choice.label)}：{worded(choice.objection)}") for choice in found.refused
    ]
    for name, value in facts:
        show(f"{name}：{value}")


def _checked(check: Any) -> str:
    return _("不符：{label}（{found}）").format(label=_(check.label), found="、".join(check.found))

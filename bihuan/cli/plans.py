"""`bihuan plan list|show|fill|submit|review|compare|match`: the plan of a unit, version by version, or from JSON."""

import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import CannotRead, Malformed, answered, worded
from bihuan.cli.options import (
    LOOK,
    As,
    AsJson,
    Causes,
    Day,
    Faults,
    Goal,
    HeadLeads,
    Key,
    Leader,
    Measures,
    Opinion,
    Seen,
)
from bihuan.cli.usage import Command
from bihuan.cli.words import USAGE, _, show, show_json, show_table, tell

if TYPE_CHECKING:
    from bihuan.actions.plans import RowFilled
    from bihuan.queries.plans.comparison import PlanComparison
    from bihuan.queries.plans.page import PlanPage
    from bihuan.queries.plans.parts import PlanRowView
    from bihuan.rules.access import Actor

plan = typer.Typer(help=_("整改方案：列表，查看，填写，报送，审核，对照。"), **LOOK)
HEADS = ("ID", "被巡察单位", "反馈对象", "版本", "状态", "报送期限", "待报", "待审", "退回", "已批准")
Only = Annotated[list[str] | None, typer.Option(help=_("只办这几条问题，可多次；不写是全部。"), metavar="FINDING")]


@plan.command("list", cls=Command, help=_("列出看得到的整改方案。"))
def list_plans(as_json: AsJson = False, as_post: As = "") -> int:
    """List plans."""

    def work(actor: "Actor", _at: datetime, on: date) -> None:
        from bihuan.queries.plans.lists import plans_for

        found = plans_for(actor, on=on)
        if as_json:
            show_json(asdict(found))
            return
        heads = (
            "ID",
            _("被巡察单位"),
            _("反馈对象"),
            _("版本"),
            _("状态"),
            _("报送期限"),
            _("待报"),
            _("待审"),
            _("退回"),
            _("已批准"),
        )
        show_table(heads, [
            (str(row.feedback), row.unit, _(row.audience_label), str(row.version or ""), _(row.state.label),
             str(row.due_on or ""), *(str(n) for n in (row.to_write, row.waiting, row.returned, row.approved)))
            for row in found.rows
        ])  # fmt: skip

    return _as(work, as_post=as_post, as_json=as_json)


@plan.command("show", cls=Command, help=_("看一份方案。ID 是反馈意见的标识（看现状），或某一版的标识，见 plan list。"))
def show_plan(
    key: Key,
    xlsx: Annotated[str, typer.Option(help=_("写成可打印的三清单 Excel 文件。"), metavar="FILE")] = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Show a plan as it stands, or one version."""

    def work(actor: "Actor", at: datetime, on: date) -> None:
        found = _plan(key, actor, on)
        if xlsx:
            _write_lists(found, UUID(key), actor, at, Path(xlsx))
            if as_json:
                show_json({"file": xlsx, "rows": len(found.rows)})
            else:
                show(xlsx)
                tell(_("已写好 {n} 条。").format(n=len(found.rows)))
        elif as_json:
            show_json(asdict(found))
        else:
            _show_page(found)

    return _as(work, as_post=as_post, as_json=as_json)


def _write_lists(page: "PlanPage", key: UUID, actor: "Actor", at: datetime, path: Path) -> None:
    from bihuan.actions.ledger import record_lists
    from bihuan.cli.ledger import speech
    from bihuan.queries.plans.sheets import write_plan

    book = BytesIO()
    write_plan(book, page=page, actor=actor, at=at, say=speech())
    try:
        path.write_bytes(book.getvalue())
    except OSError as fault:
        raise CannotRead(_("写不了 {file}：{why}").format(file=path, why=fault.strerror)) from fault
    record_lists(plan=key, n=len(page.rows), by=actor, at=at)


@plan.command("fill", cls=Command, help=_("填写方案：一条问题用选项，整份用 --from 文件。只存草稿，不报送。"))
def fill_plan(
    finding: Annotated[str, typer.Argument(metavar="FINDING")] = "",
    causes: Causes = "",
    goal: Goal = "",
    leader: Leader = "",
    head_leads: HeadLeads = False,
    measure: Measures = None,
    from_file: Annotated[str, typer.Option("--from", help=_("整份方案的 JSON 文件。"), metavar="FILE.json")] = "",
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Write rows into the unit's draft; all or nothing."""
    has_options = bool(finding or causes or goal or leader or head_leads or measure or seen is not None)
    if has_options == bool(from_file) or (has_options and not finding):
        tell(_("请写一条问题的编号和各项内容，或者用 --from 给一个文件；两样不能一起用。"))
        return USAGE

    def work(actor: "Actor", at: datetime, _on: date) -> None:
        from bihuan.actions.plans import fill_row
        from bihuan.cli.measures import measure_of, rows_of, units_by_name
        from bihuan.rules.plan_content import RowContent

        units = units_by_name()
        if from_file:
            rows = rows_of(from_file, units=units)
        else:
            typed = tuple(measure_of(text, units=units, number=n) for n, text in enumerate(measure or (), 1))
            rows = [(finding, seen, RowContent(causes, goal, leader, head_leads, typed))]
        done = [
            fill_row(finding=_finding(which, actor, at), content=content, by=actor, at=at, seen=saw)
            for which, saw, content in rows
        ]
        if as_json:
            show_json([asdict(one) for one in done] if from_file else asdict(done[0]))
        else:
            _show_filled([which for which, _saw, _content in rows], done)

    return _as(work, as_post=as_post, as_json=as_json)


def _show_filled(findings: list[str], done: "list[RowFilled]") -> None:
    for which, one in zip(findings, done, strict=True):
        show(f"{which}\t{one.version}\t{one.revision}")
    tell(_("已保存 {n} 条，还没有报送。").format(n=len(done)))


@plan.command("submit", cls=Command, help=_("报送方案。ID 是反馈意见的标识，见 plan list。"))
def submit_plan(key: Key, only: Only = None, seen: Seen = None, as_json: AsJson = False, as_post: As = "") -> int:
    """Hand the draft in."""

    def work(actor: "Actor", at: datetime, on: date) -> None:
        from bihuan.actions import plans

        findings = tuple(_finding(one, actor, at) for one in only) if only else None
        page = _plan(key, actor, on)
        done = plans.submit_plan(feedback=page.feedback, findings=findings, by=actor, at=at, on=on, seen=seen)
        _show_taken(done, as_json=as_json)

    return _as(work, as_post=as_post, as_json=as_json)


@plan.command("review", cls=Command, help=_("审核一版方案。ID 是这一版的标识，只有一版待审时也可写反馈意见的标识。"))
def review_plan(
    key: Key,
    agree: Annotated[bool, typer.Option("--agree", help=_("同意；最后一方同意就是批准。"))] = False,
    send_back: Annotated[bool, typer.Option("--return", help=_("退回重做。"))] = False,
    fault: Faults = None,
    reason: Opinion = "",
    redo_by: Day = None,
    only: Only = None,
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Give one party's verdict."""
    if agree == send_back:
        tell(_("请写 --agree 或 --return，二者选一。"))
        return USAGE

    def work(actor: "Actor", at: datetime, on: date) -> None:
        from bihuan.actions import plans
        from bihuan.rules.typed import StepInput

        version = _version(_plan(key, actor, on))
        findings = tuple(_finding(one, actor, at) for one in only) if only else None
        typed = StepInput(reason=reason, redo_by=redo_by.date() if redo_by else None, faults=tuple(fault or ()))
        done = plans.review_plan(
            plan=version, agrees=agree, typed=typed, by=actor, at=at, on=on, findings=findings, seen=seen
        )
        _show_taken(done, as_json=as_json)

    return _as(work, as_post=as_post, as_json=as_json)


@plan.command("compare", cls=Command, help=_("两版逐字对照：[-删去-] {+增加+}。"))
def compare_plans(
    before: Annotated[str, typer.Argument(metavar="BEFORE")],
    after: Annotated[str, typer.Argument(metavar="AFTER")],
    finding: Annotated[str, typer.Option(help=_("只看这一条问题。"), metavar="FINDING")] = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Compare two versions word by word."""

    def work(actor: "Actor", at: datetime, _on: date) -> None:
        from bihuan.actions.refusals import Unknown
        from bihuan.queries.plans.comparison import compare

        one = _finding(finding, actor, at) if finding else None
        found = compare(before=_id(before), after=_id(after), actor=actor, finding=one)
        if found is None:
            raise Unknown("plan", after)
        if as_json:
            show_json(asdict(found))
        else:
            _show_comparison(found)

    return _as(work, as_post=as_post, as_json=as_json)


@plan.command("match", cls=Command, help=_("把方案、报告或通报与台账逐条对照，只看不存。"))
def match_document(
    file: Annotated[str, typer.Argument(metavar="FILE")],
    feedback: Annotated[str, typer.Option(help=_("反馈意见的标识，见 plan list。"), metavar="ID")],
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Match a later document with the ledger."""

    def work(actor: "Actor", _at: datetime, on: date) -> None:
        from bihuan.cli import _matching

        found = _matching.matched(file, _id(feedback), actor=actor, on=on)
        if as_json:
            show_json(_matching.values(found))
        else:
            _matching.show_matching(found)

    return _as(work, as_post=as_post, as_json=as_json)


def _as(work: "Callable[[Actor, datetime, date], None]", *, as_post: str, as_json: bool) -> int:
    def done() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            work(actor, at, timezone.localdate(at))

    return answered(done, as_json=as_json)


def _id(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        from bihuan.actions.refusals import Unknown

        raise Unknown("plan", key) from None


def _plan(key: str, actor: "Actor", on: date) -> "PlanPage":
    from bihuan.actions.refusals import Unknown
    from bihuan.queries.plans.page import plan_page

    found = plan_page(_id(key), actor=actor, on=on)
    if found is None:
        raise Unknown("plan", key)
    return found


def _finding(key: str, actor: "Actor", at: datetime) -> UUID:
    from bihuan.cli.findings import page_of

    try:
        return UUID(key)
    except ValueError:
        return page_of(key, actor, at).id


def _version(page: "PlanPage") -> UUID:
    """The version that is shown, or the only one that waits."""
    if page.shown:
        return page.shown.id
    waiting = [version for version in page.versions if version.waiting]
    if len(waiting) == 1:
        return waiting[0].id
    if not waiting:
        from bihuan.actions.refusals import Refused
        from bihuan.rules.typed import Objection
        from bihuan.rules.vocabulary import N_

        raise Refused(Objection("nothing_waits", N_("这一版方案没有待您审核的问题。")))
    named = "、".join(f"{version.version}={version.id}" for version in waiting)
    raise Malformed(_("有几版待审，请写某一版的标识：{versions}。").format(versions=named))


def _show_taken(done: Any, *, as_json: bool) -> None:
    if as_json:
        show_json(asdict(done))
        return
    from bihuan.rules.lifecycle import FINDING, PLAN

    for step in done.steps:
        show(f"{step.number} {_(FINDING.state(step.state).label)} {step.revision}")
    said = _("已办理。第 {version} 版现在是“{state}”，这次办了 {n} 条。")
    tell(said.format(version=done.version, state=_(PLAN.state(done.state).label), n=len(done.steps)))


def _show_page(page: "PlanPage") -> None:
    shown = _("第 {n} 版").format(n=page.shown.version) if page.shown else ""
    share = f"{page.share.head}/{page.share.rows}"
    facts = (
        (_("反馈意见"), page.title),
        (_("被巡察单位"), page.unit),
        (_("状态"), f"{_(page.state.label)} {shown}".strip()),
        (_("报送期限"), page.due_on or ""),
        (_("主要负责人领办"), share),
    )
    for name, value in facts:
        show(f"{name}：{value}")
    for version in page.versions:
        show(f"{_('版本')}：{version.version} {version.id} {_(version.state.label)} {version.revision}")
    for gap in page.gaps:
        show(f"{_('任务有漏项')}：{gap.number} {gap.title}")
    for row in page.rows:
        _show_row(row)
    for act in page.acts:
        if act.objection:
            show(f"{_('不能办理')}：{act.code} {_(act.label)}：{worded(act.objection)}")
        else:
            show(f"{_('可以办理')}：{act.code} {_(act.label)}")


def _show_row(row: "PlanRowView") -> None:
    show("")
    show(f"{row.number} {row.title} {_(row.state.label)}")
    head = _("（主要负责人领办）") if row.head_leads else ""
    for name, value in ((_("原因分析"), row.causes), (_("整改目标"), row.goal), (_("牵头领导"), f"{row.leader}{head}")):
        show(f"  {name}：{value}")
    for one in row.measures:
        days = "—".join(str(day) for day in (one.starts_on, one.due_on) if day)
        parts = (one.text, one.unit, one.person, days, one.product, *(_(kind) for kind in one.kind_labels))
        show(f"  {_('措施 {number}').format(number=one.position)}：{'｜'.join(part for part in parts if part)}")
    for party in row.verdicts:
        said = f"{_(party.verdict_label)} {party.person} {party.opinion}" if party.verdict else _("未表态")
        faults = "".join(f"〔{_(fault)}〕" for fault in party.fault_labels)
        show(f"  {_(party.role_label)}：{said}{faults}".rstrip())
    if row.lacks:
        show(f"  {_('还缺')}：{worded(row.lacks)}")


def _show_comparison(found: "PlanComparison") -> None:
    marks = {"same": "{}", "gone": "[-{}-]", "added": "{{+{}+}}"}
    for row in (row for row in found.rows if row.is_changed):
        show(f"{row.number} {row.title} {row.before}→{row.after}")
        fields = [("", field) for field in row.fields]
        for one in row.measures:
            place = f"{one.before or '×'}→{one.after or '×'}"
            fields += [(_("措施 {number}").format(number=place) + " ", field) for field in one.fields]
        for lead, field in fields:
            if field.is_changed:
                text = "".join(marks[piece.kind].format(piece.text) for piece in field.pieces)
                show(f"  {lead}{_(field.label)}：{text}")
    tell(_("有改动的 {n} 条。").format(n=found.changed))

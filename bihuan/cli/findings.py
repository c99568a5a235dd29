"""`bihuan finding list|show|step`: reads and steps of one post, asked for by options alone."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import CannotRead, Malformed, answered, worded
from bihuan.cli.words import USAGE, _, show, show_json, show_table, tell
from bihuan.rules.access import Actor
from bihuan.rules.needs import EvidenceInput, MeasureInput, Objection, StepInput

if TYPE_CHECKING:
    from bihuan.queries.findings.page import FindingPage

MEASURE_PARTS = 5


@dataclass(frozen=True)
class Typed:
    """What the options of a step say, not yet understood."""

    texts: Mapping[str, str]
    days: Mapping[str, date]
    measures: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    merged_into: str = ""


def list_command(*, as_post: str, as_json: bool, state: str, query: str, overdue: bool, page: int) -> int:
    """One page of the findings the post may see."""
    from bihuan.rules.lifecycle import FINDING

    if state and state not in {known.code for known in FINDING.states}:
        tell(_("没有状态 {state}。请写：{states}").format(
            state=state, states="、".join(known.code for known in FINDING.states)))  # fmt: skip
        return USAGE

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from bihuan.queries.findings.lists import FindingFilters, findings_for

            filters = FindingFilters(state=state, query=query, overdue=overdue)
            found = findings_for(actor, filters=filters, on=_day(at), page=page)
        if as_json:
            show_json(asdict(found))
            return
        heads = (_("编号"), _("问题"), _("单位"), _("状态"), _("时限"))
        show_table(heads, [
            (row.number, row.title, row.unit, _(row.state.label), str(row.due_on or "")) for row in found.rows
        ])  # fmt: skip
        said = _("第 {page} 页，共 {pages} 页；符合的 {matched} 条，看得到的共 {total} 条。")
        tell(said.format(page=found.page, pages=found.pages, matched=found.matched, total=found.total))

    return answered(work, as_json=as_json)


def show_command(key: str, *, as_post: str, as_json: bool) -> int:
    """One finding, with the steps the post may take and why not the others."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            page = _page(key, actor, at)
        if as_json:
            show_json(asdict(page))
        else:
            _show_page(page)

    return answered(work, as_json=as_json)


def step_command(key: str, step: str, *, typed: Typed, seen: int | None, as_post: str, as_json: bool) -> int:
    """Take one step."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from bihuan.actions.findings import take_step

            page = _page(key, actor, at)
            understood = _understood(typed, page, actor, at)
            taken = take_step(finding=page.id, step=step, typed=understood, by=actor, at=at, on=_day(at), seen=seen)
        if as_json:
            show_json(asdict(taken))
            return
        from bihuan.rules.lifecycle import FINDING

        show(f"{taken.number} {_(FINDING.state(taken.state).label)} {taken.revision}")
        tell(_("已办理。"))

    return answered(work, as_json=as_json)


def _day(at: datetime) -> date:
    from django.utils import timezone

    return timezone.localdate(at)


def _page(key: str, actor: Actor, at: datetime) -> "FindingPage":
    from bihuan.actions.refusals import Unknown
    from bihuan.queries.findings.page import finding_page

    page = finding_page(_id_or_number(key), actor=actor, on=_day(at))
    if page is None:
        raise Unknown("finding", key)
    return page


def _id_or_number(key: str) -> UUID | str:
    try:
        return UUID(key)
    except ValueError:
        return key


def _understood(typed: Typed, page: "FindingPage", actor: Actor, at: datetime) -> StepInput:
    units = _units() if typed.measures else {}
    return StepInput(
        **typed.texts,
        **typed.days,
        measures=tuple(_measure(text, units, number) for number, text in enumerate(typed.measures, 1)),
        evidence=tuple(_evidence(text, page) for text in typed.evidence),
        merged_into=_page(typed.merged_into, actor, at).id if typed.merged_into else None,
    )


def _units() -> dict[str, UUID]:
    from bihuan.queries.organizations import organization_choices

    choices = organization_choices()
    return {str(choice.id): choice.id for choice in choices} | {choice.name: choice.id for choice in choices}


def _measure(text: str, units: Mapping[str, UUID], number: int) -> MeasureInput:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != MEASURE_PARTS:
        raise Malformed(_("--measure 请写成“内容|单位|责任人|日期|成果”，五段，用竖线隔开。"))
    content, unit, person, due_on, product = parts
    if unit and unit not in units:
        from bihuan.actions.refusals import Refused

        raise Refused(
            Objection(
                "unit_unknown",
                _("第 {number} 条措施的责任单位“{unit}”找不到。请写单位全称，见 bihuan organization tree。").format(
                    number=number, unit=unit
                ),
                f"measures.{number}.unit",
            )
        )
    return MeasureInput(content, units.get(unit), person, _date(due_on, "--measure"), product)


def _evidence(text: str, page: "FindingPage") -> EvidenceInput:
    number, equals, rest = text.partition("=")
    name, proves, dated = (*(part.strip() for part in rest.split("|", 2)), "", "")[:3]
    if not equals or not number.strip().isdecimal() or not name:
        raise Malformed(_("--evidence 请写成“措施序号=文件|证明什么|日期”，后两段可以不写。"))
    measure = {measure.position: measure.id for measure in page.measures}.get(int(number))
    if measure is None:
        raise Malformed(_("没有第 {number} 条措施。措施序号见 bihuan finding show。").format(number=number.strip()))
    return EvidenceInput(measure, Path(name).name, _content(Path(name)), proves, _date(dated, "--evidence"))


def _content(path: Path) -> bytes:
    from django.conf import settings

    from bihuan.actions.refusals import Unreadable

    try:
        if path.stat().st_size > settings.MAX_UPLOAD:
            said = _("文件 {path} 超过 {limit} MB，请拆分或压缩后再交。")
            raise Unreadable("too_large", said.format(path=path, limit=settings.MAX_UPLOAD // 1024 // 1024))
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(
            _("读不了文件 {path}（{why}）。请核对路径和权限。").format(path=path, why=error.strerror)
        ) from error


def _date(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        said = _("{option} 里的“{text}”不是日期。请写成 2026-11-22 这样。")
        raise Malformed(said.format(option=option, text=text)) from None


def _show_page(page: "FindingPage") -> None:
    facts: list[tuple[str, Any]] = [
        (_("编号"), page.number),
        (_("单位"), page.unit),
        (_("状态"), _(page.state.label)),
        (_("时限"), page.due_on or ""),
        (_("版次"), page.revision),
        (_("问题"), page.text),
    ]
    for measure in page.measures:
        files = "、".join(item.name for item in measure.evidence)
        parts = (measure.text, measure.unit, measure.person, measure.due_on, measure.product, files)
        facts.append(
            (_("措施 {number}").format(number=measure.position), "｜".join(str(part) for part in parts if part))
        )
    facts += [(_("可以办理"), f"{choice.code} {_(choice.label)}") for choice in page.permitted]
    facts += [
        (_("不能办理"), f"{choice.code} {_(choice.label)}：{worded(choice.objection)}") for choice in page.refused
    ]
    for name, value in facts:
        show(f"{name}：{value}")

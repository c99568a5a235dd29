"""`bihuan finding show|step`: reads and steps of one post, asked for by options alone."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import Malformed, answered, worded
from bihuan.cli.files import content_of
from bihuan.cli.measures import measure_of, units_by_name
from bihuan.cli.words import _, show, show_json, tell
from bihuan.rules.access import Actor
from bihuan.rules.typed import CriterionAnswer, Description, EvidenceInput, StepInput

if TYPE_CHECKING:
    from bihuan.queries.findings.page import FindingPage
    from bihuan.queries.findings.parts import ProgressRow


@dataclass(frozen=True)
class Typed:
    """What the options of a step say, not yet understood."""

    texts: Mapping[str, str]
    days: Mapping[str, date]
    measures: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    merged_into: str = ""
    criteria: "Callable[[], tuple[CriterionAnswer, ...]] | None" = None
    points: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    measure: int = 0
    marks: tuple[str, ...] = ()
    description: "Callable[[FindingPage], Description | None] | None" = None


def typed_as(
    texts: Mapping[str, str],
    *,
    dates: Mapping[str, datetime | None],
    lists: Mapping[str, list[str] | None],
    criteria: "Callable[[], tuple[CriterionAnswer, ...]] | None",
    merged_into: str,
) -> Typed:
    """What the options of a step say; an option that was not given says nothing."""
    days = {name: value.date() for name, value in dates.items() if value}
    many: dict[str, Any] = {name: tuple(given or ()) for name, given in lists.items()}
    return Typed(texts=texts, days=days, criteria=criteria, merged_into=merged_into, **many)


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


def step_command(
    key: str, step: "str | Callable[[FindingPage], str]", *, typed: Typed, seen: int | None, as_post: str, as_json: bool
) -> int:
    """Take one step; where the page decides which one it is, `step` asks it."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from bihuan.actions.findings import take_step

            page = _page(key, actor, at)
            code = step if isinstance(step, str) else step(page)
            understood = _understood(typed, page, actor, at, code)
            taken = take_step(finding=page.id, step=code, typed=understood, by=actor, at=at, on=_day(at), seen=seen)
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


def page_of(key: str, actor: Actor, at: datetime) -> "FindingPage":
    """The finding of that number or id. Raises Unknown."""
    return _page(key, actor, at)


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


def _understood(typed: Typed, page: "FindingPage", actor: Actor, at: datetime, step: str) -> StepInput:
    units = units_by_name() if typed.measures else {}
    return StepInput(
        **typed.texts,
        **typed.days,
        measures=tuple(measure_of(text, units=units, number=n) for n, text in enumerate(typed.measures, 1)),
        evidence=(*(_evidence(text, page) for text in typed.evidence), *map(_file, typed.files)),
        criteria=typed.criteria() if typed.criteria else (),
        points=_points(typed.points, page, step, actor, at),
        faults=typed.faults,
        merged_into=_page(typed.merged_into, actor, at).id if typed.merged_into else None,
        measure=_measure_at(typed.measure, page) if typed.measure else None,
        description=typed.description(page) if typed.description else None,
        **dict.fromkeys(typed.marks, True),
    )


def _evidence(text: str, page: "FindingPage") -> EvidenceInput:
    number, equals, rest = text.partition("=")
    name, proves, dated = (*(part.strip() for part in rest.split("|", 2)), "", "")[:3]
    if not equals or not number.strip().isdecimal() or not name:
        raise Malformed(_("--evidence 请写成“措施序号=文件|证明什么|日期”，后两段可以不写。"))
    measure = _measure_at(int(number), page)
    return EvidenceInput(measure, Path(name).name, content_of(Path(name)), proves, _date(dated, "--evidence"))


def _measure_at(number: int, page: "FindingPage") -> UUID:
    found = {measure.position: measure.id for measure in page.measures}.get(number)
    if found is None:
        raise Malformed(_("没有第 {number} 条措施。措施序号见 bihuan finding show。").format(number=number))
    return found


def _points(said: tuple[str, ...], page: "FindingPage", step: str, actor: Actor, at: datetime) -> tuple[str, ...]:
    if said != ("all",):
        return said
    from bihuan.queries.findings.steps import step_page

    found = step_page(page.id, step=step, actor=actor, on=_day(at))
    return tuple(point.code for point in found.points) if found else ()


def _file(text: str) -> EvidenceInput:
    name, proves, dated = (*(part.strip() for part in text.split("|", 2)), "", "")[:3]
    if not name:
        raise Malformed(_("--file 请写成“文件|证明什么|日期”，后两段可以不写。"))
    return EvidenceInput(None, Path(name).name, content_of(Path(name)), proves, _date(dated, "--file"))


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
        (_("时限"), f"{page.due_on or ''} {_(page.light.label)}".strip()),
        (_("版次"), page.revision),
        (_("问题"), page.text),
    ]
    for measure in page.measures:
        files = "、".join(item.name for item in measure.evidence)
        parts = (measure.text, measure.unit, measure.person, measure.due_on, measure.product, files)
        facts.append(
            (_("措施 {number}").format(number=measure.position), "｜".join(str(part) for part in parts if part))
        )
    facts += [(_("进展"), _progress(entry)) for entry in page.progress]
    facts += [(_("待决定"), f"{_(one.aim)} {one.until or ''} {one.person} {one.reason}") for one in page.asked]
    facts += [(_("备注"), f"{note.person} {note.text}") for note in page.notes]
    facts += [(_("可以办理"), f"{choice.code} {_(choice.label)}") for choice in page.permitted]
    facts += [
        (_("不能办理"), f"{choice.code} {_(choice.label)}：{worded(choice.objection)}") for choice in page.refused
    ]
    for name, value in facts:
        show(f"{name}：{value}")


def _progress(entry: "ProgressRow") -> str:
    on = _("措施 {number}").format(number=entry.measure) if entry.measure else ""
    return " ".join(filter(None, (str(entry.done_on), on, entry.text, entry.person)))

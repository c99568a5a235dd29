"""A plan as a workbook to print: the three lists and the common table, made of the same rows as the page.

The columns are a profile's (plan_lists.toml); here is what stands in each. Order and heads are not decided here.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from django.utils import timezone

from bihuan.engines import writing
from bihuan.models import Feedback
from bihuan.queries.findings.columns import Speech
from bihuan.queries.plans.parts import PlanMeasure, PlanPage, PlanRowView
from bihuan.rules.access import Actor
from bihuan.rules.plan_lists import PlanList, plan_lists
from bihuan.rules.vocabulary import N_

TITLE = N_("%(unit)s整改%(list)s（%(which)s）")
VERSION = N_("第 %(n)s 版")
AS_IT_STANDS = N_("%(day)s 的情况")
NOTE = N_("%(feedback)s。%(who)s 于 %(when)s 导出，共 %(n)s 条。")
HAS_DRAFTS = N_("含起草中、还没有报送的内容。")
HEAD_LEADS = N_("（主要负责人领办）")
TO = N_("至")

OfFinding = Callable[[PlanRowView, Speech], object]
OfMeasure = Callable[[PlanMeasure, Speech], object]
FINDING_CELLS: Mapping[str, OfFinding] = {
    "number": lambda row, _: row.number,
    "category": lambda row, say: "\n".join(say.either(step.label) for step in row.category[:2]),
    "quote": lambda row, _: row.quote,
    "specifics": lambda row, _: row.specifics,
    "commonality": lambda row, say: say.label(row.commonality_label),
    "units": lambda row, _: "、".join(row.units),
    "answers": lambda row, _: row.answers,
    "causes": lambda row, _: row.causes,
    "goal": lambda row, _: row.goal,
    "leader": lambda row, say: row.leader + (say.label(HEAD_LEADS) if row.head_leads else ""),
}
MEASURE_CELLS: Mapping[str, OfMeasure] = {
    "position": lambda one, _: str(one.position),
    "measure": lambda one, _: one.text,
    "kinds": lambda one, say: "、".join(say.label(kind) for kind in one.kind_labels),
    "period": lambda one, say: f"\n{say.label(TO)} ".join(str(day) for day in (one.starts_on, one.due_on) if day),
    "long_term": lambda one, say: say.label(N_("是") if one.is_long_term else N_("否")),
    "product": lambda one, _: one.product,
    "unit": lambda one, _: one.unit,
    "helping": lambda one, _: one.helping,
    "person": lambda one, _: one.person,
    "supervisor": lambda one, _: one.supervisor,
    "due": lambda one, _: one.due_on,
    "by_hand": lambda _one, _say: "",
}


def write_plan(target: str | Path | IO[bytes], *, page: PlanPage, actor: Actor, at: datetime, say: Speech) -> None:
    """Write the lists of the page's rows; what was typed stays text. The note says who took them out, and when."""
    titled = _title(page, actor, timezone.localdate(at), say)
    note = _note(page, actor, at, say)
    sheets = [_sheet(one, page, titled(say.either(one.label)), note, say) for one in plan_lists().lists.values()]
    writing.write_lists(target, title=page.title, sheets=sheets)


def file_name(page: PlanPage, *, on: date, say: Speech) -> str:
    """What the file is called: whose plan, which version, or as of which day."""
    return f"{page.unit} {say.label(N_('整改方案'))} {_version(page, on, say) if page.shown else on}.xlsx"


def _title(page: PlanPage, actor: Actor, on: date, say: Speech) -> Callable[[str], str]:
    which = say.label("，").join(part for part in (_round(page.feedback, actor), _version(page, on, say)) if part)
    return lambda name: say.label(TITLE) % {"unit": page.unit, "list": name, "which": which}


def _version(page: PlanPage, on: date, say: Speech) -> str:
    return say.label(VERSION) % {"n": page.shown.version} if page.shown else say.label(AS_IT_STANDS) % {"day": on}


def _round(feedback: UUID, actor: Actor) -> str:
    """The round by its number; empty where the reader may not know the inspection."""
    visible = Feedback.objects.visible_to(actor.scope).filter(pk=feedback)
    read = visible.values_list("inspection__office_word", "inspection__year", "inspection__round_number").first()
    return f"{read[0]}〔{read[1]}〕{read[2]}" if read and read[0] else ""


def _note(page: PlanPage, actor: Actor, at: datetime, say: Speech) -> str:
    when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    who = f"{actor.person}（{actor.label}）"
    said = say.label(NOTE) % {"feedback": page.title, "who": who, "when": when, "n": len(page.rows)}
    return said + say.label(HAS_DRAFTS) if any(row.state.code == "draft" for row in page.rows) else said


def _sheet(one: PlanList, page: PlanPage, title: str, note: str, say: Speech) -> writing.ListSheet:
    columns = [
        writing.ListColumn(
            say.either(column.label), column.width, "date" if column.code == "due" else "text",
            is_shared=column.code not in MEASURE_CELLS,
        )
        for column in one.columns
    ]  # fmt: skip
    codes = [column.code for column in one.columns]
    by_measure = any(code in MEASURE_CELLS for code in codes)
    groups = [_group(row, order, codes, by_measure, say) for order, row in enumerate(page.rows, 1)]
    return writing.ListSheet(say.either(one.label), title, note, columns, groups)


def _group(row: PlanRowView, order: int, codes: list[str], by_measure: bool, say: Speech) -> list[list[object]]:
    """One finding: a row for each measure, or a single one where it has none or the list tells of none."""
    measures = (row.measures if by_measure else ()) or (None,)
    return [[_cell(code, row, order, measure, say) for code in codes] for measure in measures]


def _cell(code: str, row: PlanRowView, order: int, measure: PlanMeasure | None, say: Speech) -> object:
    if code in MEASURE_CELLS:
        return MEASURE_CELLS[code](measure, say) if measure else ""
    return str(order) if code == "order" else FINDING_CELLS[code](row, say)

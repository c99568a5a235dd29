"""`bihuan finding list` and `ledger`: the ledger of one post, narrowed by options as the page is by its address."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import CannotRead, Malformed, answered
from bihuan.cli.measures import units_by_name
from bihuan.cli.words import USAGE, _, show, show_json, show_table, spoken, tell
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import MARKS

if TYPE_CHECKING:
    from bihuan.queries.findings.asked import Asked
    from bihuan.queries.findings.columns import Speech
    from bihuan.queries.findings.lists import FindingList
    from bihuan.rules.access import Actor

STATES = (*[state.code for state in FINDING.states], "given", "unfinished", "not_done")
ON_SCREEN = ("number", "title", "unit", "state", "due")


@dataclass(frozen=True)
class Narrowed:
    """What the options of the list say, not yet understood; empty narrows nothing."""

    state: str = ""
    query: str = ""
    overdue: bool = False
    light: str = ""
    waits: str = ""
    mark: str = ""
    category: str = ""
    unit: str = ""
    helping: str = ""
    under: str = ""
    lead: str = ""
    round: str = ""
    due: str = ""
    due_from: datetime | None = None
    due_to: datetime | None = None
    sort: str = ""
    columns: str = ""
    page: int = 1
    after: str = ""
    before: str = ""
    last: bool = False


def list_command(asked: Narrowed, *, as_post: str, as_json: bool) -> int:
    """One page of the findings the post may see."""
    if asked.state and asked.state not in STATES:
        tell(_("没有状态 {state}。请写：{states}").format(state=asked.state, states="、".join(STATES)))
        return USAGE

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            from bihuan.queries.findings.lists import findings_for
            from bihuan.queries.findings.ordering import Turn

            wanted = _understood(asked, actor, usual=ON_SCREEN)
            turn = Turn(wanted.sort, asked.page, asked.after, asked.before, asked.last)
            found = findings_for(actor, filters=wanted.filters, on=timezone.localdate(at), turn=turn)
        if as_json:
            show_json(asdict(found))
            return
        _show(found, wanted)

    return answered(work, as_json=as_json)


def _show(found: "FindingList", wanted: "Asked") -> None:
    from bihuan.queries.findings.columns import COLUMNS

    say = speech()
    shown = [COLUMNS[code] for code in wanted.columns]
    cells = [
        [row.title if one.label == COLUMNS["title"].label else _text(one.cell(row, say)) for one in shown]
        for row in found.rows
    ]
    show_table([_(one.label) for one in shown], cells)
    if found.too_short:
        tell(_("一个字太宽了。请输入两个字以上再搜。"))
    if found.matched_is_least:
        tell(_("第 {page} 页；符合的在 {matched} 条以上。").format(page=found.page, matched=found.matched))
        return
    said = _("第 {page} 页，共 {pages} 页；符合的 {matched} 条，看得到的共 {total} 条。")
    total = f"{found.total}+" if found.total_is_least else found.total
    tell(said.format(page=found.page, pages=found.pages, matched=found.matched, total=total))


def sheet_command(asked: Narrowed, *, as_post: str, as_json: bool, file: str, form: str = "") -> int:
    """Every row of the filter as a sheet, or in a kept form; on the record, like every taking out."""
    if form and not file:
        tell(_("请用 --xlsx 写明填好的表存成什么文件。"))
        return USAGE

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            wanted = _understood(asked, actor)
            path = Path(file)
            n = _fill(wanted, actor, at, path, name=form) if form else _write(wanted, actor, at, path)
        if as_json:
            show_json({"file": file, "rows": n})
        else:
            show(file)
            tell(_("已写好 {n} 条。").format(n=n))

    return answered(work, as_json=as_json)


def _write(wanted: "Asked", actor: "Actor", at: datetime, path: Path) -> int:
    from django.utils import timezone

    from bihuan.actions.ledger import record_export
    from bihuan.queries.findings import lists, sheets
    from bihuan.queries.findings.asked import described, said_of

    on, say = timezone.localdate(at), speech()
    ids = lists.ids_for(actor, filters=wanted.filters, on=on, sort=wanted.sort)
    note = sheets.note_of(actor, at=at, n=len(ids), what=described(wanted, say=_), say=say)
    rows = lists.lines_in_pieces(ids, actor=actor, on=on, columns=wanted.columns)
    try:
        sheets.write_ledger(path, rows=rows, columns=wanted.columns, say=say, note=note)
    except OSError as fault:
        raise CannotRead(_("写不了 {file}：{why}").format(file=path, why=fault.strerror)) from fault
    except sheets.TooManyRows as fault:
        raise CannotRead(_("行数太多，一张表放不下。请缩小范围，分几次导出。")) from fault
    record_export(asked=said_of(wanted), n=len(ids), by=actor, at=at)
    return len(ids)


def _fill(wanted: "Asked", actor: "Actor", at: datetime, path: Path, *, name: str) -> int:
    from django.utils import timezone

    from bihuan.actions.ledger import record_export
    from bihuan.queries import ledger as kept
    from bihuan.queries.findings import forms, lists
    from bihuan.queries.findings.asked import said_of

    on = timezone.localdate(at)
    own = {row.name: row for row in kept.forms_of(actor) if row.columns}
    found = kept.form_for(actor, form=own[_known("--form", name, own)].id)
    ids = lists.ids_for(actor, filters=wanted.filters, on=on, sort=wanted.sort, most=forms.MOST_ROWS + 1)
    if found is None or len(ids) > forms.MOST_ROWS:
        raise CannotRead(_("一张表样一次最多填五千行。请缩小范围再填。"))
    rows = lists.lines_of(ids, actor=actor, on=on, columns=tuple(found.row.columns.values()))
    try:
        path.write_bytes(forms.filled(found, rows=rows, say=speech()))
    except OSError as fault:
        raise CannotRead(_("写不了 {file}：{why}").format(file=path, why=fault.strerror)) from fault
    except forms.NotAForm as fault:
        raise CannotRead(_(forms.FAULTS[fault.code])) from fault
    record_export(asked=said_of(wanted), n=len(rows), by=actor, at=at, form=name)
    return len(rows)


def speech() -> "Speech":
    """How labels of rules and profiles are said on the command line."""
    from bihuan.queries.findings.columns import Speech

    return Speech(_, lambda label: label[spoken()])


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _understood(asked: Narrowed, actor: "Actor", *, usual: tuple[str, ...] = ()) -> "Asked":
    from bihuan.queries.findings.asked import AS_PRINTED, Asked
    from bihuan.queries.findings.columns import COLUMNS, IN_SHEETS, PRINTED, USUAL
    from bihuan.queries.findings.narrowing import WITHIN, FindingFilters
    from bihuan.queries.findings.nearness import SHOWN
    from bihuan.queries.findings.ordering import SORTS
    from bihuan.queries.findings.ordering import USUAL as BY_NUMBER
    from bihuan.queries.findings.waiting import WAITS

    units = units_by_name() if asked.unit or asked.helping or asked.under or asked.lead else {}
    filters = FindingFilters(
        state=_known("--state", asked.state, STATES),
        query=asked.query,
        overdue=asked.overdue,
        light=_known("--light", asked.light, SHOWN),
        waits=_known("--waits", asked.waits, WAITS),
        mark=_known("--mark", asked.mark, MARKS),
        category=asked.category,
        unit=_unit(asked.unit, units),
        helping=_unit(asked.helping, units),
        under=_unit(asked.under, units),
        lead=_unit(asked.lead, units),
        round=_round(asked.round, actor),
        due=_known("--due", asked.due, WITHIN),
        due_from=asked.due_from.date() if asked.due_from else None,
        due_to=asked.due_to.date() if asked.due_to else None,
    )
    known = COLUMNS if usual else (*IN_SHEETS, AS_PRINTED)
    named = [_known("--columns", code, known) for code in asked.columns.split(",") if code]
    columns = tuple(PRINTED) if AS_PRINTED in named else tuple(named)
    return Asked(filters, _known("--sort", asked.sort, SORTS) or BY_NUMBER, columns or usual or USUAL)


def _known(option: str, value: str, known: Iterable[str]) -> str:
    if value and value not in known:
        said = _("{option} 没有“{value}”。请写：{known}")
        raise Malformed(said.format(option=option, value=value, known="、".join(known)))
    return value


def _unit(name: str, units: Mapping[str, UUID]) -> UUID | None:
    if name and name not in units:
        raise Malformed(_("没有单位“{name}”。请写全称，见 organization tree。").format(name=name))
    return units[name] if name else None


def _round(name: str, actor: "Actor") -> UUID | None:
    if not name:
        return None
    from bihuan.queries._offered import rounds_offered

    rounds = {one.name: one.id for one in rounds_offered(actor)}
    return rounds[_known("--round", name, rounds)]

"""`bihuan finding list`: the ledger of one post, narrowed by options as the page is by its address."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import Malformed, answered
from bihuan.cli.measures import units_by_name
from bihuan.cli.words import USAGE, _, show_json, show_table, tell
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import MARKS

if TYPE_CHECKING:
    from bihuan.queries.findings.narrowing import FindingFilters

STATES = (*[state.code for state in FINDING.states], "given", "unfinished")


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


def list_command(asked: Narrowed, *, as_post: str, as_json: bool, page: int) -> int:
    """One page of the findings the post may see."""
    if asked.state and asked.state not in STATES:
        tell(_("没有状态 {state}。请写：{states}").format(state=asked.state, states="、".join(STATES)))
        return USAGE

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            from bihuan.queries.findings.lists import findings_for

            found = findings_for(actor, filters=_understood(asked), on=timezone.localdate(at), page=page)
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


def _understood(asked: Narrowed) -> "FindingFilters":
    from bihuan.queries.findings.narrowing import FindingFilters
    from bihuan.queries.findings.nearness import SHOWN
    from bihuan.queries.findings.waiting import WAITS

    units = units_by_name() if asked.unit or asked.helping else {}
    return FindingFilters(
        state=asked.state,
        query=asked.query,
        overdue=asked.overdue,
        light=_known("--light", asked.light, SHOWN),
        waits=_known("--waits", asked.waits, WAITS),
        mark=_known("--mark", asked.mark, MARKS),
        category=asked.category,
        unit=_unit(asked.unit, units),
        helping=_unit(asked.helping, units),
    )


def _known(option: str, value: str, known: Iterable[str]) -> str:
    if value and value not in known:
        said = _("{option} 没有“{value}”。请写：{known}")
        raise Malformed(said.format(option=option, value=value, known="、".join(known)))
    return value


def _unit(name: str, units: Mapping[str, UUID]) -> UUID | None:
    if name and name not in units:
        raise Malformed(_("没有单位“{name}”。请写全称，见 organization tree。").format(name=name))
    return units[name] if name else None

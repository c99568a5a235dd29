"""`bihuan statistics`: the ten metrics as of a day, in sum and in groups, as the page counts them."""

import os
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import Malformed, answered
from bihuan.cli.measures import units_by_name
from bihuan.cli.words import _, show_json, show_table, spoken, tell

if TYPE_CHECKING:
    from bihuan.queries.statistics.figures import Asked, Counts, Figures, Group

NO_VALUE = "—"


@dataclass(frozen=True)
class Narrowed:
    """What the options say, not yet understood; empty narrows nothing."""

    by: str = "unit"
    on: date | None = None
    round: str = ""
    kind: str = ""
    unit_class: str = ""
    category: str = ""
    unit: str = ""
    sort: str = "usual"
    page: int | None = None


def statistics_command(asked: Narrowed, *, as_post: str, as_json: bool) -> int:
    """The figures of what the post may see."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            from bihuan.queries.statistics.figures import figures_for
            from bihuan.queries.statistics.groups import choices_of

            today = timezone.localdate(at)
            wanted = _understood(asked, rounds={one.label: one.key for one in choices_of(actor).rounds})
            found = figures_for(actor, on=min(asked.on or today, today), asked=wanted, page=asked.page)
        if as_json:
            show_json(asdict(found))
            return
        _show(found)

    return answered(work, as_json=as_json)


def _understood(asked: Narrowed, *, rounds: dict[str, str]) -> "Asked":
    from uuid import UUID

    from bihuan.queries.statistics.figures import Asked
    from bihuan.queries.statistics.flows import DIMENSIONS
    from bihuan.queries.statistics.groups import SORTS

    _one_of("--by", asked.by, known=DIMENSIONS)
    _one_of("--sort", asked.sort, known=SORTS)
    if asked.round:
        _one_of("--round", asked.round, known=rounds)
    units = units_by_name() if asked.unit else {}
    if asked.unit and asked.unit not in units:
        raise Malformed(_("没有单位“{name}”。请写全称，见 organization tree。").format(name=asked.unit))
    return Asked(
        by=asked.by,
        round=UUID(rounds[asked.round]) if asked.round else None,
        kind=asked.kind,
        unit_class=asked.unit_class,
        category=asked.category,
        unit=units.get(asked.unit),
        sort=asked.sort,
    )


def _one_of(option: str, value: str, *, known: Collection[str]) -> None:
    if value not in known:
        said = _("{option} 没有“{value}”。请写：{known}")
        raise Malformed(said.format(option=option, value=value, known="、".join(known)))


def _show(found: "Figures") -> None:
    from bihuan.rules.metrics import metrics

    language = spoken()
    label = {metric.code: metric.label[language] for metric in metrics()}
    columns = (
        "to_rectify",
        "done",
        "basically_done",
        "long_term",
        "not_done",
        "completion_rate",
        "overdue",
        "cycle_days",
    )
    lines = [[_name(group, language), *_cells(group.counts, columns)] for group in found.groups]
    show_table([_("分组"), *(label[code] for code in columns)], [*lines, [_("合计"), *_cells(found.counts, columns)]])
    if found.coverage:
        whole = found.coverage.whole
        said = _("{label}（{term}，不含村社区）：{covered} ÷ {total} = {rate}%")
        tell(said.format(
            label=label["coverage_rate"], term=found.coverage.term_name, covered=whole.covered, total=whole.total,
            rate=NO_VALUE if whole.coverage_rate is None else whole.coverage_rate,
        ))  # fmt: skip
    if found.pages > 1:
        said = _("第 {page} 页，共 {pages} 页；共 {total} 组，合计是全部的。")
        tell(said.format(page=found.page, pages=found.pages, total=found.n_groups))
    tell(_("截至 {on}。完成率 = 已销号 ÷ 应整改；周期从反馈送达到第一次销号。").format(on=found.on))


def _name(group: "Group", language: str) -> str:
    return group.names.get(language) or _(group.label)


def _cells(counts: "Counts", columns: tuple[str, ...]) -> list[str]:
    def said(value: Any, code: str) -> str:
        return NO_VALUE if value is None else f"{value}%" if code == "completion_rate" else str(value)

    return [said(getattr(counts, code), code) for code in columns]

"""The tables of the statistics page: what each number is, where it leads, and what a sheet of them holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from bihuan.queries.statistics.covered import ClassCoverage, TermCoverage
from bihuan.queries.statistics.figures import Counts, Figures, Group
from bihuan.rules.metrics import Metric, metrics
from bihuan.rules.vocabulary import N_
from bihuan.web import words
from bihuan.web._figure_links import Links

# Which rows stand behind a metric.
BEHIND = {
    "findings": "given", "to_rectify": "given", "done": "closed", "basically_done": "basically_done",
    "long_term": "phase_done_long_term", "not_done": "not_done", "completion_rate": "closed", "overdue": "overdue",
    "cycle_days": "cycle",
}  # fmt: skip
NO_VALUE = "—"


@dataclass(frozen=True)
class Cell:
    """A number and the rows behind it; `text` is how it is written."""

    n: int
    url: str
    text: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the table by state: the group or the sum, its states, and the metrics beside them."""

    label: str
    url: str
    cells: tuple[Cell, ...]
    total: Cell
    overdue: Cell
    rate: str
    cycle: Cell


@dataclass(frozen=True)
class Told:
    """A metric in the reader's language: its value, its rows, and what it means."""

    code: str
    label: str
    value: str
    url: str
    of: str
    is_late: bool
    meaning: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MonthLine:
    """How things stood at the end of a month."""

    label: str
    cells: tuple[Cell, ...]
    rate: str
    percent: str


def told(found: Figures, links: Links) -> tuple[Told, ...]:
    """The ten metrics of the page, in the order of the register."""
    return tuple(_told(metric, found, links) for metric in metrics())


def line(group: Group, found: Figures, links: Links, *, url: str) -> Line:
    """A group of the table; its name leads to the figures of the group alone."""
    return _line(words.either(group.names) if group.names else words.label(group.label), url, group.states,
                 group.counts, found, links, key=group.key)  # fmt: skip


def sums(found: Figures, links: Links) -> Line:
    """The last line."""
    return _line("", "", found.sums, found.counts, found, links, key="")


def months(found: Figures, links: Links) -> Iterator[MonthLine]:
    """Month by month, each number as it stood at the end."""
    for month in found.months:
        counted = (("given", month.to_rectify), ("closed", month.done), ("overdue", month.overdue))
        cells = tuple(Cell(n, links.to(was, on=month.on), f"{n:,}") for was, n in counted)
        percent = "" if month.completion_rate is None else str(month.completion_rate)
        yield MonthLine(str(month.on), cells, _percent(month.completion_rate), percent)


def cycles(found: Figures, links: Links) -> list[tuple[str, Cell]]:
    """How many took how long."""
    return [(words.label(one.label), Cell(one.n, links.to(one.code), f"{one.n:,}")) for one in found.cycles]


def covered_by_class(found: TermCoverage) -> list[dict[str, object]]:
    """A line for each class and the sum, as the page of the term shows them."""
    whole = () if len(found.lines) < 2 else (found.whole,)
    return [_class_line(found, one, is_sum=one is found.whole) for one in (*found.lines, *whole)]


def sheet_of(found: Figures) -> tuple[list[str], list[list[object]]]:
    """Heads and rows of the table by group with its sums, for a spreadsheet."""
    told_of = {metric.code: words.either(metric.label) for metric in metrics()}
    counted = [code for code in BEHIND if code != "findings"]
    heads = [
        gettext("分组"),
        *(words.label(state.label) for state in found.states),
        *(told_of[code] for code in counted),
    ]
    rows = [_sheet_row(_name(group), group.states, group.counts, counted) for group in found.groups]
    return heads, [*rows, _sheet_row(gettext("合计"), found.sums, found.counts, counted)]


def _name(group: Group) -> str:
    return words.either(group.names) if group.names else words.label(group.label)


def _sheet_row(label: str, states: Sequence[int], counts: Counts, counted: Sequence[str]) -> list[object]:
    return [label, *states, *(getattr(counts, code) for code in counted)]


def _told(metric: Metric, found: Figures, links: Links) -> Told:
    code = metric.code
    value, of = _value(code, found)
    meaning = (
        (N_("口径"), metric.definition), (N_("分子"), metric.numerator), (N_("分母"), metric.denominator),
        (N_("截止"), metric.cut_off), (N_("单位"), metric.unit), (N_("谁看得到"), metric.who),
        (N_("出处"), metric.source),
    )  # fmt: skip
    return Told(
        code=code,
        label=words.either(metric.label),
        value=value,
        url=_behind(code, found, links),
        of=of,
        is_late=code == "overdue" and found.counts.overdue > 0,
        meaning=tuple((words.label(name), words.either(text)) for name, text in meaning if words.either(text)),
    )


def _behind(code: str, found: Figures, links: Links) -> str:
    if code != "coverage_rate":
        return links.to(BEHIND[code])
    return f"/terms/{found.coverage.term}/coverage?on={found.on}" if found.coverage else ""


def _value(code: str, found: Figures) -> tuple[str, str]:
    """How a metric is written, and what was divided by what."""
    counts = found.counts
    if code == "coverage_rate":
        whole = found.coverage.whole if found.coverage else None
        return (_percent(whole.coverage_rate), f"{whole.covered:,} ÷ {whole.total:,}") if whole else (NO_VALUE, "")
    if code == "completion_rate":
        return _percent(counts.completion_rate), f"{counts.done:,} ÷ {counts.to_rectify:,}"
    if code == "cycle_days":
        return _days(counts.cycle_days), f"{counts.cycle_days_in_all:,} ÷ {counts.first_closings:,}"
    return f"{getattr(counts, code):,}", ""


def _line(
    label: str, url: str, states: Sequence[int], counts: Counts, found: Figures, links: Links, *, key: str
) -> Line:
    cells = tuple(
        Cell(n, links.to(state.code, key=key), f"{n:,}") for n, state in zip(states, found.states, strict=True)
    )
    return Line(
        label, url, cells,
        total=Cell(counts.to_rectify, links.to("given", key=key), f"{counts.to_rectify:,}"),
        overdue=Cell(counts.overdue, links.to("overdue", key=key), f"{counts.overdue:,}"),
        rate=_percent(counts.completion_rate),
        cycle=Cell(counts.first_closings, links.to("cycle", key=key), _days(counts.cycle_days)),
    )  # fmt: skip


def _class_line(found: TermCoverage, one: ClassCoverage, *, is_sum: bool) -> dict[str, object]:
    def address(covered: str) -> str:
        asked = f"on={found.on}&class={one.organization_class}" + (f"&covered={covered}" if covered else "")
        return f"/terms/{found.term}/coverage?{asked}#entries"

    return {
        "label": words.label(one.label), "covered": one.covered, "covered_url": address("yes"), "total": one.total,
        "total_url": address(""), "left": one.total - one.covered, "left_url": address("no"),
        "rate": _percent(one.coverage_rate), "is_sum": is_sum,
    }  # fmt: skip


def _percent(value: Decimal | None) -> str:
    return NO_VALUE if value is None else f"{value}%"


def _days(value: Decimal | None) -> str:
    return NO_VALUE if value is None else gettext("%(n)s 天") % {"n": value}

"""Tags that turn values into marks on a page: shapes of states, thousands, bars, sizes. They read no table."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template

register = template.Library()

SHAPES = {
    "○": "ring",
    "◔": "quarter",
    "◑": "half",
    "◕": "most",
    "●": "full",
    "◉": "target",
    "↩": "back",
    "↺": "again",
    "×": "cross",
    "▲": "flag",
}
KILOBYTE = 1024


@register.filter
def shape_id(glyph: str) -> str:
    """The symbol in shapes.svg for a state's glyph; glyphs look uneven across fonts, drawings do not."""
    return SHAPES.get(glyph, "ring")


@register.filter
def number(value: int | None) -> str:
    """1157 as 1,157; a dash for nothing, so that an absent figure never looks like zero."""
    return "—" if value is None else f"{value:,}"


@register.filter
def size(value: int) -> str:
    """Bytes as people say them."""
    if value < KILOBYTE:
        return f"{value} B"
    if value < KILOBYTE**2:
        return f"{value / KILOBYTE:.0f} KB"
    return f"{value / KILOBYTE**2:.1f} MB"


@register.filter
def is_on(choice: Any) -> bool:
    """Whether a filter is narrowed: some option other than the empty one is selected."""
    return any(option.selected and option.value for option in choice.options)


@register.filter
def any_on(choices: Iterable[Any]) -> bool:
    """Whether one of several filters is narrowed."""
    return any(is_on(choice) for choice in choices)


@register.simple_tag
def bar(cells: Sequence[Any], heads: Sequence[Any]) -> list[dict[str, Any]]:
    """The parts of one bar: tone, label, count, and where it starts and ends on a scale of 1000."""
    total = sum(cell.n for cell in cells)
    parts, start = [], 0
    for cell, head in zip(cells, heads, strict=True):
        if not cell.n:
            continue
        width = round(1000 * cell.n / total)
        parts.append({"tone": head.tone, "label": head.label, "n": cell.n, "x": start, "width": width})
        start += width
    return parts

"""Reads the entries of a small text as those of a notice or a plan, with the words of every place."""

from dataclasses import dataclass

from bihuan.engines.reading.items.rectification import entries_of
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.structure.markers import marked_lines
from bihuan.engines.reading.structure.outline import outline_of
from bihuan.engines.reading.structure.paragraphs import paragraphs_of


@dataclass(frozen=True)
class Told:
    """The words of an item."""

    finding: str
    more: list[str]
    measures: list[str]
    results: list[str]
    state: str
    responsible: list[str]
    deadline: list[str]


def told(text: str, *, is_plan: bool = False) -> list[Told]:
    """What is read of each finding of a notice, or of a plan."""
    mirror = mirrored(text)
    root = outline_of(mirror, marked_lines(mirror, paragraphs_of(mirror, lines_of(mirror))))

    def words(spans: tuple[Span, ...]) -> list[str]:
        return [text[slice(*span)] for span in spans]

    return [
        Told(
            text[slice(*item.finding)], words(item.more), words(item.measures), words(item.results),
            item.state, words(item.responsible), words(item.deadline),
        )
        for item in entries_of(text, mirror, root, is_plan=is_plan)
    ]  # fmt: skip

"""What is repaired in a document before it is read, with its tables; and what a person has to know of it.

Repairs that reach beyond one cell of a table are left out: what a program wrote into cells stays apart.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bihuan.engines.reading.content import Content, Doubt, Table
from bihuan.engines.reading.places import Places
from bihuan.engines.reading.restore import Restored, likely, restore_text
from bihuan.engines.reading.restore.edits import Changes, Column, Edit
from bihuan.engines.reading.shapes import Repair, Span

GAP = "这里可能缺了文字或标题，缺什么看不出来。请对照原件核对。"
WAITING = "这里可能有乱码，修复建议没有把握，没有采用。请对照原件核对。"
MENDED = "这里的原文有乱码、拼音或繁体字，引文已经修复。请对照原件核对。"
_WORDS_CHANGED = frozenset({"pinyin", "simplify", "shift"})
_WORDS_UNSURE = frozenset({"pinyin", "shift", "lost"})
_BEHIND_ALL = 1 << 60


@dataclass(frozen=True, slots=True)
class Mended:
    """What is to be read; the text as the applied repairs make it, and its places beside those of the text as it came.

    The text to be read goes further: what is likely is taken for granted there, `guessed` tells where.
    """

    content: Content
    repaired: str
    repairs: Sequence[Repair]
    places: Places | None = None
    guessed: Places | None = None

    @property
    def is_changed(self) -> bool:
        """Whether places of what is read are others than those of the text as it came."""
        return bool(self.places or self.guessed)

    def origin(self, span: Span) -> Span:
        """Where a stretch of what is read stands in the text as it came."""
        span = self.guessed.origin(span) if self.guessed else span
        return self.places.origin(span) if self.places else span


def mended(content: Content) -> Mended:
    """Restore the text and move the tables along."""
    restored = repaired_within_cells(content)
    places = restored.changes.applied.places() if restored.text != content.text else None
    made = Mended(_moved(content, restored.text, places), restored.text, restored.changes, places)
    cells = _Cells(made.content.tables)
    guesses = [edit for edit in likely(restored, places) if cells.hold((edit.start, edit.end))]
    if not guesses:
        return made
    column = Column()
    for edit in guesses:
        column.add(edit)
    guessed = column.places()
    return replace(made, content=_moved(made.content, _with(restored.text, guesses), guessed), guessed=guessed)


def repaired_within_cells(content: Content) -> Restored:
    """The text restored, without repairs that reach beyond one cell of a table."""
    restored = restore_text(content.text)
    if not content.tables:
        return restored
    cells, changes = _Cells(content.tables), restored.changes
    made, offers = (_held(column, cells) for column in (changes.applied, changes.proposed))
    text = _with(restored.original, map(made.__getitem__, range(len(made))))
    return replace(restored, text=text, changes=Changes(restored.original, made, offers))


def _held(column: Column, cells: "_Cells") -> Column:
    held = column.emptied()
    for at in range(len(column)):
        if cells.hold((column.starts[at], column.ends[at])):
            held.take(column, at, at + 1)
    return held


def _with(text: str, edits: Iterable[Edit]) -> str:
    pieces, reached = list[str](), 0
    for edit in edits:
        pieces += (text[reached : edit.start], edit.after)
        reached = edit.end
    return "".join((*pieces, text[reached:]))


def _moved(content: Content, text: str, places: Places | None) -> Content:
    if places is None:
        return content
    tables = (
        Table(places.repaired(table.span), tuple(tuple(map(places.repaired, row)) for row in table.rows))
        for table in content.tables
    )
    return replace(content, text=text, tables=tuple(tables))


class _Cells:
    """The cells of all tables, to tell what lies within one of them or outside of all."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = [table.span for table in tables]
        self._cells = sorted({cell for table in tables for row in table.rows for cell in row if cell[0] < cell[1]})

    def hold(self, span: Span) -> bool:
        """Whether a change here leaves the cells apart."""
        at = bisect_right(self._cells, (span[0], _BEHIND_ALL)) - 1
        return (at >= 0 and span[1] <= self._cells[at][1]) or not self._touches_table(span)

    def _touches_table(self, span: Span) -> bool:
        at = bisect_right(self._tables, (span[1], _BEHIND_ALL)) - 1
        return at >= 0 and self._tables[at][0] <= span[1] and span[0] <= self._tables[at][1]


def doubts_of(repairs: Iterable[Repair]) -> Iterator[Doubt]:
    """What a person has to know of a quotation with these repairs in it, or beside it."""
    for one in repairs:
        if one.applied:
            if one.rule in _WORDS_CHANGED:
                yield Doubt(one.span, MENDED)
        elif one.before == one.after:
            yield Doubt(one.span, GAP)
        elif one.rule in _WORDS_UNSURE:
            yield Doubt(one.span, WAITING)

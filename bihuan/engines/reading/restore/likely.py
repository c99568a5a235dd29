"""What a reader takes for granted where nothing is certain: for telling the parts of a text, never for quoting it.

Proposals that change no more than a character, spaces of a text full of them, line ends at the width of a page.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby

from bihuan.engines.reading.places import Places
from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import RULES, Column, Edit
from bihuan.engines.reading.restore.sequence import Restored
from bihuan.engines.reading.shapes import Repair, Span

_TAKEN = frozenset({"pinyin", "simplify", "shift", "lost", "punctuation"})
_UNKNOWN = "某"
_SOUND_LEFT = re.compile(rf"[?？\ufffd]{letters.PINYIN}[)）]|[?？\ufffd]+")
_SPACE = re.compile(rf"[ \u00a0\u3000](?<=[{letters.HAN}，。、；：”）].)(?=[{letters.HAN}“（])")
_MANY_SPACES, _SPACED = 10, 0.03
_DRAWN = re.compile(r"\S[ \u3000]{2,}\S[^\r\n]*?\S[ \u3000]{2,}\S|[|│┃].*[|│┃]|\S [/／] \S.* [/／] \S")
_BEHIND_ALL = 1 << 60
_WIDE_BLANK, _FEWEST_BLANKS, _FEWEST_ROWS = "\u3000", 3, 3
_LINE = re.compile(r"[^\r\n]+")
_BLANKS = " \u3000\u00a0"
_WIDEST = 160
_BY_CHARACTERS, _BY_COLUMNS = (18, 0, 3), (44, 4, 6)  # narrowest page, how ragged, fewest lines that fill it
_FULL_SHARE, _LONGER_SHARE = 0.2, 0.05
_ENDED = "。；;！!：:，,"
_MARKED = re.compile(
    r"[（(]?[一二三四五六七八九十百]{1,3}[)）、.．]|第[一二三四五六七八九十百]{1,3}[条项章节、，]|[①-⑳]|[（(]\d{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,2}是"
)
_LABELED = re.compile(r"[^，。；,;\t]{2,14}[:：]|【")
_ROW = re.compile(r"\d{1,3}\t|合计|小计")
_NUMBERED = re.compile(r"\d{1,3}[、.．)）](?!\d)")


def likely(restored: Restored, places: Places | None) -> list[Edit]:
    """Changes of the restored text, sorted and disjoint, under which it is most easily understood."""
    text = restored.text
    found = [*_offered(restored.changes, places), *_spaces(text, restored.changes.applied), *_line_ends(text)]
    return list(_disjoint(found))


def _offered(changes: Iterable[Repair], places: Places | None) -> Iterator[Edit]:
    for one in changes:
        if one.applied or one.rule not in _TAKEN:
            continue
        after = _instead(one)
        if after is not None:
            span = places.repaired(one.span) if places else one.span
            yield Edit(*span, after, one.rule, one.confidence)


def _instead(offer: Repair) -> str | None:
    """What to read at the place of a proposal; nothing where it says no more than the text itself."""
    if offer.before == offer.after:
        return _UNKNOWN if _SOUND_LEFT.fullmatch(offer.before) else None
    if offer.rule == "punctuation":
        return offer.after if len(offer.after) < len(offer.before) else None
    if offer.rule == "shift":
        return None if re.search(r"\d", offer.after) else offer.after.replace("?", _UNKNOWN)
    return offer.after


def _spaces(text: str, made: Column) -> Iterator[Edit]:
    """All spaces inside Chinese where they stand, or have stood, so often that they part no columns."""
    rows = _rows(text)
    found = [one.start() for one in _SPACE.finditer(text)]
    found = [at for at in found if not _is_in(rows, at)] if rows else found
    taken = sum(map(RULES.index("spaces").__eq__, made.rules))
    many = len(found) + taken
    if many < _MANY_SPACES or many < _SPACED * len(letters.IS_HAN.findall(text)):
        return
    yield from (Edit(at, at + 1, "", "spaces") for at in found)


def _is_in(rows: list[Span], place: int) -> bool:
    at = bisect_right(rows, (place, _BEHIND_ALL)) - 1
    return at >= 0 and place < rows[at][1]


def _rows(text: str) -> list[Span]:
    """The lines of lists whose columns one wide blank parts: as many of them in each of several lines that have any."""
    rows: list[Span] = []
    lines = [one.span() for one in _LINE.finditer(text) if _WIDE_BLANK in one[0]] if _WIDE_BLANK in text else []
    for blanks, run in groupby(lines, key=lambda line: text.count(_WIDE_BLANK, *line)):
        alike = list(run)
        rows += alike if blanks >= _FEWEST_BLANKS and len(alike) >= _FEWEST_ROWS else []
    return rows


def _line_ends(text: str) -> Iterator[Edit]:
    """The ends of lines as wide as the page, where so many are that the width alone ended them."""
    lines = [one.span() for one in _LINE.finditer(text)]
    if max((end - begin for begin, end in lines[:3]), default=0) > _WIDEST:
        return
    full = _full([end - begin for begin, end in lines], *_BY_CHARACTERS)
    ragged = _full([_columns(text[begin:end].rstrip(_BLANKS)) for begin, end in lines], *_BY_COLUMNS)
    if len(ragged) > len(full):
        most = max(text.count("\t", *line) for line in lines)
        full = [at for at in ragged if at + 1 < len(lines)]
        full = [at for at in full if not _stands_apart(text, lines[at], lines[at + 1], most)]
    pairs = [at for at in full if at + 1 < len(lines)]
    pairs = [at for at in pairs if text[lines[at][1] : lines[at + 1][0]] in {"\n", "\r\n", "\r"}]
    pairs = [at for at in pairs if not _DRAWN.search(text, lines[at][0], lines[at + 1][1])]
    within = [at for at in pairs if text[lines[at][1] - 1] not in _ENDED]
    indented = sum(text[lines[at + 1][0]] in _BLANKS for at in within)
    for at in pairs:
        first = _first_word(text, lines[at + 1])
        is_indented = first > lines[at + 1][0] and 2 * indented < len(within)
        if not is_indented and not _begins(text, lines[at], (first, lines[at + 1][1])):
            yield Edit(lines[at][1], first, "", "linebreak")


def _first_word(text: str, line: Span) -> int:
    begin, end = line
    while begin < end and text[begin] in _BLANKS:
        begin += 1
    return begin


def _stands_apart(text: str, before: Span, line: Span, most: int) -> bool:
    """Whether a line of about the same width as the one before begins with a label, or both are whole rows."""
    if "\t" in text[before[0] : line[1]]:
        return text.count("\t", before[0], line[1]) > most
    return bool(_LABELED.match(text, _first_word(text, line)))


def _begins(text: str, before: Span, line: Span) -> bool:
    """Whether the line begins a paragraph or a row of its own."""
    cells = text.count("\t", *before)
    if cells:
        return bool(_ROW.match(text, *line)) or cells == text.count("\t", *line) > 1
    if _NUMBERED.match(text, *line):
        return text[before[1] - 1] in _ENDED
    return bool(_MARKED.match(text, *line))


def _columns(line: str) -> int:
    return len(line.encode("gb18030", "replace"))


def _full(widths: list[int], narrowest: int, ragged: int, fewest: int) -> list[int]:
    """The lines as wide as the page: where many are, and hardly one is longer; none where lines are of all lengths."""
    best, most, ordered = 0, 0, sorted(widths)
    for width in dict.fromkeys(widths) if ordered and ordered[-1] >= narrowest else ():
        if narrowest <= width <= _WIDEST:
            upto = bisect_right(ordered, width)
            full = upto - bisect_left(ordered, width - ragged)
            if full > most and len(ordered) - upto <= _LONGER_SHARE * len(widths):
                best, most = width, full
    if most < max(fewest, _FULL_SHARE * len(widths)):
        return []
    return [at for at, width in enumerate(widths) if best - ragged <= width <= best]


def _disjoint(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The surest of those that overlap."""
    best: Edit | None = None
    for one in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if best and (one.start < best.end or one.start == best.start):
            best = max(best, one, key=lambda edit: edit.confidence)
            continue
        if best:
            yield best
        best = one
    if best:
        yield best

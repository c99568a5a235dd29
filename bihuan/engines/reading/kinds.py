"""Decides the kind of a document before anything is read out of it: a document of kind other never has an item.

Using the right words is not enough; no item is looked at here.
"""

import itertools
import re
from collections.abc import Sequence

from bihuan.engines.reading import lexicon, sections
from bihuan.engines.reading.markers import Line
from bihuan.engines.reading.shapes import Span

KINDS = ("feedback", "plan", "notice", "statistics", "ledger", "other")
_TITLE_LINES = 8
_LONGEST_TITLE = 60
_TITLE_WEIGHT = 3
_ENOUGH = 4
_HEAD = 6_000
_TAIL = 3_000
_MATTER = re.compile("巡察|巡视|整改|反馈")


def kind_of(mirror: str, lines: Sequence[Line], *, has_table: bool = False, has_measures: bool = False) -> str:
    """The kind of a document; `has_table` and `has_measures` tell of a table of findings and its columns.

    The title decides first; a feedback document must besides carry the formulas of one (现将…反馈如下,
    收到反馈意见之日起) and outweigh what news, speeches, minutes and essays carry.
    """
    titles = titles_of(mirror, lines)
    if not _MATTER.search(mirror):
        return "other"
    if _any(titles, "other"):
        return "other"
    for kind in ("plan", "notice", "statistics"):
        if _any(titles, kind):
            return kind
    if _any(titles, "ledger") and (has_measures or not _any(titles, "feedback")):
        return "ledger" if has_table else "other"
    return "feedback" if _is_feedback(mirror, lines, titles, has_table=has_table) else "other"


def titles_of(mirror: str, lines: Sequence[Line]) -> list[str]:
    """The short lines at the head, before the first number; a title broken over two lines is also tried joined."""
    heads: list[str] = []
    for line in lines[:_TITLE_LINES]:
        text = mirror[line.span[0] : line.span[1]]
        if line.markers or len(text) > _LONGEST_TITLE or text.endswith(("。", ";")):
            break
        heads.append(re.sub(r"\s", "", text))
    return heads + [first + second for first, second in itertools.pairwise(heads)]


def _any(titles: Sequence[str], kind: str) -> bool:
    return any(lexicon.pattern("titles", kind).search(title) for title in titles if not title.endswith(":"))


def _is_feedback(mirror: str, lines: Sequence[Line], titles: Sequence[str], *, has_table: bool) -> bool:
    entries = sum(len(line.markers) for line in lines)
    if entries < 1 and not has_table:
        return False
    formulas = _weight(mirror, "feedback")
    titled = _TITLE_WEIGHT if _any(titles, "feedback") else 0
    headed = 1 if _has_problem_heading(mirror, lines) else 0
    if not titled and formulas < _TITLE_WEIGHT:
        return False
    weight = titled + formulas + headed + (2 if has_table else 0)
    return weight >= _ENOUGH and weight > _weight(mirror, "other")


def _weight(mirror: str, name: str) -> int:
    """Each formula counts once; the head and the tail of a long text are enough."""
    stretches = (mirror,) if len(mirror) <= _HEAD + _TAIL else (mirror[:_HEAD], mirror[-_TAIL:])
    return sum(weight for words, weight in lexicon.weighted(name) if any(words.search(part) for part in stretches))


def _has_problem_heading(mirror: str, lines: Sequence[Line]) -> bool:
    def headings() -> list[Span]:
        return [(line.markers[0].end if line.markers else line.span[0], line.span[1]) for line in lines]

    titles = [sections.title_of(mirror[start:end]) for start, end in headings() if end - start <= _LONGEST_TITLE]
    wrong = [title for title in titles if sections.is_negative(title) and not sections.is_imperative(title)]
    return len(wrong) > 1 or any(sections.role_of(title) == "problem" for title in titles)

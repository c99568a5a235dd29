"""Reads the state of rectification out of a stretch of text; what says nothing is unstated, never done."""

import re

from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.clauses import clauses_of
from bihuan.engines.reading.words import grammar

UNSTATED = "unstated"
Day = tuple[int, int]  # year, month
_LEFT = 2
_SHORT = 40
_PLAIN = 8
_AS_OF = re.compile(r"(?:截至|截止|截止到)\D{0,4}(20\d\d)年(\d{1,2})月|(20\d\d)年(\d{1,2})月\d{1,2}日\s*[)\n]?\s*$")
_HEAD_DATE = re.compile(r"(20\d\d)[年-](\d{1,2})[月-]\d{1,2}日?")
_HEAD = 400


def state_in(mirror: str, span: Span | None, *, on: Day | None = None) -> tuple[str, Span | None]:
    """The state said in a stretch that is about the state, and where; `on` is the month a bare month is measured by."""
    if span is None:
        return UNSTATED, None
    words = mirror[slice(*span)].strip("()【】[] 。;\t")
    state = _of_words(words, on)
    return (state, span) if state else _in_clauses(mirror, span, on)


def _of_words(words: str, on: Day | None) -> str | None:
    if len(words) > _SHORT:
        return None
    if _is_number(words):
        return _by_number(words, on)
    state = _by_words(words)
    is_sure = state != "done" or len(words) <= _PLAIN or grammar.pattern("states", "strong").search(words)
    return state if is_sure else state_alone(words, on=on)


def _is_number(words: str) -> bool:
    return words[:1].isdigit() or "%" in words


def _in_clauses(mirror: str, span: Span, on: Day | None) -> tuple[str, Span | None]:
    found = None
    for clause in clauses_of(mirror, span):
        state = state_alone(mirror[slice(*clause.span)], on=on)
        found = (state, clause.span) if state else found
    if found:
        return found
    strong = grammar.pattern("states", "strong").search(mirror, *span)
    return (_by_words(strong[0]) or UNSTATED, strong.span()) if strong else (UNSTATED, None)


def state_alone(words: str, *, on: Day | None = None) -> str | None:
    """The state if these words tell the state and nothing besides; else None."""
    if len(words) > _SHORT:
        return None
    words = words.strip("()【】[] 。;")
    if "%" in words or "月" in words:
        by_number = _by_number(words, on)
        if by_number:
            return by_number
    if not grammar.tells_state()(words):
        return None
    for state, pattern in grammar.states():
        found = pattern.search(words)
        if found:
            rest = words[: found.start()] + "\0" + words[found.end() :]
            return state if _says_nothing(rest) else None
    return None


def _says_nothing(words: str) -> bool:
    for _, pattern in grammar.states():
        words = pattern.sub("\0", words)
    return len(grammar.pattern("states", "filler").sub("", words).replace("\0", "")) <= _LEFT


def _by_words(words: str) -> str | None:
    return next((state for state, pattern in grammar.states() if pattern.search(words)), None)


def _by_number(words: str, on: Day | None) -> str | None:
    """A share (100% is done) or a month of completion (past is done)."""
    share = grammar.pattern("states", "share").search(words)
    if share and grammar.pattern("states", "share_alone").fullmatch(words[: share.start()] + words[share.end() :]):
        return "done" if float(share["share"]) >= 100 else "in_progress"
    month = grammar.pattern("states", "month").search(words)
    if not month or not month["year"].isdigit():
        return None
    if not grammar.pattern("states", "month_alone").fullmatch(words[: month.start()] + words[month.end() :]):
        return None
    is_past = on is None or (int(month["year"]), int(month["month"])) <= on
    return "done" if is_past else "in_progress"


def told_on(mirror: str) -> Day | None:
    """The month a document tells of: 截至…, else its date at the end, else one at its head; None without any."""
    text = mirror.rstrip()
    found = next(_AS_OF.finditer(text), None)
    if found:
        year, month = (found[1], found[2]) if found[1] else (found[3], found[4])
        return int(year), int(month)
    dates = [(int(one[1]), int(one[2])) for one in _HEAD_DATE.finditer(text[:_HEAD])]
    return max(dates, default=None)

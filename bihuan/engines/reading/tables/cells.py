"""Reads what stands inside the cells of a ledger: numbered points, persons, the state and what came of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.engines.reading.items.states import UNSTATED, state_alone
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.markers import Marker, marker_at
from bihuan.engines.reading.tables.columns import role_of
from bihuan.engines.reading.tables.looks import is_name
from bihuan.engines.reading.words import table_words

Month = tuple[int, int]  # year, month

_STOPS = re.compile(r"[。;!\n\r]+|(?<=[㐀-鿿)])\.(?=\s|$)|(?<=[㐀-鿿]{3})/(?=[㐀-鿿]{3})")
_PERSONS = re.compile(r"[、,;/\n\r\t]|\s+")
_FOREVER = re.compile(r"([^,;、]*\d[^,;、]*)[,;、]\s*((?:长期|持续|常态化?)(?:坚持|推进|整改)?[。;]?)\s*$")
_OPEN_BOX = re.compile("[□☐○]")
_TICKED = re.compile(r"[☑✔✓√■☒●]\s*(?P<choice>[一-龥]{1,10})")
_ASSIGNED = re.compile(
    r"[(【](?P<words>(?:责任|牵头|配合|完成|整改|办结|主办|负责|时限|期限)[^()【】:]{0,6}:[^()【】]{2,60})[)】][。;]?\s*$"
)
_LABELED = re.compile(r"(?P<label>[一-龥]{2,8}):(?P<told>[^;:]+?)(?=[;,、 ][一-龥]{2,8}:|;|$)")
_BETWEEN = frozenset(" \n\r。;,.、)”!")
_COMMAS = re.compile(r"[,:]")
_LONGEST_STATE = 16
_FIGURE = re.compile(r"\d")
_ENDS = "。;,、!"


def words_of(mirror: str, cell: Span) -> str:
    """The words of a cell without blanks; nothing when it only says that there is nothing."""
    words = re.sub(r"\s", "", mirror[slice(*cell)])
    return "" if table_words.words("cells", "empty").match(words) else words


def points_of(mirror: str, cell: Span) -> list[Span]:
    """The points of a cell: its numbered ones, else its sentences."""
    if not words_of(mirror, cell):
        return []
    markers = list(_markers(mirror, cell))
    if not markers:
        return list(_sentences(mirror, cell))
    spans = [*_sentences(mirror, (cell[0], markers[0].start))] if markers[0].start > cell[0] else []
    ends = [marker.start for marker in markers[1:]] + [cell[1]]
    spans += [trimmed(mirror, (marker.end, end), also=_ENDS) for marker, end in zip(markers, ends, strict=True)]
    return [span for span in spans if span[0] < span[1]]


def _markers(mirror: str, cell: Span) -> Iterator[Marker]:
    """The series of numbers a cell begins with; a circled one may stand anywhere, others behind a stop or blank."""
    begin, _ = trimmed(mirror, cell)
    marker = marker_at(mirror, begin, cell[1])
    if marker is None or marker.number != 1:
        marker = None
    while marker:
        yield marker
        marker = next(_following(mirror, marker, cell[1]), None)


def _following(mirror: str, marker: Marker, end: int) -> Iterator[Marker]:
    for position in range(marker.end, end):
        if marker.style == "circle" or mirror[position - 1] in _BETWEEN:
            found = marker_at(mirror, position, end, inline=True)
            if found and found.style == marker.style and found.number == marker.number + 1:
                yield found
                return


def _sentences(mirror: str, cell: Span) -> Iterator[Span]:
    begin = cell[0]
    for found in _STOPS.finditer(mirror, *cell):
        yield from _sentence(mirror, begin, found.start())
        begin = found.end()
    yield from _sentence(mirror, begin, cell[1])


def _sentence(mirror: str, begin: int, end: int) -> Iterator[Span]:
    span = trimmed(mirror, (begin, end), also=_ENDS)
    if span[0] < span[1]:
        yield span


def persons_of(mirror: str, cell: Span) -> Iterator[Span]:
    """Each person or unit of a cell; a title and the name behind it stay together."""
    begin = cell[0]
    for found in _PERSONS.finditer(mirror, *cell):
        is_blank = not found.group().strip() and "\n" not in found.group()
        if is_blank and _goes_on(mirror[begin : found.start()], mirror[found.end() : cell[1]]):
            continue
        yield from _person(mirror, trimmed(mirror, (begin, found.start())))
        begin = found.end()
    yield from _person(mirror, trimmed(mirror, (begin, cell[1])))


def _goes_on(before: str, behind: str) -> bool:
    """A title or an office, and behind the blank the name of the person."""
    if table_words.words("cells", "title_before_name").search(before):
        return True
    name = _PERSONS.split(behind.lstrip(), maxsplit=1)[0]
    if table_words.words("guesses", "office").search(before.strip()):
        return 2 <= len(name) <= 3 and not table_words.words("guesses", "office").search(name)
    return is_name(name) and not is_name(before.strip())


def _person(mirror: str, span: Span) -> Iterator[Span]:
    """A person or unit without 牵头单位: before and (牵头) behind."""
    label = table_words.words("cells", "persons_label").match(mirror[slice(*span)])
    begin = span[0] + (label.end() if label else 0)
    role = table_words.words("cells", "persons_role").search(mirror[begin : span[1]])
    bare = trimmed(mirror, (begin, begin + role.start() if role else span[1]), also=_ENDS + ":")
    bare = (bare[0] + (1 if mirror[bare[0] : bare[0] + 1] in {"由", "："} else 0), bare[1])
    if bare[0] < bare[1] and words_of(mirror, bare):
        yield bare


def assigned(mirror: str, point: Span) -> tuple[Span, list[tuple[str, Span]]]:
    """A measure without (责任人：…；时限：…) at its end, and what stands there by its role."""
    found = _ASSIGNED.search(mirror, *point)
    bare = trimmed(mirror, (point[0], found.start()), also=_ENDS) if found else point
    if not found or bare[0] >= bare[1]:
        return point, []
    parts = [(role_of(one["label"]), one.span("told")) for one in _LABELED.finditer(mirror, *found.span("words"))]
    return bare, [(role, span) for role, span in parts if role in {"responsible", "deadline"}]


def days_of(mirror: str, cell: Span) -> Iterator[Span]:
    """The deadline of a cell; 长期坚持 behind a day is a second one."""
    found = _FOREVER.match(mirror, *cell)
    if found:
        yield found.span(1)
        yield trimmed(mirror, found.span(2), also=_ENDS)
    else:
        yield trimmed(mirror, cell, also=_ENDS)


@dataclass(frozen=True, slots=True)
class _Clause:
    span: Span
    state: str | None
    is_sure: bool
    sentence: int
    is_verdict: bool = False  # 不同意, behind which 继续整改 tells how it stands
    is_mere: bool = False  # 长期坚持 behind 已完成 only says that it stays so; 需长期坚持 says that more is to do


def progress_of(
    mirror: str, cell: Span, on: Month | None, *, known: bool = False
) -> tuple[str, Span | None, list[Span]]:
    """The state a cell tells, where, and what it says came of it.

    `on` is the month a bare month is measured by; where the state is `known` already, 已拨付 tells what came of it.
    """
    if not words_of(mirror, cell):
        return UNSTATED, None, []
    ticked = _TICKED.search(mirror, *cell) if _OPEN_BOX.search(mirror, *cell) else None
    if ticked:
        state, _ = state_of(re.sub(r"\s", "", ticked["choice"]), on)
        return (state or UNSTATED), (ticked.span("choice") if state else None), []
    clauses = list(_clauses(mirror, cell, on))
    said = _said([clause for clause in clauses if clause.is_sure or not known])
    return (
        (said.state or UNSTATED if said else UNSTATED),
        (said.span if said else None),
        _results(mirror, clauses, said),
    )


def _clauses(mirror: str, cell: Span, on: Month | None) -> Iterator[_Clause]:
    for number, (start, end) in enumerate(points_of(mirror, cell)):
        begin = start
        for found in _COMMAS.finditer(mirror, start, end):
            yield _clause(mirror, (begin, found.start()), number, on)
            begin = found.end()
        yield _clause(mirror, (begin, end), number, on)


def _clause(mirror: str, span: Span, sentence: int, on: Month | None) -> _Clause:
    words = re.sub(r"\s", "", mirror[slice(*span)])
    state, is_sure = state_of(words, on)
    return _Clause(
        trimmed(mirror, span, also=_ENDS), state, is_sure, sentence,
        is_verdict=words.startswith(("不", "退", "驳")), is_mere=words == "长期坚持",
    )  # fmt: skip


def state_of(words: str, on: Month | None) -> tuple[str | None, bool]:
    """The state a clause of a state cell tells, and whether in so many words; 已… alone is less sure."""
    if len(words) > _LONGEST_STATE:
        return None, False
    by_number = state_alone(words, on=on) if words[:1].isdigit() else None
    if by_number:
        return by_number, True
    for state, told, unless, is_sure in table_words.states():
        if told.search(words) and not (unless and unless.search(words)):
            return state, is_sure
    return state_alone(words, on=on), True


def _said(clauses: Sequence[_Clause]) -> _Clause | None:
    """The clause that decides: one in so many words, else one that says what is left to do, else the first."""
    told = [clause for clause in clauses if clause.state]
    sure = [clause for clause in told if clause.is_sure]
    going = [clause for clause in told if clause.state in {"in_progress", "not_done"}]
    stopped = [clause for clause in sure if clause.state == "not_done"]
    if stopped and sure[0].is_verdict and sure[-1].state == "in_progress":
        return sure[-1]
    long_term = [clause for clause in told if clause.state == "phase_done_long_term"]
    if stopped and sure[0].state == "in_progress":
        return stopped[0]
    if long_term and not (sure and sure[0].state == "done" and long_term[-1].is_mere):
        return long_term[-1]
    return next(iter(sure or going or told), None)


def _results(mirror: str, clauses: Sequence[_Clause], said: _Clause | None) -> list[Span]:
    """What is told besides the state, a sentence at a time; before the state only what has a figure."""
    results: list[Span] = []
    open_sentence = -1
    for clause in clauses:
        words = mirror[slice(*clause.span)]
        is_state = clause.state and (clause.is_sure or (clause is said and not _FIGURE.search(words)))
        if is_state or not words:
            open_sentence = -1
            continue
        is_before = said is not None and clause.sentence == said.sentence and clause.span < said.span
        if table_words.words("cells", "pending").search(words) or (is_before and not _FIGURE.search(words)):
            open_sentence = -1
        elif clause.sentence == open_sentence:
            results[-1] = (results[-1][0], clause.span[1])
        else:
            results.append(clause.span)
            open_sentence = clause.sentence
    return results

"""Cuts running text into the clauses that roles are given to; what leads a finding in is set apart from it.

Which role a clause has is decided in `roles`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bihuan.engines.reading.items.labels import Label
from bihuan.engines.reading.items.points import is_assignment
from bihuan.engines.reading.items.regions import left_out, title_of
from bihuan.engines.reading.items.segments import Segment, segments_of
from bihuan.engines.reading.items.states import Day, state_alone
from bihuan.engines.reading.items.titles import POINTS, titled_findings
from bihuan.engines.reading.items.wording import is_wrong
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.clauses import Clause, clauses_of
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.passages import Passage
from bihuan.engines.reading.words import grammar, lexicon

_LONGEST_GOAL = 22
_LONGEST_POINT_TITLE = 18
_FIGURE = re.compile(r"\d")
_BRACKET = re.compile(r"[(【\[][^()【】\[\]]{1,20}[)】\]]")
_KNOWN = {"": "", "finding": "f", "detail": "f", "measures": "m", "results": "r", "state": "s", "deeds": "!f"}
_POINT = re.compile(
    r"[一二三四五六七八九十]{1,2}(?:是(?!否)|要(?=[^求]))|[①-⑳⑴-⒇]|\(\d{1,2}\)"
    r"|\([一二三四五六七八九十]\)|\d{1,2}[.、](?!\d)"
)
_EXAMPLE = re.compile("比如|例如|譬如")
_FOR = re.compile("针对|对于|关于")
_ANSWER = re.compile("由|把|将|请|会同|组织|实行|采取|全|逐|立即|[^,]{0,8}(?:向|对|会|按|把|将)")
_FLAT = frozenset(",:")


@dataclass(frozen=True, slots=True)
class Stretch:
    """One clause: the boundary before it, the passage it stands in, the stop behind it, its role where it is known.

    `point` counts the numbered points of its passage (一是, ①); `label` is that of a part told apart (责任单位:).
    """

    span: Span
    boundary: str
    passage: int
    stop: str
    known: str = ""
    point: int = 0
    label: str = ""

    @property
    def ends(self) -> bool:
        """A sentence ends here, or a part of one."""
        return self.stop in {"", "。", "!", "?", ";", ".", "\n", "\t"}


def stretches_of(
    mirror: str, passages: Sequence[Passage], labeled: Sequence[Sequence[Label]], *, on: Day | None = None
) -> list[Stretch]:
    """The clauses of all passages in order; titles, closing words and parts without findings say nothing."""
    found: list[Stretch] = []
    segments: dict[int, list[Segment]] = {}
    for segment in segments_of(mirror, passages, labeled):
        segments.setdefault(segment.paragraph, []).append(segment)
    titled = titled_findings(mirror, passages)
    title: Passage | None = None
    titled_at = 0
    for index, (passage, is_out) in enumerate(zip(passages, left_out(mirror, passages), strict=True)):
        is_nothing = is_out or _is_closing(mirror, passage) or (not titled[index] and bool(title_of(mirror, passage)))
        reader = _Reader(mirror, passage, index, on, titled[index])
        boundary = "N" if titled[index] and not passage.style else _first_boundary(passage, title)
        made = reader.stretches(segments.get(index, []), boundary)
        title = passage if titled[index] else None if passage.style and boundary == "N" else title
        titled_at = index if titled[index] else titled_at
        if is_nothing:
            made = [replace(one, known="o") for one in made]
        elif title:
            made = [_under(mirror, one, index - titled_at) for one in made]
        found += made
    return found


def _under(mirror: str, one: Stretch, distance: int) -> Stretch:
    """A clause under the title of a finding: a point is no finding, and what stands right below says something."""
    if one.known or not (one.point or distance <= 1):
        return one
    words = mirror[slice(*one.span)]
    if one.point and grammar.says("telling", "arranges")(words) and not grammar.says("telling", "outcome")(words):
        return replace(one, known="!ofr")
    is_deed = one.point or (distance and not is_wrong(words))
    return replace(one, known="!of" if is_deed else "!o")


def _first_boundary(passage: Passage, title: Passage | None) -> str:
    """A number begins something new, but not 一是 and not one that stands below that of the findings."""
    if not passage.style or passage.style in POINTS:
        return "A" if passage.apart and not passage.style else "P"
    is_below = title is not None and title.style != passage.style and passage.rank > title.rank
    return "P" if is_below else "N"


def _is_closing(mirror: str, passage: Passage) -> bool:
    words = mirror[passage.begin : min(passage.span[1], passage.begin + 60)]
    return bool(grammar.pattern("heads", "closing").match(words)) or bool(lexicon.says("lines", "date")(words.strip()))


class _Reader:
    """Cuts one passage; labels in it fix the roles of what stands behind them."""

    def __init__(self, mirror: str, passage: Passage, index: int, on: Day | None, titled: Span | None) -> None:
        self.mirror, self.passage, self.index, self.on, self.titled = mirror, passage, index, on, titled
        self.point = 0

    def stretches(self, segments: Sequence[Segment], boundary: str) -> list[Stretch]:
        """The clauses of the passage in order."""
        found: list[Stretch] = []
        self.point = 1 if self.passage.style and boundary == "P" else 0
        for segment in segments:
            if segment.is_empty:
                continue
            if segment.role and segment.role not in _KNOWN:
                found.append(Stretch(segment.span, boundary, self.index, "。", "o", self.point, segment.role))
            else:
                found += self._segment(segment, boundary)
            boundary = "S"
        return found

    def _segment(self, segment: Segment, boundary: str) -> list[Stretch]:
        known = _KNOWN.get(segment.role, "")
        begin, end = segment.span
        made: list[Stretch] = []
        if self.titled and not segment.role and self.titled[0] <= begin < self.titled[1]:
            made.append(Stretch(self.titled, boundary, self.index, "。", "f"))
            begin, boundary = min(self.titled[1] + 1, end), "S"
        for span, is_finding in self._sentences((begin, end)):
            if is_finding:
                made.append(Stretch(span, "L", self.index, ",", "f", self.point))
            elif made and made[-1].known == "f" and made[-1].stop == ",":
                rest = list(self._clauses(span, "c"))
                made += [replace(rest[0], known="!f") if not rest[0].known else rest[0], *rest[1:]]
            else:
                made += self._clauses(span, boundary)
            boundary = "S"
        if segment.role == "finding":  # what follows its first sentence may be the answer already
            ended = next((at for at, one in enumerate(made) if one.ends and one.stop != ";"), len(made))
            return [replace(one, known=known) if at <= ended and not one.known else one for at, one in enumerate(made)]
        return [replace(one, known=known) if known and one.known in {"", "!f"} else one for one in made]

    def _sentences(self, span: Span) -> Iterator[tuple[Span, bool]]:
        """The segment cut where a sentence opens with what it is about (对于……这一条,), which is a finding."""
        begin = span[0]
        for found in grammar.pattern("heads", "about_sentence").finditer(self.mirror, *span):
            is_opening = found.start() == begin or self.mirror[found.start() - 1] in "。;!?)】]\n "
            name = "finding" if found["finding"] else "finding_too"
            if found.start() < begin or not is_opening or not is_wrong(found[name]):
                continue
            if begin < found.start():
                yield trimmed(self.mirror, (begin, found.start())), False
            yield trimmed(self.mirror, found.span(name)), True
            begin = found.end() + 1
        if begin < span[1]:
            yield trimmed(self.mirror, (begin, span[1])), False

    def _clauses(self, span: Span, boundary: str) -> Iterator[Stretch]:
        is_quoted, led = False, ""
        is_title = bool(self.passage.style) and _carries_state(self.mirror, self.passage, self.on)
        clauses = list(clauses_of(self.mirror, span))
        assigning = _assigning(self.mirror, clauses)
        for place, clause in enumerate(clauses):
            if place in assigning:
                yield Stretch(clause.span, boundary, self.index, "。", "o", self.point, assigning[place])
                boundary = "S"
                continue
            if boundary in "NAP" and _is_goal(self.mirror, clauses[place : place + 2], self.passage):
                yield Stretch(clause.span, boundary, self.index, clause.stop, "o", self.point)
                boundary = "L"
                continue
            made = list(self._of_clause(clause, boundary))
            led = self._led(clause, boundary, led)
            if led == "answer" and boundary == "c" and not made[0].known:
                made[0] = replace(made[0], known="!f")
            if is_title:
                made = [one if one.known else replace(one, known="f") for one in made]
            if is_quoted and made[0].boundary == "c" and not made[0].known:
                made[0] = replace(made[0], known="!f")
            is_quoted = made[-1].boundary == "L" and made[-1].known == "f"
            yield from made
            is_point_title = boundary != "c" and self._is_point_title(made[-1])
            boundary = "L" if made[-1].stop == "lead" else "c" if is_point_title else _boundary(clause)

    def _is_point_title(self, made: Stretch) -> bool:
        """(1)压实主体责任。 names what the sentences of its point do, and is one with them."""
        words = self.mirror[slice(*made.span)]
        if not made.point or made.stop != "。" or len(words) > _LONGEST_POINT_TITLE or _FIGURE.search(words):
            return False
        return bool(grammar.pattern("points", "goal").match(words)) or sections.is_imperative(words)

    def _led(self, clause: Clause, boundary: str, led: str) -> str:
        """Where a sentence that opens with 针对 stands: the finding first, then the answer to it."""
        words = self.mirror[slice(*clause.span)]
        if boundary not in {"c", "L"}:
            return "finding" if _FOR.match(words) else ""
        if led == "finding" and not sections.is_negative(words):
            return "answer" if _ANSWER.match(words) or grammar.pattern("telling", "deed").match(words) else led
        return led

    def _of_clause(self, clause: Clause, boundary: str) -> Iterator[Stretch]:
        numbered = _POINT.match(self.mirror, *clause.span) if boundary in "SsAP" else None
        start, end = (numbered.end() if numbered else clause.span[0]), clause.span[1]
        if numbered:
            self.point += 1
        words = self.mirror[start:end]
        about = grammar.pattern("heads", "about").match(words + " ")
        lead = grammar.pattern("heads", "lead_in").match(words)
        if about and (boundary in "NAPSL" or words[:1] not in '“"'):
            yield from self._quoted(about, (start, end), clause.stop)
        elif lead and lead.end() == len(words) and clause.stop in _FLAT:
            yield Stretch((start, end), boundary, self.index, "lead", "o", self.point)
        elif lead and lead.end() < len(words) - 3:
            yield Stretch((start, start + lead.end()), boundary, self.index, ":", "o", self.point)
            yield Stretch(trimmed(self.mirror, (start + lead.end(), end)), "L", self.index, clause.stop, "", self.point)
        else:
            yield Stretch((start, end), boundary, self.index, clause.stop, _known(words, self.on), self.point)

    def _quoted(self, about: re.Match[str], span: Span, stop: str) -> Iterator[Stretch]:
        start, end = span
        finding = (start + about.start("finding"), start + about.end("finding"))
        yield Stretch(finding, "L", self.index, stop, "f", self.point)
        rest = trimmed(self.mirror, (min(start + about.end(), end), end))
        if rest[1] - rest[0] > 3:
            yield Stretch(rest, "c", self.index, stop, "!f", self.point)


def _assigning(mirror: str, clauses: Sequence[Clause]) -> dict[int, str]:
    """Clauses of sentences that tell no more than who answers and by when: 由某某牵头,某科室落实,10月底前完成。"""
    found: dict[int, str] = {}
    begin = 0
    for place, clause in enumerate(clauses):
        if not clause.ends and place + 1 < len(clauses):
            continue
        spans = [one.span for one in clauses[begin : place + 1]]
        if len(spans) > 1 and is_assignment(mirror, (spans[0][0], spans[-1][1])):
            for at, span in enumerate(spans, begin):
                is_day = grammar.pattern("points", "deadline").match(mirror, *span)
                found[at] = "deadline" if is_day else "responsible"
        begin = place + 1
    return found


def _known(words: str, on: Day | None) -> str:
    if state_alone(words, on=on):
        return "s"
    return "f" if _EXAMPLE.match(words) else ""


def _boundary(clause: Clause) -> str:
    if clause.stop in {",", ":", "——"}:
        return "c"
    return "s" if clause.stop == ";" else "S"


def _carries_state(mirror: str, passage: Passage, on: Day | None) -> bool:
    """A numbered title with its state in brackets before or behind it: all its other words are the finding."""
    words = mirror[passage.begin : passage.span[1]].strip()
    brackets = list(_BRACKET.finditer(words))
    if not brackets or "。" in words.rstrip("。")[:-1].replace(brackets[0][0], ""):
        return False
    at_an_end = [one for one in brackets if one.start() == 0 or one.end() >= len(words.rstrip("。;"))]
    return any(state_alone(one[0], on=on) for one in at_an_end)


def _is_goal(mirror: str, clauses: Sequence[Clause], passage: Passage) -> bool:
    """坚决收紧工程变更。 above the finding itself."""
    if len(clauses) < 2 or passage.style in POINTS:
        return False
    (start, end), stop = clauses[0].span, clauses[0].stop
    if stop != "。" or end - start > _LONGEST_GOAL or not is_wrong(mirror[slice(*clauses[1].span)]):
        return False
    return bool(grammar.pattern("points", "goal").match(mirror, start, end))

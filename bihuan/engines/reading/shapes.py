"""What the engine hands out: a reading, its items, figures and repairs, and the refusal to read.

Plain frozen values; nothing here looks at text.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bihuan.engines.reading.places import Places

Span = tuple[int, int]  # code points, half-open
Box = tuple[float, float, float, float]
RENAMED = "文件名以 %(ending)s 结尾，内容却不是。"


class Unreadable(Exception):
    """The bytes cannot be read: a code for programs, Chinese words for people.

    `file` is its name where known, `reason` what is wrong and what to do, `ending` that of a name that promised another
    type; `message` says all but the file.
    """

    def __init__(self, code: str, reason: str, *, file: str = "", ending: str = "") -> None:
        self.code = code
        self.reason = reason
        self.file = file
        self.ending = ending
        self.message = (RENAMED % {"ending": ending} if ending else "") + reason
        super().__init__(f"“{file}”：{self.message}" if file else self.message)


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount or a count; `number` is a decimal string, `meaning` the words it stands with."""

    span: Span
    number: str
    unit: str
    approx: str | None
    meaning: str

    def moved(self, move: Callable[[Span], Span]) -> "Figure":
        """The figure at the place that this tells."""
        return replace(self, span=move(self.span))

    def to_json(self) -> dict[str, Any]:
        """The shape that callers outside rely on."""
        return {
            "span": list(self.span),
            "number": self.number,
            "unit": self.unit,
            "approx": self.approx,
            "meaning": self.meaning,
        }


@dataclass(frozen=True, slots=True)
class Repair:
    """A change proposed or made to damaged text."""

    span: Span
    before: str
    after: str
    rule: str
    confidence: float
    applied: bool

    def to_json(self) -> dict[str, Any]:
        """The shape that callers outside rely on."""
        return {
            "span": list(self.span),
            "before": self.before,
            "after": self.after,
            "rule": self.rule,
            "confidence": self.confidence,
            "applied": self.applied,
        }


@dataclass(frozen=True, slots=True)
class Unsure:
    """A character of a scan that was recognized without confidence: its page from 1, and its box on the page's picture.

    The box is left, top, right and bottom as parts of the picture's width and height.
    """

    span: Span
    page: int
    box: Box
    confidence: float

    def to_json(self) -> dict[str, Any]:
        """The shape that callers outside rely on."""
        return {"span": list(self.span), "page": self.page, "box": list(self.box), "confidence": self.confidence}


@dataclass(frozen=True, slots=True)
class Missed:
    """A row of ink on a scanned page that gave no words: the page from 1, and its box there as that of `Unsure`."""

    page: int
    box: Box

    def to_json(self) -> dict[str, Any]:
        """The shape that callers outside rely on."""
        return {"page": self.page, "box": list(self.box)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One finding with what the document says about its rectification; spans leave out the markers."""

    level: str
    finding: Span
    heading: Span | None = None
    unit: Span | None = None
    more: tuple[Span, ...] = ()
    measures: tuple[Span, ...] = ()
    results: tuple[Span, ...] = ()
    state: str = "unstated"
    state_span: Span | None = None
    responsible: tuple[Span, ...] = ()
    deadline: tuple[Span, ...] = ()
    is_common: bool | None = None
    figures: tuple[Figure, ...] = ()
    doubts: tuple[str, ...] = ()

    def moved(self, move: Callable[[Span], Span]) -> "Item":
        """The item with each of its places as this tells it."""
        return replace(
            self, finding=move(self.finding), heading=self.heading and move(self.heading),
            unit=self.unit and move(self.unit), more=tuple(map(move, self.more)),
            measures=tuple(map(move, self.measures)), results=tuple(map(move, self.results)),
            state_span=self.state_span and move(self.state_span), responsible=tuple(map(move, self.responsible)),
            deadline=tuple(map(move, self.deadline)), figures=tuple(figure.moved(move) for figure in self.figures),
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """The shape that callers outside rely on."""
        return {
            "level": self.level,
            "heading": _listed(self.heading),
            "unit": _listed(self.unit),
            "finding": list(self.finding),
            "more": _all_listed(self.more),
            "measures": _all_listed(self.measures),
            "results": _all_listed(self.results),
            "state": self.state,
            "state_span": _listed(self.state_span),
            "responsible": _all_listed(self.responsible),
            "deadline": _all_listed(self.deadline),
            "is_common": self.is_common,
            "figures": [figure.to_json() for figure in self.figures],
            "doubts": list(self.doubts),
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read: its kind, the unit it is addressed to, its text as it came, and what stands in it.

    `repaired` is the text that was read where applied repairs changed it, `places` its places beside those of `text`.
    `pages` is where each page of a PDF or scan begins, `unread` pages without text; `unsure` is what recognition
    doubts, `missed` what it may have left out.
    """

    kind: str
    unit: Span | None
    text: str
    items: tuple[Item, ...]
    figures: tuple[Figure, ...]
    repairs: Sequence[Repair] = ()
    repaired: str = ""
    places: Places | None = None
    pages: tuple[int, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    unread: tuple[int, ...] = ()
    missed: tuple[Missed, ...] = ()

    def quoted(self, span: Span) -> str:
        """The words at a place of the text with the repairs that were applied; what is only proposed is not in them."""
        return self.repaired[slice(*self.places.repaired(span))] if self.places else self.text[slice(*span)]

    def to_json(self, file: str) -> dict[str, Any]:
        """The shape that callers outside rely on, for the file of this name."""
        return {
            "file": file,
            "kind": self.kind,
            "unit": _listed(self.unit),
            "text": self.text,
            "items": [item.to_json() for item in self.items],
            "figures": [figure.to_json() for figure in self.figures],
            "repairs": [repair.to_json() for repair in self.repairs],
            **({"pages": list(self.pages)} if self.pages else {}),
            **({"unsure": [one.to_json() for one in self.unsure]} if self.unsure else {}),
            **({"missed": [one.to_json() for one in self.missed]} if self.missed else {}),
        }


def _listed(span: Span | None) -> list[int] | None:
    return None if span is None else list(span)


def _all_listed(spans: Iterable[Span]) -> list[list[int]]:
    return [list(span) for span in spans]

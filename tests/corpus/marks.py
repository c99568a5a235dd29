"""Documents of the corpus: the head, the text without its marks, and the labels with their places in that text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

Span = tuple[int, int]  # code points, half-open

FOLDER = Path(__file__).parent / "documents"
KINDS = ("feedback", "plan", "notice", "statistics", "ledger", "other")
STATES = ("done", "basically_done", "phase_done_long_term", "in_progress", "not_done")
APPROX = ("近", "余", "多", "约")
_MARK = re.compile(r"\{([^{}|]*)\|")
_CODE = re.compile(
    r"(?P<unit>U)|f(?P<finding>\d+) (?P<level>\S+)(?: (?P<flag>common|single))?|s(?P<state>\d+) (?P<is>\w+)"
    r"|n (?P<number>\S+) (?P<of>\S+)(?: (?P<approx>\S))?|(?P<part>[+humrpd])(?P<items>\d+(?:,\d+)*)"
)


class Slip(Exception):
    """A mark that cannot be understood: what, and in which line."""


@dataclass(frozen=True)
class Counted:
    """A figure: its place, a decimal string, the unit as written, how vague."""

    span: Span
    number: str
    unit: str
    approx: str | None


@dataclass
class Labeled:
    """One item: its places by mark (f, +, h, u, m, r, p, d), its level, state and whether it is common."""

    level: str = ""
    state: str = "unstated"
    state_span: Span | None = None
    is_common: bool | None = None
    places: dict[str, list[Span]] = field(default_factory=dict)

    @property
    def finding(self) -> Span:
        """Where the finding stands."""
        return self.places["f"][0]


@dataclass
class Document:
    """One document with its labels, items in the order of their numbers."""

    name: str
    head: dict[str, str]
    text: str
    unit: Span | None = None
    items: list[Labeled] = field(default_factory=list)
    figures: list[Counted] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return self.head["kind"]


def documents(part: str = "") -> Iterator[Document]:
    """The documents of a part, or all, by number."""
    for path in sorted(FOLDER.glob("*.txt")):
        found = document(path)
        if part in {"", found.head["part"]}:
            yield found


def document(path: Path) -> Document:
    """One document. Raises Slip when a mark or the head is wrong."""
    head, found, body = path.read_text(encoding="utf-8").partition("\n---\n")
    if not found:
        raise Slip("no line --- behind the head")
    pairs = dict(line.split(": ", 1) for line in head.splitlines())
    if set(pairs) != {"kind", "class", "part", "about"} or pairs["kind"] not in KINDS:
        raise Slip("the head is kind, class, part and about")
    if pairs["part"] not in {"train", "test"}:
        raise Slip("part is train or test")
    return _Reader(Document(path.stem, pairs, ""), body).read()


class _Reader:
    """Takes the marks out of a text, from the left."""

    def __init__(self, made: Document, body: str) -> None:
        self.made, self.body = made, body
        self.items: dict[int, Labeled] = {}
        self.written: list[str] = []
        self.length = 0

    def read(self) -> Document:
        at, open_marks = 0, []
        while at < len(self.body):
            sign = self.body[at]
            mark = _MARK.match(self.body, at) if sign == "{" else None
            if mark:
                open_marks.append((mark[1], self.length))
                at = mark.end()
                continue
            if sign in {"{", "|"} or (sign == "}" and not open_marks):
                raise Slip(f"line {self._line(at)}: {self.body[at : at + 20]!r} is no mark")
            if sign == "}":
                code, begin = open_marks.pop()
                self._keep(code, (begin, self.length), self._line(at))
            else:
                self.written.append(sign)
                self.length += 1
            at += 1
        if open_marks:
            raise Slip(f"{open_marks[-1][0]!r} is never closed")
        return self._whole()

    def _line(self, at: int) -> int:
        return self.body.count("\n", 0, at) + 1

    def _keep(self, code: str, span: Span, line: int) -> None:
        found = _CODE.fullmatch(code)
        if not found or span[0] == span[1]:
            raise Slip(f"line {line}: {code!r} is no code, or holds nothing")
        if found["unit"]:
            self.made.unit = span
        elif found["finding"]:
            self._finding(found, span, line)
        elif found["state"]:
            if found["is"] not in STATES:
                raise Slip(f"line {line}: {found['is']!r} is no state")
            item = self.items.setdefault(int(found["state"]), Labeled())
            item.state, item.state_span = found["is"], span
        elif found["number"]:
            self._figure(found, span, line)
        else:
            for number in found["items"].split(","):
                item = self.items.setdefault(int(number), Labeled())
                item.places.setdefault(found["part"], []).append(span)

    def _finding(self, found: re.Match[str], span: Span, line: int) -> None:
        item = self.items.setdefault(int(found["finding"]), Labeled())
        if "f" in item.places:
            raise Slip(f"line {line}: item {found['finding']} has two findings; the second is more (+)")
        item.places["f"] = [span]
        item.level = "" if found["level"] == "-" else found["level"]
        item.is_common = {"common": True, "single": False}.get(found["flag"] or "")

    def _figure(self, found: re.Match[str], span: Span, line: int) -> None:
        try:
            Decimal(found["number"])
        except InvalidOperation:
            raise Slip(f"line {line}: {found['number']!r} is no decimal") from None
        if found["approx"] and found["approx"] not in APPROX:
            raise Slip(f"line {line}: {found['approx']!r} is none of {APPROX}")
        self.made.figures.append(Counted(span, found["number"], found["of"], found["approx"]))

    def _whole(self) -> Document:
        numbers = sorted(self.items)
        if numbers != list(range(1, len(numbers) + 1)):
            raise Slip(f"items are numbered {numbers}")
        for number in numbers:
            if "f" not in self.items[number].places:
                raise Slip(f"item {number} has no finding")
        self.made.text = "".join(self.written)
        self.made.items = [self.items[number] for number in numbers]
        self.made.figures.sort(key=lambda figure: figure.span)
        return self.made

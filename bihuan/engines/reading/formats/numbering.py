"""Word's automatic list numbers as the text a reader sees: 一、 （二） 3. ①.

Counters run per abstract list, as Word counts them. Bullets have no number and give no text.
"""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from bihuan.engines.reading.formats.markup import WORD, number, value
from bihuan.engines.reading.structure.numerals import counting

_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital",
}  # fmt: skip
_LEGAL = {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_WITHOUT = {"bullet", "none"}


@dataclass(slots=True)
class Level:
    """How one level of a list is written."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    restart: int | None = None


@dataclass(slots=True)
class Numbering:
    """All lists of a document with their running counters; `marker` must be asked in document order."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, tuple[str, dict[int, int], dict[int, Level]]] = field(default_factory=dict)
    styles: dict[str, tuple[str | None, int | None, str | None]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def marker(self, properties: Element | None) -> str:
        """The number text of the paragraph with these properties; empty when it has none."""
        list_id, depth = self._asked_for(properties)
        if list_id is None or list_id == "0" or list_id not in self.lists:
            return ""
        abstract, starts, overrides = self.lists[list_id]
        levels = {**self.levels.get(abstract, {}), **overrides}
        level = levels.get(depth)
        if level is None:
            return ""
        self._count(abstract, list_id, depth, levels, starts)
        return "" if level.format in _WITHOUT else self._written(abstract, level, levels)

    def _asked_for(self, properties: Element | None) -> tuple[str | None, int]:
        if properties is None:
            return None, 0
        own = properties.find(f"{WORD}numPr")
        style_list, style_depth = self._of_style(value(properties.find(f"{WORD}pStyle")))
        list_id = value(own.find(f"{WORD}numId")) if own is not None else None
        depth = number(own.find(f"{WORD}ilvl")) if own is not None else None
        if list_id is None:
            list_id = style_list
            depth = style_depth if depth is None else depth
        return list_id, depth or 0

    def _of_style(self, style: str | None) -> tuple[str | None, int | None]:
        list_id: str | None = None
        depth: int | None = None
        for _ in range(12):
            if style is None or style not in self.styles:
                break
            own_list, own_depth, parent = self.styles[style]
            list_id = list_id if list_id is not None else own_list
            depth = depth if depth is not None else own_depth
            style = parent
        return list_id, depth

    def _count(self, abstract: str, list_id: str, depth: int, levels: dict[int, Level], starts: dict[int, int]) -> None:
        counters = self.counters.setdefault(abstract, {})
        first = (list_id, depth) not in self.begun
        self.begun.add((list_id, depth))
        if first and depth in starts:
            counters[depth] = starts[depth]
        elif depth in counters:
            counters[depth] += 1
        else:
            counters[depth] = levels[depth].start
        for deeper in [other for other in counters if other > depth]:
            limit = levels[deeper].restart if deeper in levels else None
            if limit is None or (limit != 0 and depth < limit):
                del counters[deeper]

    def _written(self, abstract: str, level: Level, levels: dict[int, Level]) -> str:
        counters = self.counters[abstract]
        text = level.text
        for place in range(9, 0, -1):
            if f"%{place}" in text:
                other = levels.get(place - 1, Level())
                shown = formatted(counters.get(place - 1, other.start), "decimal" if level.legal else other.format)
                text = text.replace(f"%{place}", shown)
        return text + " " if text[-1:].isdigit() else text


def formatted(count: int, style: str) -> str:
    """A count in one of Word's number formats; unknown formats are Arabic."""
    if style in _CHINESE:
        return counting(count)
    if style in _LEGAL:
        return counting(count).translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))
    if style == "decimalZero":
        return f"{count:02d}"
    if style == "decimalFullWidth":
        return str(count).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return _signed(count, style) or _lettered(count, style) or str(count)


def _signed(count: int, style: str) -> str:
    firsts = {"decimalEnclosedCircle": "①", "decimalEnclosedCircleChinese": "①", "decimalEnclosedParen": "⑴"}
    firsts["decimalEnclosedFullstop"] = "⒈"
    if style in firsts and 1 <= count <= 20:
        return chr(ord(firsts[style]) + count - 1)
    if style == "ideographEnclosedCircle" and 1 <= count <= 10:
        return chr(ord("㊀") + count - 1)
    return ""


def _lettered(count: int, style: str) -> str:
    rows = {"ideographTraditional": _STEMS, "ideographZodiac": _BRANCHES}
    if style in rows and 1 <= count <= len(rows[style]):
        return rows[style][count - 1]
    if style in {"upperLetter", "lowerLetter"} and count >= 1:
        letter = chr(ord("A") + (count - 1) % 26) * min((count - 1) // 26 + 1, 9)
        return letter if style == "upperLetter" else letter.lower()
    if style in {"upperRoman", "lowerRoman"} and 1 <= count < 4000:
        roman = _roman(count)
        return roman if style == "upperRoman" else roman.lower()
    return ""


def _roman(count: int) -> str:
    written = ""
    steps = {1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX"}
    for step, letters in (steps | {5: "V", 4: "IV", 1: "I"}).items():
        while count >= step:
            written += letters
            count -= step
    return written


def numbering_of(lists: Element | None, styles: Element | None) -> Numbering:
    """The lists of numbering.xml and the styles that carry a list."""
    numbering = Numbering()
    if styles is not None:
        _take_styles(numbering, styles)
    if lists is None:
        return numbering
    linked: dict[str, str] = {}
    named: dict[str, str] = {}
    for abstract in lists.iter(f"{WORD}abstractNum"):
        key = value(abstract, "abstractNumId") or ""
        numbering.levels[key] = _levels(abstract)
        if name := value(abstract.find(f"{WORD}styleLink")):
            named[name] = key
        if name := value(abstract.find(f"{WORD}numStyleLink")):
            linked[key] = name
    for entry in lists.findall(f"{WORD}num"):
        abstract_id = value(entry.find(f"{WORD}abstractNumId")) or ""
        abstract_id = named.get(linked.get(abstract_id, ""), abstract_id)
        numbering.lists[value(entry, "numId") or ""] = (abstract_id, _starts(entry), _overrides(entry))
    return numbering


def _take_styles(numbering: Numbering, styles: Element) -> None:
    for style in styles.iter(f"{WORD}style"):
        own = style.find(f"{WORD}pPr/{WORD}numPr")
        list_id = value(own.find(f"{WORD}numId")) if own is not None else None
        depth = number(own.find(f"{WORD}ilvl")) if own is not None else None
        numbering.styles[value(style, "styleId") or ""] = (list_id, depth, value(style.find(f"{WORD}basedOn")))


def _levels(parent: Element) -> dict[int, Level]:
    found = {}
    for element in parent.findall(f"{WORD}lvl"):
        legal = element.find(f"{WORD}isLgl")
        found[number(element, "ilvl") or 0] = Level(
            format=value(element.find(f"{WORD}numFmt")) or "decimal",
            text=value(element.find(f"{WORD}lvlText")) or "",
            start=_or(number(element.find(f"{WORD}start")), 1),
            legal=legal is not None and value(legal) not in {"0", "false"},
            restart=number(element.find(f"{WORD}lvlRestart")),
        )
    return found


def _or(count: int | None, otherwise: int) -> int:
    return otherwise if count is None else count


def _starts(entry: Element) -> dict[int, int]:
    return {
        number(override, "ilvl") or 0: start
        for override in entry.findall(f"{WORD}lvlOverride")
        if (start := number(override.find(f"{WORD}startOverride"))) is not None
    }


def _overrides(entry: Element) -> dict[int, Level]:
    return {
        depth: level for override in entry.findall(f"{WORD}lvlOverride") for depth, level in _levels(override).items()
    }

"""Finds the numbers of official writing, 一、 （一） 1. （1） ① 一是 第一，, at the start of a line and within it.

Within a line only a series counts: one, then two; not in quotes, and not one that gives reasons (原因一是…二是…).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.numerals import value_of
from bihuan.engines.reading.words import lexicon
from bihuan.engines.reading.words.seeking import first_signs

# The canonical depth of each style; 一是 and 第一 stand under anything.
RANKS = {"plain": -1, "part": 0, "cn": 1, "cn_paren": 2, "num": 3, "dec": 3, "num_paren": 4, "circle": 5, "shi": 6}
RANKS |= {"di": 6, "lead": 6, "order": 6, "bullet": 6, "roman": 1, "stem": 1, "named": 3, "attach": -2}
RANKS |= {"article": 3, "stem_paren": 4}
# Numbers that stand under anything, and under which anything but a heading may stand.
LOOSE = frozenset({"shi", "di", "order", "bullet"})

_CN = r"[一二三四五六七八九十百]{1,4}"
_COUNTERS = "个|名|家|户|次|起|条|件|项|人|处|份|宗|笔|辆|村|具|台|套|间|栋|所|座|本|张|盏|册|卷|支|部"
_MARKER = re.compile(
    rf"(?P<part>第(?P<part_n>{_CN}|\d{{1,2}})(?:部分|章|编)[、,:]?)"
    rf"|(?P<cn>(?P<cn_n>{_CN})[、.])"
    rf"|(?P<cn_paren>[(\[](?P<cn_paren_n>\s?{_CN}\s?)[)\]][、.]?|[㈠-㈩])"
    r"|(?P<dec>\d{1,2}(?:\.(?P<dec_n>\d{1,2})){1,3}(?=[ \t、])、?)"
    rf"|(?P<num>(?P<num_n>\d{{1,3}}) ?(?:、|\.(?!\d)|\.(?=(?:19|20)\d\d年|\d{{1,2}}月|\d{{1,4}}(?:{_COUNTERS})"
    r"|\d{1,4}\.\d{1,4}[万亿元%]))|[⒈-⒛])"
    r"|(?P<num_paren>\(?(?P<num_paren_n>\s?\d{1,3}\s?)\)[、.]?|[⑴-⒇])"
    r"|(?P<circle>[①-⑳❶-❿])"
    rf"|(?P<shi>(?P<shi_n>{_CN})是(?!否|一[、是]|二[、是]))"
    rf"|(?P<di>[第其](?P<di_n>{_CN})[,、:])"
    r"|(?P<order>(?P<order_n>首先|其次|再次|再者|最后)[,、:])"
    r"|(?P<stem>(?P<stem_n>[甲乙丙丁戊己庚辛壬癸])[、.])"
    r"|(?P<roman>(?P<roman_n>X?(?:IX|IV|V?I{1,3}|V|X))(?:[、:]|\.(?!\w)))"
    r"|(?P<stem_paren>\((?P<stem_paren_n>[甲乙丙丁戊己庚辛壬癸])\))"
    rf"|(?P<article>第(?P<article_n>{_CN}|\d{{1,2}})(?:条|号|项|个问题|类问题)(?:[:、,.]|(?=\s)))"
    r"|(?P<named>(?:问题|事项|Q|N[oO]\.?)(?:\d{1,2}[-—.])?(?P<named_n>\d{1,3}|[一二三四五六七八九十]{1,3})(?:[:、.]|(?=\s)))"
    rf"|(?P<attach>附[件表录]\s?(?P<attach_n>{_CN}|\d{{1,2}})\s?[:、.](?=\s*\S))"
    r"|(?P<bullet>[▲△●◆◇■□★☆▪•►▶※➢✦])"
)
_OPENS = re.compile(first_signs(_MARKER))
_ORDERED = {"首先": 1, "其次": 2, "再次": 3, "再者": 4, "最后": 9}
_ROMANS = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_NUMBER_GROUPS = {"part", "cn", "cn_paren", "dec", "num", "num_paren", "shi", "di", "named", "attach", "article"}
_NAMED_GROUPS = {"order", "stem", "stem_paren", "roman"}
_SIGNS = (("㈠", 10), ("⒈", 20), ("⑴", 20), ("①", 20), ("❶", 10))
_INLINE = re.compile(
    r"(?P<quote>[“”《》])|(?<=[。.;:!?,)” ])\s*(?=[一二三四五六七八九十第其首再最(\[\d㈠-㈩⒈-⒛⑴-⒇①-⑳❶-❿])"
)
_STRONG = frozenset("。;:!?)”")
_SHORTEST_CLAUSE = 8
_DASH = "——"
_SEVERAL = 2
_PASTED_NUMBER = re.compile(r"(\d{1,2})\.(?=\d{2,5}[万亿元个名家户份亩米公吨项条件])")


@dataclass(frozen=True, slots=True)
class Marker:
    """One number of the outline: `label` as it stands in a level, `start`…`end` where it stands in the text."""

    style: str
    number: int
    label: str
    start: int
    end: int
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line with the numbers accepted in it, in order."""

    span: Span
    markers: tuple[Marker, ...]


def marker_at(mirror: str, position: int, end: int, *, inline: bool = False) -> Marker | None:
    """The number that stands at a position, with the blanks behind it; None when none does."""
    found = _MARKER.match(mirror, position, end) if _OPENS.match(mirror, position, end) else None
    if found is None:
        return None
    style = found.lastgroup or ""
    style = style.removesuffix("_n")
    written = found.group(style)
    count = _count(style, found, written)
    if count is None or count == 0:
        return None
    after = found.end()
    while after < end and mirror[after].isspace():
        after += 1
    label = re.sub(r"\s", "", written).replace("[", "(").replace("]", ")")
    label = label.rstrip("、.:" if style in {"cn_paren", "num_paren", "attach", "named", "article"} else ",:")
    return Marker(style, count, _signs_spelled(label), position, after, inline)


def _count(style: str, found: re.Match[str], written: str) -> int | None:
    if style == "bullet":
        return 1
    if style in _NAMED_GROUPS:
        words = found.group(f"{style}_n")
        return _STEMS.index(words) + 1 if style.startswith("stem") else (_ORDERED | _ROMANS).get(words)
    digits = found.group(f"{style}_n") if style in _NUMBER_GROUPS else None
    if digits is None:
        return next(
            (ord(written) - ord(first) + 1 for first, many in _SIGNS if 0 <= ord(written) - ord(first) < many), None
        )
    digits = digits.strip()
    return int(digits) if digits.isdigit() else value_of(digits)


def _signs_spelled(label: str) -> str:
    """㈠ ⑴ ⒈ are one character for what is otherwise three: levels write them out."""
    if len(label) != 1 or label in "①②③④⑤⑥⑦⑧⑨⑩" or ord("①") <= ord(label) <= ord("⑳"):
        return label
    if "㈠" <= label <= "㈩":
        return f"({'一二三四五六七八九十'[ord(label) - ord('㈠')]})"
    if "⑴" <= label <= "⒇":
        return f"({ord(label) - ord('⑴') + 1})"
    if "⒈" <= label <= "⒛":
        return f"{ord(label) - ord('⒈') + 1}."
    return label


def marked_lines(mirror: str, spans: Iterable[Span]) -> list[Line]:
    """The lines with their numbers; a series may run on over the lines that follow."""
    starts = [(span, marker_at(mirror, span[0], span[1])) for span in spans]
    if sum(mirror.startswith(_DASH, span[0]) for span, _ in starts) >= _SEVERAL:
        starts = [(span, first or _dashed(mirror, span)) for span, first in starts]
    lines = []
    last: dict[str, int] = {}
    for index, (span, begun) in enumerate(starts):
        first = begun or _before_figure(mirror, span, last)
        following = {marker.style for _, marker in starts[index + 1 : index + 4] if marker and marker.number == 2}
        if first:
            last[first.style] = first.number
        inline = _series(list(_candidates(mirror, span, first)), mirror, span, last, following)
        lines.append(Line(span, ((first,) if first else ()) + tuple(inline)))
    return lines


def _dashed(mirror: str, span: Span) -> Marker | None:
    """Dashes at the beginning of several lines are bullets."""
    begun = mirror.startswith(_DASH, span[0])
    return Marker("bullet", 1, _DASH, span[0], span[0] + len(_DASH)) if begun else None


def _before_figure(mirror: str, span: Span, last: dict[str, int]) -> Marker | None:
    """In 2.50万元 below an entry 1. the point belongs to the number of the entry."""
    found = _PASTED_NUMBER.match(mirror, *span)
    if not found or int(found[1]) != last.get("num", -1) + 1:
        return None
    return Marker("num", int(found[1]), f"{found[1]}.", span[0], found.end())


def _candidates(mirror: str, span: Span, first: Marker | None) -> Iterator[Marker]:
    """Numbers within a line that stand after punctuation and outside quotes."""
    start, end = span
    quoted = mirror.count("“", start, end) == mirror.count("”", start, end)
    depth, reached = 0, first.end if first else start
    for found in _INLINE.finditer(mirror, start, end):
        if found.group("quote"):
            depth += 1 if found.group("quote") in "“《" else -1
        elif found.end() >= reached and not (quoted and depth > 0):
            marker = marker_at(mirror, found.end(), end, inline=True)
            if marker and marker.start > start:
                reached = marker.end
                yield marker


def _series(
    candidates: list[Marker], mirror: str, span: Span, last: dict[str, int], following: set[str]
) -> Iterator[Marker]:
    has_second = _has_second(mirror, candidates, following)
    reasons: set[str] = set()
    for marker, second in zip(candidates, has_second, strict=True):
        if marker.number == 1:
            if not second or not _opens(mirror, span, marker):
                reasons.add(marker.style)
                continue
            reasons.discard(marker.style)
        elif marker.style in reasons or not _follows(marker, last) or not _parted(mirror, marker):
            continue
        last[marker.style] = marker.number
        yield marker


def _follows(marker: Marker, last: dict[str, int]) -> bool:
    """首先 and 其次 may leave some out; all others count on by one."""
    before = last.get(marker.style)
    return before is not None and (before < marker.number if marker.style == "order" else before == marker.number - 1)


def _has_second(mirror: str, candidates: list[Marker], following: set[str]) -> list[bool]:
    """For each candidate: does a second of its style come behind it; after a mere comma, only behind a real clause."""
    seconds: dict[str, int] = {}
    answers = []
    for marker in reversed(candidates):
        second = seconds.get(marker.style)
        clause = _SHORTEST_CLAUSE if second and _stop_before(mirror, second) == "," else 1
        far = second is not None and second - marker.end >= clause
        answers.append(far or (second is None and marker.style in following))
        if marker.number == 2:
            seconds[marker.style] = marker.start
    return answers[::-1]


def _opens(mirror: str, span: Span, marker: Marker) -> bool:
    """A series may open here: after a strong stop (一是 also after a comma), not as reasons or demands."""
    before = mirror[max(span[0], marker.start - 24) : marker.start].rstrip()
    if not before or lexicon.pattern("lines", "not_a_series").search(before):
        return False
    return _parted(mirror, marker)


def _parted(mirror: str, marker: Marker) -> bool:
    before = _stop_before(mirror, marker.start)
    return before in _STRONG or (before in ",." and marker.style in {"shi", "di", "circle", "order"})


def _stop_before(mirror: str, position: int) -> str:
    position -= 1
    while position > 0 and mirror[position].isspace():
        position -= 1
    return mirror[position]

"""Reads amounts, counts and shares: 14.45万元, 近60%, 三十余户, 百分之三十.

Dates, ordinals, set phrases (两个维护) and placeholders (x万元) are no figures.
"""

import re
from collections.abc import Iterator, Sequence

from bihuan.engines.reading.shapes import Figure, Span
from bihuan.engines.reading.structure.numerals import decimal_of
from bihuan.engines.reading.words import figure_words

_ROUGHLY = re.compile(
    r"(?:(?<![最附临靠就相亲毗较更远贴走])(?P<near>近)|(?<![预签合公条契制节违失特邀集简隐履续])(?P<about>约))"
    r"(?:计|为|有|占|达|合|用|计为)?\s?$"
)
_LATE = re.compile("([余多])(?=[,。;、:)的\\s]|$)")
_CLAUSE = re.compile(r"[,。;:!?、“”()\n\r\t]")
_CLOSING = re.compile('[”"’」』]')
_ENDS = re.compile(r"[,。;、:)\s]|$")
_MIXED = re.compile(r"(\d+)([万亿千百]?)")
_SCALES = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_SPOKEN = {"个小时": "小时", "个钟头": "钟头", "元钱": "元"}
_LONGEST_MEANING = 16
_LONGEST_PHRASE = 8
_BEFORE = 8
_FEW = 10
_NEVER_COUNTS = ("二",)  # two of something is 两; 二次, 二期 are a second one


def figures_in(text: str, mirror: str, stretches: Sequence[Span]) -> tuple[Figure, ...]:
    """The figures in some stretches of a text, in order; stretches keep list numbers apart from figures."""
    return tuple(figure for start, end in stretches for figure in _figures(text, mirror[start:end], offset=start))


def _figures(whole: str, mirror: str, *, offset: int) -> Iterator[Figure]:
    text = ""
    for found in figure_words.figure().finditer(mirror):
        text = text or whole[offset : offset + len(mirror)]
        start, end = found.span()
        counted = _share(found) if found["share"] else _counted(found, mirror)
        if counted is None:
            continue
        number, unit = counted
        yield Figure(
            (offset + start, offset + end), number, unit, _approx(found, mirror), _meaning(text, mirror, start, end)
        )


def _share(found: re.Match[str]) -> tuple[str, str] | None:
    written = found["share"]
    number = written if written[0].isdigit() else ("100" if written == "百" else decimal_of(written))
    return (number, "%" if found["thousandths"] == "百" else "‰") if number else None


def _counted(found: re.Match[str], mirror: str) -> tuple[str, str] | None:
    """Number and unit; None for ordinals and for phrases that only look like a count."""
    written, scale, unit = _written(found), found["scale"] or "", found["unit"] or ""
    before = mirror[max(0, found.start() - _BEFORE) : found.start()].rstrip()
    in_words = not written[0].isascii()
    if figure_words.words("before", "ordinal_in_words" if in_words else "ordinal").search(before):
        return None
    if in_words:
        return None if _is_phrase(found, mirror, before) else _in_words(found, mirror, before)
    return _in_digits(written, scale, unit, found["approx"] or found["approx_late"])


def _written(found: re.Match[str]) -> str:
    return found.string[found.start() : found.end("rest")]


def _in_words(found: re.Match[str], mirror: str, before: str) -> tuple[str, str] | None:
    written, scale, unit = _written(found), found["scale"] or "", found["unit"] or ""
    if scale and ("万" in written or "亿" in written):
        written, scale = written + scale, ""
    if written in {"百", "千"} and (found["approx"] or _roughly(mirror, found.start())):
        written = "一" + written
    number = decimal_of(written)
    if number is None or not unit or unit == "岁":
        return None
    is_small = not scale and len(number) < 3 and "." not in number
    if is_small and not _counts(written, int(number), unit, before, mirror[found.end() :][:1]):
        return None
    return number, _SPOKEN.get(unit, scale + unit)


def _in_digits(written: str, scale: str, unit: str, approx: str | None) -> tuple[str, str] | None:
    if unit == "岁" and approx:
        return None
    if not ("万" in written or "亿" in written):
        return written.replace(",", "").replace(" ", ""), _SPOKEN.get(unit, scale + unit)
    total = sum(int(part) * _SCALES[sign] for part, sign in _MIXED.findall(written + scale))
    return str(total), unit


def _counts(written: str, number: int, unit: str, before: str, behind: str) -> bool:
    """Small numbers in characters: 三分, 一次 are words oftener than counts."""
    if unit in figure_words.listed("digits_only", "units") and number <= _FEW:
        return False
    if written in _NEVER_COUNTS and unit != "元":
        return False
    if written != "一":
        return True
    if unit in figure_words.listed("one", "always") or figure_words.words("one", "before").search(before):
        return True
    return bool(figure_words.words("one", "deed").search(before)) and bool(_ENDS.match(behind))


def _is_phrase(found: re.Match[str], mirror: str, before: str) -> bool:
    """A set phrase, or a short word in quotes that begins with a number: “三家陪标”, “四个再”."""
    if figure_words.words("phrases", "words").match(mirror, found.start()):
        return True
    if not figure_words.words("before", "quote").search(before):
        return False
    return bool(_CLOSING.search(mirror, found.end(), found.end() + _LONGEST_PHRASE))


def _roughly(mirror: str, at: int) -> re.Match[str] | None:
    before = mirror[max(0, at - 4) : at]
    return _ROUGHLY.search(mirror, max(0, at - 4), at) if "近" in before or "约" in before else None


def _approx(found: re.Match[str], mirror: str) -> str | None:
    after = found["approx"] or found["approx_late"]
    if after:
        return after
    roughly = _roughly(mirror, found.start())
    if roughly:
        return "近" if roughly["near"] else "约"
    late = _LATE.match(mirror, found.end())
    return late[1] if late else None


def _meaning(text: str, mirror: str, start: int, end: int) -> str:
    """The words before the figure in its clause, else the words behind it."""
    before = max(0, start - _LONGEST_MEANING)
    clause = _CLAUSE.split(mirror[before:start])[-1]
    words = text[start - len(clause) : start].strip().removesuffix("近").removesuffix("约")
    if len(words) >= 2:
        return words
    behind = _CLAUSE.split(mirror[end : end + _LONGEST_MEANING])[0]
    return text[end : end + len(behind)].strip() or words or text[before:start].strip()

"""Reads amounts and counts: 14.45万元, 近60%, 三十余户. Dates, ordinals and set phrases (两个维护) are no figures."""

import re
from collections.abc import Iterator
from functools import cache

from bihuan.engines.reading import lexicon
from bihuan.engines.reading.numerals import DIGITS, value_of
from bihuan.engines.reading.shapes import Figure, Span

_APPROX_AFTER = {"余": "余", "多": "多"}
_APPROX_BEFORE = {"近": "近", "约": "约"}
_CHINESE = "零〇一二两三四五六七八九十百千"
_CLAUSE = re.compile(r"[,。;:!?、“”()\n\r\t]")
_LONGEST_MEANING = 16


@cache
def _pattern() -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in lexicon.units() if not unit.endswith(("余元", "多元")))
    return re.compile(
        rf"百分之(?P<percent>[{_CHINESE}]+(?:点[{_CHINESE}]+)?)|"
        r"(?P<number>(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.])\d+(?:\.\d+)?"
        rf"|(?<![{_CHINESE}])[{_CHINESE}]{{1,9}}(?:万[{_CHINESE}]{{1,7}})?)"
        r"(?P<approx>[余多])?(?P<scale>[万亿](?=[余多]))?(?P<approx_late>[余多])?\s?"
        rf"(?P<unit>{units})"
    )


def figures_in(text: str, mirror: str, stretches: list[Span]) -> tuple[Figure, ...]:
    """The figures in some stretches of a text, in order; stretches keep list numbers apart from figures."""
    return tuple(
        figure for start, end in stretches for figure in _figures(text[start:end], mirror[start:end], offset=start)
    )


def _figures(text: str, mirror: str, *, offset: int) -> Iterator[Figure]:
    for found in _pattern().finditer(mirror):
        start, end = found.span()
        before = mirror[max(0, start - 1) : start]
        if found.group("percent"):
            number, unit = _percentage(found.group("percent")), "%"
        else:
            unit = (found.group("scale") or "") + found.group("unit")
            number = _number(found.group("number"), unit, before, mirror[end : end + 6])
        if number is None:
            continue
        after = found.group("approx") or found.group("approx_late") or ""
        approx = _APPROX_AFTER.get(after) or _APPROX_BEFORE.get(before)
        yield Figure((offset + start, offset + end), number, unit, approx, _meaning(text, mirror, start, end))


def _percentage(written: str) -> str | None:
    whole, _, decimals = written.partition("点")
    value = value_of(whole)
    if value is None or not decimals:
        return None if value is None else str(value)
    return f"{value}." + "".join(str(DIGITS.get(digit, 0)) for digit in decimals)


def _number(written: str, unit: str, before: str, behind: str) -> str | None:
    """The decimal string; None for ordinals and for phrases that only look like a count."""
    if before in {"第", "号"} or (unit in {"万", "亿"} and written[0] in _CHINESE):
        return None
    if written[0].isdigit():
        return written.replace(",", "")
    if len(written) == 1 and not _counts(written, unit, behind):
        return None
    if len(written) > 1 and all(character in DIGITS for character in written):
        return None
    value = value_of(written)
    return None if value is None else str(value)


def _counts(written: str, unit: str, behind: str) -> bool:
    if unit in lexicon.counted_units():
        return written != "一" or unit in {"万元", "亿元", "元"}
    noun = lexicon.pattern("figures", "counted_nouns").match(behind)
    return unit in {"个", "座", "所"} and written != "一" and noun is not None


def _meaning(text: str, mirror: str, start: int, end: int) -> str:
    """The words before the figure in its clause, else the words behind it."""
    before = max(0, start - _LONGEST_MEANING)
    clause = _CLAUSE.split(mirror[before:start])[-1]
    words = text[start - len(clause) : start].strip().removesuffix("近").removesuffix("约")
    if len(words) >= 2:
        return words
    behind = _CLAUSE.split(mirror[end : end + _LONGEST_MEANING])[0]
    return text[end : end + len(behind)].strip() or words or text[before:start].strip()

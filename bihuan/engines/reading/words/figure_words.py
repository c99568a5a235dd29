"""Loads the measure words of figure_words.toml and compiles the expressions that find figures, once.

What a match is worth is decided by the stage that reads figures.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

DIGIT_SIGNS = "零〇一二两三四五六七八九"
SIGNS = DIGIT_SIGNS + "十百千"
_FINANCIAL = "壹贰叁肆伍陆柒捌玖拾佰仟"


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("figure_words.toml").read_text(encoding="utf-8"))


@cache
def figure() -> re.Pattern[str]:
    """One expression for percent in words, and for a number with its vagueness, scale and unit.

    It begins with the first sign of the number, which `rest` goes on with: so it is found many times faster.
    """
    beside = _content()["beside"]
    units = sorted([*_content()["plain"], *beside], key=len, reverse=True)
    written = "|".join(re.escape(unit) + (f"(?!{beside[unit]})" if unit in beside else "") for unit in units)
    signs = SIGNS + _FINANCIAL
    return re.compile(
        rf"[\d{signs}](?:(?<=(?P<thousandths>[百千]))分之(?P<share>[{SIGNS}]+(?:点[{DIGIT_SIGNS}]+)?|\d+(?:\.\d+)?)|"
        r"(?P<rest>(?<=\d)(?<![\dxX*×].)(?<!\d\..)"
        r"(?:\d*[万亿]\d+[万千百]?|\d{0,2}(?:[, ]\d{3})+(?!\d)|\d*)(?:\.\d+)?"
        rf"|(?<=[{signs}])(?<![{signs}几数].)[{signs}]{{0,8}}(?:[万亿][{signs}]{{1,9}}){{0,2}}(?:点[{DIGIT_SIGNS}]+)?)"
        r"(?P<approx>[余多])?(?: |[\r\n]+)?(?:(?P<scale>[万亿千百]{1,2})(?P<approx_late>[余多])?)?"
        rf"(?:(?P<unit>{written})|(?<=[\d余多][万亿])(?=[,。;、:)\s的,]|$)))"
    )


@cache
def words(section: str, name: str) -> re.Pattern[str]:
    """The compiled expression of one entry; several alternatives of a list become one."""
    entry = _content()[section][name]
    return re.compile("|".join(entry) if isinstance(entry, list) else entry)


@cache
def listed(section: str, name: str) -> frozenset[str]:
    """An entry that is a list of units."""
    return frozenset(_content()[section][name])

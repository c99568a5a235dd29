"""Loads the words the engine goes by from lexicon.toml and its neighbors and compiles them once.

No grammar here: what a match means is decided by the stage that asks.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

from bihuan.engines.reading.words.counting import counter_of
from bihuan.engines.reading.words.seeking import seeker


@cache
def _content(file: str = "lexicon") -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(f"{file}.toml").read_text(encoding="utf-8"))


@cache
def pattern(section: str, name: str, file: str = "lexicon") -> re.Pattern[str]:
    """The compiled expression of one entry; several alternatives of a list become one."""
    words = _content(file)[section][name]
    return re.compile("|".join(words) if isinstance(words, list) else words)


@cache
def says(section: str, name: str, file: str = "lexicon") -> Callable[..., object]:
    """What tells of a text whether it has the expression of an entry anywhere; faster than to look where."""
    return seeker(pattern(section, name, file))


@cache
def either(section: str, file: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The groups of plain words of a section, each as one expression."""
    return tuple((name, re.compile("|".join(map(re.escape, words)))) for name, words in groups(section, file))


@cache
def weighted(name: str, file: str = "lexicon") -> tuple[tuple[re.Pattern[str], int], ...]:
    """The formulas of the body with their weights; ^ means the beginning of any line."""
    return tuple((re.compile(entry["words"], re.MULTILINE), entry["weight"]) for entry in _content(file)["body"][name])


@cache
def groups(section: str, file: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The named groups of plain words of a section."""
    return tuple((name, tuple(words)) for name, words in _content(file)[section].items())


@cache
def counter(section: str, file: str) -> Callable[[str], dict[str, int]]:
    """What counts the plain words of a section in a text, group by group, all at once."""
    return counter_of(groups(section, file))


@cache
def frequent() -> frozenset[str]:
    """Characters that any Chinese document of this kind is full of."""
    return frozenset(_content()["encoding"]["frequent"])


@cache
def traditional() -> frozenset[str]:
    """The same in Traditional characters, as far as they differ."""
    return frozenset(_content()["encoding"]["traditional"])

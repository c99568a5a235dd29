"""Loads the words the engine goes by from lexicon.toml and compiles them once.

No grammar here: what a match means is decided by the stage that asks.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """The compiled expression of one entry; several alternatives of a list become one."""
    words = _content()[section][name]
    return re.compile("|".join(words) if isinstance(words, list) else words)


@cache
def weighted(name: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """The formulas of the body with their weights; ^ means the beginning of any line."""
    return tuple((re.compile(entry["words"], re.MULTILINE), entry["weight"]) for entry in _content()["body"][name])


@cache
def states() -> tuple[tuple[re.Pattern[str], str, re.Pattern[str] | None], ...]:
    """State words in the order in which they are tried: pattern, state, words that forbid it."""
    return tuple(
        (re.compile(entry["words"]), entry["state"], re.compile(entry["unless"]) if "unless" in entry else None)
        for entry in _content()["states"]
    )


@cache
def columns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The role of a table column and the header words it is known by, in the order tried."""
    return tuple((role, re.compile(words)) for role, words in _content()["columns"].items())


@cache
def labels() -> re.Pattern[str]:
    """One expression for all labels of an entry (整改措施:, 完成时限: …), one named group per role."""
    groups = "|".join(f"(?P<{role}>{words})" for role, words in _content()["labels"].items())
    return re.compile(rf"(?:^|(?<=[\n\r。;,()【\s]))[【(]?(?:{groups})[】)]?\s*:")


@cache
def units() -> tuple[str, ...]:
    """Units of figures, longest first."""
    return tuple(sorted(_content()["figures"]["units"], key=len, reverse=True))


@cache
def counted_units() -> frozenset[str]:
    """Units that a single Chinese numeral may carry without being a set phrase."""
    return frozenset(_content()["figures"]["counted"])


@cache
def frequent() -> frozenset[str]:
    """Characters that any Chinese document of this kind is full of."""
    return frozenset(_content()["encoding"]["frequent"])

"""Loads what header cells are called and what cells say on the state from table_words.toml, compiled once."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("table_words.toml").read_text(encoding="utf-8"))


@cache
def columns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The role of a column and the header words it is known by, in the order tried."""
    return tuple((role, re.compile(_either(words))) for role, words in _content()["columns"].items())


def _either(words: str | list[str]) -> str:
    return words if isinstance(words, str) else "|".join(words)


@cache
def words(section: str, name: str) -> re.Pattern[str]:
    """The compiled expression of one entry."""
    return re.compile(_either(_content()[section][name]))


@cache
def states() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None, bool], ...]:
    """The words of a state cell in the order tried: state, pattern, words that forbid it, whether they are sure."""
    return tuple(
        (
            entry["state"],
            re.compile(_either(entry["words"])),
            re.compile(entry["unless"]) if "unless" in entry else None,
            entry.get("sure", True),
        )
        for entry in _content()["states"]
    )

"""Loads how plans and public notices are put together, from grammar.toml, and compiles it once.

No decisions here: what a match means is decided by the stage that asks.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

from bihuan.engines.reading.words.seeking import seeker

_OPENS = r"(?:^|(?<=[\n\r。;,.!?)】\]\t ]))"


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("grammar.toml").read_text(encoding="utf-8"))


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """The compiled expression of one entry."""
    return re.compile(_content()[section][name])


@cache
def says(section: str, name: str) -> Callable[..., object]:
    """What tells of a text whether it has the expression of an entry anywhere; faster than to look where."""
    return seeker(pattern(section, name))


@cache
def labels() -> re.Pattern[str]:
    """All labels in one expression, one named group for each role: 整改措施:, 【整改成效】, 责任部室计财部."""
    named = "|".join(f"(?P<{role}>{words})" for role, words in _content()["labels"].items())
    bare = "|".join(f"(?P<{role}_bare>{words})" for role, words in _content()["without_colon"].items())
    brackets = rf"[【\[(](?:{_unnamed(named)})[】\])]"
    closed = rf"(?P<closed>{brackets})\s*:?"
    opened = rf"[【\[(]?(?:{named})[①-⑳\d]{{0,2}}[】\])]?\s*(?::|——|(?=[\n\r]|$))"
    return re.compile(rf"{_OPENS}(?:{closed}|{opened}|{bare})")


@cache
def states() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """States with the words that tell them, in the order in which they are tried."""
    return tuple((entry["is"], re.compile(entry["words"])) for entry in _content()["state"])


@cache
def tells_state() -> Callable[..., object]:
    """What tells of words whether they tell any state, to pass over quickly those that tell none."""
    return seeker(re.compile("|".join(entry["words"] for entry in _content()["state"])))


@cache
def family_of(words: str) -> str:
    """The role of a word that some document uses as a label throughout; "" where the word tells none."""
    return next((role for role in _content()["families"] if pattern("families", role).search(words)), "")


def role_of(found: re.Match[str]) -> str:
    """The role of a label."""
    for name, words in found.groupdict().items():
        if words is not None and name != "closed":
            return str(name).removesuffix("_bare")
    inner = str(found["closed"]).strip(": \t")[1:-1]
    return next(str(role) for role, words in _content()["labels"].items() if re.fullmatch(words, inner))


def _unnamed(named: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", named)

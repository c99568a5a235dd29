"""Makes the search for an expression fast: it looks only where one of the signs stands that a match can begin with.

It tells whether there is a match, not where; `re` itself does so only for expressions that begin with plain letters.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from re import _parser  # type: ignore[attr-defined]  # what `re` itself makes of an expression: no second grammar here
from typing import Any

_CATEGORIES = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w"}
_ZERO_WIDTH = frozenset({"ASSERT", "ASSERT_NOT", "AT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


@cache
def seeker(words: re.Pattern[str]) -> Callable[..., object]:
    """What tells, of a text or a stretch of it, whether the expression is found there."""
    if words.flags & re.IGNORECASE:
        return words.search
    parsed = _parser.parse(words.pattern, words.flags)
    if not words.flags & re.MULTILINE and _is_anchored(parsed):
        return words.match
    signs = first_signs(words)
    return re.compile(f"{signs}(?<=(?={words.pattern})(?s:.))", words.flags).search if signs else words.search


def first_signs(words: re.Pattern[str]) -> str:
    """The class of signs that a match begins with; "" where any may, or where nothing may match."""
    signs, is_open = _of_all(_parser.parse(words.pattern, words.flags))
    return "" if is_open or not signs else f"[{''.join(sorted(signs))}]"


def _is_anchored(parsed: Iterable[tuple[Any, Any]]) -> bool:
    """A match stands at the beginning or nowhere."""
    first: tuple[Any, Any] = next(iter(parsed), ("", ()))
    operation, value = first
    if str(operation) == "AT":
        return str(value) in {"AT_BEGINNING", "AT_BEGINNING_STRING"}
    if str(operation) == "BRANCH":
        return all(map(_is_anchored, value[1]))
    return str(operation) == "SUBPATTERN" and _is_anchored(value[3])


def _of_all(parsed: Iterable[tuple[Any, Any]]) -> tuple[set[str], bool]:
    """The signs that a row of parts may begin with, and whether it may begin with any, or be empty."""
    signs: set[str] = set()
    for operation, value in parsed:
        found, is_open = _of(str(operation), value)
        if found is None:
            return set(), True
        signs |= found
        if not is_open:
            return signs, False
    return signs, True


def _of(operation: str, value: Any) -> tuple[set[str] | None, bool]:
    """The same of one part; None where any sign will do."""
    if operation in _ZERO_WIDTH:
        return set(), True
    if operation == "LITERAL":
        return {re.escape(chr(value))}, False
    if operation == "IN":
        return _of_class(value), False
    if operation == "BRANCH":
        found = [_known(each) for each in value[1]]
        return (None, True) if any(one is None for one, _ in found) else (
            {sign for one, _ in found if one for sign in one}, any(is_open for _, is_open in found)
        )  # fmt: skip
    if operation == "SUBPATTERN":
        return (None, True) if value[1] & re.IGNORECASE else _known(value[3])
    if operation in _REPEATS:
        signs, is_open = _known(value[2])
        return signs, is_open or not value[0]
    return None, True


def _known(parsed: Iterable[tuple[Any, Any]]) -> tuple[set[str] | None, bool]:
    """The signs of a part within others: it may be empty, but not begin with just any sign."""
    signs: set[str] = set()
    for operation, value in parsed:
        found, is_open = _of(str(operation), value)
        if found is None:
            return None, True
        signs |= found
        if not is_open:
            return signs, False
    return signs, True


def _of_class(value: Iterable[tuple[Any, Any]]) -> set[str] | None:
    signs: set[str] = set()
    for operation, one in value:
        if str(operation) == "LITERAL":
            signs.add(re.escape(chr(one)))
        elif str(operation) == "RANGE":
            signs.add(f"{re.escape(chr(one[0]))}-{re.escape(chr(one[1]))}")
        elif str(one) in _CATEGORIES and str(operation) == "CATEGORY":
            signs.add(_CATEGORIES[str(one)])
        else:
            return None
    return signs

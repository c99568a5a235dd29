"""Navigation, share buttons, copyright and contact lines around a copied page: cut whole, never out of a sentence.

A contact line of an ordinary document stays: only what stands with the unmistakable marks of a web page goes.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources

from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import Draft, Edit
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import mirrored
from bihuan.engines.reading.words.seeking import seeker

_LONGEST = 400
_HEAD = 12


@cache
def _words(name: str) -> str:
    text = resources.files(__package__).joinpath("boilerplate.toml").read_text(encoding="utf-8")
    return "|".join(f"(?:{words})" for words in tomllib.loads(text)[name])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_words(name), re.IGNORECASE)


@cache
def _hinted() -> Callable[..., object]:
    """What tells of words in small letters whether they hint at a web page."""
    return seeker(re.compile(_words("hints")))


def boilerplate(draft: Draft, *, has_head: bool, has_foot: bool) -> None:
    """Cut the lines of web pages, with what stands around them in head and foot; propose those that stand alone."""
    bare = _bare(draft.current)
    if not _hinted()(bare.casefold()):
        return
    lines = _lines(draft.current)
    if not any(_is_sure(bare[begin:end]) for begin, end in lines):
        return
    kinds = [_kind(bare[begin:end]) for begin, end in lines]
    cut = {at for at, kind in enumerate(kinds) if kind == "sure"}
    cut |= _head(kinds) if has_head else set()
    cut |= _foot(kinds) if has_foot else set()
    made = []
    for at, (begin, end) in enumerate(lines):
        edit = Edit(begin, end, "", "boilerplate", 0.97)
        if at in cut and end > begin and kinds[at] != "blank":
            made.append(edit)
        elif kinds[at] == "perhaps":
            draft.offer(edit._replace(confidence=0.4))
    draft.put(made)


def _lines(text: str) -> list[Span]:
    found, begin = [], 0
    for line in text.splitlines(keepends=True):
        found.append((begin, begin + len(line)))
        begin += len(line)
    return found


def _bare(text: str) -> str:
    """The text as the patterns have it: half-width, Simplified, one for one."""
    bare = mirrored(text)
    return letters.simplified(bare) if letters.has_traditional(bare) else bare


def _is_sure(line: str) -> bool:
    if len(line) > _LONGEST or not _hinted()(line.casefold()):
        return False
    return bool(_pattern("sure").fullmatch(line.strip()))


def _kind(line: str) -> str:
    bare = line.strip()
    if not bare:
        return "blank"
    if _is_sure(line):
        return "sure"
    return "perhaps" if len(line) <= _LONGEST and _pattern("perhaps").fullmatch(bare) else "text"


def _head(kinds: list[str]) -> set[int]:
    """Lines of the head of a page: down to the last unmistakable one before the text begins."""
    found: set[int] = set()
    for at, kind in enumerate(kinds[:_HEAD]):
        if kind == "text":
            break
        found.add(at)
    while found and kinds[max(found)] != "sure":
        found.discard(max(found))
    return found


def _foot(kinds: list[str]) -> set[int]:
    """Lines of the foot: from the first unmistakable one behind the text to the end."""
    begin = len(kinds)
    while begin and kinds[begin - 1] != "text":
        begin -= 1
    found = set(range(begin, len(kinds)))
    while found and kinds[min(found)] != "sure":
        found.discard(min(found))
    return found

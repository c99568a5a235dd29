"""What a web page leaves in copied text: tags, comments, scripts, entities. Angle brackets around words stay.

A lone short tag may be a letter between signs of comparison; it is only proposed.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from bihuan.engines.reading.restore.edits import Draft, Edit

_BLOCKS = "address|article|aside|blockquote|body|center|dd|div|dl|dt|footer|form|h[1-6]|head|header|hr|html|li|main|nav"
_BLOCKS += "|ol|p|pre|section|table|tbody|thead|title|tr|ul|br"
_INLINE = (
    "a|abbr|b|big|button|em|font|i|iframe|img|input|label|link|meta|option|select|small|span|strike|strong|sub|sup"
)
_INLINE += "|td|th|u|o:p|st1:\\w+|v:\\w+"
_REST = r"(?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]*))?)*\s*/?"
_TAG = re.compile(
    rf"(?P<comment><!--)|<!DOCTYPE[^<>]{{0,300}}>|<(?P<run>script|style|noscript)\b[^<>]*>"
    rf"|</?(?P<block>{_BLOCKS}){_REST}>|</?(?P<inline>{_INLINE}){_REST}>",
    re.IGNORECASE,
)
_ENDS = {
    "<!--": re.compile("-->"),
    **{name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "noscript")},
}
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}\d{0,2}|#\d{2,7}|#[xX][0-9A-Fa-f]{2,6});")
_SURE = re.compile(r"[\s=:/]|..")


class Tag(NamedTuple):
    """A tag, or a comment or script whole: where it stands, its name, whether a line ends with it."""

    start: int
    end: int
    name: str
    words: str
    is_end: bool


def hypertext(draft: Draft) -> None:
    """Take tags away, ends of blocks becoming line ends where none is; write entities as what they stand for."""
    text = draft.current
    if "<" in text:
        tags = list(_tags(text))
        is_sure = len(tags) > 1 and (
            len({tag.name for tag in tags}) > 1 or any(tag.words.startswith("</") for tag in tags)
        )
        made = []
        for tag, instead in zip(tags, _instead(text, tags), strict=True):
            edit = Edit(tag.start, tag.end, instead, "html")
            if is_sure or _SURE.search((tag.name or "--") + tag.words[3:-1]):
                made.append(edit)
            else:
                draft.offer(edit._replace(confidence=0.5))
        draft.put(made)
    if "&" in draft.current:
        draft.put(
            Edit(one.start(), one.end(), said, "html")
            for one in _ENTITY.finditer(draft.current)
            if (said := _character(one[0])) != one[0]
        )


def _tags(text: str) -> Iterator[Tag]:
    """The tags in order; what has no end is none."""
    ends: dict[str, int] = {}
    at = 0
    while found := _TAG.search(text, at):
        at = found.end()
        kind = (found["comment"] or found["run"] or "").lower()
        if kind:
            at = _end_of(kind, text, at, ends)
            if at < 0:
                at = found.end()
                continue
        name = (found["block"] or found["inline"] or "").lower()
        is_end = bool(found["block"]) and (found[0].startswith("</") or name in {"br", "hr"})
        yield Tag(found.start(), at, name, found[0], is_end)


def _end_of(kind: str, text: str, at: int, ends: dict[str, int]) -> int:
    """Where a comment or script ends, below zero if nowhere; `ends` has what was found before."""
    if 0 <= ends.get(kind, 0) <= at:
        found = _ENDS[kind].search(text, at)
        ends[kind] = found.end() if found else -1
    return ends[kind]


def _character(entity: str) -> str:
    said = html.unescape(entity).replace("\u00a0", " ")
    return said if len(said) == 1 and (said.isprintable() or said in "\u3000\u2002\u2003\n\t") else entity


def _instead(text: str, tags: list[Tag]) -> list[str]:
    """What stands for each tag: a line end for the last of those together that end a line, where none follows."""
    made, following, is_last = list[str](), Tag(len(text), len(text), "", "", is_end=False), True
    behind = len(text)
    for tag in reversed(tags):
        if tag.end != following.start:
            is_last, behind = True, tag.end
        made.append("\n" if tag.is_end and is_last and text[behind : behind + 1] not in {"\n", "\r", ""} else "")
        is_last, following = is_last and not tag.is_end, tag
    return made[::-1]

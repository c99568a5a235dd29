"""What a web page leaves in copied text: tags, comments, scripts, entities. Angle brackets around words stay.

A lone short tag may be a letter between signs of comparison; it is only proposed.
"""

import html
import re

from bihuan.engines.reading.restore.edits import Draft, Edit

_BLOCKS = "address|article|aside|blockquote|body|center|dd|div|dl|dt|footer|form|h[1-6]|head|header|hr|html|li|main|nav"
_BLOCKS += "|ol|p|pre|section|table|tbody|thead|title|tr|ul|br"
_INLINE = (
    "a|abbr|b|big|button|em|font|i|iframe|img|input|label|link|meta|option|select|small|span|strike|strong|sub|sup"
)
_INLINE += "|td|th|u|o:p|st1:\\w+|v:\\w+"
_REST = r"(?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]*))?)*\s*/?"
_TAG = re.compile(
    rf"<!--.{{0,20000}}?-->|<!DOCTYPE[^<>]{{0,300}}>|<(?P<run>script|style|noscript)\b[^<>]*>.{{0,500000}}?</(?P=run)\s*>"
    rf"|</?(?P<block>{_BLOCKS}){_REST}>|</?(?P<inline>{_INLINE}){_REST}>",
    re.IGNORECASE | re.DOTALL,
)
_MORE = re.compile(r"(?:<[^<>]{0,300}>)*")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}\d{0,2}|#\d{2,7}|#[xX][0-9A-Fa-f]{2,6});")
_SURE = re.compile(r"[\s=:/]|..")


def hypertext(draft: Draft) -> None:
    """Take tags away, ends of blocks becoming line ends where none is; write entities as what they stand for."""
    text = draft.current
    if "<" in text:
        tags = list(_TAG.finditer(text))
        names = {(one["block"] or one["inline"] or "").lower() for one in tags}
        is_sure = len(tags) > 1 and (len(names) > 1 or any(one[0].startswith("</") for one in tags))
        made = []
        for one in tags:
            edit = Edit(one.start(), one.end(), _instead(text, one), "html")
            if is_sure or _SURE.search((one["inline"] or one["block"] or "--") + one[0][3:-1]):
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


def _character(entity: str) -> str:
    said = html.unescape(entity).replace("\u00a0", " ")
    return said if len(said) == 1 and (said.isprintable() or said in "\u3000\u2002\u2003\n\t") else entity


def _instead(text: str, tag: re.Match[str]) -> str:
    if not tag["block"]:
        return ""
    more = _MORE.match(text, tag.end())
    follows = more.end() if more else tag.end()
    is_last = not any(map(_is_end, _TAG.finditer(text, tag.end(), follows)))
    return "\n" if _is_end(tag) and is_last and text[follows : follows + 1] not in {"\n", "\r", ""} else ""


def _is_end(tag: re.Match[str]) -> bool:
    """Whether a line ends with this tag."""
    return bool(tag["block"]) and (tag[0].startswith("</") or tag["block"].lower() in {"br", "hr"})

"""Reads plans and public notices thinly: entries with labelled parts (整改措施：…, 完成时限：…) or titled 关于……问题.

Measures, results, state, persons and dates are filled only where a label says so; finer roles are not guessed here.
"""

import re
from collections.abc import Iterator

from bihuan.engines.reading import lexicon
from bihuan.engines.reading.figures import figures_in
from bihuan.engines.reading.findings import heading_of
from bihuan.engines.reading.lines import trimmed
from bihuan.engines.reading.outline import Node
from bihuan.engines.reading.sections import title_of
from bihuan.engines.reading.shapes import Item, Span
from bihuan.engines.reading.states import UNSTATED, state_in

_ABOUT = re.compile(r"^(?:关于|针对|对)?[“\"]?(?P<finding>.{3,200}?)[”\"]?的?(?:方面的?)?问题[。:;]?$")
_BRACKETED = re.compile(r"\((?P<state>[^()]{2,16})\)\s*[。;]?\s*$")
_QUOTED = re.compile(r"^[“\"](?P<finding>[^“”\"]{3,300})[”\"]。?$")
_SPLIT = ("measures", "results")
UNLABELLED = "原文没有标明整改措施，按条目下的分项列出，请核对。"


def entries_of(text: str, mirror: str, root: Node) -> tuple[Item, ...]:
    """The entries of a plan or a notice, in document order."""
    items = []
    waiting = list(reversed(root.children))
    while waiting:
        node = waiting.pop()
        if _is_entry(mirror, node):
            items.append(_item(text, mirror, node))
        else:
            waiting.extend(reversed(node.children))
    return tuple(sorted((item for item in items if item), key=lambda item: item.finding))


def _is_entry(mirror: str, node: Node) -> bool:
    if not node.pieces or node.style == "plain":
        return False
    if any(_is_about(mirror, child) or _has_label(mirror, child, own=True) == "finding" for child in node.children):
        return False
    if _is_about(mirror, node):
        return any(_has_label(mirror, entry) for entry in node.walk()) or not _deeper(mirror, node)
    own = _has_label(mirror, node)
    return own is not None or any(_is_labelled(mirror, child) for child in node.children)


def _deeper(mirror: str, node: Node) -> bool:
    return any(_is_about(mirror, entry) for entry in node.walk() if entry is not node)


def _is_about(mirror: str, node: Node) -> bool:
    if not node.pieces:
        return False
    title = _BRACKETED.sub("", title_of(mirror[slice(*node.pieces[0])]))
    return bool(_QUOTED.match(title)) or (title.startswith(("关于", "针对", "“")) and bool(_ABOUT.match(title)))


def _has_label(mirror: str, node: Node, *, own: bool = False) -> str | None:
    pieces = node.pieces[:1] if own else node.pieces
    for start, end in pieces:
        found = lexicon.labels().search(mirror[start:end])
        if found and found.lastgroup != "aim":
            return found.lastgroup
    return None


def _is_labelled(mirror: str, child: Node) -> bool:
    """A child that is nothing but a part of its parent's entry: （1）整改措施：…"""
    if not child.pieces:
        return False
    found = lexicon.labels().match(mirror[slice(*child.pieces[0])])
    return found is not None and found.lastgroup != "finding"


def _item(text: str, mirror: str, node: Node) -> Item | None:
    parts = _parts(mirror, node)
    said = parts.pop("finding", [])
    finding = _bare(mirror, said[0]) if said else None
    if finding is None or finding[0] >= finding[1]:
        return None
    doubts: tuple[str, ...] = ()
    if "measures" not in parts and "results" not in parts and node.children:
        parts["measures"] = [piece for entry in node.walk() if entry is not node for piece in entry.pieces[:1]]
        doubts = (UNLABELLED,)
    state, state_span = _state(mirror, node, parts)
    return Item(
        level=node.level, heading=heading_of(mirror, node.parent), finding=finding,
        measures=tuple(parts.get("measures", ())), results=tuple(parts.get("results", ())),
        state=state, state_span=state_span, responsible=tuple(parts.get("responsible", ())),
        deadline=tuple(parts.get("deadline", ())), figures=figures_in(text, mirror, [finding]), doubts=doubts,
    )  # fmt: skip


def _parts(mirror: str, node: Node) -> dict[str, list[Span]]:
    """All text of an entry by role: a label holds until the next one, over numbers and paragraphs."""
    parts: dict[str, list[Span]] = {}
    role = "finding"
    for entry in node.walk():
        for piece in entry.pieces:
            role = _take(mirror, piece, role, parts)
    return parts


def _take(mirror: str, piece: Span, role: str, parts: dict[str, list[Span]]) -> str:
    begin = piece[0]
    for found in lexicon.labels().finditer(mirror[slice(*piece)]):
        _put(mirror, (begin, piece[0] + found.start()), role, parts)
        role, begin = found.lastgroup or role, piece[0] + found.end()
    _put(mirror, (begin, piece[1]), role, parts)
    return role


def _put(mirror: str, span: Span, role: str, parts: dict[str, list[Span]]) -> None:
    span = trimmed(mirror, span, also=";,、(【")
    if span[0] < span[1]:
        parts.setdefault(role, []).append(span)


def _bare(mirror: str, span: Span) -> Span:
    """The finding without 关于 … 的问题, the bracketed state behind it and the quotes around it."""
    start, end = span
    state = _BRACKETED.search(mirror, start, end)
    end = state.start() if state else end
    words = mirror[start:end].rstrip("。 ")
    for pattern in (_ABOUT, _QUOTED):
        found = pattern.match(words)
        if found:
            return start + found.start("finding"), start + found.end("finding")
    return trimmed(mirror, (start, end))


def _state(mirror: str, node: Node, parts: dict[str, list[Span]]) -> tuple[str, Span | None]:
    for span in _where(mirror, node, parts):
        state, where = state_in(mirror, span)
        if state != UNSTATED:
            return state, where
    return UNSTATED, None


def _where(mirror: str, node: Node, parts: dict[str, list[Span]]) -> Iterator[Span]:
    yield from parts.get("state", [])
    for piece in node.pieces[:1]:
        found = _BRACKETED.search(mirror, *piece)
        if found:
            yield found.span("state")
    yield from parts.get("results", [])[-1:]

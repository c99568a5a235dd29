"""Reads the findings of a feedback document out of its outline; `findings_of` says what counts as one.

Plans, notices and what they say of measures are not read here.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bihuan.engines.reading.figures import figures_in
from bihuan.engines.reading.items import spoken, unnumbered
from bihuan.engines.reading.shapes import Item, Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.markers import LOOSE
from bihuan.engines.reading.structure.outline import Node, heading_of
from bihuan.engines.reading.tables.rows import has_findings, items_of
from bihuan.engines.reading.words import lexicon

_ENOUGH_NEGATIVE = 0.4
_ENOUGH_COUNTED = 0.6
_FEW_ASKED = 0.2
_ROLE_STYLES = {"plain", "part", "cn", "cn_paren", "num", "roman", "stem", "bullet", "attach"}
_HEADING_STYLES = {"plain", "part", "cn", "cn_paren", "roman", "stem", "attach", "bullet"}
_ENTRY_STYLES = {"num", "dec", "num_paren", "circle", "named", "di", "order", "article", "stem_paren"}
_PARTICULARS = re.compile("(?:情形|表现(?:为|在)?)(?:如下)?[:,]?$")
_MANY_PARAGRAPHS = 3
_FIELD = re.compile(r"(?:方面|领域|环节)$")
_TOPIC = re.compile(r"(?P<topic>[^,。;:“”()\d]{2,10}):\s*(?=\S{4,})")
_BESIDE = 4
_ALIKE = 2
_FEWEST_TITLES = 3
_NEAR = 12
_MOSTLY_TITLES = 0.7
_SHORT = 6
_NOTE = re.compile(r"\s*[(]?(?:备注|注|填表说明|说明)\s*[:1]")
_LONGEST_TITLE = 40
_LEFT_OUT = re.compile(r"[(…]*(?:略|此处略|从略)?[)…。]*")
_QUOTES = {"“": "”", '"': '"', "「": "」"}

GAP = "编号从“{before}”跳到“{after}”，中间可能漏了内容，请对照原文。"
NO_WRONG = "这一条没有写明是什么问题，请核对是否应列为问题。"
PARAGRAPHS = "这一条下面有 {count} 段没有编号的文字，可能不止一个问题，请核对。"
SHORT = "这一条文字很短，请核对是否完整。"
TWICE = "同样的文字在文件里出现了不止一次，请核对是否重复。"
BY_VOTE = "所在部分的标题没有写明是“问题”，按内容判断，请核对。"
UNNUMBERED = "原文这一段没有编号，按段落列为一条，请核对。"


def findings_of(text: str, mirror: str, root: Node) -> tuple[Item, ...]:
    """The findings in document order: what an inspection office would list one by one.

    One finding is the deepest numbered entry in a problem section. An entry with a title sentence and its
    manifestations stays one; it is split only where it numbers them itself (一是…二是…, ①, sub-numbers), and then its
    title is the heading of each. Unnumbered paragraphs under an entry belong to it (`more`); a paragraph right under
    a bare label (存在的主要问题), or one that brings its own series, stands by itself. Assessment, advice, demands,
    contacts and closing words give none. A section whose title does not say what it is, is judged by its entries:
    enough of them must say that something is wrong. Spans leave out markers and quotes around the whole.
    """
    _mark_titles(mirror, root)
    unnumbered.mark(mirror, root)
    items = _of_outline(text, mirror, root)
    items += _without_numbers(text, mirror, root, items)
    items = sorted((item for item in items if not _is_note(mirror, item)), key=lambda item: item.finding)
    seen: dict[str, int] = {}
    for item in items:
        words = text[slice(*item.finding)]
        seen[words] = seen.get(words, 0) + 1
    return tuple(_doubted(item, (TWICE,)) if seen[text[slice(*item.finding)]] > 1 else item for item in _apart(items))


def _is_note(mirror: str, item: Item) -> bool:
    """Numbered remarks behind a table, 注：1.…2.…, are no findings, nor what was passed on: 还收到…线索."""
    if spoken.is_nothing(mirror[slice(*item.finding)]):
        return True
    begin = mirror.rfind("\n", 0, item.finding[0]) + 1
    return bool(_NOTE.match(mirror, begin)) and "\t" not in mirror[begin : item.finding[0]]


def _of_outline(text: str, mirror: str, root: Node) -> list[Item]:
    votes = _votes(mirror, root)
    items = [
        item
        for entry in root.children
        for item in _of_section(text, mirror, entry, None if entry.children else votes.get(entry.style))
    ]
    return items + items_of(text, mirror, root.tables, level="", heading=None)


def _without_numbers(text: str, mirror: str, root: Node, items: Sequence[Item]) -> list[Item]:
    """What is told in prose, beside these items or where there are none."""
    if not items:
        found = [(root, heading, span) for heading, span in unnumbered.of_running_text(mirror, root)]
    else:
        taken = [span for item in items for span in (item.finding, *item.more)]
        found = [(node, heading_of(mirror, node), span) for node, span in unnumbered.beside(root, taken)]
    return [_item(text, mirror, node, heading, (span,), (UNNUMBERED,)) for node, heading, span in found]


def _apart(items: list[Item]) -> Iterator[Item]:
    """Two items never share text: of two that would, the first stands."""
    reached = -1
    for item in items:
        if item.finding[0] >= reached:
            reached = max(item.finding[1], *(span[1] for span in item.more), reached)
            yield item


def _of_section(text: str, mirror: str, node: Node, inherited: str | None) -> Iterator[Item]:
    if _is_attachment(mirror, node) and _is_no_finding(mirror, node):
        return
    role = role_of(mirror, node) or inherited
    by_vote = False
    if role is None and not _says_problem(mirror, node):
        role = _vote(mirror, node)
        by_vote = True
    if role in {"praise", "contact", "advice"}:
        for child in node.children:
            if role == "praise" and role_of(mirror, child) == "problem":
                yield from _of_section(text, mirror, child, None)
        return
    for item in _of_problems(text, mirror, node):
        yield _doubted(item, (BY_VOTE,)) if by_vote else item


def _is_attachment(mirror: str, node: Node) -> bool:
    if node.style == "attach":
        return True
    return node.style == "plain" and bool(node.pieces) and bool(
        lexicon.pattern("lines", "attachment").match(mirror[slice(*node.pieces[0])])
    )  # fmt: skip


def _is_no_finding(mirror: str, node: Node) -> bool:
    """An attachment of examples, wishes, explanations or dates, which adds no problem; its title may stand below."""
    pieces = [*node.pieces[:2], *(piece for child in node.children[:1] for piece in child.pieces[:1])]
    title = "\n".join(mirror[start : min(end, start + _LONGEST_TITLE)] for start, end in pieces)
    return not title or bool(lexicon.pattern("attachments", "no_findings", "feedback").search(title))


def _of_problems(text: str, mirror: str, node: Node) -> Iterator[Item]:
    if node.tables:
        yield from items_of(text, mirror, node.tables, level=node.level, heading=heading_of(mirror, node))
    if _is_one(mirror, node):
        yield _item(text, mirror, node, heading_of(mirror, node.parent), (_whole(mirror, node),), ())
    elif node.children:
        for child in node.children:
            yield from _of_section(text, mirror, child, "problem")
    elif not node.tables:
        yield from _of_leaf(text, mirror, node)


def _is_one(mirror: str, node: Node) -> bool:
    """An entry whose title stands alone on its line: 一是, 二是 in paragraphs beneath are its particulars."""
    if node.style not in _ENTRY_STYLES or len(node.pieces) != 1 or not node.children:
        return False
    if _PARTICULARS.search(mirror, *node.pieces[0]) or (
        node.style == "article" and all(child.style in LOOSE for child in node.children)
    ):
        return _says_problem(mirror, node)
    if node.children[0].marker is None or node.children[0].marker.inline:
        return False
    return all(child.style == "shi" and not child.children for child in node.children) and _is_title(
        mirror, node.pieces[0]
    )


def _is_title(mirror: str, piece: Span) -> bool:
    """One short sentence and no more."""
    title = sections.title_of(mirror[slice(*piece)])
    return len(title) <= _LONGEST_TITLE and len(title) >= piece[1] - piece[0] - 1


def _whole(mirror: str, node: Node) -> Span:
    pieces = [piece for entry in node.walk() for piece in entry.pieces]
    return _bare(mirror, (pieces[0][0], pieces[-1][1]))


def role_of(mirror: str, node: Node) -> str | None:
    """What the heading of an entry says it is; only headings can say so."""
    if node.style not in _ROLE_STYLES or not node.pieces:
        return None
    if node.style == "plain" and sections.is_appeal(mirror[slice(*node.pieces[0])]):
        return "advice"
    return sections.role_of(sections.title_of(mirror[slice(*node.pieces[0])]))


def _says_problem(mirror: str, node: Node) -> bool:
    if node.style == "plain" or not node.pieces:
        return False
    title = sections.title_of(mirror[slice(*node.pieces[0])])
    return sections.is_negative(title) and not sections.is_imperative(title)


def _votes(mirror: str, root: Node) -> dict[str, str]:
    """Numbered entries right under the document, without sections, are judged together with their like."""
    alike: dict[str, list[Node]] = {}
    for entry in root.children:
        if entry.marker and not entry.children and entry.pieces:
            alike.setdefault(entry.style, []).append(entry)
    return {style: "problem" for style, entries in alike.items() if _mostly_wrong(mirror, entries)}


def _mostly_wrong(mirror: str, leaves: list[Node]) -> bool:
    """Enough entries say that something is wrong; or nearly none demands anything and most give figures."""
    texts = [mirror[slice(*piece)] for leaf in leaves for piece in _told(leaf)]
    asked = sum(1 for text in texts if sections.is_imperative(text) or sections.is_demand(text))
    wrong = sum(1 for text in texts if sections.is_negative(text) and not sections.is_imperative(text))
    if all(leaf.style == "named" for leaf in leaves):
        return True
    if wrong >= len(texts) * _ENOUGH_NEGATIVE:
        return wrong > 0
    counted = sum(1 for text in texts if any(character.isdigit() for character in text))
    return asked <= len(texts) * _FEW_ASKED and counted >= len(texts) * _ENOUGH_COUNTED


def _told(leaf: Node) -> list[Span]:
    """What an entry tells: of a heading over paragraphs, those."""
    return leaf.pieces[1:] if leaf.style in _HEADING_STYLES and len(leaf.pieces) > 1 else leaf.pieces[:1]


def _vote(mirror: str, node: Node) -> str:
    if any(has_findings(mirror, table) for entry in node.walk() for table in entry.tables):
        return "problem"
    leaves = [leaf for leaf in node.walk() if not leaf.children and leaf.pieces]
    return "problem" if leaves and _mostly_wrong(mirror, leaves) else "advice"


def _of_leaf(text: str, mirror: str, node: Node) -> Iterator[Item]:
    pieces = [span for piece in node.pieces if (span := _bare(mirror, piece))[0] < span[1]]
    if node.marker and node.marker.inline:  # what is told or asked in paragraphs below is not of its sentence
        pieces = pieces[: 1 if node.told else None]
        pieces = [*pieces[:1], *itertools.takewhile(lambda piece: not spoken.is_end(mirror, piece), pieces[1:])]
    if not pieces or sections.is_demand(mirror[slice(*pieces[0])]) or _LEFT_OUT.fullmatch(mirror, *pieces[0]):
        return
    if node.is_title:
        yield _item(text, mirror, node, _field_above(mirror, node), tuple(_joined(mirror, pieces)), (UNNUMBERED,))
        return
    if node.style == "plain" and len(pieces) == 1 and _FIELD.search(mirror, *pieces[0]):
        return
    if _is_heading(mirror, node, pieces):
        yield from _under_heading(text, mirror, node, pieces)
        return
    if len(listed := spoken.listed_in(mirror, pieces[0])[1]) > 1:
        field, _ = spoken.listed_in(mirror, pieces[0])
        yield from (_item(text, mirror, node, field, (part,), (UNNUMBERED,)) for part in listed)
        return
    doubts = _doubts(mirror, node, pieces) + ((UNNUMBERED,) if node.marker is None else ())
    pieces[0], topic = _past_topic(mirror, node, pieces[0])
    runs_on = mirror[pieces[0][1] : pieces[0][1] + 1] == ";"
    if len(pieces) > 1 and node.style != "plain" and (runs_on or _is_title(mirror, node.pieces[0])):
        pieces = _joined(mirror, pieces)
    yield _item(text, mirror, node, topic or heading_of(mirror, node.parent), tuple(pieces), doubts)


def _past_topic(mirror: str, node: Node, piece: Span) -> tuple[Span, Span | None]:
    """Behind the field an entry names first (理论武装:…), where those beside it do so too; and the field."""
    found = _TOPIC.match(mirror, *piece)
    if not found or node.parent is None:
        return piece, None
    beside = [one for one in node.parent.children[:_BESIDE] if one.pieces and one.style == node.style]
    topics = [_TOPIC.match(mirror, *one.pieces[0]) for one in beside]
    if len(beside) < _ALIKE or not all(one and not sections.is_negative(one["topic"]) for one in topics):
        return piece, None
    return (found.end(), piece[1]), found.span("topic")


def _mark_titles(mirror: str, root: Node) -> None:
    """Lines that lost their numbers are no headings where nearly each says what is wrong, over one paragraph."""
    for parent in root.walk():
        told = [one for one in parent.children if one.style == "plain" and len(one.pieces) > 1]
        titles = [one for one in told if len(one.pieces) == 2 and not one.children]
        words = [mirror[slice(*one.pieces[0])] for one in titles]
        wrong = sum(sections.is_negative(title) and not sections.is_imperative(title) for title in words)
        if wrong >= max(_FEWEST_TITLES, len(told) * _MOSTLY_TITLES):
            for one in titles:
                one.is_title = True


def _field_above(mirror: str, node: Node) -> Span | None:
    """The bare line right above that names a field and has nothing of its own, else the heading over all."""
    before = node.before
    for _ in range(_NEAR):
        before = before.before if before and before.is_title else before
    return heading_of(mirror, before if before and len(before.pieces) == 1 else node.parent)


def _joined(mirror: str, pieces: list[Span]) -> list[Span]:
    """A title and the paragraphs right behind it as one; what stands elsewhere is more."""
    whole = [pieces[0]]
    for piece in pieces[1:]:
        if mirror[whole[-1][1] : piece[0]].strip(" \r\n。;"):
            whole.append(piece)
        else:
            whole[-1] = (whole[-1][0], piece[1])
    return whole


def _is_heading(mirror: str, node: Node, pieces: list[Span]) -> bool:
    """The first line of an entry without numbers beneath is a heading over paragraphs, not a problem itself."""
    if role_of(mirror, node) == "problem" or node.style == "plain":
        return True
    if node.style not in _HEADING_STYLES or len(pieces) < 2 or not _is_title(mirror, node.pieces[0]):
        return False
    return mirror[pieces[0][1] - 1] != "。" and (len(pieces) > 2 or not sections.is_negative(mirror[slice(*pieces[0])]))


def _under_heading(text: str, mirror: str, node: Node, pieces: list[Span]) -> Iterator[Item]:
    """Each paragraph is a problem; a lone one under a field (关于教师队伍) may tell several, sentence by sentence."""
    title = mirror[slice(*pieces[0])]
    rest = pieces[1:] or ([pieces[0]] if spoken.has_lead(mirror, pieces[0]) else _after_label(mirror, pieces[0]))
    role = role_of(mirror, node)
    found = unnumbered.under_heading(
        mirror, node, rest, above=pieces[0], says_problem=role == "problem",
        listed=len(rest) == 1 and not sections.is_negative(title) and role is None,
    )  # fmt: skip
    for heading, part in found:
        yield _item(text, mirror, node, heading, (part,), (UNNUMBERED,))


def _after_label(mirror: str, piece: Span) -> list[Span]:
    """What follows a label in the same paragraph: 存在的主要问题：…"""
    start, end = piece
    span = trimmed(mirror, (start + len(sections.title_of(mirror[start:end])) + 1, end), also=";,、")
    return [span] if span[0] < span[1] else []


def _item(
    text: str, mirror: str, node: Node, heading: Span | None, pieces: tuple[Span, ...], doubts: tuple[str, ...]
) -> Item:
    finding, state, state_span, results = spoken.without_tail(mirror, spoken.before_closing(mirror, pieces[-1]))
    pieces = (*pieces[:-1], finding)
    return Item(
        level=node.level,
        heading=heading,
        finding=pieces[0],
        more=pieces[1:],
        results=results,
        state=state,
        state_span=state_span,
        is_common=_commonality(mirror, node),
        figures=figures_in(text, mirror, list(pieces)),
        doubts=doubts,
    )


def _bare(mirror: str, span: Span) -> Span:
    """Without the separator of a list at the end and without quotes around the whole."""
    start, end = trimmed(mirror, span, also=";,、")
    closing = _QUOTES.get(mirror[start]) if start < end else None
    if closing and end - start > 2 and mirror.find(closing, start + 1, end) == end - 1:
        start, end = trimmed(mirror, (start + 1, end - 1))
    return start, end


def _commonality(mirror: str, node: Node) -> bool | None:
    for above in node.ancestors():
        title = sections.title_of(mirror[slice(*above.pieces[0])]) if above.pieces else ""
        if "共性" in title:
            return True
        if "个性" in title:
            return False
    return None


def _doubts(mirror: str, node: Node, pieces: list[Span]) -> tuple[str, ...]:
    doubts = []
    if len(pieces) > _MANY_PARAGRAPHS:
        doubts.append(PARAGRAPHS.format(count=len(pieces) - 1))
    if not any(sections.is_negative(mirror[slice(*piece)]) for piece in pieces):
        doubts.append(NO_WRONG)
    if sum(end - start for start, end in pieces) < _SHORT:
        doubts.append(SHORT)
    before = node.before.marker if node.before else None
    if node.marker and before and node.number > before.number + 1:
        doubts.append(GAP.format(before=before.label, after=node.marker.label))
    return tuple(doubts)


def _doubted(item: Item, doubts: tuple[str, ...]) -> Item:
    return replace(item, doubts=tuple(dict.fromkeys(item.doubts + doubts)))

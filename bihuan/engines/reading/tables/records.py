"""Finds ledgers written as blocks of labeled lines, 问题：… 措施：… 责任人：…, one block for each finding.

Reports and plans put labels into their paragraphs too; those are read elsewhere.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.tables.columns import role_of
from bihuan.engines.reading.tables.upright import Pair, from_pairs

_LABEL = re.compile(
    r"(?:[(]?\d{1,2}[).、]|[①-⑳])?\s*(?:【(?P<in>[^】:]{1,10})】:?|(?P<bare>[一-龥/、()]{2,10})\s*:)\s*"
)
_HEAD = re.compile(
    r"[【\[(]?(?:第|问题|之|事项|任务|清单)?\s?(?:[A-Za-z]{0,2}-?\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?:[单条项号件例张个]|问题|事项)?"
    r"[】\])、.:]?$"
)
_HEADED = re.compile(
    r"[【\[(]?(?P<kind>问题|事项)?\s?(?P<mark>\d{1,3}|[一二三四五六七八九十]{1,3})[】\])、.:\s]{1,3}(?P<title>[^\s\d][^。]{3,60})。?$"
)
_TITLED_BY = re.compile(r"[【\[★●◆■▲]|[(]?[一二三四五六七八九十]{1,3}[)、]|第[一二三四五六七八九十]部分")
_NUMBER, _TITLED = "number", "title"
_TITLE = re.compile(r"[【\[(]?(?:问题|事项|任务)\s?(?=[^】\])、.:])")
_WITHIN = re.compile(r"(?:^|(?<=[。;|/\s.、)]))(?P<name>[一-龥]{2,8}):\s*")
_PAPER = re.compile("(通报|公告|公示|报告|汇报|方案|计划|通知)(\\(.{1,12}\\))?$")
_NOTE = re.compile(r"(说明|备注|注|填表|填报|制表|审核人?|复核人?|联系|登记日|以上|合计|总计)[\w]{0,4}[:：\d]")
_TITLES = 6
_FINDINGS = {"finding", "detail", "task", "before"}
_FEWEST_RECORDS = 3
_FEWEST_LABELS = 3
_LONGEST_LEAD = 8


@dataclass(frozen=True, slots=True)
class _Told:
    """A line: its label and value, or the head of a block, or neither."""

    span: Span
    label: Span | None = None
    value: Span | None = None
    is_head: bool = False


def recorded_tables(mirror: str, lines: Sequence[Span]) -> Iterator[Table]:
    """The blocks of a text as a table, if it consists of them."""
    if any(_PAPER.search(words) and "," not in words for words in _titles(mirror, lines)):
        return
    told = [one for line in lines for one in (_inline(mirror, line) or _told(mirror, line))]
    often = Counter(_name(mirror, one.label) for one in told if one.label)
    known = {name for name, count in often.items() if count >= _FEWEST_RECORDS - (role_of(name) is not None)}
    if len(known) < _FEWEST_LABELS or not {role_of(name) for name in known} & _FINDINGS:
        return
    groups = _groups(mirror, told, known)
    if len(groups) >= _FEWEST_RECORDS:
        yield from_pairs(groups, (groups[0][0][1][0], groups[-1][-1][2][1]))


def _titles(mirror: str, lines: Sequence[Span]) -> Iterator[str]:
    return (re.sub(r"\s", "", mirror[slice(*line)]) for line in lines[:_TITLES])


def _name(mirror: str, label: Span) -> str:
    return re.sub(r"\s", "", mirror[slice(*label)])


def _told(mirror: str, line: Span) -> list[_Told]:
    """A label and its value, behind the number of the block where one stands there; else a head or nothing."""
    found = _LABEL.match(mirror, *line)
    if found and not _NOTE.match(mirror, line[0]):
        label = found.span("in" if found["in"] else "bare")
        if found.end() < line[1] and not _HEADED.match(mirror, *line):
            lead = trimmed(mirror, (line[0], found.start("in") - 1 if found["in"] else found.start("bare")))
            head = [_Told(lead, is_head=True)] if lead[0] < lead[1] else []
            return [*head, _Told((label[0], line[1]), label, (found.end(), line[1]))]
    return [_Told(line, is_head=bool(_HEAD.match(mirror[slice(*line)])))]


def _inline(mirror: str, line: Span) -> list[_Told]:
    """A whole block in one line: 1. 问题:…。措施:…。责任人:…; none where there are not labels enough."""
    if mirror.count(":", *line) < _FEWEST_LABELS:
        return []
    found = list(_WITHIN.finditer(mirror, *line))
    names = [one["name"] for one in found]
    if len(found) < _FEWEST_LABELS or len(set(names)) < len(names) or found[0].start("name") - line[0] > _LONGEST_LEAD:
        return []
    ends = [one.start("name") for one in found[1:]] + [line[1]]
    lead = trimmed(mirror, (line[0], found[0].start("name")))
    told = [_Told(lead, is_head=bool(_HEAD.match(mirror[slice(*lead)])))] if lead[0] < lead[1] else []
    for one, end in zip(found, ends, strict=True):
        value = trimmed(mirror, (one.end(), end), also="。;|/")
        if value[0] < value[1]:
            told.append(_Told((one.start("name"), end), one.span("name"), value))
    return told


def _groups(mirror: str, told: Sequence[_Told], known: set[str]) -> list[list[Pair]]:
    """The blocks: each begins with its head or with a label that the one before has already."""
    groups: list[list[Pair]] = []
    head: list[Pair] = []
    is_open = False
    for at, one in enumerate(told):
        name = _name(mirror, one.label) if one.label else ""
        if one.label and one.value and name in known:
            if not is_open or head or any(other == name for other, _, _ in groups[-1]):
                groups.append(head)
                head, is_open = [], True
            groups[-1].append((name, one.label, one.value))
        elif before := _head(mirror, one, _following(mirror, told, at, known)):
            head = before
        elif is_open and not one.label and _goes_on(mirror, one, groups[-1][-1][2]):
            name, label, value = groups[-1][-1]
            groups[-1][-1] = (name, label, (value[0], one.span[1]))
        elif not one.label:
            is_open = False
    return [[(name, label, trimmed(mirror, value, also="。;")) for name, label, value in group] for group in groups]


def _following(mirror: str, told: Sequence[_Told], at: int, known: set[str]) -> bool:
    """A known label stands on the next line."""
    label = told[at + 1].label if at + 1 < len(told) else None
    return label is not None and _name(mirror, label) in known


def _head(mirror: str, one: _Told, is_followed: bool) -> list[Pair]:
    """The number of a block, and its title where it has one."""
    start = one.span[0]
    if one.is_head:
        return [(_NUMBER, (start, start), trimmed(mirror, _bare(mirror, one.span)))]
    found = _HEADED.match(mirror, *one.span) if is_followed and not one.label else None
    if not found:
        return []
    number: Pair = (_NUMBER, (start, start), found.span("mark"))
    kind = found.span("kind") if found["kind"] else (start, start)
    return [number, (_TITLED, kind, trimmed(mirror, found.span("title"), also="。;:"))]


def _bare(mirror: str, span: Span) -> Span:
    found = _TITLE.match(mirror, *span)
    start, end = (found.end() if found else span[0]), span[1]
    return start + (mirror[start] in "【[("), end - (mirror[end - 1] in "】])、.:")


def _goes_on(mirror: str, one: _Told, value: Span) -> bool:
    """A line right below a value goes on with it, unless it is a heading or a note."""
    between = mirror[value[1] : one.span[0]]
    return (
        between.count("\n") == 1 and not _NOTE.match(mirror, one.span[0]) and not _TITLED_BY.match(mirror, one.span[0])
    )

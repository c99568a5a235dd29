"""Finds the labels a document has of its own: short words before a colon or a dash that begin part after part.

What every document may use (整改措施:) stands in the word lists; 症结:…做法:…见效: are learned from the text here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bihuan.engines.reading.items import roles
from bihuan.engines.reading.items.states import state_alone
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.passages import Passage
from bihuan.engines.reading.words import grammar

_OPENS = r"(?:^|(?<=[\n\r。;!?()】〕〗\]\t ]))"
_OWN = re.compile(
    _OPENS + r"(?:(?P<words>[㐀-鿿]{1,10})(?::|——|--)(?!//)|[【\[「『〖](?P<boxed>[㐀-鿿]{2,8})[】\]」』〗]:?)"
)
_STOPS = "。;,、: "
_TWICE = 2
_THRICE = 3
_MOSTLY = 0.7
_OPENING = 60
_LONGEST_NAME = 16
_LONGEST_DAY = 24
_LONGEST = 80
_CLOSES = {"(": ")", "【": "】", "[": "]"}
_READ_AS = {"f": "finding", "m": "measures", "r": "results", "s": "state", "o": "note"}
_ALONE = frozenset({"finding", "measures", "results", "deeds"})


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label stands, with its colon or brackets, and the role it gives to what follows."""

    start: int
    end: int
    role: str


def labels_of(mirror: str, passages: Sequence[Passage]) -> list[list[Label]]:
    """The labels of each passage in order: those any document may use and those of this one."""
    own = _own_roles(mirror, passages)
    return [list(_in_passage(mirror, passage, own)) for passage in passages]


def _in_passage(mirror: str, passage: Passage, own: dict[str, str]) -> Iterator[Label]:
    known = list(_known(mirror, passage))
    if not own:
        yield from known
        return
    taken = [(one.start, one.end) for one in known]
    found = [
        Label(one.start(), one.end(), own[one["words"] or one["boxed"]])
        for one in _OWN.finditer(mirror, passage.begin, passage.span[1])
        if (one["words"] or one["boxed"]) in own
        and not any(start < one.end() and one.start() < end for start, end in taken)
    ]
    yield from sorted([*known, *found], key=lambda one: one.start)


def _known(mirror: str, passage: Passage) -> Iterator[Label]:
    """The labels any document may use; a bracket that opens with one holds more: (责任人:…;时限:…), 【牵头:…】."""
    closing = -1
    for one in grammar.labels().finditer(mirror, passage.begin, passage.span[1]):
        if one.start() < closing or not _is_inside(mirror, passage.begin, one.start()):
            if closing >= 0 and one.start() > closing:
                yield _behind(mirror, closing, passage.span[1])
                closing = -1
            yield Label(one.start(), one.end(), grammar.role_of(one))
            closes = _CLOSES.get(mirror[one.start()])
            if closes and closes not in one[0]:
                closing = mirror.find(closes, one.end(), passage.span[1])
    if closing >= 0:
        yield _behind(mirror, closing, passage.span[1])


def _behind(mirror: str, closing: int, end: int) -> Label:
    """Where a bracket of labels ends and words without a label begin."""
    begin = closing + 1
    while begin < end and mirror[begin] in _STOPS:
        begin += 1
    return Label(closing, begin, "")


def _is_inside(mirror: str, begin: int, at: int) -> bool:
    """Behind a bracket that is still open: (责任单位:某股;时限:3月) is about the words before it alone."""
    begin = max(begin, at - _LONGEST)
    opened = max(mirror.rfind("(", begin, at), mirror.rfind("〔", begin, at))
    return opened >= 0 and opened > max(mirror.rfind(")", begin, at), mirror.rfind("〕", begin, at))


@dataclass(frozen=True, slots=True)
class _Own:
    """A word that may be a label of this document, and what stands behind it."""

    words: str
    start: int
    behind: Span
    leads: bool


def _own_roles(mirror: str, passages: Sequence[Passage]) -> dict[str, str]:
    """The words that begin a part more than once, each with its role; none unless one of them tells what was done."""
    found: dict[str, list[_Own]] = {}
    for at, passage in enumerate(passages):
        for one in _own_in(mirror, passages, at, passage):
            found.setdefault(one.words, []).append(one)
    told: dict[str, str] = {}
    for words, uses in found.items():
        role = grammar.family_of(words) if len(uses) >= _TWICE else ""
        if role and (role not in _ALONE or any(one.leads for one in uses)):
            told[words] = _checked(mirror, role, uses)
    if not any(role in _ALONE for role in told.values()):
        return {}
    return told | _by_content(mirror, found, told)


def _own_in(mirror: str, passages: Sequence[Passage], at: int, passage: Passage) -> Iterator[_Own]:
    """The candidates of a passage; a label with nothing behind it is about the passage below."""
    begin, end = passage.begin, passage.span[1]
    starts = sorted(
        {one.start() for one in _OWN.finditer(mirror, begin, end)}
        | {one.start() for one in grammar.labels().finditer(mirror, begin, end)}
    )
    for one in _OWN.finditer(mirror, begin, end):
        words = one["words"] or one["boxed"]
        if grammar.labels().match(mirror, one.start(), end) or (one["boxed"] and state_alone(words)):
            continue
        stop = next((start for start in starts if start >= one.end()), end)
        behind = trimmed(mirror, (one.end(), stop))
        if behind[0] >= behind[1] and stop == end and at + 1 < len(passages):
            behind = (passages[at + 1].begin, passages[at + 1].span[1])
        leads = one.start() == begin or mirror[one.start() - 1] in "】〕])("
        yield _Own(words, one.start(), behind, leads)


def _checked(mirror: str, role: str, uses: Sequence[_Own]) -> str:
    """人和时间: a word that names a time stands over who answers, too, where a name comes first."""
    return "responsible" if role == "deadline" and _mostly(mirror, uses, _names_somebody) else role


def _by_content(mirror: str, found: dict[str, list[_Own]], told: dict[str, str]) -> dict[str, str]:
    """Words that name no role but begin a part of each entry: what stands behind them says which."""
    most = max(len(found[words]) for words in told)
    has_finding = next((words for words in found if told.get(words) == "finding"), "")
    roles_of: dict[str, str] = {}
    for words, uses in found.items():
        is_label = len(uses) >= max(_THRICE, most * _MOSTLY) and all(one.leads for one in uses)
        if words in told or not is_label:
            continue
        role = _of_content(mirror, uses)
        is_second = role == "finding" and (has_finding or "finding" in roles_of.values())
        roles_of[words] = "cause" if is_second else role
    return roles_of


def _of_content(mirror: str, uses: Sequence[_Own]) -> str:
    if _mostly(mirror, uses, _names_somebody):
        return "responsible"
    if _mostly(mirror, uses, _names_a_day):
        return "deadline"
    scores = [
        roles.scores_of(mirror[one.behind[0] : min(one.behind[1], one.behind[0] + _OPENING)], "P") for one in uses
    ]
    summed = dict(zip(roles.ROLES, map(sum, zip(*scores, strict=True)), strict=True))
    return _READ_AS[max(summed, key=lambda role: summed[role])]


def _mostly(mirror: str, uses: Sequence[_Own], says: Callable[[str], bool]) -> bool:
    return sum(says(mirror[slice(*one.behind)]) for one in uses) >= len(uses) * _MOSTLY


def _names_somebody(words: str) -> bool:
    first = re.split("[、,;/。]", words, maxsplit=1)[0].replace(" ", "")
    return 0 < len(first) <= _LONGEST_NAME and bool(grammar.pattern("points", "office").search(first))


def _names_a_day(words: str) -> bool:
    return len(words) <= _LONGEST_DAY and bool(grammar.pattern("points", "deadline").match(words))

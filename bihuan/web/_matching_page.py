"""A later document beside the ledger as templates show it: what has no pair, the pairs, what may be taken over."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext

from bihuan.queries.plans.matching import ByHand, LedgerRow, MatchedPair, Matching
from bihuan.queries.plans.said import SaidItem, SaidMeasure
from bihuan.rules.plan_matching import LABELS, MEASURES, OPEN, PROGRESS, STANDINGS, Part
from bihuan.rules.vocabulary import N_
from bihuan.web import _plan_page, words
from bihuan.web._pages import Link, Look, look

RESULTS = N_("整改结果")


@dataclass(frozen=True)
class Cut:
    """A run of words, marked where the document has it too."""

    text: str
    is_shared: bool


@dataclass(frozen=True)
class Row:
    """One finding of the ledger."""

    id: str
    number: str
    title: str
    url: str
    state: Look


@dataclass(frozen=True)
class Line:
    """One thing that the document says, under its label."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One item of the document."""

    position: int
    level: str
    words: str
    lines: tuple[Line, ...]
    state_label: str
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """A part that may be taken over, or why not; `now`: what stands there, where it is something that can stand."""

    value: str
    label: str
    said: str
    has_now: bool
    now: str
    standing: str
    is_open: bool
    is_ticked: bool


@dataclass(frozen=True)
class Shown:
    """A pair: the finding, the item, why they belong together, the parts, and the addresses of what may be done."""

    row: Row
    cuts: tuple[Cut, ...]
    item: Item
    why: str
    shared: str
    seen_name: str
    seen: str
    choices: tuple[Choice, ...]
    has_open: bool
    part_url: str
    claim_label: str
    claim_url: str


def start_url(feedback: object) -> str:
    """Where documents are laid beside a plan."""
    return f"{_plan_page.address(feedback)}matching/"


def address(feedback: object, document: object) -> str:
    """One document beside the ledger."""
    return f"{start_url(feedback)}{document}"


def crumbs(feedback: UUID, title: str) -> tuple[Link, ...]:
    """Where we are."""
    return (
        Link(gettext("方案"), _plan_page.ALL),
        Link(gettext("整改方案"), _plan_page.address(feedback)),
        Link(title),
    )


def asked(by_hand: ByHand) -> list[tuple[str, str]]:
    """The pairs that a person made, as the address carries them."""
    pairs = [("pair", f"{item}:{row}") for item, row in sorted(by_hand.joined.items())]
    return [("apart", str(item)) for item in sorted(by_hand.apart)] + pairs


def context(found: Matching, by_hand: ByHand, *, ticked: Collection[str], notice: str) -> dict[str, Any]:
    """The whole page."""
    document = found.document
    url = address(found.feedback, document.id)
    named = {"said": document.unit, "unit": found.unit}
    title = gettext("与台账对照")
    return {
        "title": title,
        "crumbs": crumbs(found.feedback, title),
        "tags": (),
        "name": document.name,
        "file_url": f"/uploads/{document.id}",
        "kind_label": document.kind_label,
        "start_url": start_url(found.feedback),
        "plan_title": found.title,
        "plan_url": _plan_page.address(found.feedback),
        "other_unit": gettext("文件写的单位是“%(said)s”，台账是“%(unit)s”，请核对。") % named
        if found.names_another_unit
        else "",
        "is_cut": document.is_cut,
        "notice": notice,
        "url": _with(url, asked(by_hand)),
        "kept": asked(by_hand),
        "engine_url": url if asked(by_hand) else "",
        "all_url": _with(url, [*asked(by_hand), ("all", "1")]),
        "unnamed": [_row(row) for row in found.unnamed],
        "beyond": [_item(item) for item in found.beyond],
        "past": [_row(row) for row in found.past],
        "rows": [_row(row) for row in (*found.unnamed, *found.past, *(pair.row for pair in found.pairs))],
        "pairs": [_pair(pair, by_hand, url, ticked) for pair in found.pairs],
        "has_open": any(part.standing == OPEN for pair in found.pairs for part in pair.parts),
    }


def value_of(pair: MatchedPair, part: Part) -> str:
    """What the form says of one part: the item, the finding, the part."""
    return f"{pair.item.position}:{pair.row.id}:{part.code}"


def _with(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{url}?{urlencode(pairs)}" if pairs else url


def _row(row: LedgerRow) -> Row:
    return Row(str(row.id), row.number, row.title, f"/findings/{row.id}/", look(row.state))


def _item(item: SaidItem) -> Item:
    every = (
        (N_("原因分析"), (item.causes,)),
        (N_("整改目标"), (item.goal,)),
        (N_("牵头领导"), (item.leader,)),
        (N_("整改措施"), tuple(_measure(measure) for measure in item.measures)),
        (N_("责任"), tuple(one for one in item.responsible if one != item.leader)),
        (N_("时限"), item.deadline),
        (RESULTS, item.results),
    )
    lines = tuple(Line(label, lines) for label, lines in every if any(lines))
    return Item(item.position, item.level, item.words, lines, item.state_label, item.doubts)


def _measure(measure: SaidMeasure) -> str:
    more = [measure.person, str(measure.due_on or ""), gettext("长期坚持") if measure.is_long_term else ""]
    named = "，".join(part for part in more if part)
    return f"{measure.text}（{named}）" if named else measure.text


def _beside(pair: MatchedPair) -> Item:
    """The item without the lines that stand among the parts to take over."""
    item = _item(pair.item)
    offered = {RESULTS if part.code == PROGRESS else LABELS[part.code] for part in pair.parts}
    return replace(item, lines=tuple(line for line in item.lines if line.label not in offered))


def _pair(pair: MatchedPair, by_hand: ByHand, url: str, ticked: Collection[str]) -> Shown:
    apart = ByHand(
        {*by_hand.apart, pair.item.position},
        {item: row for item, row in by_hand.joined.items() if item != pair.item.position},
    )
    claimed = bool(pair.claim) and pair.may_claim
    return Shown(
        row=_row(pair.row), cuts=tuple(_cuts(pair)), item=_beside(pair), why=_why(pair),
        shared="、".join(one if one == other else f"{one}／{other}" for one, other in pair.why.shared),
        seen_name=f"seen-{pair.row.id}", seen=f"{pair.row.row_revision}:{pair.row.revision}",
        choices=tuple(_choice(pair, part, ticked) for part in pair.parts),
        has_open=any(part.standing == OPEN for part in pair.parts), part_url=_with(url, asked(apart)),
        claim_label=words.label(pair.item.state_label) if claimed else "",
        claim_url=f"/findings/{pair.row.id}/steps/request_closing/?claim={pair.claim}" if claimed else "",
    )  # fmt: skip


def _why(pair: MatchedPair) -> str:
    if pair.why.by_hand:
        return gettext("人工对上")
    if pair.why.same_number and not pair.why.shared:
        return gettext("编号相同")
    likeness = gettext("相似 %(percent)s%%") % {"percent": round(pair.why.likeness * 100)}
    return f"{likeness} · {gettext('编号相同')}" if pair.why.same_number else likeness


def _choice(pair: MatchedPair, part: Part, ticked: Collection[str]) -> Choice:
    value = value_of(pair, part)
    said = "\n".join(map(_measure, pair.item.measures)) if part.code == MEASURES else part.said
    return Choice(
        value, words.label(LABELS[part.code]), said, part.code != PROGRESS, part.now,
        words.label(STANDINGS[part.standing]), part.standing == OPEN, value in ticked,
    )  # fmt: skip


def _cuts(pair: MatchedPair) -> Iterator[Cut]:
    """The finding's words with those marked that the document has."""
    text, at = pair.row.text, 0
    for start, end in pair.why.marks:
        if start > at:
            yield Cut(text[at:start], False)
        yield Cut(text[start:end], True)
        at = end
    if at < len(text):
        yield Cut(text[at:], False)

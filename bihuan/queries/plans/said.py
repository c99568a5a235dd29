"""What a later document says, item by item: read anew from the kept file, never stored apart from it.

The reading is a pure function of the bytes; the last few are kept by their hash, for who may see the upload anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from bihuan.engines.reading import Beside, Item, Reading, Unreadable, beside, read_bytes
from bihuan.models import FileContent, Upload
from bihuan.rules.access import Actor
from bihuan.rules.entries import LONGEST
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import MeasureInput
from bihuan.rules.vocabulary import N_
from bihuan.rules.written_days import day_of, is_long_term

MOST = 600
KEPT = 8
KINDS = {
    "feedback": N_("反馈意见"), "plan": N_("整改方案"), "notice": N_("整改情况报告或通报"), "statistics": N_("统计表"),
    "ledger": N_("整改台账"), "other": N_("其他文稿"),
}  # fmt: skip
STATES = {
    "done": N_("已完成"), "basically_done": N_("基本完成"), "phase_done_long_term": N_("阶段性完成并长期坚持"),
    "in_progress": N_("正在整改"), "not_done": N_("未完成"), "unstated": "",
}  # fmt: skip
# What a claim of each state would be, by the codes of the step; nothing is claimed by reading it.
CLAIMS = {"done": "done", "phase_done_long_term": "long_term"}


@dataclass(frozen=True)
class SaidMeasure:
    """One measure in the document's words; person and day are filled where it can be said which they are."""

    text: str
    person: str
    due_on: date | None
    is_long_term: bool


@dataclass(frozen=True)
class SaidItem:
    """One item of the document. `position` counts from 1, `around` is its stretch of the text, for numbers in it."""

    position: int
    level: str
    words: str
    around: str
    causes: str
    goal: str
    leader: str
    measures: tuple[SaidMeasure, ...]
    responsible: tuple[str, ...]
    deadline: tuple[str, ...]
    results: tuple[str, ...]
    state: str
    state_label: str
    doubts: tuple[str, ...]

    def content(self) -> RowContent:
        """What the item says of a plan's row; units and products of measures are for a person to say."""
        measures = tuple(
            MeasureInput(one.text, person=one.person, due_on=one.due_on, is_long_term=one.is_long_term)
            for one in self.measures
        )
        return RowContent(self.causes, self.goal, self.leader, False, measures)


@dataclass(frozen=True)
class Document:
    """A later document as read: name, kind, the unit it names, items. `id` None: not kept; `is_cut`: there are more."""

    id: UUID | None
    name: str
    kind: str
    kind_label: str
    unit: str
    items: tuple[SaidItem, ...]
    is_cut: bool


class ReadNoLonger(Exception):
    """A document that was read when it was laid here cannot be read now: what reads it is gone."""

    def __init__(self, code: str, reason: str, *, name: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.name = code, reason, name


def document_of(upload: UUID, *, feedback: UUID, actor: Actor) -> Document | None:
    """The document kept for that feedback, or None when it is not there or not the actor's to know.

    Raises ReadNoLonger.
    """
    row = Upload.objects.visible_to(actor.scope).filter(pk=upload, thing_id=feedback).first()
    return said_in(_read(row.sha256, row.name), name=row.name, upload=row.pk) if row else None


@lru_cache(maxsize=KEPT)
def _read(sha256: str, name: str) -> Reading:
    content = bytes(FileContent.objects.values_list("content", flat=True).get(pk=sha256))
    try:
        return read_bytes(content, name=name)
    except Unreadable as fault:
        raise ReadNoLonger(fault.code, fault.reason, name=name) from fault


def said_in(reading: Reading, *, name: str, upload: UUID | None = None) -> Document:
    """A reading as values; the first items only where there are very many."""
    shown = reading.items[:MOST]
    begins = [item.finding[0] for item in reading.items]
    # From the line on which it begins: numbers and labels stand before the finding.
    starts = [max(0, reading.text.rfind("\n", 0, begin)) for begin in begins]
    ends = [*starts[1:], len(reading.text)]
    words = beside(reading)
    items = tuple(
        _item(place, item, reading, words[place - 1], reading.text[start:end])
        for place, (item, start, end) in enumerate(zip(shown, starts, ends, strict=False), 1)
    )
    unit = reading.quoted(reading.unit) if reading.unit else ""
    return Document(upload, name, reading.kind, KINDS[reading.kind], unit, items, len(reading.items) > MOST)


def _item(position: int, item: Item, reading: Reading, words: Beside, around: str) -> SaidItem:
    measures, results, responsible, deadline = (
        tuple(reading.quoted(span) for span in spans)
        for spans in (item.measures, item.results, item.responsible, item.deadline)
    )
    return SaidItem(
        position=position, level=item.level,
        words="\n".join(reading.quoted(span) for span in (item.finding, *item.more)), around=around,
        causes=words.causes, goal=words.goal, leader=words.leader,
        measures=_measures(measures, words.person, deadline),
        responsible=responsible, deadline=deadline, results=results, state=item.state,
        state_label=STATES[item.state], doubts=item.doubts,
    )  # fmt: skip


def _measures(texts: Sequence[str], person: str, days: Sequence[str]) -> tuple[SaidMeasure, ...]:
    """Each with its own limit where there are as many as measures; else all that is said of limits is said of each."""
    fits = person if len(person) <= LONGEST["person"] else ""
    said = []
    for place, text in enumerate(texts):
        limit = days[place] if len(days) == len(texts) else "，".join(days)
        said.append(SaidMeasure(text, fits, day_of(limit), is_long_term(limit)))
    return tuple(said)

"""What may be taken over from a later document: what is empty may be filled, what a person wrote stays as it is.

Basis: an import never overwrites what a person decided (row L9); a report becomes progress in its own words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bihuan.rules.entries import LONGEST
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import MeasureInput
from bihuan.rules.vocabulary import N_

OPEN, SAME, WRITTEN, TOO_LONG = "open", "same", "written", "too_long"
FIELDS = {"causes": N_("原因分析"), "goal": N_("整改目标"), "leader": N_("牵头领导")}
MEASURES, PROGRESS = "measures", "progress"
LABELS = {**FIELDS, MEASURES: N_("整改措施"), PROGRESS: N_("进展")}
STANDINGS = {
    OPEN: N_("可以采纳"),
    SAME: N_("已经相同"),
    WRITTEN: N_("已有人填写，不改动"),
    TOO_LONG: N_("太长，请自行填写"),
}


@dataclass(frozen=True)
class Part:
    """One part of what a document says of a finding: the words, what stands there now, whether it may be taken over."""

    code: str
    said: str
    now: str
    standing: str


def parts_of_plan(said: RowContent, *, now: RowContent) -> tuple[Part, ...]:
    """The parts that the document has, each beside the draft row."""
    parts = [
        Part(code, getattr(said, code), getattr(now, code), _standing(code, getattr(said, code), getattr(now, code)))
        for code in FIELDS
        if getattr(said, code)
    ]
    if said.measures:
        ours, theirs = _texts(now.measures), _texts(said.measures)
        parts.append(Part(MEASURES, theirs, ours, SAME if ours == theirs else WRITTEN if ours else OPEN))
    return tuple(parts)


def _standing(code: str, said: str, now: str) -> str:
    if now.strip():
        return SAME if now.strip() == said.strip() else WRITTEN
    return TOO_LONG if code in LONGEST and len(said) > LONGEST[code] else OPEN


def _texts(measures: Sequence[MeasureInput]) -> str:
    return "\n".join(measure.text.strip() for measure in measures)


def progress_part(results: Sequence[str], *, source: str, before: Collection[str]) -> tuple[Part, ...]:
    """What was done, in the document's words with its name; the same words are not reported twice."""
    if not results:
        return ()
    text = "\n".join(results) + f"\n（摘自“{source}”）"
    return (Part(PROGRESS, text, "", SAME if text in before else OPEN),)


def taken_over(said: RowContent, *, now: RowContent, parts: Collection[str]) -> RowContent:
    """The draft row with the parts that are empty in it and were chosen; nothing that stands there changes."""
    open_parts = {part.code for part in parts_of_plan(said, now=now) if part.standing == OPEN} & set(parts)
    changes = {code: getattr(said, code) for code in (*FIELDS, MEASURES) if code in open_parts}
    return replace(now, **changes)

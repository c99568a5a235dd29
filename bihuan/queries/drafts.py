"""The drafts of a feedback beside their document; what can be chosen for one is in _draft_choices.py."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from bihuan.models import Draft, EventBody, EventPlace, Feedback, Finding, FindingUnit, Organization
from bihuan.queries._category_hints import CategoryHint, category_hints
from bihuan.queries._draft_choices import VILLAGES, UnitName, names_of
from bihuan.queries._likeness import LikeFinding, like_findings
from bihuan.queries.looks import StateLook, look
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import DRAFT
from bihuan.rules.profile import Taxonomy


@dataclass(frozen=True)
class DescriptionRow:
    """What a draft, or the finding it became, is beside its text. `labels`: the category's words, by language."""

    category: str
    labels: Mapping[str, str]
    severity: str
    commonality: str
    amount: Decimal | None
    fix_now: bool
    listed: bool
    key: bool
    lead_unit: UnitName | None
    helping_units: tuple[UnitName, ...]


@dataclass(frozen=True)
class DraftRow:
    """One draft beside the document; `spans` are its sources there, `finding` is what it became.

    While it is open, and where hints were asked for: `like`, findings of the unit that are like it, and `categories`,
    those that its words speak for where it has none.
    """

    id: UUID
    position: int
    level: str
    heading: str
    text: str
    spans: tuple[tuple[int, int], ...]
    doubts: tuple[str, ...]
    typed_by_hand: bool
    state: StateLook
    revision: int
    description: DescriptionRow
    finding: UUID | None = None
    number: str = ""
    dropped_because: str = ""
    like: tuple[LikeFinding, ...] = ()
    categories: tuple[CategoryHint, ...] = ()


def draft_rows(
    feedback: Feedback, *, taxonomy: Taxonomy, actor: Actor, with_hints: bool = False
) -> tuple[DraftRow, ...]:
    """Every draft of the feedback in the order of the document; `with_hints`: with what may help to confirm."""
    found = Draft.objects.visible_to(actor.scope).filter(feedback=feedback)
    rows = list(found.select_related("finding").order_by("position"))
    # One that was taken back stays with its draft, and is nothing until it is confirmed again.
    findings = {row.pk: row.finding for row in rows if row.state == "confirmed" and hasattr(row, "finding")}
    helping = _helpers(rows, findings)
    leads = {row.lead_unit_id for row in rows} | {finding.lead_unit_id for finding in findings.values()}
    named = {unit for unit in leads if unit} | {unit for each in helping.values() for unit in each}
    units = names_of(Organization.objects.filter(pk__in=named))
    reasons = _reasons(rows, actor)
    proposed = [row for row in rows if row.state == "proposed"] if with_hints else []
    like = like_findings(feedback, proposed, actor=actor)
    bare, with_villages = [row for row in proposed if not row.category], feedback.unit.organization_class in VILLAGES
    hints = category_hints(bare, taxonomy=taxonomy, with_villages=with_villages)
    every = (_row(row, findings.get(row.pk), taxonomy, units, helping[row.pk], reasons.get(row.pk, "")) for row in rows)
    return tuple(replace(row, like=like.get(row.id, ()), categories=hints.get(row.id, ())) for row in every)


def _helpers(drafts: list[Draft], findings: Mapping[UUID, Finding]) -> dict[UUID, list[UUID]]:
    """The units that help with each, in one statement: on the draft, or beside the finding it became."""
    kept: dict[UUID, list[UUID]] = {finding.pk: [] for finding in findings.values()}
    helping = FindingUnit.objects.helping().filter(finding_id__in=kept).order_by("id")
    for finding, helper in helping.values_list("finding_id", "helper_id"):
        kept[finding].append(helper)
    return {row.pk: kept[findings[row.pk].pk] if row.pk in findings else list(row.helping_units) for row in drafts}


def _reasons(rows: list[Draft], actor: Actor) -> dict[UUID, str]:
    dropped = [row.pk for row in rows if row.state == "dropped"]
    mine = EventPlace.objects.visible_to(actor.scope).filter(event__step="drop", event__thing_id__in=dropped)
    found = EventBody.objects.filter(event_id__in=mine.values("event_id"))
    return dict(found.values_list("event__thing_id", "reason"))


def _row(
    draft: Draft, finding: Finding | None, taxonomy: Taxonomy, units: Mapping[UUID, UnitName], helping: list[UUID],
    reason: str,
) -> DraftRow:  # fmt: skip
    return DraftRow(
        id=draft.pk, position=draft.position, level=draft.level, heading=draft.heading, text=draft.text,
        spans=_spans(draft), doubts=tuple(draft.doubts), typed_by_hand=draft.typed_by_hand,
        state=look(draft.state, machine=DRAFT), revision=draft.revision,
        description=_described(finding or draft, taxonomy, units, helping),
        finding=finding.pk if finding else None, number=finding.number if finding else "", dropped_because=reason,
    )  # fmt: skip


def _described(row: Any, taxonomy: Taxonomy, units: Mapping[UUID, UnitName], helping: list[UUID]) -> DescriptionRow:
    category = taxonomy.categories.get(row.category)
    return DescriptionRow(
        category=row.category, labels=dict(category.label) if category else {}, severity=row.severity,
        commonality=row.commonality, amount=row.amount, fix_now=row.fix_now, listed=row.listed, key=row.key,
        lead_unit=units[row.lead_unit_id] if row.lead_unit_id else None,
        helping_units=tuple(units[unit] for unit in helping if unit in units),
    )  # fmt: skip


def _spans(draft: Draft) -> tuple[tuple[int, int], ...]:
    if draft.span_start is None or draft.span_end is None:
        return ()
    return ((draft.span_start, draft.span_end), *((start, end) for start, end in draft.more_spans))

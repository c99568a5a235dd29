"""Two versions of a plan compared word by word, finding by finding; the comparing itself is rules/wording.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bihuan.models import Finding, Plan, PlanRow
from bihuan.queries.looks import title_of
from bihuan.queries.plans.parts import PlanMeasure
from bihuan.queries.plans.rows import measures_of
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import N_
from bihuan.rules.wording import SAME, Piece, compared, paired


@dataclass(frozen=True)
class FieldCompared:
    """One field of a row: its label, whether it changed, and the pieces."""

    label: str
    is_changed: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class MeasureCompared:
    """One measure: its place before and afterwards (None: not there), and its fields."""

    before: int | None
    after: int | None
    fields: tuple[FieldCompared, ...]


@dataclass(frozen=True)
class RowCompared:
    """One finding: the versions of its row before and afterwards (0: none) and everything said of it."""

    finding: UUID
    number: str
    title: str
    before: int
    after: int
    is_changed: bool
    fields: tuple[FieldCompared, ...]
    measures: tuple[MeasureCompared, ...]


@dataclass(frozen=True)
class PlanComparison:
    """Two versions of one feedback's plan."""

    feedback: UUID
    before: UUID
    after: UUID
    before_version: int
    after_version: int
    rows: tuple[RowCompared, ...]
    changed: int


def compare(*, before: UUID, after: UUID, actor: Actor, finding: UUID | None = None) -> PlanComparison | None:
    """Version `after` with version `before`; a finding that `before` did not hold is compared with what stood then.

    `finding`: only its row. None when one of them is not the actor's to know, or they are not of one feedback.
    """
    plans = {plan.pk: plan for plan in Plan.objects.visible_to(actor.scope).filter(pk__in=(before, after))}
    if len(plans) < len({before, after}) or len({plan.feedback_id for plan in plans.values()}) != 1:
        return None
    old, new = plans[before], plans[after]
    visible = PlanRow.objects.visible_to(actor.scope).filter(plan__feedback=old.feedback_id)
    rows = [row for row in visible.select_related("plan").order_by("version") if row.state != "draft" or _writes(row)]
    if finding is not None:
        rows = [row for row in rows if row.finding_id == finding]
    was = {row.finding_id: row for row in rows if row.plan.version <= old.version}
    now = {row.finding_id: row for row in rows if row.plan_id == new.pk}
    shown = _compared_rows(was, now, actor)
    return PlanComparison(
        old.feedback_id, before, after, old.version, new.version, shown, sum(row.is_changed for row in shown)
    )


def _writes(row: PlanRow) -> bool:
    """Whether a row in writing belongs to the version in writing; those of withdrawn findings stay behind."""
    return bool(row.plan.state == "draft")


def _compared_rows(was: Mapping[UUID, PlanRow], now: Mapping[UUID, PlanRow], actor: Actor) -> tuple[RowCompared, ...]:
    measures = measures_of({row.pk: row for row in (*was.values(), *now.values())}.values())
    findings = Finding.objects.visible_to(actor.scope).filter(pk__in=now).order_by("number")
    return tuple(_row(finding, was.get(finding.pk), now[finding.pk], measures) for finding in findings)


def _row(
    finding: Finding, old: PlanRow | None, new: PlanRow, measures: Mapping[UUID, tuple[PlanMeasure, ...]]
) -> RowCompared:
    fields = tuple(
        _field_compared(label, before, after)
        for label, before, after in zip(LABELS, _texts(old), _texts(new), strict=True)
    )
    pairs = _measures(measures.get(old.pk, ()) if old else (), measures.get(new.pk, ()))
    is_changed = any(one.is_changed for one in (*fields, *(field for pair in pairs for field in pair.fields)))
    return RowCompared(
        finding.pk, finding.number, title_of(finding.text), old.version if old else 0, new.version, is_changed,
        fields, pairs,
    )  # fmt: skip


LABELS = (N_("原因分析"), N_("整改目标"), N_("牵头领导"), N_("主要负责人领办"))
MEASURE_LABELS = (
    N_("措施内容"), N_("措施类型"), N_("责任单位"), N_("配合部门"), N_("责任人"), N_("监督人"), N_("起止时限"),
    N_("长期坚持"), N_("成果形式"),
)  # fmt: skip


def _texts(row: PlanRow | None) -> tuple[str, ...]:
    if row is None:
        return ("",) * len(LABELS)
    return (row.causes, row.goal, row.leader, _yes(row.head_leads))


def _yes(is_so: bool) -> str:
    return N_("是") if is_so else N_("否")


def _field_compared(label: str, before: str, after: str) -> FieldCompared:
    """One field of two rows."""
    pieces = compared(before, after=after)
    return FieldCompared(label, any(piece.kind != SAME for piece in pieces), pieces)


def _measures(old: tuple[PlanMeasure, ...], new: tuple[PlanMeasure, ...]) -> tuple[MeasureCompared, ...]:
    pairs = paired([measure.text for measure in old], after=[measure.text for measure in new])
    return tuple(
        MeasureCompared(
            old[one].position if one is not None else None,
            new[two].position if two is not None else None,
            tuple(
                _field_compared(label, before, after)
                for label, before, after in zip(
                    MEASURE_LABELS,
                    _measure_texts(old[one] if one is not None else None),
                    _measure_texts(new[two] if two is not None else None),
                    strict=True,
                )
            ),
        )
        for one, two in pairs
    )


def _measure_texts(measure: PlanMeasure | None) -> tuple[str, ...]:
    if measure is None:
        return ("",) * len(MEASURE_LABELS)
    period = "—".join(str(day) for day in (measure.starts_on, measure.due_on) if day)
    return (
        measure.text, "、".join(measure.kind_labels), measure.unit, measure.helping, measure.person,
        measure.supervisor, period, _yes(measure.is_long_term), measure.product,
    )  # fmt: skip

"""Rows of a plan read from the tables, a fixed number of queries for however many rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bihuan.models import Finding, FindingUnit, Measure, Organization, PlanRow, Verdict
from bihuan.queries.findings.parts import category_path
from bihuan.queries.looks import StateLook, look, title_of
from bihuan.queries.plans.parts import PartyVerdict, PlanMeasure, PlanRowView
from bihuan.queries.standing import InspectionStanding
from bihuan.rules import needs
from bihuan.rules.access import Actor, stands_as
from bihuan.rules.lifecycle import FINDING, PLAN_ROW
from bihuan.rules.machines import Step
from bihuan.rules.objections import not_yours
from bihuan.rules.plan_content import read
from bihuan.rules.profile import Profile
from bihuan.rules.typed import MeasureInput, Objection, StepFacts, StepInput
from bihuan.rules.vocabulary import COMMONALITIES, MEASURE_KINDS, N_, PLAN_FAULTS, ROLES, VERDICTS

MAY_BE_PLANNED = FINDING.step("submit_plan").sources
NOT_WRITTEN = StateLook("none", N_("未填写"), "○", "open")


@dataclass(frozen=True)
class Reader:
    """Who reads, how that post stands to the plan, under which profile, on which day."""

    actor: Actor
    standing: InspectionStanding
    profile: Profile
    on: date

    @property
    def relations(self) -> frozenset[str]:
        """How the actor stands to everything of this feedback."""
        return stands_as(self.actor, thing=self.standing)


def views(pairs: Sequence[tuple[Finding, PlanRow | None]], *, reader: Reader) -> tuple[PlanRowView, ...]:
    """Each finding with its row, as the reader may see them."""
    rows = [row for _finding, row in pairs if row is not None]
    measures, verdicts = measures_of(rows), _verdicts(rows, reader)
    helpers = _helpers([finding.pk for finding, _row in pairs], reader.actor)
    return tuple(
        _view(
            finding, row, measures.get(row.pk, ()) if row else (), verdicts.get(row.pk, []) if row else [],
            helpers.get(finding.pk, ()), reader,
        )
        for finding, row in pairs
    )  # fmt: skip


def measures_of(rows: Iterable[PlanRow]) -> dict[UUID, tuple[PlanMeasure, ...]]:
    """The measures of each row: frozen ones from their table, those of a draft as they were typed."""
    rows = list(rows)
    found: dict[UUID, tuple[PlanMeasure, ...]] = {}
    kept = defaultdict(list)
    for measure in (
        Measure.objects.filter(row__in=[row.pk for row in rows if row.state != "draft"])
        .select_related("responsible_unit")
        .order_by("position")
    ):
        kept[measure.row_id].append(_kept_measure(measure))
    found |= {row: tuple(these) for row, these in kept.items()}
    typed = {row.pk: read(row.typed) for row in rows if row.state == "draft"}
    names = _names(measure.unit for these in typed.values() for measure in these)
    for row, these in typed.items():
        found[row] = tuple(_typed_measure(measure, number, names) for number, measure in enumerate(these, 1))
    return found


def _kept_measure(measure: Measure) -> PlanMeasure:
    return PlanMeasure(
        measure.position, measure.text, tuple(measure.kinds), _kind_labels(measure.kinds),
        measure.responsible_unit.name, measure.responsible_unit_id, measure.helping, measure.person,
        measure.supervisor, measure.starts_on, measure.due_on, measure.is_long_term, measure.product,
    )  # fmt: skip


def _typed_measure(measure: MeasureInput, number: int, names: Mapping[UUID, str]) -> PlanMeasure:
    return PlanMeasure(
        number, measure.text, measure.kinds, _kind_labels(measure.kinds), names.get(measure.unit, "") if measure.unit
        else "", measure.unit, measure.helping, measure.person, measure.supervisor, measure.starts_on, measure.due_on,
        measure.is_long_term, measure.product,
    )  # fmt: skip


def _kind_labels(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(MEASURE_KINDS.get(kind, kind) for kind in kinds)


def _names(units: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {unit for unit in units if unit}
    return dict(Organization.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _verdicts(rows: Sequence[PlanRow], reader: Reader) -> dict[UUID, list[Verdict]]:
    found: dict[UUID, list[Verdict]] = defaultdict(list)
    visible = Verdict.objects.visible_to(reader.actor.scope).filter(plan_row__in=[row.pk for row in rows])
    for verdict in visible.select_related("account").order_by("at", "id"):
        if verdict.plan_row_id:
            found[verdict.plan_row_id].append(verdict)
    return found


def _helpers(findings: Sequence[UUID], actor: Actor) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    visible = FindingUnit.objects.visible_to(actor.scope).helping().filter(finding__in=findings)
    for helping in visible.select_related("helper").order_by("helper__lo"):
        found[helping.finding_id] = (*found.get(helping.finding_id, ()), helping.helper.name)
    return found


def _view(
    finding: Finding, row: PlanRow | None, measures: tuple[PlanMeasure, ...], verdicts: list[Verdict],
    helpers: tuple[str, ...], reader: Reader,
) -> PlanRowView:  # fmt: skip
    lead = finding.lead_unit.name if finding.lead_unit else finding.unit.name
    written = row or PlanRow()
    state = row_look(row.state) if row else NOT_WRITTEN
    given = _given(verdicts, reader.profile, waits=state.code == "submitted")
    return PlanRowView(
        finding=finding.pk, number=finding.number, title=title_of(finding.text), quote=finding.text,
        specifics=specifics_of(finding.text),
        category=category_path(finding.category, taxonomy=reader.profile.taxonomy),
        commonality_label=COMMONALITIES[finding.commonality],
        units=tuple(dict.fromkeys((finding.unit.name, lead, *helpers))), answers=lead,
        finding_state=look(finding.state), redo_by=finding.redo_by, id=row.pk if row else None,
        version=row.version if row else 0, plan=row.plan_id if row else None, state=state,
        revision=row.revision if row else 0, submitted_at=written.submitted_at, content_hash=written.content_hash,
        causes=written.causes, goal=written.goal, leader=written.leader, head_leads=written.head_leads,
        measures=measures, verdicts=given, waits_for=_waits_for(given, state, reader.profile),
        may_fill=finding.state in MAY_BE_PLANNED and "unit" in reader.relations,
        lacks=lacking(row, finding, reader.on) if row and state.code == "draft" else None,
        undecidable=_undecidable(verdicts, reader) if state.code == "submitted" else None,
    )  # fmt: skip


def row_look(state: str) -> StateLook:
    """The words, shape and tone of a plan's, or a row's, state."""
    return look(state, machine=PLAN_ROW)


def specifics_of(text: str) -> str:
    """What a finding says beside its first sentence: who, where, how much."""
    _head, mark, rest = text.strip().partition("。")
    return rest.strip() if mark else ""


def lacking(row: PlanRow, finding: Finding, on: date) -> Objection | None:
    """Why a draft row could not be handed in as it stands."""
    typed = StepInput(causes=row.causes, goal=row.goal, leader=row.leader, measures=read(row.typed))
    wanted = FINDING.step("submit_plan").needs
    return needs.objection_to(wanted, facts=StepFacts(today=on, given_on=finding.given_on), typed=typed)


def _given(verdicts: Sequence[Verdict], profile: Profile, *, waits: bool) -> tuple[PartyVerdict, ...]:
    """One line for each party in the order of the chain; who said nothing stands there only while the row waits."""
    found = []
    for role in profile.plan_reviewers:
        said = [verdict for verdict in verdicts if verdict.role == role]
        found += [_party(verdict) for verdict in said]
        if waits and not said:
            found.append(PartyVerdict(role, ROLES[role], "", "", "", None, "", (), ()))
    others = [verdict for verdict in verdicts if verdict.role not in profile.plan_reviewers]
    return (*found, *map(_party, others))


def _party(verdict: Verdict) -> PartyVerdict:
    faults = tuple(verdict.points.get("faults", ()))
    return PartyVerdict(
        verdict.role, ROLES[verdict.role], verdict.verdict, VERDICTS[verdict.verdict], verdict.account.person,
        verdict.at, verdict.opinion, faults, tuple(PLAN_FAULTS.get(fault, fault) for fault in faults),
    )  # fmt: skip


def _waits_for(given: Sequence[PartyVerdict], state: StateLook, profile: Profile) -> tuple[str, ...]:
    """The parties that are to say something now: all that have not, the last one only after all others."""
    if state.code != "submitted":
        return ()
    silent = [role for role in profile.plan_reviewers if role in {party.role for party in given if not party.verdict}]
    last = profile.plan_reviewers[-1]
    return tuple(ROLES[role] for role in silent if role != last or silent == [last])


def _undecidable(verdicts: Sequence[Verdict], reader: Reader) -> Objection | None:
    """Why the actor cannot decide on a row that waits: not a reviewer, or a need that stands."""
    step = review_step(reader.relations)
    if step is None:
        return not_yours(FINDING.step("return_plan").who)
    agreed = [verdict for verdict in verdicts if verdict.verdict == "agree"]
    facts = StepFacts(
        today=reader.on, chain=reader.profile.plan_reviewers, role=reader.actor.role, account=reader.actor.account,
        agreed=frozenset(verdict.role for verdict in agreed),
        agreed_by=frozenset(verdict.account_id for verdict in agreed),
    )  # fmt: skip
    return needs.standing_objection(step.needs, facts=facts)


def review_step(relations: frozenset[str]) -> Step | None:
    """The step with which the actor agrees to a row; None: not a reviewer of this plan."""
    if "last_plan_reviewer" in relations:
        return FINDING.step("approve_plan")
    return FINDING.step("agree_plan") if "plan_reviewer" in relations else None

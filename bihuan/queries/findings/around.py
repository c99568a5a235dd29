"""What stands around one finding, each kind of row read once as far as the actor may see it, and said as values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import F, Model, OuterRef, QuerySet, Subquery

from bihuan.models import (
    ClosingRequest,
    Evidence,
    Finding,
    FindingRequest,
    Measure,
    Note,
    PlanRow,
    Post,
    Progress,
    Verdict,
)
from bihuan.queries._questions import Question
from bihuan.queries.findings.parts import (
    AnswerRow,
    AskedRow,
    ClosingRow,
    EvidenceRow,
    MeasureRow,
    NoteRow,
    PlanOfFinding,
    ProgressRow,
    VerdictRow,
)
from bihuan.queries.looks import look
from bihuan.rules.access import Actor, Scope
from bihuan.rules.lifecycle import CLOSING_REQUEST, PLAN_ROW, REQUEST, may_wait
from bihuan.rules.lights import LIGHTS, LightDays, light_of
from bihuan.rules.profile import Profile
from bihuan.rules.vocabulary import (
    CLAIMS,
    MEASURE_KINDS,
    N_,
    PLAN_FAULTS,
    REOPENING_GROUNDS,
    ROLES,
    VERDICTS,
)

M = TypeVar("M", bound=Model)
AIMS = {"reopen": N_("申请重启"), "withdraw": N_("提请撤回"), "extend": N_("申请延期")}


@dataclass(frozen=True)
class Around:
    """The rows around a finding, oldest first; plan versions newest first."""

    rows: Sequence[PlanRow]
    measures: Sequence[Measure]
    evidence: Sequence[Any]
    progress: Sequence[Any]
    notes: Sequence[Any]
    verdicts: Sequence[Any]
    closings: Sequence[Any]
    requests: Sequence[Any]

    @property
    def row(self) -> PlanRow | None:
        """What the last version that was handed in says."""
        return self.rows[0] if self.rows else None

    @property
    def measure_ids(self) -> tuple[UUID, ...]:
        """The measures of that version, in order."""
        return tuple(measure.pk for measure in self.measures)

    @property
    def closing(self) -> ClosingRequest | None:
        """The closing request that waits for verdicts."""
        return next((row for row in self.closings if row.state == "open"), None)


def read(finding: Finding, *, actor: Actor) -> Around:
    """Eight statements, one for each kind of row."""
    scope, of_it = actor.scope, {"finding": finding.pk}
    rows = PLAN_ROWS.rows(scope, **of_it)
    return Around(
        rows=rows,
        measures=MEASURES.rows(scope, row=rows[0].pk) if rows else (),
        evidence=EVIDENCE.rows(scope, **of_it),
        progress=PROGRESS.rows(scope, **of_it),
        notes=NOTES.rows(scope, **of_it),
        verdicts=VERDICTS_GIVEN.rows(scope, **of_it),
        closings=CLOSINGS.rows(scope, **of_it),
        requests=REQUESTS.rows(scope, **of_it),
    )


def _plan_rows(scope: Scope, *, finding: UUID) -> QuerySet[PlanRow]:
    found = PlanRow.objects.visible_to(scope).filter(finding=finding)
    return found.exclude(state="draft").order_by("-version")


def _measures(scope: Scope, *, row: UUID) -> QuerySet[Measure]:
    found = Measure.objects.visible_to(scope).filter(row=row)
    return found.select_related("responsible_unit").order_by("position")


def _evidence(scope: Scope, *, finding: UUID) -> QuerySet[Evidence]:
    found = Evidence.objects.visible_to(scope).filter(finding=finding).annotate(
        person=F("account__person"), name=F("upload__name"), sha256=F("upload__sha256"), size=F("upload__size"),
        media_type=F("upload__media_type"),
    )  # fmt: skip
    return found.order_by("at", "id")


def _progress(scope: Scope, *, finding: UUID) -> QuerySet[Progress]:
    return _posted(Progress.objects.visible_to(scope).filter(finding=finding), "done_on", "at", "id")


def _notes(scope: Scope, *, finding: UUID) -> QuerySet[Note]:
    return _posted(Note.objects.visible_to(scope).filter(finding=finding), "at", "id")


def _verdicts(scope: Scope, *, finding: UUID) -> QuerySet[Verdict]:
    return _posted(Verdict.objects.visible_to(scope).filter(finding=finding), "at", "id")


def _closings(scope: Scope, *, finding: UUID) -> QuerySet[ClosingRequest]:
    found = ClosingRequest.objects.visible_to(scope).filter(finding=finding)
    return found.annotate(person=F("account__person")).order_by("at", "id")


def _requests(scope: Scope, *, finding: UUID) -> QuerySet[FindingRequest]:
    merged = Finding.objects.visible_to(scope).filter(pk=OuterRef("merged_into_id"))
    found = FindingRequest.objects.visible_to(scope).filter(finding=finding).annotate(
        decider=F("decided_by__person"), merged_into_number=Subquery(merged.values("number"))
    )  # fmt: skip
    return _posted(found, "at", "id")


PLAN_ROWS, MEASURES, EVIDENCE = Question(_plan_rows), Question(_measures), Question(_evidence)
PROGRESS, NOTES, VERDICTS_GIVEN = Question(_progress), Question(_notes), Question(_verdicts)
CLOSINGS, REQUESTS = Question(_closings), Question(_requests)


def _posted(rows: QuerySet[M], *order: str) -> QuerySet[M]:
    """Rows with the person and the post that made them."""
    place = Post.objects.filter(pk=OuterRef("post_id")).values("organization__name")
    named: Any = rows.annotate(person=F("account__person"), post_role=F("post__role"), post_place=Subquery(place))
    return cast("QuerySet[M]", named.order_by(*order))


def _post_of(row: Any) -> str:
    return f"{row.post_place or ''} {ROLES[row.post_role]}".strip()


def versions(seen: Around) -> tuple[PlanOfFinding, ...]:
    """What each version says of the finding, the newest first."""
    return tuple(
        PlanOfFinding(
            plan=row.plan_id, version=row.version, state=look(row.state, machine=PLAN_ROW),
            submitted_at=row.submitted_at, causes=row.causes, goal=row.goal, leader=row.leader,
            head_leads=row.head_leads,
        )
        for row in seen.rows
    )  # fmt: skip


def _files(rows: Iterable[Any], given_on: date | None) -> tuple[EvidenceRow, ...]:
    return tuple(
        EvidenceRow(
            id=item.pk, name=item.name, proves=item.proves, dated=item.dated,
            is_before_feedback=bool(item.dated and given_on and item.dated < given_on), sha256=item.sha256,
            size=item.size, media_type=item.media_type, person=item.person, at=item.at,
        )
        for item in rows
    )  # fmt: skip


def measures(seen: Around, *, finding: Finding, days: LightDays, on: date) -> tuple[MeasureRow, ...]:
    """The measures of the present version; the light of one goes out once it has evidence."""
    entries = progress(seen)
    return tuple(_measure(row, seen, entries, finding, days, on) for row in seen.measures)


def _measure(
    row: Measure, seen: Around, entries: Sequence[ProgressRow], finding: Finding, days: LightDays, on: date
) -> MeasureRow:
    files = _files((item for item in seen.evidence if item.measure_id == row.pk), finding.given_on)
    light = LIGHTS["none"] if files else light_of(finding.state, due_on=row.due_on, on=on, days=days)
    return MeasureRow(
        id=row.pk, position=row.position, text=row.text, kinds=tuple(MEASURE_KINDS[code] for code in row.kinds),
        unit=row.responsible_unit.name, unit_id=row.responsible_unit_id, helping=row.helping, person=row.person,
        supervisor=row.supervisor, starts_on=row.starts_on, due_on=row.due_on, is_long_term=row.is_long_term,
        product=row.product, light=light, is_overdue=light.code == "overdue",
        progress=tuple(entry for entry in entries if entry.measure == row.position), evidence=files,
    )  # fmt: skip


def progress(seen: Around) -> tuple[ProgressRow, ...]:
    """Every entry, the latest day last. An entry for a measure of an earlier version stands with the finding."""
    positions = {measure.pk: measure.position for measure in seen.measures}
    return tuple(
        ProgressRow(
            id=row.pk, text=row.text, done_on=row.done_on, measure=positions.get(row.measure_id, 0),
            person=row.person, post=_post_of(row), at=row.at,
        )
        for row in seen.progress
    )  # fmt: skip


def verdicts(seen: Around, *, profile: Profile) -> tuple[VerdictRow, ...]:
    """What each signer decided, with the points confirmed and the faults named, in words."""
    plan_rows = {row.pk: row for row in seen.rows}
    closing = {row.pk: row for row in seen.closings}
    return tuple(
        _verdict(row, plan_rows.get(row.plan_row_id), closing.get(row.closing_request_id), profile)
        for row in seen.verdicts
    )


def _verdict(row: Any, plan_row: Any, closing: Any, profile: Profile) -> VerdictRow:
    about = plan_row or closing
    points = profile.closing.points
    return VerdictRow(
        about=N_("方案") if row.plan_row_id else N_("销号"), version=plan_row.version if plan_row else 0,
        role=ROLES[row.role], person=row.person, verdict=VERDICTS[row.verdict], opinion=row.opinion,
        points=tuple(dict(points[code].label) for code in row.points.get("confirmed", ()) if code in points),
        faults=tuple(PLAN_FAULTS[code] for code in row.points.get("faults", ()) if code in PLAN_FAULTS),
        is_void=row.verdict == "agree" and about is not None and row.content_hash != about.content_hash, at=row.at,
    )  # fmt: skip


def closings(seen: Around, *, finding: Finding, profile: Profile) -> tuple[ClosingRow, ...]:
    """Every request for closing, the newest first, with its answers in the order of the criteria."""
    files = {str(item.pk): item for item in seen.evidence}
    return tuple(
        ClosingRow(
            id=row.pk, claim=row.claim, claim_label=CLAIMS[row.claim], state=look(row.state, machine=CLOSING_REQUEST),
            person=row.person, at=row.at,
            answers=tuple(_answer(answer, files, finding, profile) for answer in row.criteria),
        )
        for row in reversed(seen.closings)
    )  # fmt: skip


def _answer(answer: Any, files: dict[str, Any], finding: Finding, profile: Profile) -> AnswerRow:
    code = answer["code"]
    known = profile.closing.criteria.get(code)
    shown = (files[key] for key in answer.get("evidence", ()) if key in files)
    return AnswerRow(
        code=code, label=dict(known.label) if known else {"zh": code, "en": code}, applies=answer.get("applies", True),
        text=answer.get("text", ""), evidence=_files(shown, finding.given_on),
    )  # fmt: skip


def asked(seen: Around, *, finding: Finding, is_open: bool) -> tuple[AskedRow, ...]:
    """The requests that wait for a decision, or those decided; the closing request first."""
    closing = seen.closing if is_open else None
    own = (_asked_closing(closing),) if closing else ()
    rows = (row for row in seen.requests if (_state_of(row, finding) == "open") is is_open)
    return (*own, *(_asked(row, seen, finding) for row in rows))


def _asked_closing(row: Any) -> AskedRow:
    return AskedRow(
        id=row.pk, code="close", aim=N_("申请销号"), state=look(row.state, machine=CLOSING_REQUEST),
        ground=CLAIMS[row.claim], reason="", person=row.person, post="", at=row.at, until=None, merged_into="",
        decided_by="", files=(),
    )  # fmt: skip


def _state_of(row: Any, finding: Finding) -> str:
    """A request that the unit's step has left behind is not the unit's to write: it counts as lapsed until it is."""
    return row.state if row.state != "open" or may_wait(row.aim, state=finding.state) else "lapsed"


def _asked(row: Any, seen: Around, finding: Finding) -> AskedRow:
    return AskedRow(
        id=row.pk, code=row.aim, aim=AIMS[row.aim], state=look(_state_of(row, finding), machine=REQUEST),
        ground=REOPENING_GROUNDS.get(row.ground, ""), reason=row.reason, person=row.person, post=_post_of(row),
        at=row.at, until=row.until, merged_into=row.merged_into_number or "", decided_by=row.decider or "",
        files=_files((item for item in seen.evidence if item.request_id == row.pk), finding.given_on),
    )  # fmt: skip


def notes(seen: Around) -> tuple[NoteRow, ...]:
    """The remarks of one's own side, oldest first."""
    return tuple(NoteRow(row.pk, row.text, row.person, _post_of(row), row.at) for row in seen.notes)

"""Requests for closing as a list: what waits for one's own signature, what is in review, what came of the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from bihuan.models import ClosingRequest, Finding, Inspection
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries._offered import RoundChoice, UnitChoice, rounds_offered, under, units_offered
from bihuan.queries.closing.signers import Signer, signers_of, verdicts_on
from bihuan.queries.findings.waiting import waiting_in
from bihuan.queries.looks import StateLook, look, title_of
from bihuan.queries.standing import profile_named
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import CLOSING_REQUEST
from bihuan.rules.vocabulary import CLAIMS, N_

PAGE_SIZE = 50
USUAL_PROFILE = "county"
# The parts of the list, in the order of the work; together they hold every request.
BOXES = {
    "mine": N_("待我审"),
    "review": N_("审核中"),
    "returned": N_("已退回"),
    "closed": N_("已销号"),
    "long_term": N_("转长期坚持"),
    "withdrawn": N_("已撤回"),
}
_IN_BOX = {
    "review": Q(state="open"),
    "returned": Q(state="returned"),
    "closed": Q(state="agreed", claim="done"),
    "long_term": Q(state="agreed", claim="long_term"),
    "withdrawn": Q(state="withdrawn"),
}
OLDEST_FIRST = ("mine", "review")


@dataclass(frozen=True)
class ClosingFilters:
    """What the list is narrowed to; empty values narrow nothing. `box` is one of BOXES."""

    box: str = ""
    unit: UUID | None = None
    round: UUID | None = None
    claim: str = ""
    query: str = ""


@dataclass(frozen=True)
class ClosingLine:
    """One request: about what, by whom, since when, and where each signer stands."""

    id: UUID
    finding: UUID
    number: str
    title: str
    unit: str
    round: str
    claim: str
    claim_label: str
    state: StateLook
    asked_at: datetime
    days: int
    signers: tuple[Signer, ...]


@dataclass(frozen=True)
class BoxCount:
    """How many requests a part of the list holds."""

    code: str
    label: str
    n: int


@dataclass(frozen=True)
class ClosingList:
    """One page of the list; counts use the same filter without its box."""

    rows: tuple[ClosingLine, ...]
    counts: tuple[BoxCount, ...]
    units: tuple[UnitChoice, ...]
    rounds: tuple[RoundChoice, ...]
    total: int
    matched: int
    page: int
    pages: int
    filters: ClosingFilters = field(default_factory=ClosingFilters)


def closings_for(actor: Actor, *, filters: ClosingFilters, on: date, page: int = 1) -> ClosingList:
    """One page of requests: what is open the longest waiting first, the rest newest first."""
    visible = ClosingRequest.objects.visible_to(actor.scope)
    narrowed = _narrowed(visible, filters)
    conditions = {"mine": mine(actor, on=on)} | _IN_BOX
    counted = narrowed.order_by().aggregate(
        all=Count("pk"), **{code: Count("pk", filter=found) for code, found in conditions.items()}
    )
    matched = counted[filters.box or "all"]
    pages = max(1, -(-matched // PAGE_SIZE))
    page = min(max(1, page), pages)
    chosen = in_order(narrowed.filter(conditions[filters.box]) if filters.box else narrowed, box=filters.box)
    return ClosingList(
        rows=_lines(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], actor, on),
        counts=tuple(BoxCount(code, label, counted[code]) for code, label in BOXES.items()),
        units=units_offered(actor), rounds=rounds_offered(actor),
        total=visible.count(), matched=matched, page=page, pages=pages, filters=filters,
    )  # fmt: skip


def mine(actor: Actor, *, on: date) -> Q:
    """The requests in which the actor's signature is asked for now."""
    waiting = Finding.objects.visible_to(actor.scope).filter(waiting_in(actor, waits="sign_closing", on=on))
    return Q(state="open", finding_id__in=waiting.values("pk"))


def in_order(requests: VisibleQuerySet[ClosingRequest], *, box: str) -> VisibleQuerySet[ClosingRequest]:
    """What waits the longest first, where something waits; else the newest first."""
    return requests.order_by("at", "id") if box in OLDEST_FIRST else requests.order_by("-at", "-id")


def _narrowed(visible: VisibleQuerySet[ClosingRequest], filters: ClosingFilters) -> VisibleQuerySet[ClosingRequest]:
    if filters.unit:
        visible = visible.filter(under(filters.unit))
    if filters.round:
        visible = visible.filter(inspection_id__in=Inspection.objects.filter(round=filters.round).values("id"))
    if filters.claim:
        visible = visible.filter(claim=filters.claim)
    if filters.query:
        visible = visible.filter(Q(finding__text__contains=filters.query) | Q(finding__number__contains=filters.query))
    return visible


def _lines(chosen: VisibleQuerySet[ClosingRequest], actor: Actor, on: date) -> tuple[ClosingLine, ...]:
    rows: Sequence[Any] = tuple(
        with_profile(chosen, actor=actor).annotate(
            number=F("finding__number"), text=F("finding__text"), unit_name=F("unit__name"),
        )
    )  # fmt: skip
    verdicts = tuple(verdicts_on(rows, actor=actor))
    return tuple(_line(row, verdicts, on) for row in rows)


def with_profile(requests: VisibleQuerySet[ClosingRequest], *, actor: Actor) -> VisibleQuerySet[Any]:
    """Requests with the profile and the round of their inspection, as far as the actor may see these."""
    inspection = Inspection.objects.visible_to(actor.scope).filter(pk=OuterRef("inspection_id"))
    return requests.annotate(
        profile=Subquery(inspection.values("profile")), round_name=Subquery(inspection.values("round__name"))
    )


def _line(row: Any, verdicts: Sequence[Any], on: date) -> ClosingLine:
    return ClosingLine(
        id=row.pk, finding=row.finding_id, number=row.number, title=title_of(row.text), unit=row.unit_name,
        round=row.round_name or "", claim=row.claim, claim_label=CLAIMS[row.claim],
        state=look(row.state, machine=CLOSING_REQUEST), asked_at=row.at,
        days=max(0, (on - timezone.localdate(row.at)).days),
        signers=signers_of(row, verdicts=verdicts, profile=profile_named(row.profile or USUAL_PROFILE)),
    )  # fmt: skip

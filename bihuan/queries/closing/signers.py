"""Where each signer of a closing stands: agreed to the present content, to an earlier one, sent it back, or not yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from bihuan.models import ClosingRequest, Verdict
from bihuan.rules.access import Actor
from bihuan.rules.profile import Profile
from bihuan.rules.vocabulary import N_, ROLES

STANDS = {
    "agreed": N_("已同意"),
    "void": N_("内容有变，待重签"),
    "returned": N_("已退回"),
    "missing": N_("未签"),
}
SHORT = 12


@dataclass(frozen=True)
class Signer:
    """One signer of the chain: where it stands, and its last verdict with the content that it was about."""

    role: str
    label: str
    stands: str
    stands_label: str
    person: str = ""
    at: datetime | None = None
    opinion: str = ""
    points: tuple[dict[str, str], ...] = ()
    content_hash: str = ""


@dataclass(frozen=True)
class Given:
    """One verdict on a closing, as it was given; `is_present`: about what is shown now."""

    role: str
    label: str
    verdict: str
    person: str
    at: datetime
    opinion: str
    points: tuple[dict[str, str], ...]
    content_hash: str
    is_present: bool


def verdicts_on(requests: Iterable[ClosingRequest], *, actor: Actor) -> QuerySet[Any]:
    """The verdicts on these requests that the actor may see, oldest first, with the person's name."""
    found = Verdict.objects.visible_to(actor.scope).filter(closing_request__in=[row.pk for row in requests])
    return found.annotate(person=F("account__person")).order_by("at", "id")


def signers_of(request: ClosingRequest, *, verdicts: Iterable[Any], profile: Profile) -> tuple[Signer, ...]:
    """Every signer of the chain in order, with its last verdict on this request."""
    last = {row.role: row for row in verdicts if row.closing_request_id == request.pk}
    return tuple(_signer(role, last.get(role), request, profile) for role in profile.closing_signers)


def _signer(role: str, given: Any, request: ClosingRequest, profile: Profile) -> Signer:
    stands = _stands(given, request)
    if given is None:
        return Signer(role, ROLES[role], stands, STANDS[stands])
    return Signer(
        role=role, label=ROLES[role], stands=stands, stands_label=STANDS[stands], person=given.person, at=given.at,
        opinion=given.opinion, points=_points(given, profile), content_hash=given.content_hash[:SHORT],
    )  # fmt: skip


def _stands(given: Any, request: ClosingRequest) -> str:
    if given is None:
        return "missing"
    if given.verdict == "return":
        return "returned"
    return "agreed" if given.content_hash == request.content_hash else "void"


def given_on(request: ClosingRequest, *, verdicts: Iterable[Any], profile: Profile) -> tuple[Given, ...]:
    """Every verdict on this request, those on an earlier content too."""
    return tuple(
        Given(
            role=row.role, label=ROLES[row.role], verdict=row.verdict, person=row.person, at=row.at,
            opinion=row.opinion, points=_points(row, profile), content_hash=row.content_hash[:SHORT],
            is_present=row.content_hash == request.content_hash,
        )
        for row in verdicts
        if row.closing_request_id == request.pk
    )  # fmt: skip


def _points(row: Any, profile: Profile) -> tuple[dict[str, str], ...]:
    known = profile.closing.points
    return tuple(
        dict(known[code].label) if code in known else {"zh": code, "en": code}
        for code in row.points.get("confirmed", ())
    )

"""What is asked about a finding and not yet decided: closing with its claim, reopening, withdrawal."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.models import ClosingRequest, Evidence, Finding, FindingRequest
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import CLAIMS, N_, REOPENING_GROUNDS

AIMS = {"reopen": N_("申请重启"), "withdraw": N_("提请撤回")}


@dataclass(frozen=True)
class AskedFile:
    """A file that stands behind a request."""

    id: UUID
    name: str


@dataclass(frozen=True)
class AskedRow:
    """One open request: what for, on which ground, why, by whom; the finding to merge into, and files."""

    aim: str
    ground: str
    reason: str
    person: str
    at: datetime
    merged_into: str
    files: tuple[AskedFile, ...]


def asked_about(finding: Finding, *, actor: Actor) -> tuple[AskedRow, ...]:
    """The open requests that the actor may see, the closing request first."""
    return (*_closing(finding, actor), *_requests(finding, actor))


def _closing(finding: Finding, actor: Actor) -> tuple[AskedRow, ...]:
    found = ClosingRequest.objects.visible_to(actor.scope).filter(finding=finding, state="open")
    return tuple(
        AskedRow(N_("申请销号"), CLAIMS[row.claim], "", row.account.person, row.at, "", ())
        for row in found.select_related("account")
    )


def _requests(finding: Finding, actor: Actor) -> tuple[AskedRow, ...]:
    found = FindingRequest.objects.visible_to(actor.scope).filter(finding=finding, state="open")
    return tuple(
        AskedRow(
            AIMS[row.aim],
            REOPENING_GROUNDS.get(row.ground, ""),
            row.reason,
            row.account.person,
            row.at,
            row.merged_into.number if row.merged_into else "",
            _files(row, actor),
        )
        for row in found.select_related("account", "merged_into").order_by("at")
    )


def _files(request: FindingRequest, actor: Actor) -> tuple[AskedFile, ...]:
    found = Evidence.objects.visible_to(actor.scope).filter(request=request).order_by("at", "id")
    return tuple(AskedFile(pk, name) for pk, name in found.values_list("id", "upload__name"))

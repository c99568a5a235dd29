"""What is asked about a finding and decided by a second person: reopening, withdrawal, extension."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from bihuan.actions import _step
from bihuan.actions._doing import Doing, Effect, act_of, follow
from bihuan.actions._evidence import keep_evidence
from bihuan.actions._step import Act
from bihuan.actions.refusals import Refused
from bihuan.models import Finding, FindingRequest
from bihuan.models._visibility import placed_like
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_


def request_reopening(doing: Doing) -> Effect:
    """Ask to reopen, with ground and evidence."""
    request = _request(doing, "reopen", ground=doing.typed.ground)

    def ask(event: UUID) -> None:
        _begin(request, doing, event)
        for item in doing.typed.evidence:
            keep_evidence(doing.finding, item, request=request, by=doing.by, at=doing.at)

    return Effect(act_of(doing, side="office", after={"ground": doing.typed.ground}), ask)


def approve_reopening(doing: Doing) -> Effect:
    """Grant the request; the reopening follows, without its reason: the unit reads it, and reasons quote informants."""
    request = _open_request(doing, "reopen")

    def reopen(event: UUID) -> None:
        _decide(request, "grant", doing, event)
        act = Act(doing.by, doing.at, because_of=event, after={"ground": request.ground})
        _step.take(doing.finding, machine=lifecycle.FINDING, code="reopen", act=act)

    return Effect(act_of(doing, side="office"), reopen)


def refuse_reopening(doing: Doing) -> Effect:
    """Refuse the request; the finding stays closed."""
    request = _open_request(doing, "reopen")
    return Effect(act_of(doing, side="office"), lambda event: _decide(request, "refuse", doing, event))


def request_extension(doing: Doing) -> Effect:
    """The unit asks for a later day (row L7: extension only by approval)."""
    request = _request(doing, "extend", side="both", until=doing.typed.until)
    before = {"due_on": str(doing.finding.due_on)}
    act = act_of(doing, before=before, after=before | {"until": str(doing.typed.until)})
    return Effect(act, lambda event: _begin(request, doing, event))


def grant_extension(doing: Doing) -> Effect:
    """The later day becomes the due date; what it was before stays on the record."""
    request = _open_request(doing, "extend")
    day = timezone.localdate(doing.at)
    basis = f"{day}批准延期：由{doing.finding.due_on}延至{request.until}"
    return Effect(
        act_of(
            doing, changes={"due_on": request.until, "due_basis": basis, "due_provisional": False},
            before={"due_on": str(doing.finding.due_on)}, after={"due_on": str(request.until)},
        ),
        lambda event: _decide(request, "grant", doing, event),
    )  # fmt: skip


def refuse_extension(doing: Doing) -> Effect:
    """The due date stays."""
    request = _open_request(doing, "extend")
    return Effect(act_of(doing), lambda event: _decide(request, "refuse", doing, event))


def request_withdrawal(doing: Doing) -> Effect:
    """Ask to withdraw, with a reason or the finding it is merged into."""
    merged_into = doing.typed.merged_into
    others = Finding.objects.visible_to(doing.by.scope).exclude(pk=doing.finding.pk)
    if merged_into and not others.filter(pk=merged_into).exists():
        raise Refused(Objection("merged_into_unknown", N_("找不到要并入的问题，请重新选择。"), "merged_into"))
    request = _request(doing, "withdraw", merged_into_id=merged_into)
    return Effect(act_of(doing, side="office"), lambda event: _begin(request, doing, event))


def withdraw(doing: Doing) -> Effect:
    """A second person withdraws the finding."""
    request = _open_request(doing, "withdraw")
    return Effect(
        act_of(doing, side="office", changes={"merged_into_id": request.merged_into_id},
             after={"reason": request.reason, "merged_into": str(request.merged_into_id or "")}),
        lambda event: _decide(request, "grant", doing, event),
    )  # fmt: skip


def keep(doing: Doing) -> Effect:
    """A second person keeps the finding."""
    request = _open_request(doing, "withdraw")
    return Effect(act_of(doing, side="office"), lambda event: _decide(request, "refuse", doing, event))


def _request(doing: Doing, aim: str, *, side: str = "office", **more: Any) -> FindingRequest:
    place = placed_like(doing.finding) | {"side": side}
    return FindingRequest(
        id=new_id(doing.at), finding=doing.finding, aim=aim, reason=doing.typed.reason.strip(),
        account_id=doing.by.account, post_id=doing.by.post, at=doing.at, **place, **more,
    )  # fmt: skip


def _begin(row: FindingRequest, doing: Doing, event: UUID) -> None:
    _step.begin(row, machine=lifecycle.REQUEST, code="request", act=Act(doing.by, doing.at, because_of=event))


def _open_request(doing: Doing, aim: str) -> FindingRequest:
    return FindingRequest.objects.select_for_update().get(finding=doing.finding, aim=aim, state="open")


def _decide(request: FindingRequest, code: str, doing: Doing, event: UUID) -> None:
    follow(request, lifecycle.REQUEST, code, doing, event, changes={"decided_by_id": doing.by.account})


def lapse_requests(finding: Finding, *, by: Actor, at: datetime, because_of: UUID) -> None:
    """Requests that the finding's new state leaves nothing to decide about lapse, those that the actor may see.

    What only the office sees counts as lapsed all the same (queries/findings), and is written so with its next step.
    """
    waiting = FindingRequest.objects.visible_to(by.scope).filter(finding=finding, state="open")
    for request in waiting.select_for_update():
        if not lifecycle.may_wait(request.aim, state=finding.state):
            act = Act(by, at, because_of=because_of)
            _step.take(request, machine=lifecycle.REQUEST, code="lapse", act=act)

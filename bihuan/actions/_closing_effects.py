"""What the closing steps of a finding write: the request bound to one content hash, evidence added later, verdicts.

Whatever changes the content changes the hash, and agreements to the earlier hash no longer count (row C10).
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from bihuan.actions import _step
from bihuan.actions._doing import Doing, Effect, act_of, follow, give_verdict, keep_all
from bihuan.actions._plan_effects import row_of
from bihuan.actions._record import digest
from bihuan.actions._step import Act
from bihuan.actions.refusals import Refused
from bihuan.models import ClosingRequest, Evidence, Finding, Measure, PlanRow
from bihuan.models._visibility import placed_like
from bihuan.queries.findings.facts import open_closing
from bihuan.rules import lifecycle
from bihuan.rules.access import stands_as
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import CriterionAnswer, Objection
from bihuan.rules.vocabulary import N_


def add_evidence(doing: Doing) -> Effect:
    """More files for measures; while a closing is under review they void the agreements given so far."""
    files = keep_all(doing)
    request = open_closing(doing.finding)
    if request is None:
        return Effect(act_of(doing, after={"evidence": files}))
    content_hash = closing_hash(doing.finding, row_of(doing), claim=request.claim, criteria=request.criteria)
    act = act_of(doing, after={"evidence": files}, content_hash=content_hash)
    changes = {"content_hash": content_hash}

    def show_anew(event: UUID) -> None:
        follow(request, lifecycle.CLOSING_REQUEST, "add_evidence", doing, event, changes, content_hash=content_hash)
        _countersign(request, doing)

    return Effect(act, show_anew)


def request_closing(doing: Doing) -> Effect:
    """Bind the claim, the plan, the answers to the criteria and every file to one content hash."""
    finding, row = doing.finding, row_of(doing)
    files = keep_all(doing)
    criteria = [_stored(answer) for answer in doing.typed.criteria]
    request = ClosingRequest(
        id=new_id(doing.at), finding=finding, claim=doing.typed.claim, criteria=criteria,
        content_hash=closing_hash(finding, row, claim=doing.typed.claim, criteria=criteria),
        account_id=doing.by.account, at=doing.at, **placed_like(finding),
    )  # fmt: skip
    act = act_of(doing, content_hash=request.content_hash, after={"claim": request.claim, "evidence": files})
    return Effect(
        act,
        lambda event: _begin(request, doing, event),
    )


def _begin(request: ClosingRequest, doing: Doing, event: UUID) -> None:
    act = Act(doing.by, doing.at, because_of=event, content_hash=request.content_hash)
    _step.begin(request, machine=lifecycle.CLOSING_REQUEST, code="request", act=act)
    _countersign(request, doing)


def _countersign(request: ClosingRequest, doing: Doing) -> None:
    """Where the unit's head signs too, what the head hands in is signed by that (decision 0011)."""
    if "countersigning_head" in stands_as(doing.by, thing=doing.standing):
        give_verdict(doing, "agree", closing_request=request)


def _stored(answer: CriterionAnswer) -> dict[str, Any]:
    return {
        "code": answer.code,
        "applies": answer.applies,
        "text": answer.text.strip(),
        "evidence": [str(evidence) for evidence in answer.evidence],
    }


def closing_hash(finding: Finding, row: PlanRow, *, claim: str, criteria: list[dict[str, Any]]) -> str:
    """The digest of the finding's text, its plan row with its measures, the claim, the answers, and all evidence."""
    measures = Measure.objects.filter(row=row).order_by("position")
    files = Evidence.objects.filter(measure__row=row).order_by("id")
    return digest(
        {"finding": str(finding.pk), "text": finding.text, "claim": claim, "criteria": criteria,
         "plan": [row.content_hash, row.causes, row.goal, row.leader, row.head_leads],
         "measures": _plain(measures.values_list("id", "text", "kinds", "responsible_unit_id", "helping", "person",
                                                 "supervisor", "starts_on", "due_on", "is_long_term", "product")),
         "evidence": _plain(files.values_list("measure_id", "upload__sha256", "upload__name", "proves", "dated"))}
    )  # fmt: skip


def _plain(rows: Iterable[tuple[Any, ...]]) -> list[list[str]]:
    return [[str(value) for value in row] for row in rows]


def withdraw_closing(doing: Doing) -> Effect:
    """The unit takes its request back and works on."""
    return _decided(doing, "withdraw", {})


def agree_closing(doing: Doing) -> Effect:
    """One signer agrees."""
    request = _unchanged(doing)
    give_verdict(doing, "agree", closing_request=request)
    return Effect(act_of(doing, content_hash=request.content_hash))


def return_closing(doing: Doing) -> Effect:
    """One signer sends the request back."""
    give_verdict(doing, "return", closing_request=_open(doing))
    return _decided(doing, "return", {})


def close(doing: Doing) -> Effect:
    """The last signer closes; what was kept up for long until now has no next review any more."""
    return _agreed(doing, {"next_review_on": None})


def accept_long_term(doing: Doing) -> Effect:
    """The last signer accepts what is kept up for long, with stage goals and a review date."""
    typed = doing.typed
    return _agreed(doing, {"stage_goals": typed.stage_goals.strip(), "next_review_on": typed.next_review_on})


def _agreed(doing: Doing, changes: Mapping[str, Any]) -> Effect:
    give_verdict(doing, "agree", closing_request=_unchanged(doing))
    return _decided(doing, "agree", changes)


def _decided(doing: Doing, code: str, changes: Mapping[str, Any]) -> Effect:
    request = _open(doing)
    after = {name: str(value) for name, value in changes.items() if value is not None}
    return Effect(
        act_of(doing, changes=changes, after=after, content_hash=request.content_hash),
        lambda event: follow(request, lifecycle.CLOSING_REQUEST, code, doing, event),
    )


def _unchanged(doing: Doing) -> ClosingRequest:
    """The open request, if what it shows is still what its hash says."""
    request, finding = _open(doing), doing.finding
    if request.content_hash != closing_hash(finding, row_of(doing), claim=request.claim, criteria=request.criteria):
        raise Refused(Objection("content_changed", N_("申请销号的内容与所签的不一致，请退回单位重新申请。")))
    return request


def _open(doing: Doing) -> ClosingRequest:
    request = open_closing(doing.finding)
    if request is None:
        raise Refused(Objection("no_closing_request", N_("没有待审的销号申请。")))
    return request

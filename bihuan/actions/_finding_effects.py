"""What each step of a finding writes beside the state: plans, measures, evidence, verdicts, requests.

One function per step; each returns the act for _step.take and, where an act has a consequence, what follows it.
States of these rows are assigned through _step as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.actions import _step
from bihuan.actions._evidence import keep_evidence
from bihuan.actions._record import digest
from bihuan.actions._step import Act
from bihuan.actions.refusals import Refused
from bihuan.models import ClosingRequest, Evidence, Finding, FindingRequest, Measure, Organization, Plan, Verdict
from bihuan.models._visibility import placed_like
from bihuan.queries.findings.facts import current_plan, open_closing
from bihuan.queries.standing import InspectionStanding
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.needs import MeasureInput, Objection, StepInput
from bihuan.rules.vocabulary import N_


@dataclass(frozen=True)
class Doing:
    """A step being taken: the locked finding, what was typed, who, when, and how the actor stands."""

    finding: Finding
    typed: StepInput
    by: Actor
    at: datetime
    standing: InspectionStanding


@dataclass(frozen=True)
class Effect:
    """The act to take, and what follows from its event."""

    act: Act
    then: Callable[[UUID], None] | None = None


def _act(doing: Doing, **more: Any) -> Act:
    return Act(doing.by, doing.at, reason=doing.typed.reason.strip(), **more)


def submit_plan(doing: Doing) -> Effect:
    """Freeze the typed measures as the next version; an earlier version stays as it was."""
    finding, typed = doing.finding, doing.typed
    units = {unit for _, unit, _ in _whole(typed)}
    if Organization.objects.filter(pk__in=units, ended_on=None).count() != len(units):
        raise Refused(Objection("measure_unit_unknown", N_("有措施的责任单位已不存在，请重新选定。"), "measures"))
    last = current_plan(finding)
    rows = [
        {"text": m.text.strip(), "unit": str(unit), "person": m.person.strip(), "due_on": str(due_on),
         "product": m.product.strip()}
        for m, unit, due_on in _whole(typed)
    ]  # fmt: skip
    plan = Plan(
        id=new_id(doing.at), finding=finding, version=last.version + 1 if last else 1,
        content_hash=digest({"finding": str(finding.pk), "measures": rows}), submitted_at=doing.at,
        **placed_like(finding),
    )  # fmt: skip
    act = _act(
        doing, changes={"redo_by": None}, content_hash=plan.content_hash,
        after={"version": plan.version, "measures": len(rows)},
    )  # fmt: skip

    def freeze(event: UUID) -> None:
        _step.begin(
            plan, machine=lifecycle.PLAN, code="submit",
            act=Act(doing.by, doing.at, because_of=event, content_hash=plan.content_hash),
        )  # fmt: skip
        for position, (measure, unit, due_on) in enumerate(_whole(typed), 1):
            Measure.objects.create(
                id=new_id(doing.at), finding=finding, plan=plan, position=position, text=measure.text.strip(),
                responsible_unit_id=unit, person=measure.person.strip(), due_on=due_on,
                product=measure.product.strip(), **placed_like(finding),
            )  # fmt: skip

    return Effect(act, freeze)


def _whole(typed: StepInput) -> list[tuple[MeasureInput, UUID, date]]:
    """The measures with unit and date, which needs.measures has found in each."""
    return [(m, m.unit, m.due_on) for m in typed.measures if m.unit and m.due_on]


def agree_plan(doing: Doing) -> Effect:
    """One reviewer agrees to the present version."""
    plan = _plan(doing)
    _verdict(doing, "agree", plan=plan)
    return Effect(_act(doing, content_hash=plan.content_hash))


def return_plan(doing: Doing) -> Effect:
    """One reviewer sends the version back, with an opinion and a date."""
    plan = _plan(doing)
    _verdict(doing, "return", plan=plan)
    act = _act(doing, changes={"redo_by": doing.typed.redo_by}, content_hash=plan.content_hash,
               after={"redo_by": str(doing.typed.redo_by)})  # fmt: skip
    return Effect(act, lambda event: _follow(plan, lifecycle.PLAN, "return", doing, event))


def approve_plan(doing: Doing) -> Effect:
    """The last reviewer approves what all have agreed to."""
    plan = _plan(doing)
    _verdict(doing, "agree", plan=plan)
    return Effect(
        _act(doing, content_hash=plan.content_hash),
        lambda event: _follow(plan, lifecycle.PLAN, "approve", doing, event),
    )


def report_basically_done(doing: Doing) -> Effect:
    """What remains, and by when."""
    typed = doing.typed
    changes = {"remains": typed.remains.strip(), "remains_by": typed.remains_by}
    return Effect(_act(doing, changes=changes, after={"remains_by": str(typed.remains_by)}))


def resume(doing: Doing) -> Effect:
    """Back to work; nothing remains reported."""
    return Effect(_act(doing, changes={"remains": "", "remains_by": None}))


def add_evidence(doing: Doing) -> Effect:
    """More files for measures."""
    return Effect(_act(doing, after={"evidence": _keep_all(doing)}))


def request_closing(doing: Doing) -> Effect:
    """Bind the claim, the measures and every evidence file to one content hash (row C10)."""
    finding, plan = doing.finding, _plan(doing)
    files = _keep_all(doing)
    request = ClosingRequest(
        id=new_id(doing.at), finding=finding, claim=doing.typed.claim, content_hash=closing_hash(finding, plan, doing),
        account_id=doing.by.account, at=doing.at, **placed_like(finding),
    )  # fmt: skip
    act = _act(doing, content_hash=request.content_hash, after={"claim": request.claim, "evidence": files})
    return Effect(
        act,
        lambda event: _begin_request(request, lifecycle.CLOSING_REQUEST, doing, event),
    )


def closing_hash(finding: Finding, plan: Plan, doing: Doing) -> str:
    """The digest of the finding's text, its plan version, the claim, and all evidence in order."""
    files = Evidence.objects.filter(measure__plan=plan).order_by("id").values_list("measure_id", "upload__sha256")
    return digest(
        {"finding": str(finding.pk), "text": finding.text, "plan": plan.content_hash, "claim": doing.typed.claim,
         "evidence": [[str(measure), sha256] for measure, sha256 in files]}
    )  # fmt: skip


def agree_closing(doing: Doing) -> Effect:
    """One signer agrees."""
    request = _closing(doing)
    _verdict(doing, "agree", closing_request=request)
    return Effect(_act(doing, content_hash=request.content_hash))


def return_closing(doing: Doing) -> Effect:
    """One signer sends the request back."""
    request = _closing(doing)
    _verdict(doing, "return", closing_request=request)
    return Effect(
        _act(doing, content_hash=request.content_hash),
        lambda event: _follow(request, lifecycle.CLOSING_REQUEST, "return", doing, event),
    )


def close(doing: Doing) -> Effect:
    """The last signer closes."""
    return _agreed_closing(doing, {})


def accept_long_term(doing: Doing) -> Effect:
    """The last signer accepts what is kept up for long, with stage goals and a review date."""
    typed = doing.typed
    return _agreed_closing(doing, {"stage_goals": typed.stage_goals.strip(), "next_review_on": typed.next_review_on})


def _agreed_closing(doing: Doing, changes: Mapping[str, Any]) -> Effect:
    request = _closing(doing)
    _verdict(doing, "agree", closing_request=request)
    after = {name: str(value) for name, value in changes.items()}
    return Effect(
        _act(doing, changes=changes, after=after, content_hash=request.content_hash),
        lambda event: _follow(request, lifecycle.CLOSING_REQUEST, "agree", doing, event),
    )


def lapse(doing: Doing) -> Effect:
    """What was kept up is no longer: back to work."""
    return Effect(_act(doing, changes={"next_review_on": None}))


def request_reopening(doing: Doing) -> Effect:
    """Ask to reopen, with ground and evidence."""
    request = _request(doing, "reopen", ground=doing.typed.ground)

    def ask(event: UUID) -> None:
        _begin_request(request, lifecycle.REQUEST, doing, event)
        for item in doing.typed.evidence:
            keep_evidence(doing.finding, item, request=request, by=doing.by, at=doing.at)

    return Effect(_act(doing, side="office", after={"ground": doing.typed.ground}), ask)


def approve_reopening(doing: Doing) -> Effect:
    """Grant the request; the reopening follows from it."""
    request = _open_request(doing, "reopen")

    def follow(event: UUID) -> None:
        _decide(request, "grant", doing, event)
        act = Act(doing.by, doing.at, reason=request.reason, because_of=event, after={"ground": request.ground})
        _step.take(doing.finding, machine=lifecycle.FINDING, code="reopen", act=act)

    return Effect(_act(doing, side="office"), follow)


def refuse_reopening(doing: Doing) -> Effect:
    """Refuse the request; the finding stays closed."""
    request = _open_request(doing, "reopen")
    return Effect(_act(doing, side="office"), lambda event: _decide(request, "refuse", doing, event))


def request_withdrawal(doing: Doing) -> Effect:
    """Ask to withdraw, with a reason or the finding it is merged into."""
    _refuse_on_its_way(doing)
    merged_into = doing.typed.merged_into
    others = Finding.objects.visible_to(doing.by.scope).exclude(pk=doing.finding.pk)
    if merged_into and not others.filter(pk=merged_into).exists():
        raise Refused(Objection("merged_into_unknown", N_("找不到要并入的问题，请重新选择。"), "merged_into"))
    request = _request(doing, "withdraw", merged_into_id=merged_into)
    return Effect(_act(doing, side="office"), lambda event: _begin_request(request, lifecycle.REQUEST, doing, event))


def _refuse_on_its_way(doing: Doing) -> None:
    """Between approval and the third signature the content is what is being signed for."""
    if doing.finding.state == "drafted" and doing.finding.feedback.state != "draft":
        raise Refused(Objection("feedback_on_its_way", N_("反馈已经审批，三方签收以后才能撤回。")))


def withdraw(doing: Doing) -> Effect:
    """A second person withdraws the finding."""
    _refuse_on_its_way(doing)
    request = _open_request(doing, "withdraw")
    return Effect(
        _act(doing, side="office", changes={"merged_into_id": request.merged_into_id},
             after={"reason": request.reason, "merged_into": str(request.merged_into_id or "")}),
        lambda event: _decide(request, "grant", doing, event),
    )  # fmt: skip


def keep(doing: Doing) -> Effect:
    """A second person keeps the finding."""
    request = _open_request(doing, "withdraw")
    return Effect(_act(doing, side="office"), lambda event: _decide(request, "refuse", doing, event))


def _plan(doing: Doing) -> Plan:
    plan = current_plan(doing.finding)
    if plan is None:
        raise Refused(Objection("no_plan", N_("还没有报送过整改方案。")))
    return plan


def _closing(doing: Doing) -> ClosingRequest:
    request = open_closing(doing.finding)
    if request is None:
        raise Refused(Objection("no_closing_request", N_("没有待审的销号申请。")))
    return request


def _verdict(
    doing: Doing, verdict: str, *, plan: Plan | None = None, closing_request: ClosingRequest | None = None
) -> None:
    on = plan or closing_request
    Verdict.objects.create(
        id=new_id(doing.at), finding=doing.finding, plan=plan, closing_request=closing_request, role=doing.by.role,
        account_id=doing.by.account, post_id=doing.by.post, verdict=verdict, opinion=doing.typed.reason.strip(),
        content_hash=on.content_hash if on else "", at=doing.at, **placed_like(doing.finding),
    )  # fmt: skip


def _keep_all(doing: Doing) -> list[str]:
    return [
        keep_evidence(doing.finding, item, measure=item.measure, by=doing.by, at=doing.at)
        for item in doing.typed.evidence
    ]


def _request(doing: Doing, aim: str, **more: Any) -> FindingRequest:
    place = placed_like(doing.finding) | {"side": "office"}
    return FindingRequest(
        id=new_id(doing.at), finding=doing.finding, aim=aim, reason=doing.typed.reason.strip(),
        account_id=doing.by.account, post_id=doing.by.post, at=doing.at, **place, **more,
    )  # fmt: skip


def _begin_request(row: Any, machine: lifecycle.Machine, doing: Doing, event: UUID) -> None:
    _step.begin(row, machine=machine, code="request", act=Act(doing.by, doing.at, because_of=event))


def _open_request(doing: Doing, aim: str) -> FindingRequest:
    return FindingRequest.objects.select_for_update().get(finding=doing.finding, aim=aim, state="open")


def _decide(request: FindingRequest, code: str, doing: Doing, event: UUID) -> None:
    _follow(request, lifecycle.REQUEST, code, doing, event, changes={"decided_by_id": doing.by.account})


def _follow(
    row: Any, machine: lifecycle.Machine, code: str, doing: Doing, event: UUID,
    changes: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    _step.take(row, machine=machine, code=code, act=Act(doing.by, doing.at, because_of=event, changes=changes or {}))


EFFECTS: Mapping[str, Callable[[Doing], Effect]] = {
    effect.__name__: effect
    for effect in (
        submit_plan, agree_plan, return_plan, approve_plan, report_basically_done, resume, add_evidence,
        request_closing, agree_closing, return_closing, close, accept_long_term, lapse, request_reopening,
        approve_reopening, refuse_reopening, request_withdrawal, withdraw, keep,
    )
}  # fmt: skip

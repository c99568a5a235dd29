"""One plan on one page: what stands now of a feedback's findings, or one version as it was handed in."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from bihuan.models import Feedback, Finding, Plan, PlanRow
from bihuan.queries.looks import StateLook, title_of
from bihuan.queries.plans.parts import Gap, HeadShare, LeaderShare, PlanAct, PlanPage, PlanRowView, PlanVersion
from bihuan.queries.plans.rows import MAY_BE_PLANNED, Reader, review_step, row_look, views
from bihuan.queries.standing import profile_of, standing_to
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING, GIVEN, PLAN, PLAN_ROW
from bihuan.rules.objections import not_yours
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import AUDIENCES, N_

NOT_BEGUN = StateLook("none", N_("待报"), "○", "open")


def plan_page(key: UUID, *, actor: Actor, on: date) -> PlanPage | None:
    """The plan of a feedback (`key` its id) as it stands now, or one version (`key` the plan's id) as handed in.

    None when it is not there, not the actor's to know, or the feedback has not been received.
    """
    plan = Plan.objects.visible_to(actor.scope).filter(pk=key).first()
    wanted = plan.feedback_id if plan else key
    visible = Feedback.objects.visible_to(actor.scope).exclude(received_on=None).select_related("unit")
    feedback = visible.filter(pk=wanted).first()
    if feedback is None:
        return None
    reader = Reader(actor, standing_to(feedback, by=actor), profile_of(feedback), on)
    findings = _findings_of(feedback, actor)
    every = _rows(feedback, actor)
    pairs = _of_version(findings, every, plan) if plan else _as_it_stands(findings, every)
    rows = views(pairs, reader=reader)
    versions = _versions(feedback, every, actor)
    draft = next((version for version in versions if version.state.code == "draft"), None)
    shown = next((version for version in versions if plan and version.id == plan.pk), None)
    gaps = _gaps(findings, every) if "unit" in reader.relations else ()
    return PlanPage(
        feedback=feedback.pk, title=feedback.title, audience=feedback.audience,
        audience_label=AUDIENCES[feedback.audience], unit=feedback.unit.name, unit_id=feedback.unit_id,
        inspection=feedback.inspection_id, received_on=feedback.received_on, due_on=feedback.plan_due_on,
        due_basis=feedback.plan_due_basis, due_provisional=feedback.plan_due_provisional,
        is_overdue=is_late(feedback.plan_due_on, states=[row.finding_state.code for row in rows], on=on),
        shown=shown, draft=draft,
        state=shown.state if shown else (versions[0].state if versions else NOT_BEGUN), rows=rows, gaps=gaps,
        share=share_of(rows), versions=versions, acts=_acts(rows, draft, (shown,) if shown else versions, reader),
        chain=reader.profile.plan_reviewers,
    )  # fmt: skip


def _findings_of(feedback: Feedback, actor: Actor) -> list[Finding]:
    """The findings of a feedback that are to be planned for, or were, in the order of their numbers."""
    visible = Finding.objects.visible_to(actor.scope).filter(feedback=feedback, state__in=GIVEN)
    return list(visible.select_related("unit", "lead_unit").order_by("number"))


def is_late(due_on: date | None, *, states: Sequence[str], on: date) -> bool:
    """Whether the day of the plan is past while a finding has never been planned for."""
    return due_on is not None and due_on < on and "awaiting_plan" in states


def _rows(feedback: Feedback, actor: Actor) -> dict[UUID, list[PlanRow]]:
    """Every visible row of each finding, the newest first; what stays in writing in a version handed in is nothing."""
    found = defaultdict(list)
    visible = PlanRow.objects.visible_to(actor.scope).filter(plan__feedback=feedback)
    for row in visible.select_related("plan").order_by("-version"):
        if row.state != "draft" or row.plan.state == "draft":
            found[row.finding_id].append(row)
    return found


def _as_it_stands(
    findings: Sequence[Finding], every: dict[UUID, list[PlanRow]]
) -> list[tuple[Finding, PlanRow | None]]:
    return [(finding, next(iter(every.get(finding.pk, ())), None)) for finding in findings]


def _of_version(
    findings: Sequence[Finding], every: dict[UUID, list[PlanRow]], plan: Plan
) -> list[tuple[Finding, PlanRow | None]]:
    of_version = {pk: row for pk, rows in every.items() for row in rows if row.plan_id == plan.pk}
    return [(finding, of_version[finding.pk]) for finding in findings if finding.pk in of_version]


def _versions(feedback: Feedback, every: dict[UUID, list[PlanRow]], actor: Actor) -> tuple[PlanVersion, ...]:
    """The newest first."""
    counts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for rows in every.values():
        for row in rows:
            counts[row.plan_id][row.state] += 1
    visible = Plan.objects.visible_to(actor.scope).filter(feedback=feedback).order_by("-version")
    return tuple(
        PlanVersion(
            plan.pk, plan.version, row_look(plan.state), plan.revision, plan.submitted_at, plan.content_hash,
            counts[plan.pk].total(), counts[plan.pk]["submitted"], counts[plan.pk]["returned"],
            counts[plan.pk]["approved"],
        )
        for plan in visible
    )  # fmt: skip


def _gaps(findings: Sequence[Finding], every: dict[UUID, list[PlanRow]]) -> tuple[Gap, ...]:
    drafted = {pk for pk, rows in every.items() if rows[0].state == "draft"}
    lacking = [finding for finding in findings if finding.state in MAY_BE_PLANNED and finding.pk not in drafted]
    return tuple(Gap(finding.pk, finding.number, title_of(finding.text)) for finding in lacking)


def share_of(rows: Sequence[PlanRowView]) -> HeadShare:
    """How the rows that are written fall on the unit's head and on the other leaders."""
    written = [row for row in rows if row.id is not None]
    leaders = Counter(row.leader for row in written if row.leader)
    head = sum(row.head_leads for row in written)
    sole = next(iter(leaders)) if len(leaders) == 1 and leaders.total() > 1 and not head else ""
    counted = tuple(LeaderShare(leader, n) for leader, n in leaders.most_common())
    return HeadShare(len(written), head, bool(written) and head == 0, counted, sole)


def _acts(
    rows: Sequence[PlanRowView], draft: PlanVersion | None, versions: Sequence[PlanVersion], reader: Reader
) -> tuple[PlanAct, ...]:
    waiting = [version for version in versions if version.waiting] if review_step(reader.relations) else []
    found = [_filling(rows, draft, reader), _handing_in(rows, draft, reader)]
    found += [_reviewing(version, rows, reader) for version in waiting] or [_reviewing(None, rows, reader)]
    return tuple(found)


def _filling(rows: Sequence[PlanRowView], draft: PlanVersion | None, reader: Reader) -> PlanAct:
    step = PLAN_ROW.step("fill")
    objection = None
    if not set(step.who) & reader.relations:
        objection = not_yours(step.who)
    elif not any(row.may_fill for row in rows):
        objection = Objection("nothing_to_plan", N_("现在没有待报方案的问题。"))
    return PlanAct(step.code, N_("填写方案"), draft.id if draft else None, draft.version if draft else 0, objection)


def _handing_in(rows: Sequence[PlanRowView], draft: PlanVersion | None, reader: Reader) -> PlanAct:
    step = PLAN.step("submit")
    objection = None
    if not set(step.who) & reader.relations:
        objection = not_yours(step.who)
    elif draft is None or not any(row.state.code == "draft" for row in rows):
        objection = Objection("no_draft_plan", N_("还没有填写整改方案，请先逐条填写。"))
    return PlanAct(step.code, N_("报送方案"), draft.id if draft else None, draft.version if draft else 0, objection)


def _reviewing(version: PlanVersion | None, rows: Sequence[PlanRowView], reader: Reader) -> PlanAct:
    step = review_step(reader.relations)
    of_version = [row for row in rows if version and row.plan == version.id and row.state.code == "submitted"]
    objection = None
    if step is None:
        objection = not_yours(FINDING.step("return_plan").who)
    elif version is None:
        objection = Objection("nothing_waits", N_("这一版方案没有待您审核的问题。"))
    elif of_version and not any(row.is_mine_to_decide for row in of_version):
        objection = of_version[0].undecidable
    return PlanAct(
        "review", N_("审核方案"), version.id if version else None, version.version if version else 0, objection
    )

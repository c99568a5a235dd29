"""What each step of a finding writes beside the state: one function per step, and the register of all of them.

Steps of plans, of closings and of requests stand in modules of their own. States of other rows go through _step too.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from bihuan.actions import _closing_effects, _plan_effects, _request_effects
from bihuan.actions._descriptions import (
    described_as,
    description_of,
    helpers_of,
    helping_now,
    in_order,
    lead_of,
    let_in,
    take_off,
    told,
)
from bihuan.actions._doing import Doing, Effect, act_of
from bihuan.models import Finding, Progress
from bihuan.models._visibility import placed_like
from bihuan.queries.standing import profile_of
from bihuan.rules.identifiers import new_id


def describe(doing: Doing) -> Effect:
    """Category, weight, marks and money, who leads and who helps, while the feedback is still being written."""
    finding = doing.finding
    given = doing.typed.description or description_of(finding)
    wanted = described_as(given, version=profile_of(finding).taxonomy.version)
    wanted["lead_unit_id"] = lead_of(finding, given)
    now = {name: getattr(finding, name) for name in wanted} | {"helping_units": helping_now(finding)}
    after = wanted | {"helping_units": in_order(helpers_of(finding, given))}
    changed = [name for name, value in after.items() if value != now[name]]

    def share(_event: object) -> None:
        take_off(finding, led_by=now["lead_unit_id"], helping=now["helping_units"], stay=after["helping_units"])
        let_in(finding, helpers=after["helping_units"], at=doing.at)

    before, said = (_lead_named(told(of, changed), finding) for of in (now, after))
    return Effect(act_of(doing, changes=wanted, before=before, after=said), share)


def _lead_named(said: dict[str, Any], finding: Finding) -> dict[str, Any]:
    """Where no other unit leads it is the inspected one."""
    return said | {"lead_unit": finding.unit.name} if said.get("lead_unit") == "" else said


def mark(doing: Doing) -> Effect:
    """Marks are not states: fix now, listed (挂牌), key (重点)."""
    finding, typed = doing.finding, doing.typed
    before = {name: getattr(finding, name) for name in ("fix_now", "listed", "key")}
    changes = {name: getattr(typed, name) for name in before}
    return Effect(act_of(doing, changes=changes, before=before, after=changes))


def report_progress(doing: Doing) -> Effect:
    """One entry of progress, of the finding or of one measure; no day typed means today."""
    typed, finding = doing.typed, doing.finding
    day = typed.done_on or timezone.localdate(doing.at)
    Progress.objects.create(
        id=new_id(doing.at), finding=finding, measure_id=typed.measure, text=typed.progress.strip(), done_on=day,
        account_id=doing.by.account, post_id=doing.by.post, at=doing.at, **placed_like(finding),
    )  # fmt: skip
    return Effect(act_of(doing, after={"done_on": str(day), "progress": typed.progress.strip()}))


def report_basically_done(doing: Doing) -> Effect:
    """What remains, and by when."""
    typed = doing.typed
    changes = {"remains": typed.remains.strip(), "remains_by": typed.remains_by}
    return Effect(act_of(doing, changes=changes, after={name: str(value) for name, value in changes.items()}))


def resume(doing: Doing) -> Effect:
    """Back to work; nothing remains reported."""
    return Effect(act_of(doing, changes={"remains": "", "remains_by": None}))


def lapse(doing: Doing) -> Effect:
    """What was kept up is no longer: back to work."""
    return Effect(act_of(doing, changes={"next_review_on": None}))


EFFECTS: Mapping[str, Callable[[Doing], Effect]] = {
    effect.__name__: effect
    for effect in (
        describe, mark, report_progress, report_basically_done, resume, lapse,
        _plan_effects.submit_plan, _plan_effects.agree_plan, _plan_effects.return_plan, _plan_effects.approve_plan,
        _closing_effects.add_evidence, _closing_effects.request_closing, _closing_effects.withdraw_closing,
        _closing_effects.agree_closing, _closing_effects.return_closing, _closing_effects.close,
        _closing_effects.accept_long_term,
        _request_effects.request_extension, _request_effects.grant_extension, _request_effects.refuse_extension,
        _request_effects.request_reopening, _request_effects.approve_reopening, _request_effects.refuse_reopening,
        _request_effects.request_withdrawal, _request_effects.withdraw, _request_effects.keep,
    )
}  # fmt: skip

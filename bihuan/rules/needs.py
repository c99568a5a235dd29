"""What each step needs: one check, one function, one line in the register; a check returns an Objection or nothing.

Checks look at facts and at what the person typed, never at tables. Basis: 巡视工作条例 (2024) 整改部分; 县级三方联审
做法 (profile); the sentences are shown as they stand.
"""

from collections.abc import Callable, Mapping
from datetime import date

from bihuan.rules import closing_needs, plan_needs
from bihuan.rules.entries import is_typed, later_day
from bihuan.rules.typed import Description, Objection, StepFacts, StepInput
from bihuan.rules.vocabulary import COMMONALITIES, N_, REOPENING_GROUNDS, SEVERITIES
from bihuan.rules.work_calendar import WorkCalendar

MINIMUM_OPINION = 10
MOST_YUAN = 10**16
# How far an extension may go is no date to be kept: holidays do not matter, and no date lies beyond the calendar.
PLAIN_DAYS = WorkCalendar({}, date(2000, 1, 1), date(2000, 1, 1))
LAST_COUNTED = date(9000, 1, 1)

Check = Callable[[StepFacts, StepInput], Objection | None]


def reason(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A reason is given."""
    return None if is_typed(typed.reason) else Objection("reason_missing", N_("请写明理由。"), "reason")


def opinion(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A returning opinion says in at least ten characters what is to be put right."""
    if is_typed(typed.reason, minimum=MINIMUM_OPINION):
        return None
    return Objection("opinion_too_short", N_("退回意见不少于 10 个字，请写明哪里不行、怎么补。"), "reason")


def remains(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Who reports 基本完成 says what is still open."""
    return None if is_typed(typed.remains) else Objection("remains_missing", N_("请写明还剩什么没有完成。"), "remains")


def remains_by(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Who reports 基本完成 says by when the rest is done."""
    return later_day(typed.remains_by, facts, "remains_by", N_("请填写剩余事项的完成期限。"))


def progress(facts: StepFacts, typed: StepInput) -> Objection | None:
    """An entry of progress says what was done; a measure it names is one of this finding."""
    if not is_typed(typed.progress):
        return Objection("progress_missing", N_("请写明做了什么、到了哪一步。"), "progress")
    if typed.measure and typed.measure not in facts.measures:
        return Objection("measure_of_another", N_("措施不属于本问题的现行方案，请重新选择。"), "measure")
    return None


def done_on(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Progress stands for a day that has come; no day typed means today."""
    if typed.done_on and typed.done_on > facts.today:
        return Objection("done_on_future", N_("进展日期在今天之后，请改正。"), "done_on")
    if typed.done_on and facts.given_on and typed.done_on < facts.given_on:
        return Objection("done_on_before_feedback", N_("进展日期早于签收反馈之日，请改正。"), "done_on")
    return None


def until(facts: StepFacts, typed: StepInput) -> Objection | None:
    """An extension asks for a day after the present due date, and after today; how far, the profile says."""
    objection = later_day(typed.until, facts, "until", N_("请填写延期到哪一天。"))
    if objection:
        return objection
    if typed.until and facts.due_on and typed.until <= facts.due_on:
        return Objection("until_not_later", N_("延期后的日期不晚于现在的时限，请改正。"), "until")
    latest = latest_extension(facts)
    if typed.until and latest and typed.until > latest:
        said = N_("一次最多延到 %(latest)s，请填这一天或更早的日期；还不够的，到期前可以再申请。")
        return Objection("until_too_late", said, "until", values={"latest": latest})
    return None


def latest_extension(facts: StepFacts) -> date | None:
    """The last day to which an extension may go, from the due date or, past that, from today; None: no limit known."""
    if facts.longest_extension is None:
        return None
    start = min(max(facts.due_on or facts.today, facts.today), LAST_COUNTED)
    return PLAIN_DAYS.due(start, limit=facts.longest_extension).on


def no_open_extension(facts: StepFacts, typed: StepInput) -> Objection | None:
    """One open request for an extension at a time."""
    return None if facts.open_extension_by is None else Objection("extension_open", N_("已有一份延期申请待批。"))


def open_extension(facts: StepFacts, typed: StepInput) -> Objection | None:
    """An extension is decided on a request."""
    return None if facts.open_extension_by else Objection("no_extension_request", N_("还没有人申请延期。"))


def description(facts: StepFacts, typed: StepInput) -> Objection | None:
    """The description is whole: a known category, a known severity, money above nothing."""
    return None if typed.description is None else described(typed.description, categories=facts.categories)


def described(given: Description, *, categories: frozenset[str]) -> Objection | None:
    """What is wrong with a description, if anything; `categories` are the codes of the taxonomy's lowest level."""
    if given.category and given.category not in categories:
        return Objection("category_unknown", N_("没有这个问题分类，请选到第三级。"), "category")
    if given.severity not in SEVERITIES:
        return Objection("severity_unknown", N_("请选择问题的轻重。"), "severity")
    if given.commonality not in COMMONALITIES:
        return Objection("commonality_unknown", N_("请选择个性或共性。"), "commonality")
    if given.amount is not None and not 0 < given.amount < MOST_YUAN:
        return Objection("amount_wrong", N_("涉及金额请填写大于零的数，单位是元。"), "amount")
    return None


def _others_agree(facts: StepFacts) -> bool:
    return all(role in facts.agreed for role in facts.chain[:-1])


def all_reviewers_agree(facts: StepFacts, typed: StepInput) -> Objection | None:
    """The last reviewer decides when all others of the chain have agreed."""
    return None if _others_agree(facts) else Objection("reviewers_pending", N_("其他审核方还没有全部同意。"))


def all_signers_agree(facts: StepFacts, typed: StepInput) -> Objection | None:
    """The last signer decides when all others of the chain have agreed to the same content."""
    return None if _others_agree(facts) else Objection("signers_pending", N_("其他审核方还没有全部同意。"))


def not_yet_agreed(facts: StepFacts, typed: StepInput) -> Objection | None:
    """One verdict per signer."""
    return None if facts.role not in facts.agreed else Objection("already_agreed", N_("您已经同意过了。"))


def one_role_each(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Nobody agrees for two parties of one chain."""
    if facts.account not in facts.agreed_by:
        return None
    return Objection("agreed_for_another", N_("您已经以另一职务同意过，请由另一人办理。"))


def ground(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A reopening names one of the known grounds."""
    return (
        None if typed.ground in REOPENING_GROUNDS else Objection("ground_missing", N_("请选择重启的依据。"), "ground")
    )


def no_open_reopening(facts: StepFacts, typed: StepInput) -> Objection | None:
    """One open reopening request at a time."""
    return None if facts.open_reopening_by is None else Objection("reopening_open", N_("已有一份重启申请待批。"))


def open_reopening(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A reopening is decided on a request."""
    return None if facts.open_reopening_by else Objection("no_reopening_request", N_("还没有人申请重启。"))


def reason_or_merged_into(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A withdrawal has a reason or names the finding it is merged into."""
    if is_typed(typed.reason) or typed.merged_into:
        return None
    return Objection("reason_missing", N_("请写明撤回的理由，或选择并入的问题。"), "reason")


def no_open_withdrawal(facts: StepFacts, typed: StepInput) -> Objection | None:
    """One open withdrawal request at a time."""
    return (
        None if facts.open_withdrawal_by is None else Objection("withdrawal_open", N_("已有人提请撤回，待第二人决定。"))
    )


def open_withdrawal(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A withdrawal is decided on a request by the office."""
    return None if facts.open_withdrawal_by else Objection("no_withdrawal_request", N_("还没有人提请撤回。"))


def before_approval(facts: StepFacts, typed: StepInput) -> Objection | None:
    """What the secretary has approved is described no more."""
    return Objection("feedback_approved", N_("反馈已经审批，不能再增减问题。")) if facts.is_on_its_way else None


def not_on_its_way(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Between approval and the third signature the content is what is being signed for."""
    if not facts.is_on_its_way:
        return None
    return Objection("feedback_on_its_way", N_("反馈已经审批，三方签收以后才能撤回。"))


def second_person(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Who asked does not decide."""
    if facts.account not in (facts.open_reopening_by, facts.open_withdrawal_by, facts.open_extension_by):
        return None
    return Objection("same_person", N_("提请的人不能自己批准，请由第二人办理。"))


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        reason,
        opinion,
        plan_needs.redo_by,
        remains,
        remains_by,
        closing_needs.stage_goals,
        closing_needs.next_review_on,
        plan_needs.plan_row,
        plan_needs.measures,
        plan_needs.plan_faults,
        description,
        progress,
        done_on,
        until,
        no_open_extension,
        open_extension,
        closing_needs.criteria,
        closing_needs.review_points,
        closing_needs.known_points,
        closing_needs.evidence_given,
        closing_needs.evidence_for_each_measure,
        closing_needs.claim,
        closing_needs.claim_is_done,
        closing_needs.claim_is_long_term,
        all_reviewers_agree,
        all_signers_agree,
        not_yet_agreed,
        one_role_each,
        ground,
        closing_needs.reopening_evidence,
        no_open_reopening,
        open_reopening,
        reason_or_merged_into,
        no_open_withdrawal,
        open_withdrawal,
        before_approval,
        not_on_its_way,
        second_person,
    )
}
# What no typing can mend: shown beside a refused step before anybody opens its form.
STANDING_CHECKS = frozenset(
    {
        "claim_is_done",
        "claim_is_long_term",
        "all_reviewers_agree",
        "all_signers_agree",
        "not_yet_agreed",
        "one_role_each",
        "no_open_reopening",
        "open_reopening",
        "no_open_withdrawal",
        "open_withdrawal",
        "before_approval",
        "not_on_its_way",
        "no_open_extension",
        "open_extension",
        "second_person",
    }
)


def objection_to(needs: tuple[str, ...], *, facts: StepFacts, typed: StepInput) -> Objection | None:
    """The first objection among the needs, or None. Unknown names raise KeyError: a table must not invent needs."""
    for name in needs:
        objection = CHECKS[name](facts, typed)
        if objection:
            return objection
    return None


def standing_objection(needs: tuple[str, ...], *, facts: StepFacts) -> Objection | None:
    """The first objection that stands whatever a person types."""
    return objection_to(tuple(name for name in needs if name in STANDING_CHECKS), facts=facts, typed=StepInput())

"""What each step needs: one check, one function, one line in the register; a check returns an Objection or nothing.

Checks look at facts and at what the person typed, never at tables. Basis: 巡视工作条例 (2024) 整改部分; 县级三方联审
做法 (profile); the sentences are shown as they stand.
"""

from collections.abc import Callable, Mapping
from datetime import date

from bihuan.rules.typed import Description, MeasureInput, Objection, StepFacts, StepInput
from bihuan.rules.vocabulary import CLAIMS, COMMONALITIES, MEASURE_KINDS, N_, PLAN_FAULTS, REOPENING_GROUNDS, SEVERITIES

MINIMUM_OPINION = 10
MOST_YUAN = 10**16
# As long as the columns that keep them; causes, goals and texts of measures may be as long as they need to be.
LONGEST = {"leader": 60, "person": 60, "supervisor": 60, "helping": 200, "product": 200, "proves": 200}
MOST_MEASURES = 60


Check = Callable[[StepFacts, StepInput], Objection | None]


def _typed(text: str, minimum: int = 1) -> bool:
    return len("".join(text.split())) >= minimum


def reason(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A reason is given."""
    return None if _typed(typed.reason) else Objection("reason_missing", N_("请写明理由。"), "reason")


def opinion(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A returning opinion says in at least ten characters what is to be put right."""
    if _typed(typed.reason, MINIMUM_OPINION):
        return None
    return Objection("opinion_too_short", N_("退回意见不少于 10 个字，请写明哪里不行、怎么补。"), "reason")


def _later_day(day: date | None, facts: StepFacts, where: str, missing: str) -> Objection | None:
    if day is None:
        return Objection(f"{where}_missing", missing, where)
    if day < facts.today:
        return Objection(f"{where}_past", N_("日期已经过去，请填今天或以后的日期。"), where)
    return None


def redo_by(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A returned plan has a date by which it is due again."""
    return _later_day(typed.redo_by, facts, "redo_by", N_("请填写重报期限。"))


def remains(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Who reports 基本完成 says what is still open."""
    return None if _typed(typed.remains) else Objection("remains_missing", N_("请写明还剩什么没有完成。"), "remains")


def remains_by(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Who reports 基本完成 says by when the rest is done."""
    return _later_day(typed.remains_by, facts, "remains_by", N_("请填写剩余事项的完成期限。"))


def stage_goals(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A long-term item has stage goals (计划改)."""
    return (
        None
        if _typed(typed.stage_goals)
        else Objection("stage_goals_missing", N_("请填写长期坚持的阶段目标。"), "stage_goals")
    )


def next_review_on(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A long-term item has a next review date."""
    return _later_day(typed.next_review_on, facts, "next_review_on", N_("请填写下次复核日期。"))


def plan_row(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A row of the plan says why it came to this, what is to be reached, and which leader answers for it (三清单)."""
    wanted = (
        ("causes", typed.causes, N_("请写明原因分析。")),
        ("goal", typed.goal, N_("请写明可以衡量的整改目标。")),
        ("leader", typed.leader, N_("请写明牵头领导的姓名或职务。")),
    )
    for name, text, sentence in wanted:
        if not _typed(text):
            return Objection(f"{name}_missing", sentence, name)
    return _too_long("leader", typed.leader, N_("牵头领导不超过 %(most)s 个字，请缩短。"), "leader")


def _too_long(name: str, text: str, sentence: str, where: str, /, **values: object) -> Objection | None:
    if len(text.strip()) <= LONGEST[name]:
        return None
    return Objection(f"{name}_too_long", sentence, where, values={"most": LONGEST[name], **values})


def measures(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A plan has at least one measure, and each has a text, a unit, a person, a due date and a product."""
    if not typed.measures:
        return Objection("measures_missing", N_("请至少填写一条措施。"), "measures")
    objection = _measures_fit(typed.measures)
    if objection:
        return objection
    for number, measure in enumerate(typed.measures, 1):
        objection = _measure(facts, measure, number)
        if objection:
            return objection
    return None


def _measure(facts: StepFacts, measure: MeasureInput, number: int) -> Objection | None:
    wanted = (
        ("text", _typed(measure.text), N_("第 %(number)s 条措施没有写内容，请补上。")),
        ("unit", measure.unit is not None, N_("第 %(number)s 条措施没有责任单位，请选定。")),
        ("person", _typed(measure.person), N_("第 %(number)s 条措施没有责任人，请写明姓名或职务。")),
        ("due_on", measure.due_on is not None, N_("第 %(number)s 条措施没有完成时限，请填写日期。")),
        ("product", _typed(measure.product), N_("第 %(number)s 条措施没有成果形式，请写明交什么。")),
    )
    for name, present, sentence in wanted:
        if not present:
            return Objection(
                f"measure_{name}_missing", sentence, f"measures.{number}.{name}", values={"number": number}
            )
    if facts.given_on and measure.due_on and measure.due_on < facts.given_on:
        return Objection(
            "measure_due_before_feedback",
            N_("第 %(number)s 条措施的时限早于签收反馈之日，请改正。"),
            f"measures.{number}.due_on",
            values={"number": number},
        )
    return _measure_period(measure, number)


def _measure_period(measure: MeasureInput, number: int) -> Objection | None:
    if measure.starts_on and measure.due_on and measure.starts_on > measure.due_on:
        sentence = N_("第 %(number)s 条措施的开始日期晚于完成时限，请改正。")
        return Objection(
            "measure_starts_after_due", sentence, f"measures.{number}.starts_on", values={"number": number}
        )
    return None


def row_fits(leader: str, measures: tuple[MeasureInput, ...]) -> Objection | None:
    """What a draft row must keep to, however incomplete it is: lengths, the number of measures, known kinds."""
    sentence = N_("牵头领导不超过 %(most)s 个字，请缩短。")
    return _too_long("leader", leader, sentence, "leader") or _measures_fit(measures)


def _measures_fit(measures: tuple[MeasureInput, ...]) -> Objection | None:
    if len(measures) > MOST_MEASURES:
        sentence = N_("一条问题的措施不超过 %(most)s 条，请合并。")
        return Objection("measures_too_many", sentence, "measures", values={"most": MOST_MEASURES})
    for number, measure in enumerate(measures, 1):
        objection = _measure_fits(measure, number)
        if objection:
            return objection
    return None


def _measure_fits(measure: MeasureInput, number: int) -> Objection | None:
    wanted = (
        ("person", measure.person, N_("第 %(number)s 条措施的责任人不超过 %(most)s 个字，请缩短。")),
        ("supervisor", measure.supervisor, N_("第 %(number)s 条措施的监督人不超过 %(most)s 个字，请缩短。")),
        ("helping", measure.helping, N_("第 %(number)s 条措施的配合部门不超过 %(most)s 个字，请缩短。")),
        ("product", measure.product, N_("第 %(number)s 条措施的成果形式不超过 %(most)s 个字，请缩短。")),
    )
    for name, text, sentence in wanted:
        objection = _too_long(name, text, sentence, f"measures.{number}.{name}", number=number)
        if objection:
            return objection
    if set(measure.kinds) - set(MEASURE_KINDS):
        sentence = N_("第 %(number)s 条措施的类型不认识，请重新选择。")
        return Objection("measure_kind_unknown", sentence, f"measures.{number}.kinds", values={"number": number})
    return None


def plan_faults(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Who returns a plan names which of the three no-passes it shows, or says that it is something else (三不过)."""
    if typed.faults and not set(typed.faults) - set(PLAN_FAULTS):
        return None
    return Objection("faults_missing", N_("请选择退回的原因：方向不明确、任务有漏项、措施不具体，或其他。"), "faults")


def progress(facts: StepFacts, typed: StepInput) -> Objection | None:
    """An entry of progress says what was done; a measure it names is one of this finding."""
    if not _typed(typed.progress):
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
    """An extension asks for a day after the present due date, and after today."""
    objection = _later_day(typed.until, facts, "until", N_("请填写延期到哪一天。"))
    if objection:
        return objection
    if typed.until and facts.due_on and typed.until <= facts.due_on:
        return Objection("until_not_later", N_("延期后的日期不晚于现在的时限，请改正。"), "until")
    return None


def no_open_extension(facts: StepFacts, typed: StepInput) -> Objection | None:
    """One open request for an extension at a time."""
    return None if facts.open_extension_by is None else Objection("extension_open", N_("已有一份延期申请待批。"))


def open_extension(facts: StepFacts, typed: StepInput) -> Objection | None:
    """An extension is decided on a request."""
    return None if facts.open_extension_by else Objection("no_extension_request", N_("还没有人申请延期。"))


def criteria(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Who claims 已完成 answers every criterion of closing: how it is met, or why it does not apply."""
    answers = {answer.code: answer for answer in typed.criteria}
    if len(answers) < len(typed.criteria):
        return Objection("criterion_twice", N_("有一条验收标准答了两次，请只留一次。"), "criteria")
    for code in answers:
        if code not in facts.criteria:
            return Objection("criterion_unknown", N_("没有“%(code)s”这条验收标准。"), "criteria", values={"code": code})
    for number, code in enumerate(facts.criteria, 1):
        answer = answers.get(code)
        if answer and set(answer.evidence) - facts.evidence:
            sentence = N_("第 %(number)s 条验收标准引用的佐证不属于本问题，请重新选择。")
            return Objection("criterion_evidence", sentence, f"criteria.{code}", values={"number": number})
        if typed.claim == "done" and not (answer and _typed(answer.text)):
            sentence = N_("第 %(number)s 条验收标准还没有说明：请写明怎样达到，或为什么不涉及。")
            return Objection("criterion_missing", sentence, f"criteria.{code}", values={"number": number})
    return None


def review_points(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Who agrees to a closing confirms each point of review (三严: 原因, 措施, 成效)."""
    lacking = [point for point in facts.points if point not in typed.points]
    if not lacking:
        return known_points(facts, typed)
    return Objection("points_missing", N_("请逐项核对并勾选全部审核要点；有一项不成立，请退回。"), "points")


def known_points(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Whatever points are confirmed, they are points of this review."""
    for point in typed.points:
        if point not in facts.points:
            return Objection("point_unknown", N_("没有“%(code)s”这个审核要点。"), "points", values={"code": point})
    return None


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


def evidence_given(facts: StepFacts, typed: StepInput) -> Objection | None:
    """At least one file is handed in, each for a measure of this finding and not empty."""
    if not typed.evidence:
        return Objection("evidence_missing", N_("请至少交一个佐证文件。"), "evidence")
    return _of_its_measures(facts, typed) or _sound_evidence(facts, typed)


def _of_its_measures(facts: StepFacts, typed: StepInput) -> Objection | None:
    if all(item.measure in facts.measures for item in typed.evidence):
        return None
    return Objection("evidence_of_another", N_("佐证不属于本问题的措施，请重新选择。"), "evidence")


def _sound_evidence(facts: StepFacts, typed: StepInput) -> Objection | None:
    for item in typed.evidence:
        if not item.content:
            return Objection(
                "evidence_empty", N_("佐证文件“%(name)s”是空的，请换一个文件。"), "evidence", values={"name": item.name}
            )
        if item.dated and item.dated > facts.today:
            return Objection(
                "evidence_in_future",
                N_("佐证“%(name)s”的日期在今天之后，请改正。"),
                "evidence",
                values={"name": item.name},
            )
        sentence = N_("佐证“%(name)s”的证明内容不超过 %(most)s 个字，请缩短。")
        objection = _too_long("proves", item.proves, sentence, "evidence", name=item.name)
        if objection:
            return objection
    return None


def evidence_for_each_measure(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Each measure has at least one file, handed in earlier or now (每个措施至少一个佐证)."""
    objection = _of_its_measures(facts, typed) or _sound_evidence(facts, typed)
    if objection:
        return objection
    proved = facts.measures_with_evidence | {item.measure for item in typed.evidence}
    lacking = [number for number, measure in enumerate(facts.measures, 1) if measure not in proved]
    if lacking:
        return Objection(
            "evidence_lacking",
            N_("第 %(numbers)s 条措施还没有佐证，请补交。"),
            "evidence",
            values={"numbers": "、".join(map(str, lacking))},
        )
    return None


def claim(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A closing request claims 已完成 or 长期坚持."""
    return (
        None
        if typed.claim in CLAIMS
        else Objection("claim_missing", N_("请选择申请事由：已完成，或长期坚持。"), "claim")
    )


def claim_is_done(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Only a request that claims 已完成 can be closed."""
    return None if facts.claim == "done" else Objection("claim_is_long_term", N_("单位申请的是转长期坚持，不能销号。"))


def claim_is_long_term(facts: StepFacts, typed: StepInput) -> Objection | None:
    """Only a request that claims 长期坚持 becomes long-term."""
    return None if facts.claim == "long_term" else Objection("claim_is_done", N_("单位申请的是销号，不能转长期坚持。"))


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


def reopening_evidence(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A reopening is asked for with evidence."""
    if not typed.evidence:
        return Objection("evidence_missing", N_("请至少交一个佐证文件。"), "evidence")
    return _sound_evidence(facts, typed)


def no_open_reopening(facts: StepFacts, typed: StepInput) -> Objection | None:
    """One open reopening request at a time."""
    return None if facts.open_reopening_by is None else Objection("reopening_open", N_("已有一份重启申请待批。"))


def open_reopening(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A reopening is decided on a request."""
    return None if facts.open_reopening_by else Objection("no_reopening_request", N_("还没有人申请重启。"))


def reason_or_merged_into(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A withdrawal has a reason or names the finding it is merged into."""
    if _typed(typed.reason) or typed.merged_into:
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
        redo_by,
        remains,
        remains_by,
        stage_goals,
        next_review_on,
        plan_row,
        measures,
        plan_faults,
        description,
        progress,
        done_on,
        until,
        no_open_extension,
        open_extension,
        criteria,
        review_points,
        known_points,
        evidence_given,
        evidence_for_each_measure,
        claim,
        claim_is_done,
        claim_is_long_term,
        all_reviewers_agree,
        all_signers_agree,
        not_yet_agreed,
        one_role_each,
        ground,
        reopening_evidence,
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

"""What a closing needs: the claim, an answer to each criterion, evidence for each measure, the points of review.

Checks of the register in needs.py; who may sign, and whether the others have, stands there.
"""

from bihuan.rules.entries import is_typed, later_day, too_long
from bihuan.rules.typed import Objection, StepFacts, StepInput
from bihuan.rules.vocabulary import CLAIMS, N_


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
        if typed.claim == "done" and not (answer and is_typed(answer.text)):
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


def stage_goals(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A long-term item has stage goals (计划改)."""
    return (
        None
        if is_typed(typed.stage_goals)
        else Objection("stage_goals_missing", N_("请填写长期坚持的阶段目标。"), "stage_goals")
    )


def next_review_on(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A long-term item has a next review date."""
    return later_day(typed.next_review_on, facts, "next_review_on", N_("请填写下次复核日期。"))


def evidence_given(facts: StepFacts, typed: StepInput) -> Objection | None:
    """At least one file is handed in, each for a measure of this finding and not empty."""
    if not typed.evidence:
        return Objection("evidence_missing", N_("请至少交一个佐证文件。"), "evidence")
    return _of_its_measures(facts, typed) or _sound_evidence(facts, typed)


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


def reopening_evidence(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A reopening is asked for with evidence."""
    if not typed.evidence:
        return Objection("evidence_missing", N_("请至少交一个佐证文件。"), "evidence")
    return _sound_evidence(facts, typed)


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
        objection = too_long("proves", item.proves, sentence, "evidence", name=item.name)
        if objection:
            return objection
    return None

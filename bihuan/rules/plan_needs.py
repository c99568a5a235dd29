"""What a row of a plan needs: causes, goal, leader, measures that can be checked; and what its return must say.

Checks of the register in needs.py; row_fits is asked of drafts too, however incomplete. Basis: “三清单”“三不过”.
"""

from bihuan.rules.entries import is_typed, later_day, too_long
from bihuan.rules.typed import MeasureInput, Objection, StepFacts, StepInput
from bihuan.rules.vocabulary import MEASURE_KINDS, N_, PLAN_FAULTS

MOST_MEASURES = 60


def redo_by(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A returned plan has a date by which it is due again."""
    return later_day(typed.redo_by, facts, "redo_by", N_("请填写重报期限。"))


def plan_row(facts: StepFacts, typed: StepInput) -> Objection | None:
    """A row of the plan says why it came to this, what is to be reached, and which leader answers for it (三清单)."""
    wanted = (
        ("causes", typed.causes, N_("请写明原因分析。")),
        ("goal", typed.goal, N_("请写明可以衡量的整改目标。")),
        ("leader", typed.leader, N_("请写明牵头领导的姓名或职务。")),
    )
    for name, text, sentence in wanted:
        if not is_typed(text):
            return Objection(f"{name}_missing", sentence, name)
    return too_long("leader", typed.leader, N_("牵头领导不超过 %(most)s 个字，请缩短。"), "leader")


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
        ("text", is_typed(measure.text), N_("第 %(number)s 条措施没有写内容，请补上。")),
        ("unit", measure.unit is not None, N_("第 %(number)s 条措施没有责任单位，请选定。")),
        ("person", is_typed(measure.person), N_("第 %(number)s 条措施没有责任人，请写明姓名或职务。")),
        ("due_on", measure.due_on is not None, N_("第 %(number)s 条措施没有完成时限，请填写日期。")),
        ("product", is_typed(measure.product), N_("第 %(number)s 条措施没有成果形式，请写明交什么。")),
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
    return too_long("leader", leader, sentence, "leader") or _measures_fit(measures)


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
        objection = too_long(name, text, sentence, f"measures.{number}.{name}", number=number)
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

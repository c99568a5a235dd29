"""The lifecycles: which step leads from which state to which, who may take it, and what it needs.

Literal tables only; machines.py says what a table is made of, needs.py checks, access.py says who stands where,
actions/_step.py is the one taker.
Basis: 中国共产党巡视工作条例 (2024) 整改与成果运用部分; decision 0005 tells what was added and why.
"""

from bihuan.rules.machines import Machine, State, Step, page_of
from bihuan.rules.vocabulary import N_

UNIT_WORKS = ("in_progress", "returned", "reopened")
ON_BENCH = ("team_lead", "liaison", "office")
WORKED_ON = (*UNIT_WORKS, "basically_done", "phase_done_long_term")

FINDING = Machine(
    thing="finding",
    label=N_("问题"),
    states=(
        State("drafted", N_("已认定"), "○", "open"),
        State("awaiting_plan", N_("待报方案"), "○", "open"),
        State("plan_submitted", N_("方案待审"), "◔", "wait"),
        State("plan_returned", N_("方案退回"), "↩", "back"),
        State("in_progress", N_("整改中"), "◑", "work"),
        State("basically_done", N_("基本完成"), "◕", "work"),
        State("pending_review", N_("待审核"), "◔", "wait"),
        State("returned", N_("退回整改"), "↩", "back"),
        State("closed", N_("已销号"), "●", "done"),
        State("phase_done_long_term", N_("长期坚持"), "◉", "long"),
        State("reopened", N_("重新整改"), "↺", "back"),
        State("withdrawn", N_("已撤回"), "×", "gone"),
    ),
    steps=(
        Step(
            "describe",
            N_("补充要素"),
            ("drafted",),
            None,
            ("team_lead", "liaison", "office"),
            ("before_approval", "description"),
        ),
        # On the bench a confirmation is taken back and made again: the number stays with its draft.
        Step("take_back", N_("撤销认定"), ("drafted",), "withdrawn", ON_BENCH, consequence=True),
        Step("confirm_again", N_("重新认定"), ("withdrawn",), "drafted", ON_BENCH, consequence=True),
        Step("give", N_("送达"), ("drafted",), "awaiting_plan", ("signer_of_receipt",), consequence=True),
        Step(
            "mark",
            N_("调整标记"),
            ("awaiting_plan", "plan_submitted", "plan_returned", *WORKED_ON, "pending_review"),
            None,
            ("office",),
            ("reason",),
        ),
        Step(
            "submit_plan",
            N_("报送方案"),
            ("awaiting_plan", "plan_returned"),
            "plan_submitted",
            ("unit_head",),
            ("plan_row", "measures"),
        ),
        Step(
            "agree_plan",
            N_("同意方案"),
            ("plan_submitted",),
            None,
            ("plan_reviewer",),
            ("not_yet_agreed", "one_role_each"),
        ),
        Step(
            "return_plan",
            N_("退回方案"),
            ("plan_submitted",),
            "plan_returned",
            ("plan_reviewer", "last_plan_reviewer"),
            ("plan_faults", "opinion", "redo_by"),
        ),
        Step(
            "approve_plan",
            N_("批准方案"),
            ("plan_submitted",),
            "in_progress",
            ("last_plan_reviewer",),
            ("all_reviewers_agree", "one_role_each"),
        ),
        Step(
            "report_basically_done",
            N_("报告基本完成"),
            UNIT_WORKS,
            "basically_done",
            ("unit",),
            ("remains", "remains_by"),
        ),
        Step("resume", N_("恢复整改"), ("basically_done",), "in_progress", ("unit",), ("reason",)),
        Step(
            "report_progress",
            N_("填报进展"),
            WORKED_ON,
            None,
            ("unit", "helping_unit"),
            ("progress", "done_on"),
        ),
        Step(
            "add_evidence",
            N_("补交佐证"),
            (*WORKED_ON, "pending_review"),
            None,
            ("unit", "helping_unit"),
            ("evidence_given",),
        ),
        Step(
            "request_extension",
            N_("申请延期"),
            (*UNIT_WORKS, "basically_done"),
            None,
            ("unit_head",),
            ("until", "reason", "no_open_extension"),
        ),
        Step(
            "grant_extension",
            N_("批准延期"),
            (*UNIT_WORKS, "basically_done"),
            None,
            ("leading_group", "office_director"),
            ("open_extension", "second_person"),
        ),
        Step(
            "refuse_extension",
            N_("不同意延期"),
            (*UNIT_WORKS, "basically_done"),
            None,
            ("leading_group", "office_director"),
            ("open_extension", "second_person", "opinion"),
        ),
        Step(
            "request_closing",
            N_("申请销号"),
            WORKED_ON,
            "pending_review",
            ("unit_head",),
            ("claim", "criteria", "evidence_for_each_measure"),
        ),
        Step(
            "withdraw_closing",
            N_("撤回销号申请"),
            ("pending_review",),
            "in_progress",
            ("unit_head",),
            ("reason",),
        ),
        Step(
            "agree_closing",
            N_("同意销号"),
            ("pending_review",),
            None,
            ("closing_signer", "countersigning_head"),
            ("not_yet_agreed", "one_role_each", "review_points"),
        ),
        Step(
            "return_closing",
            N_("退回销号申请"),
            ("pending_review",),
            "returned",
            ("closing_signer", "last_closing_signer"),
            ("opinion", "known_points"),
        ),
        Step(
            "close",
            N_("予以销号"),
            ("pending_review",),
            "closed",
            ("last_closing_signer",),
            ("claim_is_done", "all_signers_agree", "one_role_each", "review_points"),
        ),
        Step(
            "accept_long_term",
            N_("转长期坚持"),
            ("pending_review",),
            "phase_done_long_term",
            ("last_closing_signer",),
            (
                "claim_is_long_term",
                "all_signers_agree",
                "one_role_each",
                "review_points",
                "stage_goals",
                "next_review_on",
            ),
        ),
        Step(
            "lapse",
            N_("终止长期坚持"),
            ("phase_done_long_term",),
            "in_progress",
            ("office", "discipline_reviewer"),
            ("reason",),
        ),
        Step(
            "request_reopening",
            N_("申请重启"),
            ("closed",),
            None,
            ("office", "team", "discipline_reviewer", "organization_reviewer"),
            ("ground", "reason", "reopening_evidence", "no_open_reopening"),
        ),
        Step(
            "refuse_reopening",
            N_("不同意重启"),
            ("closed",),
            None,
            ("last_closing_signer",),
            ("open_reopening", "second_person", "opinion"),
        ),
        Step(
            "approve_reopening",
            N_("批准重启"),
            ("closed",),
            None,
            ("last_closing_signer",),
            ("open_reopening", "second_person"),
        ),
        Step("reopen", N_("重启"), ("closed",), "reopened", ("last_closing_signer",), consequence=True),
        Step(
            "request_withdrawal",
            N_("提请撤回"),
            ("drafted", "awaiting_plan"),
            None,
            ("office",),
            ("not_on_its_way", "reason_or_merged_into", "no_open_withdrawal"),
        ),
        Step(
            "withdraw",
            N_("撤回"),
            ("drafted", "awaiting_plan"),
            "withdrawn",
            ("office", "team_lead"),
            ("not_on_its_way", "open_withdrawal", "second_person"),
        ),
        Step(
            "keep",
            N_("不撤回"),
            ("drafted", "awaiting_plan"),
            None,
            ("office", "team_lead"),
            ("open_withdrawal", "second_person", "reason"),
        ),
    ),
)

FEEDBACK = Machine(
    thing="feedback",
    label=N_("反馈"),
    states=(
        State("draft", N_("起草中"), "○", "open"),
        State("approved", N_("已审批"), "◑", "work"),
        State("given", N_("已反馈"), "●", "done"),
    ),
    steps=(
        Step("read_again", N_("按反馈意见重读"), ("draft",), None, ON_BENCH),
        Step("approve", N_("审批"), ("draft",), "approved", ("secretary", "leading_group")),
        Step("give", N_("发出反馈"), ("approved",), "given", ("office",)),
        Step("sign", N_("签收"), ("given",), None, ("signer_of_receipt",)),
    ),
)

INSPECTION = Machine(
    thing="inspection",
    label=N_("巡察对象"),
    states=(
        State("planned", N_("已计划"), "○", "open"),
        State("on_site", N_("驻点中"), "◑", "work"),
        State("left", N_("已撤点"), "◕", "work"),
        State("fed_back", N_("已反馈"), "●", "done"),
        State("archived", N_("已归档"), "■", "gone"),
    ),
    steps=(
        Step("enter", N_("进驻"), ("planned",), "on_site", ("office", "team_lead")),
        Step("leave", N_("撤点"), ("on_site",), "left", ("office", "team_lead")),
        Step("feed_back", N_("反馈"), ("left",), "fed_back", ("signer_of_receipt",), consequence=True),
        Step("archive", N_("归档"), ("fed_back",), "archived", ("office",)),
    ),
)

DRAFT = Machine(
    thing="draft",
    label=N_("草稿"),
    states=(
        State("proposed", N_("待认定"), "○", "open"),
        State("confirmed", N_("已认定"), "●", "done"),
        State("dropped", N_("已去掉"), "×", "gone"),
    ),
    steps=(
        Step("confirm", N_("认定"), ("proposed",), "confirmed", ON_BENCH),
        Step("correct", N_("修改"), ("proposed",), None, ON_BENCH),
        Step("split", N_("拆分"), ("proposed",), None, ON_BENCH),
        Step("join", N_("合并"), ("proposed",), None, ON_BENCH),
        Step("drop", N_("去掉"), ("proposed",), "dropped", ON_BENCH),
        Step("repair", N_("采用修复建议"), ("proposed",), None, ON_BENCH),
        Step("leave", N_("不采用修复建议"), ("proposed",), None, ON_BENCH),
        Step("undo", N_("撤销上一步"), ("proposed", "confirmed", "dropped"), "proposed", ON_BENCH),
    ),
)

PLAN = Machine(
    thing="plan",
    label=N_("整改方案"),
    states=(
        State("draft", N_("起草中"), "○", "open"),
        State("submitted", N_("已报送"), "◔", "wait"),
        State("returned", N_("已退回"), "↩", "back"),
        State("approved", N_("已批准"), "●", "done"),
    ),
    steps=(
        Step("fill", N_("填写"), ("draft",), None, ("unit",)),
        Step("submit", N_("报送"), ("draft",), "submitted", ("unit_head",)),
        Step("return", N_("退回"), ("submitted",), "returned", (), consequence=True),
        Step("approve", N_("批准"), ("submitted",), "approved", (), consequence=True),
    ),
)

PLAN_ROW = Machine(
    thing="plan_row",
    label=N_("方案的一行"),
    states=PLAN.states,
    steps=(
        Step("fill", N_("填写"), ("draft",), None, ("unit",)),
        Step("submit", N_("报送"), ("draft",), "submitted", (), consequence=True),
        Step("return", N_("退回"), ("submitted",), "returned", (), consequence=True),
        Step("approve", N_("批准"), ("submitted",), "approved", (), consequence=True),
    ),
)

CLOSING_REQUEST = Machine(
    thing="closing_request",
    label=N_("销号申请"),
    states=(
        State("open", N_("审核中"), "◔", "wait"),
        State("agreed", N_("已同意"), "●", "done"),
        State("returned", N_("已退回"), "↩", "back"),
        State("withdrawn", N_("已撤回"), "×", "gone"),
    ),
    steps=(
        Step("add_evidence", N_("补交佐证"), ("open",), None, (), consequence=True),
        Step("agree", N_("同意"), ("open",), "agreed", (), consequence=True),
        Step("return", N_("退回"), ("open",), "returned", (), consequence=True),
        Step("withdraw", N_("撤回"), ("open",), "withdrawn", (), consequence=True),
    ),
)

REQUEST = Machine(
    thing="request",
    label=N_("重启、撤回与延期的申请"),
    states=(
        State("open", N_("待批"), "◔", "wait"),
        State("granted", N_("已批准"), "●", "done"),
        State("refused", N_("未批准"), "×", "gone"),
        State("lapsed", N_("已失效"), "×", "gone"),
    ),
    steps=(
        Step("grant", N_("批准"), ("open",), "granted", (), consequence=True),
        Step("refuse", N_("不批准"), ("open",), "refused", (), consequence=True),
        Step("lapse", N_("失效"), ("open",), "lapsed", (), consequence=True),
    ),
)

MACHINES = {
    machine.thing: machine
    for machine in (FINDING, FEEDBACK, INSPECTION, DRAFT, PLAN, PLAN_ROW, CLOSING_REQUEST, REQUEST)
}

# The step that decides on a request of each aim. An extension asked for before a closing waits while that is reviewed.
DECIDED_BY = {"reopen": "approve_reopening", "withdraw": "withdraw", "extend": "grant_extension"}
ALSO_WAITS_IN = {"extend": ("pending_review",)}


def may_wait(aim: str, *, state: str) -> bool:
    """Whether a finding in that state leaves something to decide about a request; where it does not, it has lapsed."""
    return state in (*FINDING.step(DECIDED_BY[aim]).sources, *ALSO_WAITS_IN.get(aim, ()))


# Groups of states that rules and queries share.
GIVEN = tuple(state.code for state in FINDING.states if state.code not in ("drafted", "withdrawn"))
UNFINISHED = tuple(code for code in GIVEN if code not in ("closed", "phase_done_long_term"))


def lifecycle_page() -> str:
    """docs/lifecycle.md, written from these tables by `make fix`."""
    return page_of(MACHINES.values())

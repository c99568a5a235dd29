"""What a ledger that comes from elsewhere may say, column by column, and by which words its heads are known.

The words are those of profiles/ledger_import.toml; a head is proposed with its reason and decided by a person.
"""

from functools import cache

from bihuan.rules.form_words import FormWords, parse_form_words
from bihuan.rules.profile import packaged_text
from bihuan.rules.vocabulary import N_, OFFICE_ROLES

FILE = "ledger_import.toml"
# The office for any unit, a unit for itself.
MAY_IMPORT = (*OFFICE_ROLES, "unit_head", "unit_clerk")
TARGETS = {
    "unit": N_("被巡察单位"),
    "number": N_("问题编号"),
    "text": N_("问题内容"),
    "category": N_("分类"),
    "severity": N_("轻重"),
    "commonality": N_("共性或个性"),
    "fix_now": N_("立行立改"),
    "listed": N_("挂牌"),
    "key": N_("重点"),
    "amount": N_("涉及金额"),
    "lead": N_("责任单位"),
    "helping": N_("配合单位"),
    "given": N_("反馈签收日"),
    "due": N_("整改时限"),
    "state": N_("整改状态"),
    "progress": N_("整改进展"),
    "progress_on": N_("进展日期"),
}
# What a ledger must have at the least.
NEEDED = ("text",)
NEW, CHANGED, UNCHANGED, CONFLICT = "new", "changed", "unchanged", "conflict"
OUTCOMES = {
    NEW: N_("新增"),
    CHANGED: N_("有变化"),
    UNCHANGED: N_("没有变化"),
    CONFLICT: N_("有冲突"),
}
# How a ledger calls a state, by the states of the rectification engine, and the states of a finding that agree with it.
AGREEING = {
    "done": ("closed", "phase_done_long_term"),
    "phase_done_long_term": ("closed", "phase_done_long_term"),
}


@cache
def import_words() -> FormWords:
    """The words that came with the product."""
    return parse_form_words(packaged_text(FILE), file=FILE)

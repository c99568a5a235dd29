"""Codes that are stored and the Chinese words that people read; no logic.

Labels are marked with N_ for translation; a door translates them. Codes are never shown.
"""


def N_(text: str) -> str:  # noqa: N802 - the customary name of the marker for translators
    """Mark a label for translation; the text itself is returned."""
    return text


ROLES = {
    "secretary": N_("党委书记"),
    "leading_group": N_("领导小组"),
    "office_director": N_("巡察办主任"),
    "office_clerk": N_("巡察办干部"),
    "team_leader": N_("巡察组组长"),
    "deputy_leader": N_("巡察组副组长"),
    "liaison": N_("巡察组联络员"),
    "team_member": N_("巡察组组员"),
    "unit_head": N_("单位主要负责人"),
    "unit_leader": N_("单位班子成员"),
    "unit_clerk": N_("单位承办人"),
    "discipline_reviewer": N_("纪检监察审核人"),
    "organization_reviewer": N_("组织部门审核人"),
    "supervising_leader": N_("分管领导"),
    "functional_clerk": N_("职能部门承办人"),
    "township_reviewer": N_("乡镇审核人"),
    "evaluator": N_("评估人员"),
    "guest": N_("临时授权人员"),
    "system_officer": N_("系统管理员"),
    "security_officer": N_("安全保密员"),
    "audit_officer": N_("安全审计员"),
}
OFFICERS = ("system_officer", "security_officer", "audit_officer")
OFFICE_ROLES = ("office_director", "office_clerk")
TEAM_ROLES = ("team_leader", "deputy_leader", "liaison", "team_member")
UNIT_ROLES = ("unit_head", "unit_leader", "unit_clerk")
REVIEW_ROLES = ("discipline_reviewer", "organization_reviewer", "township_reviewer", "evaluator")

ORGANIZATION_CLASSES = {
    "committee": N_("党委"),
    "leading_group": N_("巡察工作领导小组"),
    "inspection_office": N_("巡察办"),
    "inspection_team": N_("巡察组"),
    "discipline_organ": N_("纪检监察机关"),
    "discipline_room": N_("纪检监察室"),
    "organization_department": N_("组织部门"),
    "department": N_("部门"),
    "township": N_("乡镇街道"),
    "village": N_("村社区"),
    "enterprise": N_("国有企业"),
    "school": N_("学校"),
    "institution": N_("事业单位"),
}
INSPECTABLE_CLASSES = ("department", "township", "village", "enterprise", "school", "institution")

VIAS = {"web": N_("网页"), "api": N_("接口"), "cli": N_("命令行"), "job": N_("定时任务")}
SIDES = ("both", "office", "unit")
SECRECY_ORDINARY, SECRECY_HEAD, SECRECY_NAMED = 0, 1, 2

AUDIENCES = {"leadership": N_("领导班子"), "head": N_("主要负责人")}
RECEIPT_ROLES = ("unit_head", "team_leader", "office_director")
CLAIMS = {"done": N_("已完成"), "long_term": N_("阶段性完成并长期坚持")}
MARKS = {"fix_now": N_("立行立改"), "listed": N_("挂牌"), "key": N_("重点")}
# What was damaged, by the rules of the restore engine.
REPAIR_RULES = {
    "pinyin": N_("拼音注音"),
    "simplify": N_("繁体字"),
    "shift": N_("乱码"),
    "lost": N_("缺字"),
    "punctuation": N_("标点"),
    "spaces": N_("空格"),
    "linebreak": N_("断行"),
    "html": N_("网页标记"),
    "boilerplate": N_("网页残留"),
}
# What a draft is that is no finding.
ASIDE = {
    "achievement": N_("成绩和肯定的话"),
    "heading": N_("标题或概括的话"),
    "demand": N_("整改要求或意见建议"),
    "background": N_("背景情况"),
    "duplicate": N_("与另一条重复"),
}
COMMONALITIES = {
    "individual": N_("个性"),
    "common": N_("共性"),
    "systemic": N_("系统性"),
    "sectoral": N_("行业性"),
}
MEASURE_KINDS = {
    "institution": N_("建章立制"),
    "recovery": N_("挽回损失"),
    "accountability": N_("追责问责"),
    "like_cases": N_("举一反三"),
    "campaign": N_("专项整治"),
    "major": N_("重大措施"),
}
# 三不过: a plan that shows one of them goes back; the reviewer names which.
PLAN_FAULTS = {
    "direction_unclear": N_("方向不明确"),
    "tasks_missing": N_("任务有漏项"),
    "measures_vague": N_("措施不具体"),
    "other": N_("其他"),
}
REQUEST_AIMS = ("reopen", "withdraw", "extend")
VERDICTS = {"agree": N_("同意"), "return": N_("退回")}
SEVERITIES = {"prominent": N_("突出"), "key": N_("重点"), "ordinary": N_("一般"), "slight": N_("轻微")}

REOPENING_GROUNDS = {
    "still_there": N_("信访、问卷、回访发现问题仍然存在"),
    "evidence_disproved": N_("佐证被证伪"),
    "repeated": N_("同类问题在后续轮次再现"),
    "undone": N_("退款后又返还，制度未执行，或整改人离任无交接"),
    "found_elsewhere": N_("审计、督察或纪检另案查出同一事项"),
    "reverse_check": N_("台账销号与反向核查不符"),
    "relapsed": N_("专项复核发现反弹"),
}

"""What the acts and things of the record are called; the tables of lifecycle.py name their own steps."""

from bihuan.rules.lifecycle import MACHINES
from bihuan.rules.vocabulary import N_

THINGS = {
    "account": N_("账号"),
    "post": N_("职务"),
    "organization": N_("单位"),
    "term": N_("届"),
    "register_entry": N_("应巡名册"),
    "round": N_("轮次"),
    "assignment": N_("组员"),
    "grant": N_("授权"),
    "upload": N_("上传文件"),
    "intake": N_("来件"),
    "calendar_day": N_("工作日历"),
    "note": N_("备注"),
    "ledger_export": N_("台账导出"),
    "ledger_import": N_("台账导入"),
    "plan_lists": N_("三清单导出"),
}
ACTS = {
    "set_up": N_("首次设置"),
    "sign_in": N_("登录"),
    "sign_in_failed": N_("登录失败"),
    "sign_in_locked": N_("锁定期间试图登录"),
    "sign_out": N_("退出"),
    "act_as": N_("切换职务"),
    "change_password": N_("修改密码"),
    "reset_password": N_("重置密码"),
    "create_account": N_("开设账号"),
    "close_account": N_("停用账号"),
    "issue_token": N_("发放令牌"),
    "revoke_token": N_("收回令牌"),
    "give_post": N_("授予职务"),
    "end_post": N_("免去职务"),
    "create": N_("建立"),
    "add": N_("增加"),
    "change": N_("修改"),
    "rename": N_("更名"),
    "move": N_("调整隶属"),
    "merge": N_("并入"),
    "end": N_("撤销"),
    "assign": N_("编入"),
    "upload": N_("上传"),
    "match": N_("对照文件"),
    "send": N_("送来"),
    "put_away": N_("收起"),
    "take_up": N_("接手"),
    "read": N_("读出"),
    "propose": N_("提出"),
    "draft": N_("起草"),
    "release": N_("移出"),
    "grant": N_("授权"),
    "enroll": N_("列入名册"),
    "write": N_("写下"),
    "export": N_("导出"),
    "apply": N_("写入"),
}
# Acts that make a thing; they are no steps of a table, since there is no state before them.
BEGINNINGS = {
    ("feedback", "upload"): N_("上传反馈文件"),
    ("draft", "read"): N_("从文件读出"),
    ("draft", "type"): N_("手工录入"),
    ("finding", "confirm"): N_("认定问题"),
    ("draft", "part"): N_("拆出"),
    ("plan", "begin"): N_("起草方案"),
    ("plan_row", "begin"): N_("填写方案的一行"),
    ("closing_request", "request"): N_("申请销号"),
    ("request", "request"): N_("提出申请"),
    ("inspection", "add"): N_("列入巡察"),
}
OTHER_ACT = N_("其他操作")
OTHER_THING = N_("其他事项")


def thing_label(thing: str) -> str:
    """What a kind of thing is called."""
    return MACHINES[thing].label if thing in MACHINES else THINGS.get(thing, OTHER_THING)


def act_label(step: str, *, thing: str) -> str:
    """What an act is called: by the thing's lifecycle, else by the table above; a code is never shown."""
    if (thing, step) in BEGINNINGS:
        return BEGINNINGS[thing, step]
    machine = MACHINES.get(thing)
    named = next((one.label for one in machine.steps if one.code == step), "") if machine else ""
    return named or ACTS.get(step, OTHER_ACT)

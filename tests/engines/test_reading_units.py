"""The unit a document is about is found wherever it is named; who inspects and who gets the report is not it."""

import pytest

from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.structure.markers import marked_lines
from bihuan.engines.reading.units import unit_of


def unit(text: str, kind: str) -> str | None:
    mirror = mirrored(text)
    span = unit_of(mirror, marked_lines(mirror, lines_of(mirror)), kind)
    return text[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("feedback", "关于巡察青禾县林业局党组的反馈意见\n青禾县林业局党组：", "青禾县林业局党组"),
        ("feedback", "巡察反馈意见\n云北区委：\n根据安排，", "云北区委"),
        ("feedback", "杨柳村巡察问题反馈清单\n被巡察党组织：杨柳村党支部（青槐乡）", "杨柳村党支部"),
        ("notice", "中共石溪镇委员会关于巡察整改进展情况的通报", "中共石溪镇委员会"),
        ("notice", "石溪镇党委关于县委第三巡察组反馈意见整改情况的公示", "石溪镇党委"),
        ("notice", "整改情况报告\n县委巡察办：\n青禾县林业局党组高度重视巡察反馈意见", "青禾县林业局党组"),
        ("notice", "整改公告\n按照县委第三巡察组对白鹭乡卫生院党支部的反馈意见，逐条改。", "白鹭乡卫生院党支部"),
        ("notice", "整改公告\n市委巡察组2024年2月巡察合溪镇党委，5月底反馈。", "合溪镇党委"),
        ("ledger", "第二职业中学巡察整改推进表\n单位：第二职业中学党总支　　统计时间：2025年5月", "第二职业中学党总支"),
        ("ledger", "附件2\n石溪镇党委巡察反馈问题整改台账\n序号\t问题\n", "石溪镇党委"),
        ("ledger", "中心幼儿园党支部（盖章）\n巡察整改清单\n", "中心幼儿园党支部"),
        ("notice", "双河乡中心小学关于接受巡察整改的情况公布\n县教体局党组被巡察", "双河乡中心小学"),
        (
            "ledger",
            "岚河县农商行党委巡察发现问题底账\n被巡察单位：岚河农商行河口支行党支部\n",
            "岚河农商行河口支行党支部",
        ),
        ("notice", "恒通国有资本运营集团有限公司党委巡察整改进展情况公告\n", "恒通国有资本运营集团有限公司党委"),
        ("notice", "贵安镇党委关于巡察整改情况的通报\n", "贵安镇党委"),
        ("notice", "中共桂河县委关于巡视整改进展情况的通报\n", "桂河县委"),
        (
            "feedback",
            "市委第四巡察组关于霖湾城市建设集团有限公司党委的巡察反馈意见\n集团党委：\n",
            "霖湾城市建设集团有限公司党委",
        ),
        ("feedback", "县委巡察“回头看”反馈意见\n——县市场监督管理局党组\n", "县市场监督管理局党组"),
        ("feedback", "中共宁河县委巡察组\n关于巡察青禾县林业局党组的反馈意见\n", "青禾县林业局党组"),
        (
            "notice",
            "关于整改情况的报告\n市国资委党委、市委巡察办：\n市委巡察组向岚津公交集团党委反馈了意见。",
            "岚津公交集团党委",
        ),
        ("notice", "报送整改情况\n县委巡察办：\n共改8项。\n青禾县水利局党组\n2024年12月25日", "青禾县水利局党组"),
    ],
)
def test_a_unit_is_found(kind: str, text: str, wanted: str) -> None:
    assert unit(text, kind) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "关于巡察整改情况的通报\n县委巡察办：\n镇党委认真整改。",
        "县委第三巡察组\n整改台账\n序号\t牵头单位\n1\t磨盘镇党委\t已办\n",
    ],
)
def test_who_inspects_and_who_carries_out_is_not_the_unit(text: str) -> None:
    assert unit(text, "notice") is None

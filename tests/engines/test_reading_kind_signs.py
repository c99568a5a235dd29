"""What a document says of itself, its lines and its columns are weighed together where no title names its kind."""

import pytest

from bihuan.engines.reading import Reading, read_bytes
from bihuan.engines.reading.kind_signs import signs_of
from bihuan.engines.reading.kinds import KINDS, borne_out, scores_of
from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.structure.markers import marked_lines

LETTER = (
    "各位街坊：\n社区党委接受巡察已经半年，指出的几件事改到哪一步，今天一并交代。\n"
    "楼道灯不亮，换了63盏，现在都亮着，这件办完了。\n"
    "停车费收得乱，多收的4180元已经退还，还有2户没有联系上。\n"
    "议事会两年没开，六月起每月开一次，记录贴在门口。"
)
NEWS = (
    "本报讯（通讯员 安宁）9月2日，县委第三巡察组向县残联反馈巡察情况。会上，组长通报了情况，"
    "指出了存在的主要问题，提出了整改建议。县残联理事长主持会议并作表态发言，表示照单全收、坚决整改。"
)
ESSAY = (
    "看懂一份巡察反馈\n反馈好比体检单，读它要有方法。\n第一，看数字背后的作风。账目混乱，多半是心里没有规矩。\n"
    "第二，看条文背后的机制。年年都有的毛病，要从制度上找。\n第三，看意见背后的民心。"
)


def read(text: str) -> Reading:
    return read_bytes(text.encode(), name="x.txt")


def signs(text: str) -> dict[str, float]:
    mirror = mirrored(text)
    return signs_of(mirror, marked_lines(mirror, lines_of(mirror)), ["巡察整改情况的通报"], ())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("notice", LETTER),
        ("other", NEWS),
        ("other", ESSAY),
        (
            "plan",
            "为做好巡察反馈问题整改，制定如下措施。\n1.公开栏内容不更新。措施：每月5日前更换。责任人：文书。时限：9月底前。\n"
            "2.塘租收缴不及时。措施：与承租户逐一谈话，限期收齐。责任人：会计。时限：12月底前。",
        ),
        (
            "ledger",
            "巡察整改跟踪\n序号 / 问题 / 办法 / 谁牵头 / 进度\n1 / 车辆费用没有登记 / 逐车建卡 / 车队 / 完成\n"
            "2 / 会议记录事后补写 / 专人记录 / 办公室 / 推进\n3 / 货款拖欠31万元 / 分期付清 / 财务部 / 完成",
        ),
        (
            "statistics",
            "巡察整改数据（三季度）\n全县累计反馈问题812个，完成744个，完成率91.6%，同比提高2.4个百分点。\n"
            "其中党建类203个，占25%；财务类311个，占38.3%。",
        ),
    ],
)
def test_papers_without_the_title_of_their_kind(kind: str, text: str) -> None:
    assert read(text).kind == kind


def test_no_feedback_without_findings_and_none_whose_findings_are_appeals() -> None:
    assert borne_out("feedback", "", ["账目混乱，没有凭证", "提高认识，扛起责任"]) == "feedback"
    assert borne_out("feedback", "", ["提高认识，扛起责任", "抓紧整改，报送方案", "压实责任"]) == "other"
    assert borne_out("feedback", "", []) == "other"
    assert borne_out("feedback", "现将巡察情况反馈如下。", ["账面4120卷,实有4087卷"]) == "feedback"
    assert borne_out("notice", "", []) == "notice"


def test_a_notice_of_sums_without_a_finding_is_statistics() -> None:
    sums = "巡察反馈的问题697个,完成整改688个,未完成5个,完善制度589项,清退资金66.57万元,总体完成率98.71%。"
    assert borne_out("notice", sums, []) == "statistics"
    assert borne_out("notice", sums, ["账目混乱"]) == "notice"


def test_signs_are_shares_between_0_and_1() -> None:
    found = signs(LETTER * 40)
    assert set(map(type, found.values())) <= {float}
    assert all(0 < value <= 1 for value in found.values())
    assert found["ending notice"] == 1.0


def test_a_label_counts_only_when_it_comes_again() -> None:
    once = "整改措施：逐仓称重。\n说明：无。"
    assert "label measure" not in signs(once)
    assert signs(once + "\n整改措施：换锁。")["label measure"] == 1.0


def test_rows_are_seen_by_whatever_parts_their_cells() -> None:
    for separator in ("／", " | ", "　", "\t"):
        rows = [["号", "问题", "办法", "谁办"], ["一", "账目不清", "重记", "会计"], ["二", "灯不亮", "换", "电工"]]
        found = signs("\n".join(separator.join(row) for row in rows))
        assert found["drawn"] > 0
        assert found["column problem"] == found["columns planned"] == 1.0


def test_every_kind_has_a_score_and_words_move_it() -> None:
    assert set(scores_of({})) == set(KINDS)
    assert scores_of({"body reporter": 1.0})["other"] > scores_of({})["other"]

"""What plain official layouts have in common: fields that end in 要求方面, points with titles, labels at the end."""

from bihuan.engines.reading import Reading, read_bytes
from tests.engines.entries_read import told

NOTICE = "县粮食局党组关于巡察整改进展情况的通报\n现将巡察整改进展情况通报如下。\n"
PLAN = "县粮食局党组关于巡察反馈意见的整改方案\n根据县委巡察组反馈意见，制定本方案。\n"
FEEDBACK = "关于巡察县粮食局党组的反馈意见\n县粮食局党组：\n现将巡察情况反馈如下。\n"


def read(text: str) -> Reading:
    return read_bytes(text.encode(), name="x.txt")


def findings(text: str) -> list[str]:
    reading = read(text)
    return [reading.text[slice(*item.finding)].rstrip("。") for item in reading.items]


def test_a_field_that_ends_in_requirements_holds_findings() -> None:
    text = (
        "二、整改落实情况\n（一）贯彻落实上级决策部署和工作要求方面\n"
        "1.关于“储粮安全检查不经常”的问题。一是制定检查制度。二是每月通报。\n"
        "（二）履行主体责任方面\n1.关于“谈心谈话流于形式”的问题。一是建立谈话台账。\n"
        "三、下一步工作要求\n1.关于长效机制。坚持不懈，防止反弹。\n"
    )
    assert findings(NOTICE + text) == ["储粮安全检查不经常", "谈心谈话流于形式"]


def test_a_numbered_point_that_begins_like_closing_words_goes_on() -> None:
    item, _ = told(
        "1.出入库登记不规范。\n整改情况：\n（1）印发《出入库登记办法》，一车一登。\n（2）对3名保管员进行约谈。\n"
        "（3）我局每季度抽查一次。\n已完成整改。\n2.仓房漏雨。\n整改情况：\n（1）更换屋面。\n已完成整改。\n"
    )
    assert item.results == ["印发《出入库登记办法》，一车一登", "对3名保管员进行约谈", "我局每季度抽查一次"]
    assert item.state == "done"


def test_the_title_of_a_point_is_one_with_its_sentences() -> None:
    [item] = told(
        "1.关于合同管理不规范的问题\n（1）压实主体责任。制定合同管理责任清单，逐级签订承诺书。\n"
        "（2）健全监督体系。建立合同季度抽查制度。\n"
    )
    assert item.measures == [
        "压实主体责任。制定合同管理责任清单，逐级签订承诺书",
        "健全监督体系。建立合同季度抽查制度",
    ]


def test_what_is_arranged_is_a_measure_however_it_is_counted() -> None:
    [item] = told(
        "1.关于“党务干部业务不熟”的问题。一是修订学习制度。二是举办培训班1期，培训支部书记22人。三是开展廉政谈话58人次。\n"
    )
    assert item.measures == ["修订学习制度", "举办培训班1期，培训支部书记22人", "开展廉政谈话58人次"]
    assert item.results == []


def test_labels_of_parts_head_nothing() -> None:
    text = (
        "三、整改任务\n（一）储粮方面\n1.仓房漏雨，维修不及时\n整改目标：雨季前修好。\n整改措施：（1）逐仓检查。（2）更换屋面。\n"
        "责任领导：唐立\n整改时限：2026年6月底前\n2.熏蒸作业不规范，缺少记录\n整改目标：作业有记录。\n"
        "整改措施：（1）组织培训。（2）双人记录。\n责任领导：唐立\n整改时限：2026年5月底前\n"
    )
    assert [item.level for item in read(PLAN + text).items] == ["三、(一)1.", "三、(一)2."]


def test_assurances_and_the_date_below_a_plan_belong_to_no_item() -> None:
    first, second = told(
        "一、针对仓房漏雨、维修不及时的问题。一是逐仓检查。二是更换屋面。（完成时限：6月底前）\n"
        "二、针对熏蒸不规范、缺少记录的问题。一是组织培训。二是双人记录。（完成时限：5月底前）\n"
        "保障措施：加强领导，每月听取汇报；强化督查，对进度慢的约谈。\n县粮食局党组\n2026年4月9日\n",
        is_plan=True,
    )
    assert first.measures == ["逐仓检查", "更换屋面"]
    assert second.measures == ["组织培训", "双人记录"]
    assert second.deadline == ["5月底前"]


def test_the_head_of_an_office_answers_for_nothing_where_he_is_only_talked_to() -> None:
    [item] = told("1.关于“接待无公函”的问题。一是分管领导对党政办负责人进行了约谈。二是建立接待台账。\n")
    assert item.responsible == []


def test_semicolons_part_the_problems_of_a_row_and_commas_do_not() -> None:
    row = "主要问题是：储粮责任压得不实，巡查流于形式；合同管理不规范，先供后签较多；作风不实，服务基层不主动。"
    assert findings(FEEDBACK + row) == [
        "储粮责任压得不实，巡查流于形式",
        "合同管理不规范，先供后签较多",
        "作风不实，服务基层不主动",
    ]


def test_what_is_demanded_for_rectification_is_no_finding() -> None:
    text = (
        "一、存在的问题\n1.仓房漏雨，三年没有维修。\n2.合同缺少日期，涉及9份。\n"
        "关于整改工作，县委巡察工作领导小组要求：1.端正态度，不能敷衍应付；2.制定方案，不得缺项漏项。\n"
    )
    assert findings(FEEDBACK + text) == ["仓房漏雨，三年没有维修", "合同缺少日期，涉及9份"]


def test_a_plan_that_came_late_is_a_finding_and_one_that_is_asked_for_ends_them() -> None:
    text = (
        "一、存在问题\n1.账目混乱。三年没有对账。\n"
        "2.上轮巡察整改责任没有压实。整改方案三个月后才报送，群众在座谈会上提到此事。\n"
        "3.采购不规范。12次没有询价。整改方案请于两个月内报送巡察办。\n"
    )
    assert findings(FEEDBACK + text) == [
        "账目混乱。三年没有对账",
        "上轮巡察整改责任没有压实。整改方案三个月后才报送，群众在座谈会上提到此事",
        "采购不规范。12次没有询价",
    ]

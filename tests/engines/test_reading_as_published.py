"""Notices in the layouts in which offices publish them: states on lines of their own, quotes in quotes, long titles."""

from bihuan.engines.reading import Reading, read_bytes

HEAD = """中共云溪县水利局党组关于巡察整改进展情况的通报
根据县委统一部署，县委第一巡察组对县水利局党组开展了巡察，现将整改进展情况通报如下。
二、问题整改情况
"""


def read(body: str) -> Reading:
    return read_bytes((HEAD + body).encode(), name="a.txt")


def findings(reading: Reading) -> list[str]:
    return [reading.text[slice(*item.finding)] for item in reading.items]


def test_a_state_in_a_box_on_a_line_of_its_own_is_that_of_the_entry_above() -> None:
    reading = read(
        "1.关于“渠道清淤不及时”的问题\n整改情况：（1）清淤18公里。（2）建立月检制度。\n【已完成】\n\n"
        "2.关于“水费收缴不严”的问题\n整改情况：追缴水费12.6万元，其余正在催缴。\n【持续推进】\n\n"
        "3.关于“农村水厂运行不稳”的问题\n整改情况：更换滤料6处。\n【阶段性完成，需长期坚持】"
    )
    assert [item.state for item in reading.items] == ["done", "in_progress", "phase_done_long_term"]
    assert reading.text[slice(*reading.items[0].state_span or (0, 0))].strip("【】") == "已完成"


def test_a_label_for_the_progress_behind_who_answers() -> None:
    reading = read(
        "1．渠道清淤不及时，淤积18公里\n整改措施：组织清淤。\n整改成效：恢复灌溉3200亩。\n牵头：工程股　进度：完成\n"
        "2．水费收缴不严\n整改措施：逐户核对。\n整改成效：追缴12.6万元。\n牵头：财务股　进度：正在推进"
    )
    assert [item.state for item in reading.items] == ["done", "in_progress"]


def test_quotes_within_the_quotes_around_a_finding() -> None:
    reading = read(
        "1.关于“河道巡查存在“前紧后松”现象，7月以后巡查次数减少六成”的问题。\n整改措施：按月公示巡查轨迹。\n整改成效：7月巡查达标。\n"
        "2.关于“‘四风’问题时有发生”的问题。\n整改措施：开展专项检查。\n整改成效：退缴2.1万元。"
    )
    assert findings(reading) == ["河道巡查存在“前紧后松”现象，7月以后巡查次数减少六成", "‘四风’问题时有发生"]


def test_particulars_in_the_line_of_a_title_belong_to_it_where_the_answer_is_below() -> None:
    reading = read(
        "1．智慧水务重采购轻应用。1120万元建成的平台闲置，闸站没有接入。\n"
        "县水利局把27个模块逐个清理，恢复使用19个。调度用时缩短四成。\n"
        "2．安全责任层层衰减。8起事故中有6起出在外包环节。\n"
        "重新签订外包合同14份，约谈企业负责人9人。今年以来未再发生事故。\n"
        "3．应收水费挂账不清，三年以上的有420万元。\n财务股逐笔对账，收回186万元。\n"
        "4．河道采砂监管不力，夜间偷采时有发生。\n设置卡口6处，查处偷采案件11起。"
    )
    found = findings(reading)
    assert found[0].endswith("闸站没有接入")
    assert found[1].startswith("安全责任层层衰减")
    assert found[1].endswith("外包环节")


def test_an_audit_report_is_other_whatever_its_labels() -> None:
    text = (
        "云溪县审计局\n审计报告\n一、预算编制不细化。年初预算120万元未落实到项目。处理意见：限期细化。整改情况：已整改。\n"
        "二、专项资金闲置。300万元结存至今。处理意见：交回财政。整改情况：正在整改。\n"
        "三、固定资产账实不符，13件在账无物。处理意见：查明原因。整改情况：已完成整改。"
    )
    reading = read_bytes(text.encode(), name="a.txt")
    assert (reading.kind, reading.items) == ("other", ())


def test_who_answers_in_a_box_before_deeds_without_labels() -> None:
    reading = read(
        "1.渠道清淤不及时，3条支渠淤积过半（已全部整改）\n【牵头：灌区管理所】组织清淤18公里。建立月检制度。淤积点全部疏通。\n"
        "2.水费收缴不严，拖欠12.6万元（取得阶段性成效，还需持续用力）\n【牵头：财务股、水政大队】逐户上门催缴。追缴水费8.4万元。\n"
    )
    told = [[reading.text[slice(*span)] for span in item.responsible] for item in reading.items]
    assert told == [["灌区管理所"], ["财务股", "水政大队"]]
    assert "组织清淤18公里" in [reading.text[slice(*span)] for span in reading.items[0].measures]
    assert [item.state for item in reading.items] == ["done", "phase_done_long_term"]


def test_what_the_unit_will_go_on_with_is_no_finding() -> None:
    reading = read(
        "（一）关于“渠道清淤不及时”问题的整改\n组织清淤18公里，淤积点全部疏通。\n"
        "（二）关于“水费收缴不严”问题的整改\n逐户上门催缴。追缴水费8.4万元。\n"
        "（三）关于“农村水厂运行不稳”问题的整改\n更换滤料6处。供水恢复正常。\n\n"
        "我局党组将继续推进尚未完成的2个问题的整改，对照县委的要求举一反三，切实加强管理。\n"
    )
    assert findings(reading) == ["渠道清淤不及时", "水费收缴不严", "农村水厂运行不稳"]

"""Plans and notices whose parts carry labels: the text before the labels is the finding, a label decides the role."""

from tests.engines.entries_read import told


def test_points_on_lines_of_their_own_stay_with_the_label_above_them() -> None:
    first, second = told(
        "二、整改任务\n（一）公章借用不登记，一年外借41次\n整改措施：\n1.设借用登记簿。\n2.印章管理员每月核对。\n"
        "责任单位：办公室、机要室\n整改时限：2027年3月底前，长期坚持\n"
        "（二）会议室改作库房，防火门被堵\n整改措施：1.清空库房。\n2.恢复防火门。\n责任单位：后勤科\n整改时限：立行立改\n"
        "三、工作要求\n（一）提高认识。各科室要认真落实。\n"
    )
    assert first.finding == "公章借用不登记，一年外借41次"
    assert first.measures == ["设借用登记簿", "印章管理员每月核对"]
    assert first.responsible == ["办公室", "机要室"]
    assert first.deadline == ["2027年3月底前", "长期坚持"]
    assert second.measures == ["清空库房", "恢复防火门"]
    assert second.responsible == ["后勤科"]


def test_the_organization_part_gives_no_items_though_it_counts_like_the_measures() -> None:
    items = told(
        "一、组织领导\n一是成立专班。二是每周开会。三是责任到人。\n二、整改情况\n"
        "1.旧档案没有编目\n整改措施：一是雇人编目；二是加装密集架。\n整改情况：编目3100卷。已完成。\n"
        "2.库房温度没有记录\n整改措施：每天记录两次。\n整改情况：已记录90天。正在整改。\n"
    )
    assert [item.finding for item in items] == ["旧档案没有编目", "库房温度没有记录"]
    assert items[0].measures == ["雇人编目", "加装密集架"]
    assert items[0].results == ["编目3100卷"]
    assert [item.state for item in items] == ["done", "in_progress"]


def test_a_title_of_a_group_is_no_finding() -> None:
    items = told(
        "二、整改任务\n1.监督责任\n值班记录补写，12天无人签字\n整改措施：现场抽查；\n责任单位：值班室\n"
        "2.财务管理\n食堂采购没有比价\n整改措施：每月比价一次。\n责任单位：总务处\n"
    )
    assert [item.finding for item in items] == ["值班记录补写，12天无人签字", "食堂采购没有比价"]


def test_manifestations_under_their_own_label_are_more_of_the_finding() -> None:
    (item,) = told(
        "（一）关于值守制度落实不严的问题\n1.具体表现：夜班3人同时离岗。\n2.整改目标：不再发生。\n3.整改措施：\n"
        "（1）加装考勤机。\n（2）每周查岗。\n4.责任领导：王某\n5.完成时限：2027年5月底\n"
    )
    assert item.finding == "值守制度落实不严"
    assert item.more == ["夜班3人同时离岗"]
    assert item.measures == ["加装考勤机", "每周查岗"]
    assert item.deadline == ["2027年5月底"]


def test_the_state_before_the_labels_in_brackets_belongs_to_the_finding_above() -> None:
    first, second = told(
        "1.路灯一半不亮\n【基本完成】整改措施：更换灯头。整改成效：亮灯率九成。\n"
        "2.井盖丢失6处\n【正在整改】整改措施：逐一补装。整改成效：补装4处。\n"
    )
    assert (first.state, second.state) == ("basically_done", "in_progress")
    assert first.results == ["亮灯率九成"]


def test_measures_and_results_under_one_label_are_told_apart() -> None:
    first, _ = told(
        "1.水费收缴不入账\n整改措施及成效：制定收费票据管理办法，实行收支两条线；追缴水费6.2万元。已完成整改。\n"
        "2.河道垃圾无人清运\n整改措施及成效：与保洁公司签订合同；清运垃圾40吨。已完成整改。\n"
    )
    assert first.measures == ["制定收费票据管理办法，实行收支两条线"]
    assert first.results == ["追缴水费6.2万元"]
    assert first.state == "done"


def test_a_sentence_of_names_and_days_is_no_measure() -> None:
    first, _ = told(
        "1、小区充电桩坏了没人修。\n措施：找厂家换新。街道物业办牵头，2027年8月20日前办结。\n"
        "2、活动室常年锁门。\n措施：周末开放。社区配合，立行立改。\n"
    )
    assert first.measures == ["找厂家换新"]
    assert first.deadline == ["2027年8月20日前"]


def test_the_same_report_twice_in_one_text_is_read_once() -> None:
    once = (
        "1.仓库账物不符，少了3台水泵\n整改措施：全面盘点。\n整改成效：找回2台。\n"
        "2.维修费重复报销\n整改措施：逐笔核对。\n整改成效：退回800元。\n"
    )
    assert len(told(once + "版权所有 网站地图\n" + once)) == 2


def test_numbers_of_a_broken_line_are_no_new_finding() -> None:
    (first, _) = told(
        "1.窗口排队时间长\n整改措施：增开窗口，在办事大厅和各\n社区设自助机。\n整改成效：等候缩短。\n"
        "2.电话没人接\n整改措施：增加话务员。\n整改成效：接通率上升。\n"
    )
    assert first.measures == ["增开窗口，在办事大厅和各\n社区设自助机"]


def test_labels_in_a_part_on_demands_make_no_item() -> None:
    items = told(
        "二、整改任务\n1.考勤造假，3人代打卡\n整改措施：换人脸机。\n2.合同没有归档\n整改措施：补齐归档。\n"
        "三、保障措施\n（一）台账不全的退回重做，不留死角\n整改措施落实情况每月通报。\n责任单位：督查室\n"
    )
    assert [item.finding for item in items] == ["考勤造假，3人代打卡", "合同没有归档"]

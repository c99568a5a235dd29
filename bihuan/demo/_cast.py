"""The invented district of the demo: its organizations, and the people who hold its posts. All names are made up."""

# key, name, class, key of the organization above; the order is that of making.
ORGANIZATIONS = (
    ("committee", "中共云溪区委", "committee", ""),
    ("leading_group", "区委巡察工作领导小组", "leading_group", "committee"),
    ("office", "区委巡察办", "inspection_office", "leading_group"),
    ("team_2", "区委第二巡察组", "inspection_team", "leading_group"),
    ("team_4", "区委第四巡察组", "inspection_team", "leading_group"),
    ("team_5", "区委第五巡察组", "inspection_team", "leading_group"),
    ("discipline", "区纪委监委", "discipline_organ", "committee"),
    ("room_1", "第一监督检查室", "discipline_room", "discipline"),
    ("room_2", "第二监督检查室", "discipline_room", "discipline"),
    ("personnel", "区委组织部", "organization_department", "committee"),
    ("water", "区水务局党组", "department", "committee"),
    ("finance", "区财政局党组", "department", "committee"),
    ("agriculture", "区农业农村局党组", "department", "committee"),
    ("culture", "区文旅局党组", "department", "committee"),
    ("shitang", "石塘镇党委", "township", "committee"),
    ("shitang_1", "柳湾村党总支", "village", "shitang"),
    ("shitang_2", "西坳村党支部", "village", "shitang"),
    ("fenglin", "枫林镇党委", "township", "committee"),
    ("fenglin_1", "上塘村党支部", "village", "fenglin"),
    ("fenglin_2", "竹坑村党支部", "village", "fenglin"),
    ("city", "云溪城投公司党委", "enterprise", "committee"),
    ("utility", "云溪水投公司党支部", "enterprise", "committee"),
    ("school", "云溪第一中学党委", "school", "committee"),
    ("hospital", "区人民医院党委", "institution", "committee"),
)

# account, person, role, key of the organization ("" for officers and guests).
OFFICERS = (
    ("xitong", "方知行", "system_officer"),
    ("baomi", "岑若谷", "security_officer"),
    ("shenji", "骆明谦", "audit_officer"),
)
PEOPLE = (
    ("shuji", "闻人远", "secretary", "committee"),
    ("lingdao", "钟离恺", "leading_group", "leading_group"),
    ("zhuren", "沈知遥", "office_director", "office"),
    ("xunchaban", "柏亦舟", "office_clerk", "office"),
    ("zuzhang2", "岳青岩", "team_leader", "team_2"),
    ("fuzuzhang2", "宁怀瑾", "deputy_leader", "team_2"),
    ("lianluo2", "苗可心", "liaison", "team_2"),
    ("zuyuan2", "阮一帆", "team_member", "team_2"),
    ("zuzhang4", "祝长风", "team_leader", "team_4"),
    ("lianluo4", "荆小满", "liaison", "team_4"),
    ("zuzhang5", "路云峥", "team_leader", "team_5"),
    ("lianluo5", "巫语桐", "liaison", "team_5"),
    ("jijian", "严秉正", "discipline_reviewer", "discipline"),
    ("zuzhibu", "艾文澜", "organization_reviewer", "personnel"),
    ("shuiwu", "贺水生", "unit_head", "water"),
    ("shuiwufu", "池映川", "unit_leader", "water"),
    ("shuiwuban", "温小渠", "unit_clerk", "water"),
    ("shitang", "丁石坚", "unit_head", "shitang"),
    ("shitangban", "茅田禾", "unit_clerk", "shitang"),
    ("chengtou", "韦广厦", "unit_head", "city"),
    ("chengtouban", "葛砚秋", "unit_clerk", "city"),
    ("fenguan", "戚岚", "supervising_leader", "committee"),
    ("caizheng", "乐清源", "functional_clerk", "finance"),
    ("fenglin", "卓山月", "township_reviewer", "fenglin"),
    ("pinggu", "凌度", "evaluator", "office"),
    ("linshi", "訾安", "guest", "office"),
)

# key of the unit, document, key of the team, liaison, leader, head, clerk, days from T0 to today, share of each state.
STORIES = (
    ("water", "water_bureau.docx", "team_2", "lianluo2", "zuzhang2", "shuiwu", "shuiwuban", 100,
     "closed closed closed in_progress closed returned phase_done_long_term basically_done pending_review "
     "closing_agreed reopened"),
    ("shitang", "shitang_town.docx", "team_5", "lianluo5", "zuzhang5", "shitang", "shitangban", 46,
     "in_progress plan_submitted closed in_progress closing_agreed plan_returned plan_agreed basically_done"),
    ("city", "city_investment.docx", "team_4", "lianluo4", "zuzhang4", "chengtou", "chengtouban", 9,
     "awaiting_plan awaiting_plan plan_submitted plan_agreed in_progress awaiting_plan plan_returned"),
)  # fmt: skip

MEASURES = (
    ("对照反馈逐项自查，列出事项清单，报党组会研究后逐条销账", "自查清单和会议纪要"),
    ("由分管领导约谈相关责任人，要求作出书面说明并限期改正", "谈话记录和书面说明"),
    ("修订相应的管理办法，明确经办、复核、审批三道关口和各自时限", "印发的管理办法"),
    ("清理历史台账，核对原始凭证，对不上的逐笔查明去向", "核对后的台账"),
    ("应收应退款项缴入区财政专户，取得缴款凭证", "缴款凭证"),
    ("抽取近三年同类事项复查，发现的问题并入本方案一并整改", "复查情况报告"),
    ("每季度末由纪检委员检查一次执行情况，结果在单位内部通报", "季度检查通报"),
    ("组织经办人员专题培训并测试，不合格的补训后再上岗", "签到表和测试成绩"),
    ("在办事大厅和村务公开栏公示办理结果，公布监督电话", "公示照片"),
    ("向区主管部门报告整改进展，请求对口指导并按意见完善", "请示和复函"),
)
PERSONS = ("分管副职", "办公室主任", "财务科科长", "业务科科长", "纪检委员", "项目负责人")
REASONS = {
    "return_plan": (
        "“完善制度”没有写明修订哪一条、由谁执行，请逐条写实。",
        "责任人只写到科室，请落实到具体的人。",
        "完成时限笼统写到年底，请按措施分别填写。",
    ),
    "return_closing": (
        "照片看不出拍摄日期，请补交公示原件。",
        "缴款凭证的收款方不是财政专户，请核对后重报。",
        "制度印发了，但没有执行记录，请补充佐证。",
    ),
    "remains": ("还有两处台账没有核对完", "新办法待党组会审议", "剩余款项等待对方单位转账"),
}  # fmt: skip

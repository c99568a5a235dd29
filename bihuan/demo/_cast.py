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
    ("caizhengban", "裘正则", "unit_clerk", "finance"),
    ("fenglin", "卓山月", "township_reviewer", "fenglin"),
    ("pinggu", "凌度", "evaluator", "office"),
    ("linshi", "訾安", "guest", "office"),
)

# key of the unit, document, key of the team, liaison, leader, head, clerk, days from T0 to today, the helping unit
# with the person who helps, and where each finding stands, over and over.
STORIES = (
    ("water", "water_bureau.docx", "team_2", "lianluo2", "zuzhang2", "shuiwu", "shuiwuban", 100,
     ("finance", "caizhengban"),
     "closed closed closed soon_due near_due returned phase_done_long_term basically_done pending_review "
     "closing_agreed reopened not_extended closed phase_done_long_term long_term_agreed reopening_asked "
     "extension_asked"),
    ("shitang", "shitang_town.docx", "team_5", "lianluo5", "zuzhang5", "shitang", "shitangban", 46, None,
     "in_progress in_progress closed in_progress closing_agreed plan_returned in_progress basically_done"),
    ("city", "city_investment.docx", "team_4", "lianluo4", "zuzhang4", "chengtou", "chengtouban", 9,
     ("finance", "caizhengban"),
     "awaiting_plan awaiting_plan plan_submitted in_progress plan_agreed awaiting_plan plan_returned"),
)  # fmt: skip
# key of the unit, title, what its head is told, categories, where each stands.
HEADS_PART = (
    "water",
    "关于区水务局党组主要负责人履行第一责任人职责情况的反馈意见",
    (
        "主要负责人对分管领域廉政风险研究不够。2024年以来没有专题听取过工程科汇报。",
        "主要负责人执行末位表态不严格。查阅近两年党组会记录，有6次议题由主要负责人首先发言定调。",
    ),
    "B101 C201",
    "closed in_progress",
)
# key of the unit, key of the team, liaison, leader, title, findings, categories (none: nobody has looked yet).
ON_THEIR_WAY = (
    ("agriculture", "team_2", "lianluo2", "zuzhang2", "关于巡察区农业农村局党组的反馈意见",
     ("高标准农田管护缺位。抽查5个项目区，3处泵站无人管护已停用。",
      "惠农补贴发放滞后。2024年耕地地力补贴晚发4个月。",
      "农机购置补贴审核走形式。11台农机没有现场核验照片。"), ""),
    ("culture", "team_4", "lianluo4", "zuzhang4", "关于巡察区文旅局党组的反馈意见",
     ("文化惠民项目重建轻管。6个村文化广场设施损坏一年以上未修。",
      "文物保护专项资金滞留。2023年拨入的38万元至今未用。",
      "项目资金管理不严。文物修缮项目超付工程款12.6万元。"), "A304 B404 B404"),
)  # fmt: skip

MEASURES = (
    ("对照反馈逐项自查，列出事项清单，报党组会研究后逐条销账", "自查清单和会议纪要", "major"),
    ("由分管领导约谈相关责任人，要求作出书面说明并限期改正", "谈话记录和书面说明", "accountability"),
    ("修订相应的管理办法，明确经办、复核、审批三道关口和各自时限", "印发的管理办法", "institution"),
    ("清理历史台账，核对原始凭证，对不上的逐笔查明去向", "核对后的台账", "campaign"),
    ("应收应退款项缴入区财政专户，取得缴款凭证", "缴款凭证", "recovery"),
    ("抽取近三年同类事项复查，发现的问题并入本方案一并整改", "复查情况报告", "like_cases"),
    ("每季度末由纪检委员检查一次执行情况，结果在单位内部通报", "季度检查通报", "institution"),
    ("组织经办人员专题培训并测试，不合格的补训后再上岗", "签到表和测试成绩", "institution"),
    ("在办事大厅和村务公开栏公示办理结果，公布监督电话", "公示照片", "campaign"),
    ("向区主管部门报告整改进展，请求对口指导并按意见完善", "请示和复函", "major"),
)
PERSONS = ("分管副职", "办公室主任", "财务科科长", "业务科科长", "纪检委员", "项目负责人")
LEADERS = ("党组书记", "分管副职", "党组成员、纪检组长", "党组成员、总工程师")
CAUSES = (
    "党组对这项工作研究少、过问少，责任没有压到具体的人",
    "制度照搬上级文件，没有结合本单位实际，经办人不知道怎么办",
    "业务科室重进度、轻监管，发现苗头没有及时报告",
    "财务与业务两张皮，经办、复核、审批由同一人完成",
    "对政策学习不深，凭老办法办事，没有主动对标",
)
GOALS = (
    "三个月内问题清零，同类事项抽查合格率达到100%",
    "应退款项全部到账，台账与凭证逐笔相符",
    "修订制度1项并执行满一个季度，无新增同类问题",
    "反馈所列事项全部办结，服务对象满意率不低于95%",
    "建立清单并按月销账，年内完成率100%",
)
# An opinion, and which of the three no-passes it names.
PLAN_RETURNS = (
    ("“完善制度”没有写明修订哪一条、由谁执行，请逐条写实。", "measures_vague"),
    ("责任人只写到科室，请落实到具体的人。", "measures_vague"),
    ("反馈指出的两件事只回应了一件，请补上漏项。", "tasks_missing"),
    ("原因分析归于人手不足，没有从主体责任上找，请重写。", "direction_unclear"),
)
# How a unit meets each criterion of closing, or (False) why it does not apply.
CRITERIA = {
    "answered": (True, "反馈所列表现已逐项回应，见自查清单"),
    "people_and_matters": (True, "责任人已作书面检查并通报，事项已纠正"),
    "money": (False, "本条不涉及应退应缴款项"),
    "rules": (True, "管理办法已印发并执行，附会议纪要"),
    "like_cases": (True, "抽查同类事项，发现的问题一并整改"),
    "on_site": (True, "已请巡察办现场核对，与佐证一致"),
    "masses": (True, "走访服务对象，没有异议"),
    "no_new": (True, "自查未发现新增同类问题"),
}
REASONS = {
    "return_closing": (
        "照片看不出拍摄日期，请补交公示原件。",
        "缴款凭证的收款方不是财政专户，请核对后重报。",
        "制度印发了，但没有执行记录，请补充佐证。",
    ),
    "remains": ("还有两处台账没有核对完", "新办法待党组会审议", "剩余款项等待对方单位转账"),
    "progress": (
        "已列出事项清单，完成第一批核对，发现的差错已逐笔登记。",
        "召开专题会研究，管理办法初稿已征求科室意见。",
        "约谈两名责任人，书面说明已收齐，正在核对金额。",
        "对照清单逐项推进，过半事项已办结，其余本月内完成。",
    ),
    "extension": (
        "退款对方单位正在破产清算，需待管理人确认后才能到账。",
        "修订办法须报区政府常务会审议，会议尚未安排。",
    ),
    "office_note": ("回访时请重点看公示是否还在。", "金额与审计报告不一致，待核。"),
    "unit_note": ("凭证原件在档案室第三柜。", "联系人已调整，找业务科新科长。"),
}  # fmt: skip

"""The printed ledger: what the plan says and what was last reported beside each finding, as far as one may see it."""

from datetime import date, datetime
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.actions.plans import fill_row
from bihuan.jobs.ledger import write_ledger_export
from bihuan.models import Finding, PlanRow
from bihuan.queries.acting import acting
from bihuan.queries.findings import lists
from bihuan.queries.findings.columns import PRINTED, USUAL
from bihuan.rules.plan_content import RowContent
from tests.builders import TODAY, build_county
from tests.paths import Path, a_finding
from tests.web.test_ledger import jobs
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
HEADS = [
    "序号", "编号", "责任单位", "问题", "整改目标", "整改措施", "责任领导", "牵头单位", "时限", "状态", "最近进展",
]  # fmt: skip


@pytest.fixture
def path() -> Path:
    path = a_finding(build_county(), "in_progress")
    path.take("unit_clerk", "report_progress", progress="已核对 3 所学校")
    path.take("unit_clerk", "report_progress", progress="=已核对 6 所学校")
    return path


def sheet_of(content: bytes):
    return openpyxl.load_workbook(BytesIO(content)).active


def test_the_printed_ledger_says_what_the_plan_says_and_what_was_last_reported(path):
    office = visitor(path.county.actor("office_clerk"))
    page = text(office.get("/findings/?sort=-number"))
    assert 'href="/findings/export?sort=-number&amp;cols=printed"' in page
    answer = office.get("/findings/export?sort=-number&cols=printed")
    assert unquote(answer["Content-Disposition"]).endswith("''整改台账 2026-11-21.xlsx")
    sheet = sheet_of(answer.content)
    assert sheet.title == "整改台账"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == (
        "landscape", 9, "$1:$2",
    )  # fmt: skip
    assert [cell.value for cell in sheet[2]] == HEADS
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    numbers = list(Finding.objects.order_by("-number").values_list("number", flat=True))
    assert [row[1] for row in rows] == numbers
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    finding = Finding.objects.get(pk=path.finding)
    (planned,) = [row for row in rows if row[1] == finding.number]
    measures = "1. 第 1 项：逐校核对收费公示并整改到位\n2. 第 2 项：逐校核对收费公示并整改到位"
    assert planned[2:8] == ["县教育局", finding.text, "6 所学校收费公示率达到 100%", measures, "分管副局长", "县教育局"]
    assert planned[8:] == [datetime.combine(finding.due_on, datetime.min.time()), "整改中", "=已核对 6 所学校"]
    said = next(row[10] for row in sheet.iter_rows(min_row=3) if row[1].value == finding.number)
    assert said.data_type == "s"
    for row in rows:
        if row is not planned:
            assert row[4:7] == [None, None, None]


def test_columns_of_the_plan_are_chosen_and_kept_and_shown_in_sheets_alone(path):
    office = visitor(path.county.actor("office_clerk"))
    page = text(office.get("/findings/?cols=number,goal,product&cols=measure_due"))
    assert "整改目标（只在导出的表里）" in page
    assert page.count('<th scope="col"') == 1
    assert "/findings/export?cols=number,goal,product,measure_due" in page
    assert 'name="cols" value="goal" checked' in page
    rows = list(sheet_of(office.get("/findings/export?cols=number,goal,product,measure_due").content).iter_rows())
    due = str(date.fromordinal(TODAY.toordinal() + 30))
    said = {tuple(cell.value for cell in row) for row in rows[2:]}
    number = Finding.objects.get(pk=path.finding).number
    assert (number, "6 所学校收费公示率达到 100%", "1. 公示照片\n2. 公示照片", f"1. {due}\n2. {due}") in said
    assert len(said) == 4


def test_a_draft_of_the_next_version_is_not_taken_out_and_strangers_get_nothing(path):
    other = Finding.objects.exclude(pk=path.finding).first()
    with acting(path.county.actor("unit_clerk")):
        fill_row(
            finding=other.pk, content=RowContent(causes="起草中", goal="起草中的目标"),
            by=path.county.actor("unit_clerk"), at=path.at(),
        )  # fmt: skip
    assert PlanRow.objects.filter(state="draft", goal="起草中的目标").exists()
    for role in ("unit_head", "office_director"):
        sheet = sheet_of(visitor(path.county.actor(role)).get("/findings/export?cols=printed").content)
        assert sheet.max_row == 6
        assert "起草中的目标" not in {cell.value for row in sheet.iter_rows() for cell in row}
    stranger = visitor(path.county.actor("unit_head", organization="finance"))
    assert sheet_of(stranger.get("/findings/export?cols=printed").content).max_row == 2


def test_the_job_writes_the_printed_ledger_too(path, monkeypatch):
    monkeypatch.setattr("bihuan.web._ledger_exports.AT_ONCE", 2)
    monkeypatch.setattr("bihuan.queries.findings.lists.PIECE", 3)
    office = visitor(path.county.actor("office_clerk"))
    assert office.get("/findings/export?cols=printed")["Location"] == "/findings/exports/?cols=printed"
    office.post("/findings/exports/", {"asked": "cols=printed"})
    (job,) = jobs()
    write_ledger_export(**job)
    sheet = sheet_of(office.get(f"/findings/exports/{job['export']}").content)
    assert [cell.value for cell in sheet[2]] == HEADS
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == [1, 2, 3, 4]
    assert "=已核对 6 所学校" in [row[10].value for row in sheet.iter_rows(min_row=3)]


def test_the_usual_columns_ask_nothing_more_and_the_printed_ones_three_questions_however_many_rows(path):
    actor = path.county.actor("office_clerk")
    ids = list(Finding.objects.values_list("pk", flat=True))
    asked = {}
    for name, columns in (("usual", USUAL), ("printed", tuple(PRINTED))):
        with acting(actor), CaptureQueriesContext(connection) as asking:
            assert len(lists.lines_of(ids, actor=actor, on=TODAY, columns=columns)) == 4
        asked[name] = len(asking)
    assert asked["printed"] == asked["usual"] + 3

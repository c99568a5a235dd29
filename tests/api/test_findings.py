"""Findings through the API's real door: the list, one finding, its steps with files, and what an old revision gets."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.api.shapes import as_json
from bihuan.models import Event, Evidence, Finding, Measure
from bihuan.queries.acting import acting
from bihuan.queries.findings.lists import FindingFilters, findings_for
from bihuan.queries.findings.page import finding_page
from tests.api.callers import caller, problem, sent
from tests.builders import TODAY, build_county
from tests.paths import PATHS, Path, a_finding
from tests.web.visitors import TOMORROW

pytestmark = pytest.mark.django_db
LATER = (TODAY + timedelta(days=20)).isoformat()


def at(path: Path, step: str = "") -> str:
    return f"/api/findings/{path.finding}" + (f"/steps/{step}" if step else "")


def seen(path: Path) -> int:
    return Finding.objects.get(pk=path.finding).revision


def test_the_list_is_what_the_query_says_narrowed_as_asked():
    path = a_finding(build_county(), "in_progress")
    actor = path.county.actor("office_clerk")
    program = caller(actor)
    asked = {"state": "given", "query": "课后", "overdue": "false", "page": "1", "unit": ""}
    del asked["unit"]
    with acting(actor):
        found = findings_for(actor, filters=FindingFilters(state="given", query="课后"), on=TOMORROW.date())
    assert program.get("/api/findings", asked).json() == json.loads(as_json(found))
    assert [row["number"] for row in program.get("/api/findings", asked).json()["rows"]] == [
        Finding.objects.get(pk=path.finding).number
    ]
    assert program.get("/api/findings", {"unit": "01900000-0000-7000-8000-000000000000"}).json()["matched"] == 0
    assert program.get("/api/findings", {"overdue": "true"}).json()["matched"] == 0
    assert program.get("/api/findings", {"page": "99"}).json()["page"] == 1


def test_one_finding_is_found_by_id_and_by_number():
    path = a_finding(build_county(), "in_progress")
    actor = path.county.actor("unit_clerk")
    program = caller(actor)
    with acting(actor):
        found = finding_page(path.finding, actor=actor, on=TOMORROW.date())
    shown = program.get(at(path)).json()
    assert shown == json.loads(as_json(found))
    assert program.get(f"/api/findings/{shown['number']}").json() == shown
    assert {choice["code"] for choice in shown["permitted"]} >= {"add_evidence", "report_basically_done"}


def test_what_is_hidden_is_unknown_and_a_step_on_it_too():
    path = a_finding(build_county(), "drafted")
    stranger = caller(path.county.actor("unit_head"))
    hidden = problem(stranger.get(at(path)), 404)
    unknown = problem(stranger.get("/api/findings/01900000-0000-7000-8000-000000000000"), 404)
    assert hidden == unknown
    assert problem(sent(stranger, at(path, "request_withdrawal"), seen=0, reason="重复"), 404) == unknown


def test_a_step_is_taken_and_says_via_the_api():
    path = a_finding(build_county(), "in_progress")
    program = caller(path.county.actor("unit_clerk"))
    done = sent(program, at(path, "report_basically_done"), seen=seen(path), remains="还有一校未公示", remains_by=LATER)
    assert done.status_code == 200, done.content.decode()
    told = done.json()
    row = Finding.objects.get(pk=path.finding)
    assert (row.state, row.remains_by.isoformat(), row.revision) == ("basically_done", LATER, told["revision"])
    event = Event.objects.get(pk=told["event"])
    assert (event.step, event.via, event.at) == ("report_basically_done", "api", TOMORROW)
    by_number = f"/api/findings/{row.number}/steps/resume"
    assert sent(program, by_number, seen=row.revision, reason="剩余事项又有反复").status_code == 200


def test_who_leads_and_who_helps_is_described_anew():
    path = a_finding(build_county(), "drafted")
    of = path.county.organizations
    program = caller(path.county.actor("liaison"))

    def described(**units) -> tuple:
        done = sent(program, at(path, "describe"), seen=seen(path), description={"category": "A302", **units})
        assert done.status_code == 200, done.content.decode()
        shown = program.get(at(path)).json()
        lead = shown["lead_unit"]["name"] if shown["lead_unit"] else None
        return lead, [unit["name"] for unit in shown["helping_units"]]

    both = {"lead_unit": str(of["school"]), "helping_units": [str(of["water"]), str(of["finance"])]}
    assert described(**both) == ("云溪一中", ["县财政局", "县水利局"])
    assert described(helping_units=[str(of["water"])]) == (None, ["县水利局"])
    elsewhere = {"category": "A302", "lead_unit": str(of["finance"])}
    refused = problem(sent(program, at(path, "describe"), seen=seen(path), description=elsewhere), 422)
    assert (refused["code"], refused["where"]) == ("lead_unit_elsewhere", "lead_unit")
    assert sent(program, at(path, "describe"), seen=seen(path)).status_code == 200
    assert [unit["name"] for unit in program.get(at(path)).json()["helping_units"]] == ["县水利局"]


def test_a_plan_goes_in_with_its_measures():
    path = a_finding(build_county(), "awaiting_plan")
    program = caller(path.county.actor("unit_head"))
    row = json.loads(as_json({"seen": seen(path), **path.content()}))
    lacking = json.loads(json.dumps(row))
    lacking["measures"][1]["person"] = " "
    refused = problem(sent(program, at(path, "submit_plan"), **lacking), 422)
    assert (refused["code"], refused["where"]) == ("measure_person_missing", "measures.2.person")
    assert "第 2 条措施" in refused["message"]
    assert not Measure.objects.filter(finding_id=path.finding).exists()
    done = sent(program, at(path, "submit_plan"), **row)
    assert (done.status_code, done.json()["state"]) == (200, "plan_submitted"), done.content.decode()
    kept = Measure.objects.filter(finding_id=path.finding).order_by("position")
    assert [measure.text for measure in kept] == [measure.text for measure in path.measures()]


def test_files_come_as_parts_beside_the_json():
    path = a_finding(build_county(), "in_progress")
    program = caller(path.county.actor("unit_clerk"))
    first, second = (item.measure for item in path.evidence())
    typed = {
        "seen": seen(path),
        "evidence": [
            {"measure": str(first), "file": "a", "proves": "已公示", "dated": TODAY.isoformat()},
            {"measure": str(second), "file": "b", "name": "../../etc/公示😀.txt"},
        ],
    }
    files = {"a": SimpleUploadedFile("现场\\照片.txt", "甲".encode()), "b": SimpleUploadedFile("b.txt", "乙".encode())}
    done = program.post(at(path, "add_evidence"), {"typed": json.dumps(typed), **files})
    assert done.status_code == 200, done.content.decode()
    kept = {row.measure_id: (row.upload.name, row.upload.sha256) for row in Evidence.objects.select_related("upload")}
    assert kept[first] == ("照片.txt", hashlib.sha256("甲".encode()).hexdigest())
    assert kept[second] == ("公示😀.txt", hashlib.sha256("乙".encode()).hexdigest())


def test_a_file_that_is_not_there_or_of_a_wrong_type_or_too_large_is_refused(settings):
    path = a_finding(build_county(), "in_progress")
    program = caller(path.county.actor("unit_clerk"))
    typed = {"seen": seen(path), "evidence": [{"measure": str(path.evidence()[0].measure), "file": "a"}]}
    missing = program.post(at(path, "add_evidence"), {"typed": json.dumps(typed)})
    assert problem(missing, 400)["where"] == "file"
    as_plain_json = problem(program.post(at(path, "add_evidence"), typed, content_type="application/json"), 400)
    assert "multipart/form-data" in as_plain_json["message"]
    wrong = {"typed": json.dumps(typed), "a": SimpleUploadedFile("a.exe", b"MZ\0\0" * 100)}
    assert problem(program.post(at(path, "add_evidence"), wrong), 415)["code"] == "wrong_type"
    settings.MAX_UPLOAD = 1000
    large = {"typed": json.dumps(typed), "a": SimpleUploadedFile("a.txt", b"a" * 1001)}
    assert problem(program.post(at(path, "add_evidence"), large), 413)["code"] == "too_large"
    assert not Evidence.objects.exists()


def test_an_old_revision_is_a_conflict_that_says_who_and_when():
    path = a_finding(build_county(), "in_progress")
    old = seen(path)
    path.take("unit_clerk", "add_evidence", evidence=path.evidence())
    head = caller(path.county.actor("unit_head"))
    late = problem(sent(head, at(path, "report_basically_done"), seen=old, remains="一校", remains_by=LATER), 409)
    assert (late["code"], late["where"]) == ("overtaken", "seen")
    assert "2026-11-20" in late["message"]
    assert "单位经办人" in late["message"] or path.county.actor("unit_clerk").person in late["message"]
    assert Finding.objects.get(pk=path.finding).state == "in_progress"


def test_a_step_without_seen_is_malformed_and_a_misspelled_field_too():
    path = a_finding(build_county(), "in_progress")
    program = caller(path.county.actor("unit_clerk"))
    assert problem(sent(program, at(path, "resume"), reason="又有反复"), 400)["where"] == "seen"
    assert problem(sent(program, at(path, "resume"), seen=1, reasons="又有反复"), 400)["where"] == "reasons"
    wrong = [{"due_on": 20261122}, {"due_on": "0"}, {"due_on": "明天"}, {"unit": "教育局"}, {"unit": "0" * 32}]
    for measure in wrong:
        refused = problem(sent(program, at(path, "submit_plan"), seen=1, measures=[{}, measure]), 400)
        assert refused["where"] == f"measures.2.{next(iter(measure))}"
    assert problem(sent(program, at(path, "resume"), seen="1"), 400)["where"] == "seen"


def test_whose_step_it_is_and_which_state_it_wants_are_told():
    path = a_finding(build_county(), "in_progress")
    office = caller(path.county.actor("office_clerk"))
    told = problem(sent(office, at(path, "report_basically_done"), seen=seen(path)), 403)
    assert (told["code"], "这一步由" in told["message"], "%(" in told["message"]) == ("not_yours", True, False)
    unit = caller(path.county.actor("unit_head"))
    told = problem(sent(unit, at(path, "submit_plan"), seen=seen(path)), 422)
    assert (told["code"], "现在是“整改中”" in told["message"]) == ("wrong_state", True)
    assert problem(sent(unit, at(path, "fly"), seen=seen(path)), 422)["code"] == "unknown_step"


def test_a_refused_step_leaves_nothing_behind():
    path = a_finding(build_county(), "in_progress")
    events, before = Event.objects.count(), seen(path)
    program = caller(path.county.actor("unit_head"))
    item = path.evidence()[0]
    typed = {"seen": before, "claim": "done", "evidence": [{"measure": str(item.measure), "file": "a"}]}
    half = program.post(
        at(path, "request_closing"), {"typed": json.dumps(typed), "a": SimpleUploadedFile("a.txt", b"a")}
    )
    assert problem(half, 422)["code"]
    assert (Event.objects.count(), seen(path), Evidence.objects.count()) == (events, before, 0)


@pytest.mark.parametrize("state", PATHS)
def test_every_state_is_shown(state: str):
    path = a_finding(build_county(), state)
    shown = caller(path.county.actor("office_director")).get(at(path))
    assert (shown.status_code, shown.json()["state"]["code"]) == (200, state)


@pytest.mark.parametrize("field", ["text", "person", "product"])
def test_a_very_long_field_is_answered_cleanly(field: str):
    path = a_finding(build_county(), "awaiting_plan")
    row = json.loads(as_json({"seen": seen(path), **path.content()}))
    row["measures"][0][field] = "长" * 100_000
    told = sent(caller(path.county.actor("unit_head")), at(path, "submit_plan"), **row)
    if told.status_code == 200:
        assert getattr(Measure.objects.get(finding_id=path.finding, position=1), field) == "长" * 100_000
    else:
        assert problem(told, 422)["message"]
        assert Finding.objects.get(pk=path.finding).state == "awaiting_plan"

"""A later document beside the ledger: pairs, what is left on either side, parted and paired by hand, taken over."""

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.actions import plans, refusals
from bihuan.actions._matching import accept
from bihuan.engines.reading import Unreadable
from bihuan.models import Event, EventBody, Finding, Plan, PlanRow, Progress, Upload
from bihuan.queries.feedback import read_at_once, readable_kinds
from bihuan.queries.plans import said
from bihuan.rules.plan_content import RowContent
from tests.builders import TODAY, build_county
from tests.paths import REPORT, Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
PLAN = """中共县教育局党组关于巡察反馈意见的整改方案

一、整改任务
（一）关于“课后服务监管缺位，收费未公示”问题
原因分析：监管责任没有压到科室。
整改目标：收费公示率达到100%。
整改措施：1.逐校核对收费公示并拍照存档。2.建立课后服务收费月报制度。
责任领导：分管副局长李明
责任人：基教股股长
整改时限：2026年12月31日前
（二）关于校外培训机构治理不彻底问题
原因分析：部门联动不够。
整改目标：无证机构清零。
整改措施：1.联合市场监管部门对3家无证机构立案查处。
责任领导：张强
整改时限：2027年1月底前，并长期坚持
（三）关于党组全年未专题研究党风廉政建设问题
整改措施：1.每半年专题研究一次。
责任领导：张强
（四）关于村级广场路灯损坏无人维修问题
整改措施：1.更换路灯。
责任领导：王五
"""
OWN_WORDS = "自己写的原因"


@pytest.fixture
def path() -> Path:
    return a_finding(build_county(), "awaiting_plan")


def browser(path: Path, role: str):
    return visitor(path.county.actor(role))


def lay(client, path: Path, content: str, name: str = "方案.txt") -> str:
    """Send a document; its address."""
    file = SimpleUploadedFile(name, content.encode())
    done = client.post(f"/plans/{path.feedback}/matching/", {"file": file})
    assert done.status_code == 303, text(done)
    return done["Location"]


def test_a_later_document_may_be_of_every_kind_that_is_read_at_once(path: Path, monkeypatch) -> None:
    monkeypatch.setattr("bihuan.queries.feedback.is_installed", lambda: True)
    page = text(browser(path, "unit_clerk").get(f"/plans/{path.feedback}/matching/"))
    kinds = read_at_once()
    assert set(readable_kinds()) - set(kinds) == {".png", ".jpg"}, "nobody recognizes a document that is laid beside"
    assert f'accept="{",".join(kinds)}"' in page
    assert f"可以上传：{' '.join(kinds)}" in page


def findings_of(path: Path) -> list[Finding]:
    return list(Finding.objects.filter(feedback_id=path.feedback).order_by("number"))


def seen_in(page: str) -> dict[str, str]:
    """The hidden revisions of a page."""
    return dict(re.findall(r'name="(seen-[^"]+)" value="([^"]+)"', page))


def offered(page: str) -> list[str]:
    """The parts that may be taken over."""
    return re.findall(r'name="take" value="([^"]+)"', page)


def section(page: str, name: str) -> str:
    """What stands under that heading; empty where there is none."""
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_what_has_no_pair_on_either_side_stands_on_top_and_the_pairs_below(path):
    clerk = browser(path, "unit_clerk")
    page = text(clerk.get(lay(clerk, path, PLAN)))
    assert findings_of(path)[3].number in section(page, "unnamed-title")
    assert section(page, "unnamed-title").count("is-code") == 1
    assert "村级广场路灯损坏无人维修" in section(page, "beyond-title")
    assert page.index("beyond-title") < page.index('id="pair-title-1"')
    first = section(page, "pair-title-1")
    for words in (findings_of(path)[0].number, "相似", "课后服务", "收费公示率达到100%", "2026-12-31"):
        assert words in first
    assert [one.split(":")[2] for one in offered(first)] == ["causes", "goal", "leader", "measures"]


def test_what_is_accepted_fills_the_empty_parts_of_the_draft_by_the_act_of_filling(path):
    clerk = browser(path, "unit_clerk")
    url = lay(clerk, path, PLAN)
    page = text(clerk.get(f"{url}?all=1"))
    done = clerk.post(url, {"take": offered(page), **seen_in(page)})
    assert (done.status_code, done["Location"]) == (303, url)
    first, second, third, fourth = findings_of(path)
    row = PlanRow.objects.get(finding=first)
    assert (row.causes, row.goal, row.leader, row.state) == (
        "监管责任没有压到科室", "收费公示率达到100%", "分管副局长李明", "draft",
    )  # fmt: skip
    assert [(one["text"], one["person"], one["due_on"]) for one in row.typed] == [
        ("逐校核对收费公示并拍照存档", "基教股股长", "2026-12-31"),
        ("建立课后服务收费月报制度", "基教股股长", "2026-12-31"),
    ]
    (measure,) = PlanRow.objects.get(finding=second).typed
    assert (measure["due_on"], measure["is_long_term"], measure["unit"]) == ("2027-01-31", True, None)
    assert PlanRow.objects.get(finding=third).causes == ""
    assert not PlanRow.objects.filter(finding=fourth).exists()
    assert Event.objects.filter(thing="plan", step="fill").count() == 3
    again = text(clerk.get(url))
    assert offered(again) == []
    assert "已经相同" in again


def test_one_pair_alone_is_accepted_by_its_own_button(path):
    clerk = browser(path, "unit_clerk")
    url = lay(clerk, path, PLAN)
    page = text(clerk.get(f"{url}?all=1"))
    clerk.post(url, {"take": offered(page), "only": "2", **seen_in(page)})
    assert [row.finding_id for row in PlanRow.objects.all()] == [findings_of(path)[1].pk]


def test_what_a_person_wrote_is_shown_beside_and_never_written_over(path):
    finding = findings_of(path)[0]
    path.do("unit_clerk", plans.fill_row, finding=finding.pk, content=RowContent(causes=OWN_WORDS))
    clerk = browser(path, "unit_clerk")
    url = lay(clerk, path, PLAN)
    page = text(clerk.get(url))
    first = section(page, "pair-title-1")
    assert [one.split(":")[2] for one in offered(first)] == ["goal", "leader", "measures"]
    for words in (OWN_WORDS, "现在写的", "已有人填写，不改动", "监管责任没有压到科室"):
        assert words in first
    forged = [f"1:{finding.pk}:{part}" for part in ("causes", "goal")]
    done = clerk.post(url, {"take": forged, **seen_in(page)})
    assert done.status_code == 422
    assert "没有改动" in text(done)
    assert PlanRow.objects.get(finding=finding).goal == ""
    assert clerk.post(url, {"take": forged[1:], **seen_in(page)}).status_code == 303
    row = PlanRow.objects.get(finding=finding)
    assert (row.causes, row.goal) == (OWN_WORDS, "收费公示率达到100%")


def test_who_was_faster_is_named_and_what_was_ticked_stays(path):
    finding = findings_of(path)[0]
    clerk = browser(path, "unit_clerk")
    url = lay(clerk, path, PLAN)
    page = text(clerk.get(f"{url}?all=1"))
    path.do("unit_head", plans.fill_row, finding=finding.pk, content=RowContent(goal="另一个目标"))
    done = clerk.post(url, {"take": offered(page), **seen_in(page)})
    assert done.status_code == 409
    now = text(done)
    assert "单位主要负责人" in now
    assert "另一个目标" in now
    assert now.count(" checked") == len(offered(page)) - 1
    assert PlanRow.objects.count() == 1, "nothing of the others is kept either"
    assert clerk.post(url, {"take": offered(now), **seen_in(now)}).status_code == 303
    assert PlanRow.objects.get(finding=finding).goal == "另一个目标"


def test_what_is_refused_half_way_does_not_show_as_done(path):
    late = max(findings_of(path)[:3], key=lambda one: one.pk)
    clerk = browser(path, "unit_clerk")
    url = lay(clerk, path, PLAN)
    page = text(clerk.get(f"{url}?all=1"))
    path.do("unit_head", plans.fill_row, finding=late.pk, content=RowContent(goal="另一个目标"))
    done = clerk.post(url, {"take": offered(page), **seen_in(page)})
    assert done.status_code == 409
    now = text(done)
    others = [f"seen-{one.pk}" for one in findings_of(path)[:3] if one != late]
    assert [seen_in(now)[name] for name in others] == [seen_in(page)[name] for name in others]
    assert "已经相同" not in now
    assert clerk.post(url, {"take": offered(now), **seen_in(now)}).status_code == 303


def test_a_report_becomes_progress_in_its_own_words_and_claims_nothing(path):
    path.approve_plan()
    path.finding = findings_of(path)[0].pk
    head = browser(path, "unit_head")
    url = lay(head, path, REPORT, name="进展报告.txt")
    page = text(head.get(url))
    assert "食堂从业人员健康证过期" in section(page, "beyond-title")
    assert section(page, "unnamed-title").count("is-code") == 3
    claim = f"/findings/{path.finding}/steps/request_closing/?claim=done"
    assert claim in page
    assert re.search(r'value="done"[^>]*checked', text(head.get(claim)))
    assert head.post(url, {"take": offered(page), **seen_in(page)}).status_code == 303
    (entry,) = Progress.objects.filter(finding=path.finding)
    assert entry.text == "已对6所学校逐校核对，2所学校的收费已全部公示\n（摘自“进展报告.txt”）"
    assert Finding.objects.get(pk=path.finding).state == "in_progress"
    assert entry.text.splitlines()[0] in text(head.get(f"/findings/{path.finding}/"))
    assert offered(text(head.get(url))) == [], "the same words are not reported twice"
    assert head.post(url, {"take": offered(page), **seen_in(page)}).status_code == 409


def test_pairs_are_parted_and_made_by_hand_in_the_address_alone(path):
    clerk = browser(path, "unit_clerk")
    url = lay(clerk, path, PLAN)
    apart = text(clerk.get(f"{url}?apart=1"))
    assert "课后服务监管缺位，收费未公示" in section(apart, "beyond-title")
    assert findings_of(path)[0].number in section(apart, "unnamed-title")
    last = findings_of(path)[3]
    joined = text(clerk.get(f"{url}?apart=1&item=4&finding={last.pk}"))
    pair = section(joined, "pair-title-4")
    assert last.number in pair
    assert "人工对上" in pair
    assert f"apart=1&amp;pair=4%3A{last.pk}" in joined
    taken = text(clerk.get(f"{url}?pair=3:{findings_of(path)[0].pk}"))
    assert "课后服务监管缺位" in section(taken, "beyond-title"), "one finding, one item"
    for nonsense in ("apart=x&pair=9:z&item=99999&finding=1", f"pair=77:{last.pk}", f"pair=1:{UUID(int=1)}"):
        assert section(text(clerk.get(f"{url}?{nonsense}")), "pair-title-1")


def test_numbers_of_the_ledger_decide_before_words(path):
    first, second, *_ = findings_of(path)
    table = "编号\t巡察反馈问题\t整改目标\t整改措施\t责任人\t完成时限\n" + "".join(
        f"{one.number}\t{said}\t清零\t逐条核对\t赵一\t2026年12月底前\n"
        for one, said in ((second, "课后服务监管缺位"), (first, "校外培训机构治理不彻底"))
    )
    clerk = browser(path, "unit_clerk")
    page = text(clerk.get(lay(clerk, path, table, name="台账.tsv")))
    assert second.number in section(page, "pair-title-1")
    assert "编号相同" in section(page, "pair-title-1")


def test_the_same_file_twice_is_one_and_each_side_has_its_own(path):
    clerk, office = browser(path, "unit_clerk"), browser(path, "office_clerk")
    url = lay(clerk, path, PLAN)
    assert lay(clerk, path, PLAN, name="又一次.txt") == url
    assert Upload.objects.filter(side="unit").count() == 1
    event = Event.objects.get(step="match")
    assert EventBody.objects.get(event=event).after["items"] == 4
    assert office.get(url).status_code == 404
    theirs = lay(office, path, PLAN)
    assert theirs != url
    page = text(office.get(theirs))
    assert offered(page) == []
    assert office.post(theirs, {"take": [f"1:{findings_of(path)[0].pk}:goal"]}).status_code == 403
    start = text(clerk.get(f"/plans/{path.feedback}/matching/"))
    assert "方案.txt" in start
    assert theirs not in start
    assert not Plan.objects.exists()


def test_what_cannot_be_matched_is_said(path):
    clerk = browser(path, "unit_clerk")
    url = f"/plans/{path.feedback}/matching/"
    nothing = clerk.post(url, {"file": SimpleUploadedFile("通知.txt", "明天开会。".encode())})
    assert nothing.status_code == 422
    assert "没有从文件里读出整改事项" in text(nothing)
    assert clerk.post(url, {"file": SimpleUploadedFile("a.exe", b"MZ\0\0")}).status_code == 415
    assert clerk.post(url).status_code == 422
    laid = lay(clerk, path, PLAN.replace("县教育局", "县水利局"))
    assert "文件写的单位是" in text(clerk.get(laid))
    assert clerk.post(laid).status_code == 422


def test_a_document_that_can_be_read_no_longer_says_why(path, monkeypatch):
    def gone(*_given, **_named):
        raise Unreadable("no_converter", "这是旧版 Word 文件，这里没有能读它的程序。请另存为 .docx 后再上传。")

    clerk = browser(path, "unit_clerk")
    laid = lay(clerk, path, PLAN)
    said._read.cache_clear()
    monkeypatch.setattr(said, "read_bytes", gone)
    for answer in (clerk.get(laid), clerk.post(laid)):
        assert answer.status_code == 415
        assert "“方案.txt”：这是旧版 Word 文件" in text(answer)
        assert 'type="file"' in text(answer)
        assert f'<a href="{laid}">方案.txt</a>' in text(answer)
    with pytest.raises(refusals.Unreadable, match="旧版 Word"):
        path.do("unit_head", accept, accepted=(), feedback=path.feedback, document=UUID(laid[-36:]), on=TODAY)

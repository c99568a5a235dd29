"""Feedback through the real gate: upload, approval, giving, three signatures; who may and who may not."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.actions import drafts as drafts_of
from bihuan.actions import feedback
from bihuan.models import Draft, Feedback, Finding, Signature, Upload
from tests.builders import TODAY, build_county
from tests.paths import DESCRIPTION, TEXT, Path
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]


def document(path: Path, *, content: bytes = TEXT.encode(), name: str = "反馈意见.txt", **typed) -> dict:
    whole = {"inspection": str(path.county.inspection), "audience": "leadership", "title": "关于教育局的反馈意见"}
    return whole | typed | {"file": SimpleUploadedFile(name, content)}


def uploaded() -> Path:
    path = Path(build_county())
    path.upload()
    return path


def bench(path: Path, *more: object) -> str:
    return f"/feedback/{path.feedback}/" + "/".join(map(str, more))


def drafts(path: Path) -> list[Draft]:
    return list(Draft.objects.filter(feedback_id=path.feedback).order_by("position"))


def seen(path: Path) -> int:
    return Feedback.objects.get(pk=path.feedback).revision


def test_an_uploaded_document_opens_the_bench_with_its_marks_and_drafts():
    path = Path(build_county())
    browser = visitor(path.county.actor("liaison"))
    assert 'name="file"' in text(browser.get("/feedback/upload"))
    done = browser.post("/feedback/upload", document(path), follow=True)
    assert done.status_code == 200
    page = text(done)
    made = Feedback.objects.get()
    assert done.redirect_chain == [(f"/feedback/{made.pk}/", 303)]
    assert "读出 4 条" in page
    for draft in Draft.objects.all():
        assert f'<mark id="mark-{draft.pk}" data-draft="{draft.pk}">' in page
        assert f'id="draft-{draft.pk}"' in page
    assert "待认定 4，已认定 0，已去掉 0" in page
    listed = text(browser.get("/feedback/"))
    assert "关于教育局的反馈意见" in listed


def test_a_document_without_findings_is_kept_and_says_so():
    path = Path(build_county())
    done = visitor(path.county.actor("liaison")).post(
        "/feedback/upload", document(path, content="会议通知\n\n请于周五到会。\n".encode()), follow=True
    )
    assert done.status_code == 200
    assert "没有读出问题" in text(done)
    assert not Draft.objects.exists()
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "status", "says"),
    [
        (b"%PDF-1.4 x", "扫描件.pdf", 415, "PDF 文件损坏"),
        (b"PK\x03\x04broken", "反馈.docx", 415, "打不开"),
        (b"x" * 2000, "反馈.txt", 413, "文件超过"),
        (b"", "反馈.txt", 415, "文件是空的"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_in_the_form_and_what_was_typed_stays(content, name, status, says, settings):
    settings.MAX_UPLOAD = 1000
    path = Path(build_county())
    refused = visitor(path.county.actor("liaison")).post(
        "/feedback/upload", document(path, content=content, name=name, audience="head")
    )
    assert refused.status_code == status
    page = text(refused)
    assert says in page
    assert 'id="id_file_error"' in page
    assert 'value="关于教育局的反馈意见"' in page
    assert re.search(r'value="head"[^>]*checked', page)
    assert f'<option value="{path.county.inspection}" selected>' in page
    assert not Feedback.objects.exists()
    assert not Upload.objects.exists()


def test_the_same_file_twice_is_refused_beside_the_file():
    path = uploaded()
    refused = visitor(path.county.actor("liaison")).post("/feedback/upload", document(path))
    assert refused.status_code == 422
    assert 'id="id_file_error">这个文件已经上传过' in text(refused)
    assert Feedback.objects.count() == 1


def test_an_upload_without_its_parts_names_each():
    path = Path(build_county())
    refused = visitor(path.county.actor("liaison")).post("/feedback/upload", {"title": "只有标题"})
    assert refused.status_code == 422
    for name in ("inspection", "audience", "file"):
        assert f'id="id_{name}_error"' in text(refused)
    assert 'value="只有标题"' in text(refused)


@pytest.mark.parametrize("role", ["unit_head", "team_member", "secretary", "discipline_reviewer", "audit_officer"])
def test_who_may_not_upload_is_told_whose_it_is(role):
    path = Path(build_county())
    browser = visitor(path.county.actor(role))
    assert browser.get("/feedback/upload").status_code == 403
    assert browser.post("/feedback/upload", document(path)).status_code == 403
    assert not Feedback.objects.exists()


def test_whose_the_drafts_are_not_may_read_but_not_touch():
    path = uploaded()
    first = drafts(path)[0]
    browser = visitor(path.county.actor("leading_group"))
    page = text(browser.get(bench(path)))
    assert first.text in page
    assert "confirm" not in page
    deeds = [("drafts", first.pk, deed) for deed in ("correct", "confirm", "split", "join", "drop")]
    for deed in (*deeds, ("drafts", "add")):
        assert browser.post(bench(path, *deed), {"text": "一", "texts": ["一", "二"]}).status_code == 403, deed
    assert "draft-form" not in text(browser.get(f"{bench(path)}?draft={first.pk}&deed=edit"))
    assert browser.get(bench(path, "drafts", "add")).status_code == 405
    assert Draft.objects.filter(state="proposed").count() == 4


def test_before_it_is_given_nobody_outside_knows_of_it():
    path = uploaded()
    upload = Upload.objects.get().pk
    for actor in (path.county.actor("unit_head"), path.county.actor("team_leader", organization="team_2")):
        browser = visitor(actor)
        assert "关于巡察县教育局" not in text(browser.get("/feedback/"))
        for address in (bench(path), bench(path, "sign"), f"/uploads/{upload}"):
            assert browser.get(address).status_code == 404
        assert browser.post(bench(path, "drafts", "add"), {"text": "一"}).status_code == 404


def test_approval_giving_and_three_signatures_are_pages_that_lead_to_the_findings():
    path = uploaded()
    county = path.county
    early = visitor(county.actor("secretary")).get(bench(path, "approve"))
    assert early.status_code == 422
    assert "还有草稿没有认定或去掉" in text(early)
    for draft in drafts(path):
        path.do("liaison", drafts_of.confirm_draft, draft=draft.pk)
    bare = visitor(county.actor("secretary")).get(bench(path, "approve"))
    assert bare.status_code == 422
    assert "还有 4 条问题没有分类" in text(bare)
    for path.finding in Finding.objects.values_list("pk", flat=True):
        path.take("liaison", "describe", description=DESCRIPTION)
    path.leave()
    assert visitor(county.actor("liaison")).get(bench(path, "approve")).status_code == 403
    for role, code in (("secretary", "approve"), ("office_clerk", "give")):
        browser = visitor(county.actor(role))
        page = text(browser.get(bench(path, code)))
        assert f'name="seen" value="{seen(path)}"' in page
        assert browser.post(bench(path, code), {"seen": seen(path)}).status_code == 303
    assert visitor(county.actor("secretary")).get(bench(path, "approve")).status_code == 422
    assert "党委书记）" in text(visitor(county.actor("liaison")).get(bench(path)))
    for role in ("team_leader", "office_director", "unit_head"):
        browser = visitor(county.actor(role))
        assert f'value="{TODAY + timedelta(days=1)}"' in text(browser.get(bench(path, "sign")))
        done = browser.post(
            bench(path, "sign"), {"seen": seen(path), "signed_on": str(TODAY + timedelta(days=1))}, follow=True
        )
        assert "已办理“签收”。" in text(done)
    assert {row.state for row in Finding.objects.all()} == {"awaiting_plan"}
    head = visitor(county.actor("unit_head"))
    page = text(head.get(bench(path)))
    assert page.count("已签收") == 3
    assert "课后服务监管缺位" in page
    assert re.search(r"方案报送期限</dt><dd>2026-\d\d-\d\d（", page)
    assert "draft-form" not in page
    source = head.get(f"/uploads/{Upload.objects.get().pk}")
    assert source.content == TEXT.encode()
    assert unquote(source["Content-Disposition"]) == "attachment; filename*=UTF-8''反馈意见.txt"
    assert source["X-Content-Type-Options"] == "nosniff"


def to_given(path: Path) -> None:
    path.confirm_all()
    path.leave()
    path.do("secretary", feedback.approve, feedback=path.feedback)
    path.do("office_clerk", feedback.give, feedback=path.feedback)


def test_a_signature_of_tomorrow_an_unreadable_day_and_an_old_page_are_refused():
    path = uploaded()
    to_given(path)
    browser = visitor(path.county.actor("team_leader"))
    future = browser.post(bench(path, "sign"), {"seen": seen(path), "signed_on": str(TODAY + timedelta(days=9))})
    assert future.status_code == 422
    assert 'id="id_signed_on_error">签收日期在今天之后' in text(future)
    odd = browser.post(bench(path, "sign"), {"seen": seen(path), "signed_on": "明天"})
    assert odd.status_code == 422
    assert 'value="明天"' in text(odd)
    old = seen(path) - 1
    late = browser.post(bench(path, "sign"), {"seen": old, "signed_on": str(TODAY)})
    assert late.status_code == 409
    assert f'name="seen" value="{old + 1}"' in text(late)
    assert f'value="{TODAY}"' in text(late)
    assert not Signature.objects.exists()


def test_the_units_head_signs_for_what_is_not_open_yet():
    path = uploaded()
    to_given(path)
    page = text(visitor(path.county.actor("unit_head")).get(bench(path)))
    assert "三方都签收以后" in page
    assert "课后服务" not in page
    assert f'href="{bench(path, "sign")}"' in page


def test_the_list_narrows_and_orders():
    path = uploaded()
    path.upload(audience="head", content=(TEXT + "3.另一份。\n").encode())
    path.confirm_all()
    browser = visitor(path.county.actor("office_clerk"))
    rows = 'class="is-title"'
    assert text(browser.get("/feedback/")).count(rows) == 2
    assert text(browser.get("/feedback/?state=given")).count(rows) == 0
    assert text(browser.get("/feedback/?q=教育局")).count(rows) == 2
    assert text(browser.get("/feedback/?q=水利局")).count(rows) == 0
    up, down = (text(browser.get(f"/feedback/?sort={sort}")) for sort in ("title", "-title"))
    assert 'aria-sort="ascending"' in up
    assert 'aria-sort="descending"' in down
    assert browser.get("/feedback/?sort=nonsense&page=99").status_code == 200


def test_the_one_to_the_head_stands_apart_and_each_leads_to_the_other():
    path = uploaded()
    leadership = path.feedback
    path.upload(audience="head", content=(TEXT + "3.另一份。\n").encode())
    clerk = visitor(path.county.actor("office_clerk"))
    assert f'href="/feedback/{leadership}/"' in text(clerk.get(bench(path)))
    assert f'href="/feedback/{path.feedback}/"' in text(clerk.get(f"/feedback/{leadership}/"))
    listed = text(clerk.get("/feedback/?audience=head"))
    assert f"/feedback/{path.feedback}/" in listed
    assert f"/feedback/{leadership}/" not in listed


def test_before_the_third_signature_the_unit_finds_nothing_of_it_anywhere():
    path = uploaded()
    to_given(path)
    for role in ("team_leader", "office_director"):
        path.do(role, feedback.sign, feedback=path.feedback, signed_on=TODAY, on=TODAY)
    finding = Finding.objects.order_by("number")[0]
    of_unit = ("unit_head", "unit_leader", "unit_clerk")
    addresses = (
        "/", "/findings/", "/findings/?q=课后", "/findings/export", f"/findings/{finding.pk}/", "/feedback/",
        "/statistics/", bench(path), f"/feedback/{path.feedback}/?draft={drafts(path)[0].pk}&deed=edit",
    )  # fmt: skip
    for role in of_unit:
        browser = visitor(path.county.actor(role))
        for address in addresses:
            answer = browser.get(address)
            said = b"".join(answer) if answer.streaming else answer.content
            for secret in ("课后服务监管缺位", finding.number, "营养餐采购"):
                assert secret.encode() not in said, (role, address)
        assert browser.get(f"/findings/{finding.pk}/").status_code == 404
        assert browser.get(f"/uploads/{Upload.objects.get().pk}").status_code == 404
    path.do("unit_head", feedback.sign, feedback=path.feedback, signed_on=TODAY, on=TODAY)
    for role in of_unit:
        assert finding.number in text(visitor(path.county.actor(role)).get("/findings/"))

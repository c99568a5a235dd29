"""A file of evidence on its page: what it proves, its pages as pictures, its text; for those who may."""

import io
import re
from pathlib import Path as FilePath
from urllib.parse import quote, unquote

import pypdfium2
import pytest
from PIL import Image

from bihuan.models import Evidence, Finding, Upload
from bihuan.rules.typed import EvidenceInput
from bihuan.rules.vocabulary import ROLES
from tests.builders import TODAY, build_county
from tests.engines.ofd_files import ofd_file, printed
from tests.engines.word_files import paragraph, word_file
from tests.house.page_table import AFTER, UNIT
from tests.paths import Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
REFUSED = FilePath(__file__).parents[1] / "samples" / "refused"
NOTICE = (REFUSED / "renamed_pdf.docx").read_bytes()


def pages(count: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(300, 400)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def photo() -> bytes:
    remarks = Image.Exif()
    remarks[0x0112] = 6
    remarks[0x010F] = "SECRETPHONE"
    buffer = io.BytesIO()
    Image.new("RGB", (400, 200), "green").save(buffer, "JPEG", exif=remarks)
    return buffer.getvalue()


def handed_in(content: bytes, name: str) -> tuple[Path, str]:
    """A finding at work with this file as evidence of its first measure, and the file's address."""
    path = a_finding(build_county(), "in_progress")
    measure = path.evidence()[0].measure
    path.take("unit_clerk", "add_evidence", evidence=(EvidenceInput(measure, name, content, "收费已公示", TODAY),))
    return path, f"/evidence/{Evidence.objects.get(finding_id=path.finding).pk}"


def clerk(path: Path):
    return visitor(path.county.actor("unit_clerk"))


def test_the_page_says_what_the_file_is_and_stands_for():
    path, address = handed_in(NOTICE, "公示照片😀.pdf")
    finding, upload = Finding.objects.get(pk=path.finding), Upload.objects.get(name="公示照片😀.pdf")
    page = text(clerk(path).get(address))
    assert f'href="/findings/{finding.pk}/">{finding.number}' in page
    for said in (
        "公示照片😀.pdf", "第 1 条：第 1 项：逐校核对收费公示并整改到位", "收费已公示", str(TODAY), ROLES["unit_clerk"],
        "2026-11-2", "PDF 文档", "19 KB", upload.sha256,
    ):  # fmt: skip
        assert said in page
    assert f'class="btn btn-primary" href="{address}/file"' in page
    assert re.findall(r'<img src="([^"]+)"', page) == [f"{address}/pages/1"]
    assert "公示照片😀.pdf，第 1 页" in page


def test_a_page_of_a_pdf_comes_as_a_picture_that_nobody_keeps():
    path, address = handed_in(NOTICE, '公示"照片\u202e😀.pdf')
    answer = clerk(path).get(f"{address}/pages/1")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.content)).width == 1400
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f"inline; filename*=UTF-8''{quote('公示_照片😀.pdf-1.png')}"
    for number in ("2", "0", "999999999999"):
        assert clerk(path).get(f"{address}/pages/{number}").status_code == 404


def test_a_long_pdf_is_shown_a_few_pages_at_a_time():
    path, address = handed_in(pages(7), "台账.pdf")
    first, second = (text(clerk(path).get(f"{address}?page={number}")) for number in (1, 2))
    assert re.findall(r"pages/(\d+)", first) == ["1", "2", "3", "4", "5"]
    assert re.findall(r"pages/(\d+)", second) == ["6", "7"]
    assert "共 7 页" in first
    assert f'rel="next" href="{address}?page=2"' in first
    assert f'rel="prev" href="{address}?page=1"' in second
    assert re.findall(r"pages/(\d+)", text(clerk(path).get(f"{address}?page=99"))) == ["6", "7"]


def test_a_photo_is_shown_upright_and_tells_nothing_of_its_phone():
    path, address = handed_in(photo(), "现场.jpg")
    answer = clerk(path).get(f"{address}/pages/1")
    assert Image.open(io.BytesIO(answer.content)).size == (200, 400)
    assert b"SECRET" not in answer.content
    assert b"SECRET" in clerk(path).get(f"{address}/file").content


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<html><script>alert(1)</script></html>"],
)
def test_what_a_browser_would_run_is_shown_as_words_and_saved_as_text(content):
    path, address = handed_in(content, "图.svg")
    answer = clerk(path).get(address)
    assert content.decode() not in text(answer)
    assert "&lt;" in text(answer)
    assert clerk(path).get(f"{address}/pages/1").status_code == 415
    saved = clerk(path).get(f"{address}/file")
    assert (saved["Content-Type"], saved.content) == ("text/plain", content)
    assert saved["Content-Disposition"].startswith("attachment;")
    assert saved["X-Content-Type-Options"] == "nosniff"


def test_a_long_text_is_shown_by_its_beginning():
    path, address = handed_in(("收费公示情况\n" * 5_000).encode("gb18030"), "说明.txt")
    page = text(clerk(path).get(address))
    assert "收费公示情况\n收费公示情况" in page
    assert "文件较长，这里只显示开头" in page


def test_the_words_of_a_word_file_are_shown():
    path, address = handed_in(word_file(paragraph("整改后的收费办法")), "办法.docx")
    assert '<pre class="preview-text"' in text(clerk(path).get(address))
    assert "整改后的收费办法" in text(clerk(path).get(address))


def test_the_words_of_an_ofd_are_shown():
    path, address = handed_in(printed(["整改后的收费办法"]), "办法.ofd")
    shown = text(clerk(path).get(address))
    assert "整改后的收费办法" in shown
    assert "OFD 文档" in shown
    assert "只显示文字，版式请下载后看" in shown
    assert clerk(path).get(f"{address}/pages/1").status_code == 415
    saved = clerk(path).get(f"{address}/file")
    assert (saved["Content-Type"], saved["X-Content-Type-Options"]) == ("application/ofd", "nosniff")
    assert saved["Content-Disposition"].startswith("attachment;")


def test_an_old_document_is_kept_and_its_page_says_what_to_do():
    content = (REFUSED / "old_word.doc").read_bytes()
    path, address = handed_in(content, "通知.doc")
    shown = text(clerk(path).get(address))
    assert "旧版 Word 文档" in shown
    assert "这种文件不能在网页上预览。请下载以后打开。" in shown
    saved = clerk(path).get(f"{address}/file")
    assert (saved["Content-Type"], saved.content) == ("application/msword", content)
    assert saved["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (ofd_file(listed="<Page/>"), "坏.ofd", "有一页找不到内容"),
        ((REFUSED / "locked.pdf").read_bytes(), "锁.pdf", "设了打开密码"),
        (b"%PDF-1.7 broken", "坏.pdf", "文件损坏，不能预览"),
        (photo()[:300], "坏.jpg", "文件损坏，不能预览"),
    ],
)
def test_what_cannot_be_shown_says_why_and_can_still_be_saved(content, name, says):
    path, address = handed_in(content, name)
    answer = clerk(path).get(address)
    assert answer.status_code == 200
    assert says in text(answer)
    assert "<img" not in text(answer)
    assert "btn-refused" not in text(answer)
    refused = clerk(path).get(f"{address}/pages/1")
    assert refused.status_code == 415
    assert f"“{name}”：" in text(refused)
    assert clerk(path).get(f"{address}/file").content == content


def test_the_file_comes_as_it_was_under_its_own_name():
    path, address = handed_in("公示记录".encode(), "佐证1.txt")
    answer = clerk(path).get(f"{address}/file")
    assert answer.content == "公示记录".encode()
    assert unquote(answer["Content-Disposition"]) == "attachment; filename*=UTF-8''佐证1.txt"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")


def test_each_role_that_knows_of_the_finding_sees_the_file_and_no_other():
    path, address = handed_in(NOTICE, "公示.pdf")
    for role in ROLES:
        browser = visitor(path.county.actor(role))
        for where in ("", "/file", "/pages/1"):
            answer = browser.get(address + where)
            assert answer.status_code == (200 if role in AFTER else 404), (role, where)
            assert role in AFTER or "公示.pdf" not in text(answer)


def test_the_heads_of_other_units_and_a_broken_address_learn_nothing():
    path, address = handed_in(NOTICE, "公示.pdf")
    stranger = visitor(path.county.actor("unit_head", organization="finance"))
    for where in ("", "/file", "/pages/1"):
        assert stranger.get(address + where).status_code == 404
        assert stranger.post(address + where).status_code in (404, 405)
    assert clerk(path).get("/evidence/01900000-0000-7000-8000-000000000000").status_code == 404


def test_the_evidence_of_a_reopening_is_not_for_the_unit():
    path = a_finding(build_county(), "reopened")
    letter = f"/evidence/{Evidence.objects.get(finding_id=path.finding, request__isnull=False).pk}"
    page = text(visitor(path.county.actor("discipline_reviewer")).get(letter))
    assert "整改后问题仍然存在" in page or "重启依据" in page
    for role in UNIT:
        for where in ("", "/file", "/pages/1"):
            assert visitor(path.county.actor(role)).get(letter + where).status_code == 404

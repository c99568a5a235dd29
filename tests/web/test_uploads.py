"""Bad files at the upload pages: the answer names the file and says what to do, and what was typed stays."""

import io
import re
import tempfile
import zipfile
from pathlib import Path as FilePath

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext, override

from bihuan.actions.refusals import Unreadable
from bihuan.config.uploads import OverLimit
from bihuan.engines.reading import content, pipeline, previews
from bihuan.engines.reading.formats import (
    apart,
    archives,
    containers,
    converting,
    delimited,
    markup,
    ofd,
    old_workbook,
    pdf,
    plain,
    printed_checks,
    printed_lines,
    sheets,
    streams,
    webpage,
    word,
    workbook,
)
from bihuan.models import Draft, Evidence, Feedback, Upload
from tests.builders import build_county
from tests.engines.ofd_files import ofd_file, page, printed
from tests.engines.stand_ins import stand_in
from tests.paths import TEXT, Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
REFUSED = FilePath(__file__).parents[1] / "samples" / "refused"
TITLE = "关于巡察县教育局党组的反馈意见"


def swelling() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(60 * 2**20))
    return buffer.getvalue()


def posted(path: Path, content: bytes, name: str, **given: str):
    """The upload form, filled in and sent; the title stands behind the file, as in a form of another order."""
    typed = {"inspection": str(path.county.inspection), "audience": "head"}
    typed |= {"file": SimpleUploadedFile(name, content), "title": TITLE}
    return visitor(path.county.actor("liaison")).post("/feedback/upload", typed, **given)


def typed_stays(path: Path, page: str) -> None:
    assert f'value="{TITLE}"' in page
    assert re.search(r'value="head"[^>]*checked', page)
    assert f'<option value="{path.county.inspection}" selected>' in page
    assert "文件没有保存，需要重新选择。" in page
    assert 'id="id_file_error"' in page


BAD = {
    "empty": (lambda: b"", "空.docx", 415, "文件是空的"),
    "locked": (lambda: (REFUSED / "locked.docx").read_bytes(), "反馈.docx", 415, "设了打开密码"),
    "renamed pdf": (lambda: (REFUSED / "renamed_pdf.docx").read_bytes(), "反馈.docx", 415, "内容却不是。这是 PDF"),
    "old word": (lambda: (REFUSED / "old_word.doc").read_bytes(), "反馈.doc", 415, "旧版 Word"),
    "cut off": (lambda: (REFUSED / "cut_off.docx").read_bytes(), "反馈.docx", 415, "没有下载完整"),
    "swelling": (swelling, "反馈.docx", 413, "解压后过大"),
    "locked pdf": (lambda: (REFUSED / "locked.pdf").read_bytes(), "反馈.pdf", 415, "设了打开密码"),
    "page": (lambda: b"<!DOCTYPE html><p>", "反馈.html", 415, "网页里没有文字"),
    "cut ofd": (lambda: printed(TEXT.split("\n"))[:-40], "反馈.ofd", 415, "没有下载完整"),
    "ofd without a page": (lambda: ofd_file(listed="<Page/>"), "反馈.ofd", 415, "有一页找不到内容"),
    "empty ofd": (lambda: ofd_file(page()), "反馈.ofd", 415, "OFD 里没有文字"),
}


@pytest.mark.parametrize(("content", "name", "status", "says"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_told_by_its_name_and_what_was_typed_stays(content, name, status, says):
    path = Path(build_county())
    answer = posted(path, content(), name)
    assert answer.status_code == status
    page = text(answer)
    assert f"“{name}”：" in page
    assert says in page
    typed_stays(path, page)
    assert not Feedback.objects.exists()
    assert not Upload.objects.exists()


FORMATS = FilePath(__file__).parents[1] / "samples" / "formats"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("feedback.pdf", "application/pdf"), ("feedback.html", "text/plain"), ("utf_32.txt", "text/plain")],
)
def test_a_document_of_any_format_comes_to_the_bench(name, media_type):
    path = Path(build_county())
    content = TEXT.encode("utf-32-le") if name == "utf_32.txt" else (FORMATS / name).read_bytes()
    assert posted(path, content, name).status_code == 303
    assert Upload.objects.get().media_type == media_type
    assert Draft.objects.count() > 1


def test_an_ofd_comes_to_the_bench_and_can_be_saved_again_as_it_was():
    path = Path(build_county())
    content = printed(TEXT.split("\n"))
    assert posted(path, content, "反馈.ofd").status_code == 303
    drafts = Draft.objects.order_by("position")
    assert (drafts.count(), drafts.first().text[:9]) == (4, "课后服务监管缺位。")
    upload = Upload.objects.get()
    saved = visitor(path.county.actor("liaison")).get(f"/uploads/{upload.pk}")
    assert (saved["Content-Type"], saved.content) == ("application/ofd", content)
    assert saved["Content-Disposition"].startswith("attachment;")
    assert saved["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A stand-in for LibreOffice on the PATH, and what it makes of any document."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(converting, "PROGRAMS", ("soffice",))
    return stand_in(tmp_path, (FORMATS / "feedback.docx").read_bytes())


@pytest.mark.parametrize("name", ["反馈.doc", "反馈.wps"])
def test_an_old_document_comes_to_the_bench_where_libreoffice_is(office, name):
    path = Path(build_county())
    content = (REFUSED / "old_word.doc").read_bytes()
    assert posted(path, content, name).status_code == 303
    upload = Upload.objects.get()
    assert (upload.media_type, upload.size, Draft.objects.count()) == ("application/msword", len(content), 3)
    saved = visitor(path.county.actor("liaison")).get(f"/uploads/{upload.pk}")
    assert saved.content == content
    assert saved["Content-Disposition"].startswith("attachment;")


def test_the_form_offers_what_can_be_read_here(office, monkeypatch):
    browser = visitor(Path(build_county()).county.actor("liaison"))
    kinds = ".docx .pdf .ofd .xlsx .xls .csv .html .txt"
    monkeypatch.setattr("bihuan.queries.feedback.is_installed", lambda: False)
    offered = text(browser.get("/feedback/upload"))
    assert f'accept="{kinds.replace(" ", ",")},.doc,.wps"' in offered
    assert f"可以上传：{kinds} .doc .wps" in offered
    monkeypatch.setattr(converting, "PROGRAMS", ())
    offered = text(browser.get("/feedback/upload"))
    assert f'accept="{kinds.replace(" ", ",")}"' in offered
    assert f"可以上传：{kinds}<" in offered
    monkeypatch.setattr("bihuan.queries.feedback.is_installed", lambda: True)
    assert f"可以上传：{kinds} .png .jpg<" in text(browser.get("/feedback/upload"))


@pytest.mark.parametrize("size", [1_001, 300_000, 3_000_000])
def test_over_the_limit_is_told_by_its_name_and_the_fields_behind_the_file_stay(size, settings):
    settings.MAX_UPLOAD = 1_000
    path = Path(build_county())
    answer = posted(path, b"x" * size, "大.txt")
    assert answer.status_code == 413
    assert "“大.txt”：文件超过" in text(answer)
    typed_stays(path, text(answer))


def test_exactly_the_limit_is_taken(settings):
    path = Path(build_county())
    settings.MAX_UPLOAD = len(TEXT.encode())
    assert posted(path, TEXT.encode(), "反馈.txt").status_code == 303
    assert Upload.objects.get().size == settings.MAX_UPLOAD


def test_nothing_of_a_file_over_the_limit_stays_on_disk(settings, tmp_path, monkeypatch):
    settings.MAX_UPLOAD = 100_000
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    written = []
    plain_file = tempfile.NamedTemporaryFile

    def watched(*given, **named):
        written.append(plain_file(*given, **named))
        return written[-1]

    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", watched)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", watched)
    largest = []
    monkeypatch.setattr(OverLimit, "__init__", _counting(OverLimit.__init__, tmp_path, largest))
    path = Path(build_county())
    assert posted(path, b"x" * 4_000_000, "大.txt").status_code == 413
    assert largest == [0]
    assert list(tmp_path.iterdir()) == []
    assert len(written) == 1


def _counting(begin, folder, largest):
    def counted(self, *given, **named):
        largest.append(sum(file.stat().st_size for file in folder.iterdir()))
        begin(self, *given, **named)

    return counted


def test_a_file_over_the_limit_can_be_read_by_nobody():
    file = OverLimit(io.BytesIO(), "文件夹/大.txt", "text/plain", 10**9, None)
    with pytest.raises(Unreadable) as caught:
        file.read()
    assert caught.value.code == "too_large"
    assert str(caught.value).startswith("“大.txt”：文件超过")


def test_a_document_without_findings_is_kept_and_the_page_says_so():
    path = Path(build_county())
    content = (REFUSED / "no_findings.docx").read_bytes()
    typed = {"inspection": str(path.county.inspection), "audience": "leadership", "title": ""}
    typed["file"] = SimpleUploadedFile("会议通知.docx", content)
    done = visitor(path.county.actor("liaison")).post("/feedback/upload", typed, follow=True)
    assert done.status_code == 200
    assert "没有读出问题" in text(done)
    assert (Draft.objects.count(), Upload.objects.get().name) == (0, "会议通知.docx")


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/反馈.txt", "反馈.txt"), ("反馈😀𠮷.txt", "反馈😀𠮷.txt"), ("C:\\甲\\反馈.txt", "反馈.txt")],
)
def test_odd_names_are_kept_as_the_files_own(name, kept):
    path = Path(build_county())
    assert posted(path, TEXT.encode(), name).status_code == 303
    assert Upload.objects.get().name == kept


def test_a_paragraph_of_a_hundred_thousand_characters_comes_to_the_bench_whole():
    path = Path(build_county())
    long = ("台账😀缺失，" * 20_000)[:100_000]
    content = TEXT.replace("课后服务监管缺位。", f"{long}。").encode()
    typed = {"inspection": str(path.county.inspection), "audience": "leadership", "title": ""}
    typed["file"] = SimpleUploadedFile("长.txt", content)
    done = visitor(path.county.actor("liaison")).post("/feedback/upload", typed, follow=True)
    assert done.status_code == 200
    assert long in text(done)
    assert long in Draft.objects.order_by("position").first().text


def test_bad_evidence_is_told_beside_its_file_and_what_was_typed_stays():
    path = a_finding(build_county(), "in_progress")
    measure = path.evidence()[0].measure
    locked = SimpleUploadedFile("佐证.docx", (REFUSED / "locked.docx").read_bytes())
    address = f"/findings/{path.finding}/steps/add_evidence/"
    browser = visitor(path.county.actor("unit_clerk"))
    seen = re.search(r'name="seen" value="(\d+)"', text(browser.get(address)))[1]
    typed = {"seen": seen, f"evidence-{measure}-file": locked, f"evidence-{measure}-proves": "已经公示"}
    answer = browser.post(address, typed)
    assert answer.status_code == 415
    assert "“佐证.docx”：文件设了打开密码" in text(answer)
    assert 'value="已经公示"' in text(answer)
    assert not Evidence.objects.exists()


SENTENCE = re.compile(r'"([^"\n]*[㐀-鿿][^"\n]*。)"')


def test_every_reason_that_the_engine_gives_is_said_in_english_too():
    modules = (apart, archives, containers, content, converting, delimited, markup, ofd, old_workbook, pdf, pipeline)
    modules += (plain, previews, printed_checks, printed_lines, sheets, streams, webpage, word, workbook)
    doubts = {pipeline.TURNED, printed_lines.NOT_READ, sheets.HIDDEN_ROW, sheets.HIDDEN_SHEET}
    doubts |= {workbook.NO_VALUE, workbook.WRONG_VALUE}
    sentences = {
        found for module in modules for found in SENTENCE.findall(FilePath(module.__file__).read_text("utf-8"))
    } - doubts
    sentences = {one.replace("{_ASK}", containers._ASK) for one in sentences}
    only_here = {containers._ASK, "这是文件夹，不是文件。请给出一个文件。"}
    only_here |= {one for one in sentences if one.startswith(("找不到这个文件", "打不开这个文件"))}
    with override("en"):
        lacking = [one for one in sentences - only_here if re.search("[㐀-鿿]", gettext(one))]
    assert len(sentences) > 45
    assert lacking == []


def test_an_english_reader_is_told_in_english_which_file_and_what_to_do():
    path = Path(build_county())
    browser = visitor(path.county.actor("liaison"))
    browser.cookies["django_language"] = "en"
    typed = {"inspection": str(path.county.inspection), "audience": "head", "title": TITLE}
    typed["file"] = SimpleUploadedFile("反馈.docx", (REFUSED / "renamed_pdf.docx").read_bytes())
    page = text(browser.post("/feedback/upload", typed))
    said = re.search(r'id="id_file_error">([^<]+)<', page)[1]
    assert said.startswith("“反馈.docx”: The name ends in .docx, the content does not agree. This is a PDF file")

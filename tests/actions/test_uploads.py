"""Files that cannot be taken are refused by code and by name and leave nothing; odd names and long texts are kept."""

import io
import zipfile
from pathlib import Path as FilePath
from random import Random

import pytest

from bihuan.actions.refusals import Refused, Unreadable
from bihuan.models import Draft, Event, Evidence, Feedback, FileContent, Finding, Upload
from bihuan.queries.acting import acting
from bihuan.queries.feedback import stored_file
from bihuan.rules.typed import EvidenceInput
from tests.builders import TODAY, build_county
from tests.corpus import damage
from tests.engines.ofd_files import ofd_file, page, text
from tests.engines.word_files import paragraph, word_file
from tests.paths import TEXT, Path, a_finding

pytestmark = pytest.mark.django_db
SAMPLES = FilePath(__file__).parents[1] / "samples" / "refused"
LONG_NAME = "关于巡察县教育局党组的反馈意见" * 20 + ".docx"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def swelling() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(60 * 2**20))
    return buffer.getvalue()


BAD = {
    "empty": (lambda: b"", "反馈意见.docx", "empty_file", "文件是空的"),
    "locked": (lambda: sample("locked.docx"), "反馈意见.docx", "locked", "打开密码"),
    "renamed pdf": (lambda: sample("renamed_pdf.docx"), "反馈意见.docx", "wrong_type", "文件名以 .docx 结尾"),
    "old word": (lambda: sample("old_word.doc"), "反馈意见.doc", "wrong_type", "旧版 Word"),
    "cut off": (lambda: sample("cut_off.docx"), "反馈意见.docx", "damaged", "没有下载完整"),
    "swelling": (swelling, "反馈意见.docx", "too_large", "过大"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n", "扫描.png", "needs_ocr", "这是图片"),
    "no text": (lambda: word_file(paragraph("")), "反馈意见.docx", "empty_file", "没有文字"),
}


@pytest.mark.parametrize(("content", "name", "code", "says"), BAD.values(), ids=BAD.keys())
def test_feedback_that_cannot_be_read_is_refused_by_code_and_name_and_leaves_nothing(content, name, code, says):
    path = Path(build_county())
    events = Event.objects.count()
    with pytest.raises(Unreadable) as caught:
        path.upload(content=content(), name=f"C:\\文件\\{name}")
    assert caught.value.code == code
    assert str(caught.value).startswith(f"“{name}”：")
    assert says in str(caught.value)
    left = (Upload.objects.count(), FileContent.objects.count(), Feedback.objects.count(), Event.objects.count())
    assert left == (0, 0, 0, events)


def test_a_long_name_is_shown_by_its_beginning_and_its_end():
    path = Path(build_county())
    with pytest.raises(Unreadable) as caught:
        path.upload(content=b"", name=LONG_NAME)
    said = str(caught.value)
    assert said.startswith("“关于巡察县教育局党组")
    assert "…" in said
    assert "的反馈意见.docx”：" in said
    assert len(said) < 120


def test_a_document_without_findings_is_kept_with_no_draft():
    path = Path(build_county())
    path.upload(content=sample("no_findings.docx"), name="会议通知.docx")
    assert Draft.objects.count() == 0
    kept = Upload.objects.get()
    assert (kept.name, "工作例会" in kept.text) == ("会议通知.docx", True)
    assert Feedback.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\反馈\\意见.txt", "意见.txt"),
        ("反馈😀𠮷意见.txt", "反馈😀𠮷意见.txt"),
        ("意见\u202etxt.exe", "意见txt.exe"),
        ("一\r\n二\x00.txt", "一二.txt"),
        ("..", "未命名"),
        ("/", "未命名"),
        ("\udce6.txt", "?.txt"),
        ("甲" * 400 + ".txt", "甲" * 196 + ".txt"),
    ],
)
def test_a_name_is_kept_as_the_files_own(name, kept):
    path = Path(build_county())
    path.upload(name=name)
    assert Upload.objects.get().name == kept
    assert Draft.objects.count() == 4


def test_rare_characters_and_a_hundred_thousand_of_them_stay_as_they_are():
    path = Path(build_county())
    long = ("𠮷田村😀台账缺失，" * 12_000)[:100_000]
    path.upload(content=TEXT.replace("课后服务监管缺位。", f"{long}。").encode())
    first = Draft.objects.order_by("position").first()
    assert long in first.text
    assert first.feedback.upload.text[first.span_start : first.span_end] == first.text
    path.confirm_all()
    assert long in Finding.objects.order_by("number").first().text


def test_a_draft_quotes_repaired_words_and_keeps_the_place_of_the_text_as_it_came():
    path = Path(build_county())
    copy = damage.noted(TEXT, Random(1))
    path.upload(content=copy.text.encode())
    first = Draft.objects.order_by("position").first()
    begin = TEXT.index(first.text)
    upload = first.feedback.upload
    assert upload.text == copy.text
    assert (first.span_start, first.span_end) == copy.moved((begin, begin + len(first.text)))
    assert upload.text[first.span_start : first.span_end] != first.text
    assert any("引文已经修复" in doubt for doubt in first.doubts)
    path.confirm_all()
    assert Finding.objects.order_by("number").first().text == first.text


OLD_WORD = "WordDocument".encode("utf-16-le")
EVIDENCE = {
    "locked": (lambda: sample("locked.docx"), "locked", "打开密码"),
    "old slides": (lambda: sample("old_word.doc").replace(OLD_WORD, OLD_WORD[2:] * 2), "wrong_type", "只收 PDF"),
    "cut off": (lambda: sample("cut_off.docx"), "damaged", "没有下载完整"),
    "other archive": (lambda: swelling().replace(b"word/", b"abcd/"), "wrong_type", "只收 PDF"),
    "bytes": (lambda: bytes(range(256)), "wrong_type", "只收 PDF"),
}


@pytest.mark.parametrize(("content", "code", "says"), EVIDENCE.values(), ids=EVIDENCE.keys())
def test_evidence_that_cannot_be_taken_is_refused_by_code_and_name_and_leaves_nothing(content, code, says):
    path = a_finding(build_county(), "in_progress")
    before = (Upload.objects.count(), FileContent.objects.count())
    measure = path.evidence()[0].measure
    with pytest.raises(Unreadable) as caught:
        path.take("unit_clerk", "add_evidence", evidence=(EvidenceInput(measure, "照片/佐证.docx", content()),))
    assert (caught.value.code, says in str(caught.value)) == (code, True)
    assert str(caught.value).startswith("“佐证.docx”：")
    assert (Upload.objects.count(), FileContent.objects.count(), Evidence.objects.count()) == (*before, 0)


def test_an_empty_evidence_file_is_refused_by_rule():
    path = a_finding(build_county(), "in_progress")
    measure = path.evidence()[0].measure
    with pytest.raises(Refused) as caught:
        path.take("unit_clerk", "add_evidence", evidence=(EvidenceInput(measure, "佐证.txt", b"", "公示", TODAY),))
    assert caught.value.objection.code == "evidence_empty"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (lambda: ofd_file(page(text("甲。", 30, 50))), "application/ofd"),
        (lambda: sample("old_word.doc"), "application/msword"),
        (lambda: sample("old_word.doc") + "Workbook".encode("utf-16-le"), "application/msword"),
        (lambda: (SAMPLES.parent / "formats" / "ledger.xls").read_bytes(), "application/vnd.ms-excel"),
    ],
    ids=["ofd", "old word", "old word with a sheet", "old excel"],
)
def test_evidence_of_any_office_format_is_kept_by_its_content(content, media_type):
    path = a_finding(build_county(), "in_progress")
    measure = path.evidence()[0].measure
    given = EvidenceInput(measure, "佐证.bin", content(), "公示", TODAY)
    path.take("unit_clerk", "add_evidence", evidence=(given,))
    assert Upload.objects.get(name="佐证.bin").media_type == media_type


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='a' onload='alert(1)'/>", b"<!DOCTYPE html><script>alert(1)</script>"]
)
def test_what_a_browser_would_run_is_kept_as_text(content):
    path = a_finding(build_county(), "in_progress")
    measure = path.evidence()[0].measure
    path.take("unit_clerk", "add_evidence", evidence=(EvidenceInput(measure, "图.svg", content, "公示", TODAY),))
    actor = path.county.actor("unit_clerk")
    with acting(actor):
        kept = stored_file(Upload.objects.get(name="图.svg").pk, actor=actor)
    assert (kept.media_type, kept.content) == ("text/plain", content)

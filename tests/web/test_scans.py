"""A scan on the web: read in the background, page by page; on the bench its pictures, with what is not sure marked."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image

from bihuan.engines.reading import scans
from bihuan.engines.reading.formats.scanned_pages import ScannedPage
from bihuan.engines.reading.scans import recognizing
from bihuan.models import Draft, Feedback, Intake, ScanPage
from bihuan.rules.vocabulary import ROLES
from tests.builders import build_county
from tests.engines import ofd_files, scan_files
from tests.engines.pdf_files import printed
from tests.engines.quick_scans import Quick, pictures, words_on
from tests.house.page_table import AFTER, BEFORE
from tests.paths import Path
from tests.web.test_intakes import LIST, page, post, press, read_all
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
FIRST = (
    "关于巡察县教育局党组的反馈意见",
    "县教育局党组：",
    "一、执行政策有差距",
    "1.课后服务收费未公示，涉及36所学校。",
)
SECOND = ("2.营养餐采购化整为零，拆成12笔。",)
MISSED = (74.0, 300.0, 400.0, 316.0)


def seen(number: int) -> ScannedPage:
    """The letter on two pages; a digit is doubted on the first, a row was left out on the second."""
    if number == 1:
        return words_on(1, *FIRST, doubted="3")
    return replace(words_on(2, *SECOND), missed=(MISSED,))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> type[Quick]:
    monkeypatch.setattr(recognizing, "Recognizer", Quick)
    monkeypatch.setattr(Quick, "seen", seen, raising=False)
    monkeypatch.setattr(Quick, "asked", [])
    return Quick


def scanned(path: Path, content: bytes | None = None, name: str = "扫描.pdf", **typed: str) -> Feedback:
    """The letter uploaded alone and read."""
    assert post(path, (name, content or pictures(2)), **typed)["Location"] == LIST
    read_all()
    made = Feedback.objects.get()
    path.feedback = made.pk
    return made


def bench(path: Path, feedback: Feedback, role: str = "liaison") -> str:
    return text(visitor(path.county.actor(role)).get(f"/feedback/{feedback.pk}/"))


def test_a_scan_alone_waits_for_nobody_and_tells_its_pages(quick: type[Quick]) -> None:
    path, told = Path(build_county()), []

    def looked_at(number: int) -> ScannedPage:
        told.extend(re.findall(r"正在识别第 \d 页，共 \d 页|value=\"\d\"", page(path)))
        return seen(number)

    sent = post(path, ("扫描.pdf", pictures(2)), title="扫描的信")
    assert (sent.status_code, sent["Location"], quick.asked) == (303, LIST, [])
    assert "排队中" in page(path)
    quick.seen = looked_at
    read_all()
    assert told == ['value="0"', "正在识别第 1 页，共 2 页", 'value="1"', "正在识别第 2 页，共 2 页"]
    assert "读出 2 条，等您认定。" in page(path)
    made = Feedback.objects.get()
    assert made.title == "扫描的信"
    assert press(path, Intake.objects.get(), "open")["Location"] == f"/feedback/{made.pk}/"


def test_without_the_extra_a_scan_is_refused_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(build_county())
    assert ".png" in text(visitor(path.county.actor("liaison")).get("/feedback/upload"))
    monkeypatch.setattr(scans, "is_installed", lambda: False)
    refused = post(path, ("照片.png", scan_files.png(Image.new("RGB", (30, 30)))))
    assert refused.status_code == 415
    assert "这是图片，没有文字可读" in text(refused)
    assert not Intake.objects.exists()


def test_an_ofd_of_pictures_is_refused_in_its_own_words_and_waits_for_nobody(quick: type[Quick]) -> None:
    path = Path(build_county())
    refused = post(path, ("反馈意见.ofd", ofd_files.ofd_file(ofd_files.page(ofd_files.picture()))))
    assert refused.status_code == 415
    assert "请用 OFD 阅读软件另存为 PDF 后再试" in text(refused)
    assert not Intake.objects.exists()


def test_a_picture_is_taken_as_a_page(quick: type[Quick]) -> None:
    quick.seen = lambda _number: words_on(1, *FIRST)
    path = Path(build_county())
    made = scanned(path, scan_files.png(Image.new("RGB", (300, 420), "white")), "照片.png")
    answer = visitor(path.county.actor("liaison")).get(f"/feedback/{made.pk}/pages/1")
    assert Image.open(io.BytesIO(answer.content)).size == (300, 420)


def test_the_bench_shows_each_page_with_its_doubts_before_its_text(quick: type[Quick]) -> None:
    path = Path(build_county())
    made = scanned(path)
    shown = bench(path, made)
    assert re.findall(r'<img src="([^"]+)" width="1000" height="1415"', shown) == [
        f"/feedback/{made.pk}/pages/{number}" for number in (1, 2)
    ]
    first, second = shown.index('id="sheet-1"'), shown.index('id="sheet-2"')
    assert first < shown.index(FIRST[0], first) < shown.index("课后服务收费", first) < second
    assert second < shown.index("营养餐采购", second) < shown.index('<ol class="drafts">')
    drawn = re.findall(r'<rect class="(\S+)" x="(\d+)" y="(\d+)"[^>]+><title>([^<]+)</title>', shown)
    assert [(kind, told) for kind, _x, _y, told in drawn] == [
        ("scan-character", "“3”，把握 41%"), ("scan-row", "可能漏认的一行"),
    ]  # fmt: skip
    # The digit stands in the fourth line, as the fifteenth character; the row three fifths down the page.
    left, top = int(drawn[0][1]) / 1000 * 595, int(drawn[0][2]) / 1415 * 842
    assert (left, top) == (pytest.approx(74 + 16 * FIRST[3].index("3"), abs=4), pytest.approx(842 - 706, abs=4))
    assert int(drawn[1][2]) / 1415 == pytest.approx(1 - 316 / 842, abs=0.01)
    assert '<span class="unsure" title="“3”，把握 41%">3</span>' in shown
    warned = shown.index("第 2 页可能有漏认的行，请对照原图")
    assert warned < first
    assert 'href="#sheet-2"' in shown
    assert "第 1 页可能有漏认" not in shown
    draft = Draft.objects.get(position=1)
    assert re.search(f'<mark id="mark-{draft.pk}"[^>]*><a[^>]*>课后服务收费未公示，涉及</a></mark>', shown)
    assert f'data-draft="{draft.pk}"' in shown[shown.index('class="unsure"') - 200 : shown.index('class="unsure"')]


def test_a_page_that_could_not_be_recognized_is_told_and_shown(quick: type[Quick]) -> None:
    quick.seen = lambda number: seen(1) if number == 1 else ScannedPage(2, problem="damaged")
    path = Path(build_county())
    shown = bench(path, scanned(path))
    assert shown.index("第 2 页没有识别成，请对照原图补录") < shown.index('id="sheet-1"')
    assert shown.index('id="sheet-2"') > shown.index("课后服务收费", shown.index('id="sheet-1"'))


def test_who_reads_the_document_sees_its_pages_and_nobody_else(quick: type[Quick]) -> None:
    path = Path(build_county())
    made = scanned(path)
    address = f"/feedback/{made.pk}/pages/"

    def statuses() -> dict[str, int]:
        return {role: visitor(path.county.actor(role)).get(f"{address}1").status_code for role in ROLES}

    assert statuses() == {role: 200 if role in BEFORE else 404 for role in ROLES}
    assert visitor(path.county.actor("liaison")).get(f"{address}3").status_code == 404
    assert visitor(path.county.actor("liaison")).get(f"{address}999999999999").status_code == 404
    path.minutes += 14 * 24 * 60  # the job knows no other clock than the real one
    path.confirm_all()
    path.give()
    assert statuses() == {role: 200 if role in AFTER else 404 for role in ROLES}
    assert set(ScanPage.objects.values_list("stage", flat=True)) == {1}
    assert f'src="{address}2"' in bench(path, made, "unit_head")


def test_a_document_with_text_is_shown_without_pictures_but_for_its_scanned_pages(quick: type[Quick]) -> None:
    """Between two printed pages lies a scanned one."""
    path = Path(build_county())
    matter = "1.课后服务收费未公示，家长反映强烈。"
    document = pypdfium2.PdfDocument(printed(["|关于巡察县教育局党组的反馈意见", "一、执行政策有差距", *[matter] * 40]))
    document.import_pages(pypdfium2.PdfDocument(pictures(1)), index=1)
    buffer = io.BytesIO()
    document.save(buffer)
    assert len(document) > 2
    quick.seen = lambda number: words_on(number, *SECOND)
    made = scanned(path, buffer.getvalue())
    assert quick.asked == [2]
    shown = bench(path, made)
    sheet = shown.index('id="sheet-2"')
    assert shown.count("<figure") == 1
    assert shown.index("家长反映强烈") < sheet < shown.index("营养餐采购", sheet) < shown.index("家长反映强烈", sheet)
    liaison = visitor(path.county.actor("liaison"))
    statuses = [liaison.get(f"/feedback/{made.pk}/pages/{number}").status_code for number in (1, 2, 3)]
    assert statuses == [404, 200, 404]


def test_the_heads_own_part_is_seen_by_whom_it_is_for(quick: type[Quick]) -> None:
    path = Path(build_county())
    made = scanned(path, audience="head")
    read = {role: visitor(path.county.actor(role)).get(f"/feedback/{made.pk}/").status_code for role in ROLES}
    seen_by = {role: visitor(path.county.actor(role)).get(f"/feedback/{made.pk}/pages/1").status_code for role in ROLES}
    assert seen_by == read
    assert {200, 404} == set(read.values())


def test_a_browser_keeps_a_picture_but_asks_each_time_whether_it_may_show_it(
    quick: type[Quick], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(build_county())
    address = f"/feedback/{scanned(path).pk}/pages/1"
    liaison = visitor(path.county.actor("liaison"))
    first = liaison.get(address)
    assert (first.status_code, first["Content-Type"]) == (200, "image/png")
    assert first["Cache-Control"] == "private, no-cache"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(first.content)).width == 1400
    monkeypatch.setattr("bihuan.queries._scans.preview_png", refuse_to_draw)
    again = liaison.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    stranger = visitor(path.county.actor("unit_clerk"))
    assert stranger.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 404


def refuse_to_draw(*_given: object) -> Callable[..., bytes]:
    raise AssertionError("drawn again")


def test_a_scan_is_read_again_and_repaired_without_being_recognized_anew(quick: type[Quick]) -> None:
    path = Path(build_county())
    made = scanned(path)
    asked = list(quick.asked)
    again = visitor(path.county.actor("liaison")).post(f"/feedback/{made.pk}/read-again")
    assert (again.status_code, "没有读出新的问题" in text(again)) == (422, True)
    assert quick.asked == asked == [1, 2]

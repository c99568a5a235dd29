"""Scans and pictures are read offline, page by page; what is not sure is told with its box; others are refused."""

import io
import json
import pickle
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import ClassVar

import pytest
from PIL import Image, ImageFilter

from bihuan.engines.reading import Reading, Unreadable, read_bytes, scans
from bihuan.engines.reading.doubts import BLURRED
from bihuan.engines.reading.formats import printed_checks
from bihuan.engines.reading.formats.printed_lines import content_of
from bihuan.engines.reading.formats.scanned_pages import ScannedLine, ScannedPage, printed_pages
from bihuan.engines.reading.scans import KeptPages, Progress, recognizing
from tests.engines import scan_files
from tests.engines.pdf_files import printed
from tests.engines.pdf_files import scanned as scans_of_many_pages

CHARACTERS = "".join(line.lstrip("|") for line in scan_files.LETTER)


def line(text: str, *, left: float = 90, y: float = 700, size: float = 16, doubted: str = "") -> ScannedLine:
    """A line whose characters stand side by side; those of `doubted` are not sure."""
    middles = tuple(left + size * (index + 0.5) for index in range(len(text)))
    sure = tuple(0.4 if one in doubted else 0.99 for one in text)
    return ScannedLine(text, left, left + size * len(text), y, y + size, middles, sure)


def page(*lines: ScannedLine, number: int = 1) -> ScannedPage:
    return ScannedPage(number, 595, 842, lines=lines)


@pytest.fixture(scope="module")
def letter() -> scan_files.Sheet:
    return scan_files.sheets()[0]


@pytest.fixture(scope="module")
def scanned(letter: scan_files.Sheet) -> bytes:
    """A letter laid on askew, in noise, a stamp over its words, one character blotted; and a table."""
    spoiled = scan_files.blotted(scan_files.stamped(letter.picture, (1_150, 1_800)), letter.box(scan_files.BLOTTED))
    return scan_files.pdf(scan_files.noisy(scan_files.skewed(spoiled, 0.9)), scan_files.ruled())


@pytest.fixture(scope="module")
def pages(scanned: bytes) -> dict[int, ScannedPage]:
    """Both pages, recognized once for all tests that look at them."""
    found: dict[int, ScannedPage] = {}
    assert list(scans.recognize(scanned, into=found)) == [Progress(0, 2), Progress(1, 2), Progress(2, 2)]
    return found


@pytest.fixture(scope="module")
def reading(scanned: bytes, pages: dict[int, ScannedPage]) -> Reading:
    return scans.read_scan(scanned, pages=pages, name="反馈意见.pdf")


def test_a_spoiled_scan_is_read_with_few_errors(reading: Reading) -> None:
    read = reading.text[: reading.pages[1]].replace("\n", "")
    same = sum(block.size for block in SequenceMatcher(None, CHARACTERS, read, autojunk=False).get_matching_blocks())
    assert same >= len(CHARACTERS) * 0.97
    assert len(read) <= len(CHARACTERS) * 1.03
    assert reading.kind == "feedback"
    assert reading.quoted(reading.unit or (0, 0)).endswith("云溪区水务局党组")
    assert [item.level for item in reading.items] == ["一、(一)", "一、(二)", "二、(一)", "二、(二)"]
    assert {"428.6", "1036", "14.45"} <= {figure.number for figure in reading.figures}


def test_a_blotted_character_is_doubted_where_it_stands(reading: Reading, letter: scan_files.Sheet) -> None:
    at = reading.text.index("标，涉及金额1036万元") - 1
    told = next(one for one in reading.unsure if one.span[0] <= at < one.span[1])
    assert told.page == 1
    assert told.confidence < scans.SURE
    left, top, right, bottom = letter.box(scan_files.BLOTTED)
    middle = ((told.box[0] + told.box[2]) / 2 * scan_files.WIDTH, (told.box[1] + told.box[3]) / 2 * scan_files.HEIGHT)
    assert abs(middle[0] - (left + right) / 2) < 40  # the page lies askew by up to 13 pixels there
    assert abs(middle[1] - (top + bottom) / 2) < 40
    item = next(item for item in reading.items if item.finding[0] <= at < item.finding[1])
    assert BLURRED in item.doubts
    assert len(reading.unsure) < len(CHARACTERS) * 0.06


def test_a_ruled_table_is_a_table_and_its_page_begins_there(reading: Reading) -> None:
    text = reading.text[reading.pages[1] :]
    assert text.startswith("云溪区水务局问题整改清单\n序号\t存在问题\t整改措施\t责任人\n")
    assert "\t防汛物资账实不符，盘亏编织袋1250条。\t核对台账，追回或赔付，修订领用制度。\t罗文静" in text


def test_a_page_in_much_noise_is_read_as_it_is_printed_and_makes_no_table(letter: scan_files.Sheet) -> None:
    """Grain was taken for ruled lines once, and cut the words to pieces."""
    reading = read_whole(scan_files.pdf(scan_files.noisy(letter.picture, strength=120)), "扫描.pdf")
    read = reading.text.replace("\n", "")
    assert "\t" not in read
    assert SequenceMatcher(None, CHARACTERS, read, autojunk=False).ratio() > 0.97


def test_rows_that_gave_no_words_are_told_with_their_place_and_clean_pages_tell_none(
    reading: Reading, letter: scan_files.Sheet
) -> None:
    assert reading.missed == ()
    small = scan_files.sheets(size=28)[0]
    grained, blurred = scan_files.noisy(small.picture, strength=210), letter.picture.filter(ImageFilter.GaussianBlur(7))
    white = scan_files.stamped(Image.new("RGB", blurred.size, "white"), (800, 900))
    found: dict[int, ScannedPage] = {}
    content = scan_files.pdf(grained, letter.picture, white, blurred)
    list(scans.recognize(content, into=found))
    assert [bool(found[number].missed) for number in (1, 2, 3, 4)] == [True, False, False, True]
    missed = scans.read_scan(content, pages=found, name="扫描.pdf").missed
    tops = {box[1] for _character, box in letter.boxes}
    for one in missed:
        middle = (one.box[1] + one.box[3]) / 2 * scan_files.HEIGHT
        assert one.page in (1, 4)
        assert one.page == 1 or any(top < middle < top + 80 for top in tops)
    assert len({one.box for one in missed if one.page == 4}) > len(tops) / 2


def test_what_is_recognized_can_be_kept_as_it_is(pages: dict[int, ScannedPage]) -> None:
    for one in pages.values():
        assert pickle.loads(pickle.dumps(one)) == one
        assert ScannedPage.from_json(json.loads(json.dumps(one.to_json()))) == one


class Counting:
    """A recognizer that remembers what it was asked, and breaks off where it is told to."""

    asked: ClassVar[list[int]] = []
    stops_at: ClassVar[int] = 0

    def __init__(self, content: bytes) -> None: ...

    def __enter__(self) -> "Counting":
        return self

    def __exit__(self, *_told: object) -> None: ...

    def page(self, number: int) -> ScannedPage:
        if number == self.stops_at:
            raise KeyboardInterrupt
        self.asked.append(number)
        return page(line(f"第{number}页的文字写在这里"), number=number)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Counting]]:
    monkeypatch.setattr(Counting, "asked", [])
    monkeypatch.setattr(recognizing, "Recognizer", Counting)
    return Counting


def test_what_was_broken_off_goes_on_where_it_stopped(
    tmp_path: Path, counting: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = scan_files.pdf(*[Image.new("RGB", (100, 140), (200, 200, number)) for number in range(4)])
    monkeypatch.setattr(counting, "stops_at", 3)
    with pytest.raises(KeyboardInterrupt):
        list(scans.recognize(content, into=KeptPages(tmp_path, content)))
    assert counting.asked == [1, 2]
    monkeypatch.setattr(counting, "stops_at", 0)
    kept = KeptPages(tmp_path, content)
    assert list(scans.recognize(content, into=kept)) == [Progress(2, 4), Progress(3, 4), Progress(4, 4)]
    assert counting.asked == [1, 2, 3, 4]
    text = scans.read_scan(content, pages=kept, name="扫描.pdf").text
    assert [number for number in range(1, 5) if f"第{number}页" in text] == [1, 2, 3, 4]
    assert not list(KeptPages(tmp_path, content + b"%other"))
    kept.forget()
    assert not list(tmp_path.iterdir())


def test_kept_pages_are_the_persons_own_and_a_spoiled_one_counts_as_none(tmp_path: Path) -> None:
    kept = KeptPages(tmp_path / "cache", b"content")
    kept[1], kept[2] = page(line("甲乙丙")), ScannedPage(2, problem="damaged")
    file = next(kept.folder.iterdir())
    assert (kept.folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    again = KeptPages(tmp_path / "cache", b"content")
    assert 1 in again
    assert 2 not in again  # tried again by the next reading
    file.write_text(file.read_text()[:-9])
    assert 1 not in KeptPages(tmp_path / "cache", b"content")


def test_pages_with_text_are_read_as_they_are_and_pictures_between_them_are_recognized(
    counting: type[Counting],
) -> None:
    whole = printed(["关于云溪区水务局的情况说明", *["以下是正文的一段文字，写得足够长，以便读出来。"] * 30])
    import pypdfium2

    document = pypdfium2.PdfDocument(whole)
    scan = pypdfium2.PdfDocument(scan_files.pdf(Image.new("RGB", (100, 140), "gray")))
    document.import_pages(scan, index=1)
    buffer = io.BytesIO()
    document.save(buffer)
    content = buffer.getvalue()
    assert read_bytes(content, name="a.pdf").unread == (2,)
    found: dict[int, ScannedPage] = {}
    list(scans.recognize(content, into=found))
    assert counting.asked == [2]
    reading = scans.read_scan(content, pages=found, name="a.pdf")
    at = reading.text.index("第2页的文字写在这里")
    assert reading.pages[1] <= at < reading.pages[2]
    assert not reading.unread


def test_the_place_of_a_doubt_is_told_on_the_picture_as_it_lies() -> None:
    straight = page()
    assert straight.on_picture((0, 842 * 0.75, 595 / 2, 842)) == (0.0, 0.0, 0.5, 0.25)
    assert replace(straight, turns=1).on_picture((0, 842 * 0.75, 595 / 2, 842)) == (0.75, 0.0, 1.0, 0.5)
    assert replace(straight, turns=2).on_picture((0, 842 * 0.75, 595 / 2, 842)) == (0.5, 0.75, 1.0, 1.0)
    left, top, _right, _bottom = replace(straight, skew=2.0).on_picture((500, 421, 516, 437))
    assert left == pytest.approx(500 / 595, abs=0.01)
    assert top * 842 == pytest.approx(842 - 437 + 7, abs=1)  # what lies to the right has sunk


def test_two_columns_are_read_one_after_the_other_and_words_at_one_height_are_one_line() -> None:
    head = line("云溪区情况通报", left=240, y=780)
    columns = [
        line(f"{side}栏第{row}行的文字写满一整行", left=left, y=740 - row * 24)
        for row in range(1, 9)
        for side, left in (("左", 60), ("右", 330))
    ]
    text = content_of(printed_pages(page(head, *columns))).text
    places = [text.index(f"{side}栏第{row}行") for side in "左右" for row in range(1, 9)]
    assert text.startswith("云溪区情况通报")
    assert places == sorted(places)
    beside = page(line("签发人：沈立群", y=600), line("2026年5月8日", left=400, y=602))
    assert content_of(printed_pages(beside)).text == "签发人：沈立群 2026年5月8日"


def test_doubts_keep_their_place_where_lines_are_joined() -> None:
    first, second = "巡察组发现该局党组在项目招标工作中没有严格按", "照规定的程序办理。"
    joined = page(line(first, y=700, doubted="标"), line(second, y=672, doubted="序"))
    content = content_of(printed_pages(joined))
    assert content.text == first + second
    assert [content.text[slice(*one.span)] for one in content.unsure] == ["标", "序"]


def refused(content: bytes, name: str = "扫描.png") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_whole(content, name)
    return caught.value


def read_whole(content: bytes, name: str) -> Reading:
    found: dict[int, ScannedPage] = {}
    list(scans.recognize(content, into=found))
    return scans.read_scan(content, pages=found, name=name)


def bomb() -> bytes:
    """A picture that says of itself to have 900 million pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + head
        + struct.pack(">I", zlib.crc32(head))
        + struct.pack(">I", 9)
        + b"IDAT"
    )


def test_what_cannot_be_recognized_is_refused_in_words() -> None:
    whole = scan_files.png(Image.new("RGB", (300, 300), "white"))
    too_large = refused(bomb())
    assert (too_large.code, "请" in too_large.message) == ("too_large", True)
    assert refused(whole[: len(whole) // 2]).code == "damaged"
    assert refused(b"%PDF-1.7 broken").code == "damaged"
    assert refused("正文".encode()).code == "wrong_type"
    assert refused(scans_of_many_pages(501)).code == "too_large"


def test_a_white_page_has_no_text() -> None:
    error = refused(scan_files.png(Image.new("RGB", (300, 300), "white")))
    assert (error.code, error.file) == ("empty_file", "扫描.png")
    assert "没有认出文字" in error.message


def test_a_page_on_which_the_program_dies_or_hangs_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = scan_files.png(Image.new("RGB", (300, 300), "white"))
    monkeypatch.setattr(recognizing, "SECONDS", 0.01)
    with recognizing.Recognizer(content) as recognizer:
        assert recognizer.page(1).problem == "damaged"
        monkeypatch.setattr(recognizing, "SECONDS", 180)
        assert recognizer.page(1) == ScannedPage(1, 595.0, 595.0)


def test_the_program_opens_no_connection_and_takes_no_more_memory_than_it_may() -> None:
    tried = (
        "import resource, socket, sys; from bihuan.engines.reading.scans import recognizer; recognizer.main();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], file=sys.stderr); socket.create_connection(('127.0.0.1', 9))"
    )
    done = subprocess.run([sys.executable, "-c", tried], input=bytes(8), capture_output=True, check=False)
    assert done.stderr.startswith(b"%d\n" % (2 * 2**30))
    assert b"\nConnectionError: socket." in done.stderr


def test_without_the_extra_the_refusal_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognizing, "is_installed", lambda: False)
    picture = scan_files.png(Image.new("RGB", (30, 30)))
    assert (refused(picture).code, "bihuan[ocr]" in refused(picture).message) == ("needs_ocr", True)


def test_who_only_reads_is_not_told_to_install_what_would_not_be_asked() -> None:
    with pytest.raises(Unreadable, match=r"先做文字识别（OCR）再上传") as caught:
        read_bytes(scan_files.png(Image.new("RGB", (30, 30))), name="扫描.png")
    assert (caught.value.code, "bihuan[ocr]" in caught.value.message) == ("needs_ocr", False)
    with pytest.raises(Unreadable, match=r"先做文字识别（OCR）再上传"):
        printed_checks.check_printed(printed_pages(ScannedPage(1, problem="damaged")), garbled="", empty="")

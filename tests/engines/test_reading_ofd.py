"""OFD files: text by its places to the paragraphs it was, templates, ruled tables, odd packages; and the bad ones."""

import io
import zipfile
from pathlib import Path

import pytest

from bihuan.engines.reading import Reading, Unreadable, read_bytes, read_file, text_of
from bihuan.engines.reading.formats import ofd
from bihuan.engines.reading.formats.containers import read_container
from tests.engines.ofd_files import SIZE, SPACE, ofd_file, page, picture, printed, rule, ruled, text
from tests.engines.word_files import paragraph, word_file
from tests.samples.make_formats import FINDINGS, OPENING, TITLE, UNIT

PARAGRAPHS = (f"|{TITLE}", UNIT, OPENING, "一、巡察发现的主要问题", *FINDINGS)
WHOLE = f"g 99 {SIZE}"


def findings(reading: Reading) -> list[str]:
    return [reading.text[slice(*item.finding)] for item in reading.items]


def said(*objects: str, **given: str) -> str:
    """The text of one page of these objects."""
    return read_bytes(ofd_file(page(*objects), **given), name="意见.ofd").text


def refused(content: bytes, name: str = "意见.ofd") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_bytes(content, name=name)
    assert caught.value.message.endswith("。")
    assert "请" in caught.value.message
    return caught.value


def test_printed_lines_become_the_paragraphs_they_were() -> None:
    paragraphs = [f"|{TITLE}", UNIT, OPENING, "一、巡察发现的主要问题", *FINDINGS * 8]
    reading = read_bytes(printed(paragraphs, head="中共柳河县委巡察办文件"), name="反馈意见.ofd")
    assert reading.text.split("\n") == [line.lstrip("|") for line in paragraphs]
    assert (reading.kind, len(reading.items)) == ("feedback", 24)


def test_an_ofd_reads_as_the_same_document_in_word() -> None:
    reading = read_bytes(printed(PARAGRAPHS), name="反馈意见.ofd")
    word = read_file(Path(__file__).parents[1] / "samples" / "formats" / "feedback.docx")
    assert findings(reading) == findings(word) == [line[2:] for line in FINDINGS]


def test_the_pages_are_told_as_those_of_a_pdf_are() -> None:
    first, second = ("1.账目混乱。", "2.会议不实。"), ("3.超付工程款。",)
    pages = [
        page(*(text(words, 30, 50 + 10 * n, steps=WHOLE) for n, words in enumerate(one))) for one in (first, second)
    ]
    reading = read_bytes(ofd_file(*pages), name="反馈意见.ofd")
    assert [reading.text[begin : begin + 2] for begin in reading.pages] == ["1.", "3."]


def test_the_pages_come_in_the_order_of_the_document_not_of_their_names() -> None:
    listed = (
        '<ofd:Page ID="5" BaseLoc="Pages/Page_1/Content.xml"/><ofd:Page ID="6" BaseLoc="Pages/Page_0/Content.xml"/>'
    )
    content = ofd_file(page(text("2.乙。", 30, 50)), page(text("1.甲。", 30, 50)), listed=listed)
    assert read_container(content).text == "1.甲。\n2.乙。"


def test_several_documents_of_one_package_stand_one_after_the_other() -> None:
    roots = "".join(f"<ofd:DocBody><ofd:DocRoot>{name}/Document.xml</ofd:DocRoot></ofd:DocBody>" for name in ("A", "B"))
    parts = {"OFD.xml": f"<ofd:OFD {SPACE}>{roots}</ofd:OFD>"}
    for name, words in (("A", "1.甲。"), ("B", "2.乙。")):
        parts[f"{name}/Document.xml"] = f'<ofd:Document {SPACE}><ofd:Page BaseLoc="p.xml"/></ofd:Document>'
        parts[f"{name}/p.xml"] = page(text(words, 30, 50))
    assert read_container(ofd_file(parts=parts)).text == "1.甲。\n2.乙。"


# Places of characters


def test_characters_stand_where_their_steps_put_them() -> None:
    assert said(text("账目混乱", 30, 50, steps="5.6 5.6 5.6")) == "账目混乱"
    assert said(text("账目混乱", 30, 50, steps="g 3 5.6")) == "账目混乱"
    assert said(text("账目混乱", 30, 50, steps="5.6 g 2 5.6")) == "账目混乱"
    assert said(text("账目混乱", 30, 50, steps="g 2 5.6 20")) == "账目混 乱"
    assert said(text("账目混乱", 30, 50)) == "账目混乱"
    assert said(text("账目混乱", 30, 50, steps="5.6 20 5.6")) == "账目 混乱"
    assert said(text("混账", 30, 50, steps="-6")) == "混账"


def test_pieces_at_one_height_are_one_line_from_left_to_right() -> None:
    pieces = [text("会议不实。", 58, 50, steps=WHOLE), text("账目清楚", 30, 50.6, steps=WHOLE)]
    low = text("另起一行。", 41.2, 60, steps=WHOLE)
    assert said(low, *pieces) == "账目清楚会议不实。\n另起一行。"


def test_a_line_is_one_line_in_whatever_order_its_pieces_were_written() -> None:
    rows = range(12)
    left = [text(f"{n + 1}.账目", 30, 50 + 10 * n, steps=WHOLE) for n in rows]
    right = [text("混乱。", 70, 50 + 10 * n, steps=WHOLE) for n in rows]
    assert said(*left, *right).split("\n") == [f"{n + 1}.账目 混乱。" for n in rows]


def test_the_second_run_of_an_object_begins_where_it_says() -> None:
    runs = '<ofd:TextCode X="0" Y="5" DeltaX="g 1 5.6">账目</ofd:TextCode><ofd:TextCode X="11.2">混乱</ofd:TextCode>'
    whole = f'<ofd:TextObject Boundary="30 50 50 6" Size="5.6">{runs}</ofd:TextObject>'
    assert said(whole) == "账目混乱"


def test_the_matrix_of_an_object_moves_and_scales_its_text() -> None:
    doubled = 'CTM="2 0 0 2 0 0"'
    pieces = [text("账目", 30, 50, steps="2.8", size=2.8, more=doubled), text("混乱", 41.2, 52.8, steps="5.6")]
    assert said(*pieces) == "账目混乱"


def test_a_run_that_goes_down_is_one_line_and_a_slanting_one_is_a_watermark() -> None:
    down = text("整改措施", 180, 60, down="g 3 5.6", steps="g 3 0")
    turned = text("装订线", 10, 120, steps="g 2 5.6", more='CTM="0 1 -1 0 0 0"')
    slanting = text("内部资料", 60, 150, steps=WHOLE, more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    assert set(said(text("账目混乱。", 30, 50, steps=WHOLE), down, turned, slanting).split("\n")) == {
        "账目混乱。", "整改措施", "装订线",
    }  # fmt: skip


def test_what_is_not_shown_or_only_decorates_is_left_out() -> None:
    hidden = text("看不见", 30, 80, more='Visible="false"')
    clipped = text("账目混乱。", 30, 50, steps=WHOLE).replace(
        "<ofd:TextCode", f"<ofd:Clips>{text('裁剪', 30, 90)}</ofd:Clips><ofd:FillColor/><ofd:TextCode"
    )
    assert said(hidden, clipped, text("0", 30, 100, size=0)) == "账目混乱。"


def test_words_keep_their_signs_and_rare_characters() -> None:
    assert said(text("𠮷田村A&B<3%", 30, 50, steps=WHOLE)) == "𠮷田村A&B<3%"


@pytest.mark.parametrize(
    "steps", ["g", "g 3", "g x 5", "g 1e9 5.6", "nan 1 2", "g -4 5", "1e999", "甲", "g 999999999 5.6"]
)
def test_wrong_steps_lose_no_words(steps: str) -> None:
    assert said(text("账目混乱", 30, 50, steps=steps)).replace(" ", "") in {"账目混乱", "账"}


# Templates, tables, pictures


def test_a_template_is_read_once_and_its_rules_stand_on_every_page() -> None:
    frame = "".join([rule(30, 60, 0, 24), rule(60, 60, 0, 24), rule(90, 60, 0, 24)])
    frame += "".join(rule(30, y, 60, 0) for y in (60, 72, 84))
    template = page(text("整改登记表", 60, 50, steps=WHOLE), frame)
    cells = [
        [text(words, x, y) for words, x, y in ((f"{n}甲", 32, 68), ("乙", 62, 68), ("丙", 32, 80), ("丁", 62, 80))]
        for n in (1, 2)
    ]
    content = ofd_file(*(page(*objects, template="1") for objects in cells), templates={"1": template})
    found = read_container(content)
    assert found.text == "整改登记表\n1甲\t乙\n丙\t丁\n2甲\t乙\n丙\t丁"
    assert [len(table.rows) for table in found.tables] == [4]


def test_a_template_that_is_missing_takes_nothing_away() -> None:
    assert read_container(ofd_file(page(text("甲。", 30, 50), template="7"))).text == "甲。"


def test_a_ruled_table_is_a_table() -> None:
    lines = [("序号", "反馈问题", "整改措施"), ("1", "账目混乱。", "补账。"), ("2", "会议不实。", "压减。")]
    found = read_container(ofd_file(ruled(lines, (20, 60, 50))))
    cells = [[found.text[slice(*cell)] for cell in row] for row in found.tables[0].rows]
    assert cells == [list(line) for line in lines]


def test_a_drawing_of_one_box_gives_the_rules_of_its_sides() -> None:
    boxes = "".join(
        f'<ofd:PathObject Boundary="{x} {y} 40 12">'
        "<ofd:AbbreviatedData>M 0 0 L 40 0 L 40 12 L 0 12 C</ofd:AbbreviatedData></ofd:PathObject>"
        for x in (30, 70)
        for y in (50, 62)
    )
    words = [text(one, x + 3, y + 9) for one, x, y in (("甲", 30, 50), ("乙", 70, 50), ("丙", 30, 62), ("丁", 70, 62))]
    assert said(boxes, *words) == "甲\t乙\n丙\t丁"


def test_a_scan_is_told_as_one_and_a_page_that_is_a_picture_is_doubted() -> None:
    error = refused(ofd_file(page(picture()), page(picture())))
    assert (error.code, error.message.startswith("这份 OFD 每一页都是图片")) == ("needs_ocr", True)
    found = read_container(ofd_file(page(text("反馈意见共三条如下所列。", 30, 50, steps=WHOLE)), page(picture())))
    assert (found.text, len(found.doubts)) == ("反馈意见共三条如下所列。", 1)


def test_annotations_seals_and_attachments_are_left_out() -> None:
    parts = {
        "Doc_0/Annots/Page_0/Annot.xml": page(text("批注", 30, 90)),
        "Doc_0/Signs/Sign_0/Seal.esl": b"\x30\x82",
        "Doc_0/Attachs/a.ofd": ofd_file(page(text("附件", 30, 50))),
    }
    assert read_container(ofd_file(page(text("甲。", 30, 50)), parts=parts)).text == "甲。"


# Packages


@pytest.mark.parametrize(
    "root", ["Doc_0/Document.xml", "/Doc_0/Document.xml", "Doc_0\\Document.xml", " doc_0/DOCUMENT.xml\n"]
)
def test_a_location_is_found_however_it_is_written(root: str) -> None:
    assert read_container(ofd_file(page(text("甲。", 30, 50)), root=root)).text == "甲。"


@pytest.mark.parametrize(
    "location",
    ["/Doc_0/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml", "./Pages/../Pages/Page_0/Content.xml"],
)
def test_a_page_is_found_from_the_root_and_from_the_document(location: str) -> None:
    content = ofd_file(page(text("甲。", 30, 50)), listed=f'<ofd:Page BaseLoc="{location}"/>')
    assert read_container(content).text == "甲。"


def test_the_format_is_told_by_the_content_and_the_name_must_agree() -> None:
    content = ofd_file(page(text("甲。", 30, 50)))
    assert read_bytes(content, name="意见").text == text_of(content) == "甲。"
    error = refused(content, "意见.docx")
    assert (error.code, error.message) == (
        "wrong_type", "文件名以 .docx 结尾，内容却不是。这是 OFD 文件。请把文件名改成以 .ofd 结尾后再试。",
    )  # fmt: skip
    assert refused(word_file(paragraph("甲")), "意见.ofd").message.startswith(
        "文件名以 .ofd 结尾，内容却不是。这是 Word"
    )


GOOD = page(text("甲。", 30, 50))
ENTITY = '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
BAD = {
    "no document": (lambda: ofd_file(GOOD, root="Doc_9/Document.xml"), "damaged"),
    "a document outside": (lambda: ofd_file(GOOD, root="../../etc/passwd"), "damaged"),
    "no root": (lambda: ofd_file(GOOD, parts={"OFD.xml": "<a/>"}), "damaged"),
    "no pages": (lambda: ofd_file(), "damaged"),
    "a page that is not there": (
        lambda: ofd_file(GOOD, listed='<Page BaseLoc="Pages/Page_3/Content.xml"/>'),
        "damaged",
    ),
    "a page without a place": (lambda: ofd_file(GOOD, listed="<Page/>"), "damaged"),
    "a page outside": (lambda: ofd_file(GOOD, listed='<Page BaseLoc="../../../etc/passwd"/>'), "damaged"),
    "too many pages": (
        lambda: ofd_file(GOOD, listed='<Page BaseLoc="Pages/Page_0/Content.xml"/>' * 2_001),
        "too_large",
    ),
    "entities in a page": (lambda: ofd_file(page(text("&b;", 30, 50), before=ENTITY)), "damaged"),
    "entities in the root": (lambda: ofd_file(GOOD, parts={"OFD.xml": f"{ENTITY}<a>&c;</a>"}), "damaged"),
    "a page that is no page": (lambda: ofd_file("<a"), "damaged"),
    "a page that is deep": (lambda: ofd_file("<a>" * 100_000), "damaged"),
    "no text": (lambda: ofd_file(page()), "empty_file"),
    "a font without letters": (lambda: ofd_file(page(text("\ue001" * 20, 30, 50))), "needs_ocr"),
    "encrypted": (lambda: ofd_file(GOOD, parts={"Encryptions.xml": "<a/>"}), "locked"),
    "a bomb": (lambda: ofd_file("<a>" + " " * (60 * 2**20)), "too_large"),
    "cut off": (lambda: ofd_file(GOOD)[:-40], "damaged"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_its_code(content, code: str) -> None:
    assert refused(content()).code == code


def test_a_locked_archive_and_a_broken_page_are_told() -> None:
    content = bytearray(ofd_file(GOOD))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + place] |= 1
    assert refused(bytes(content)).code == "locked"
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ofd_file(GOOD))) as source, zipfile.ZipFile(stored, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    broken = stored.getvalue().replace("甲。".encode(), "乙。".encode())
    assert refused(broken).code == "damaged"


def test_the_text_of_all_pages_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd, "MAX_TEXT", 10)
    with pytest.raises(Unreadable) as caught:
        ofd.read_ofd(ofd_file(*[page(text("六个字的一页", 30, 50, steps=WHOLE))] * 2))
    assert caught.value.code == "too_large"

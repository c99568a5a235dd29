"""Broken files of every format: bytes turned, ends cut, parts exchanged. Whatever comes is read or refused, in time.

What once broke a reader is kept in tests/samples/broken and read again here. `make long` tries many more.
"""

import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.engines.reading import Unreadable
from bihuan.engines.reading.content import Content
from bihuan.engines.reading.formats.containers import read_container
from bihuan.engines.reading.formats.delimited import read_delimited
from bihuan.engines.reading.formats.ofd import read_ofd
from bihuan.engines.reading.formats.old_workbook import read_old_workbook
from bihuan.engines.reading.formats.pdf import read_pdf
from bihuan.engines.reading.formats.plain import decoded, read_plain
from bihuan.engines.reading.formats.webpage import read_webpage
from bihuan.engines.reading.pipeline import read_content
from tests.engines.ofd_files import SPACE as OFD_SPACE
from tests.engines.ofd_files import ofd_file, page, ruled, text
from tests.engines.sheet_files import SPACE, cell, merged, rows, workbook_file
from tests.engines.word_files import paragraph, table, word_file

SAMPLES = Path(__file__).parents[1] / "samples"
BROKEN = sorted((SAMPLES / "broken").glob("*"))
SECONDS = 20
STYLES = '<numFmts><numFmt numFmtId="170" formatCode="0.0%"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs>'
LEDGER = workbook_file(
    rows(("序号", "反馈问题", "措施"), ("1", "账目混乱。", "补账。"), ("2", "会议不实。", "压减。"))
    + merged("A1:A2", "B3:C3"),
    styles=f"<styleSheet>{STYLES}</styleSheet>",
    sharedStrings="<sst><si><t>甲</t></si></sst>",
)
WORD = word_file(paragraph("关于巡察的反馈意见") + table(("问题", "措施"), ("账目混乱。", "补账。")))
PAGE = (SAMPLES / "formats" / "feedback.html").read_bytes()
OFD = ofd_file(
    page(text("关于巡察的反馈意见", 60, 50, steps="g 8 5.6"), template="1"),
    ruled((("问题", "措施"), ("账目混乱。", "补账。")), (60, 60)),
    templates={"1": page(text("内部", 30, 20, more='CTM="1 0 0 1 2 0"'))},
)

# The readers that run in a process of their own are tried here in this one: what a crash would hide is seen.
READERS: dict[str, tuple[Callable[[bytes], Content], bytes]] = {
    "word": (read_container, WORD),
    "workbook": (read_container, LEDGER),
    "ofd": (read_ofd, OFD),
    "old_workbook": (read_old_workbook, (SAMPLES / "formats" / "ledger.xls").read_bytes()),
    "webpage": (read_webpage, PAGE),
    "pdf": (read_pdf, (SAMPLES / "formats" / "feedback.pdf").read_bytes()),
    "plain": (read_plain, PAGE.decode()[900:1500].encode("gb18030")),
    "delimited": (lambda content: read_delimited(decoded(content)), '序号,问题\r\n1,"账目,混乱"\r\n'.encode()),
}


CODES = {"empty_file", "wrong_type", "locked", "damaged", "bad_encoding", "too_large", "needs_ocr"}


def check(read: Callable[[bytes], Content], content: bytes) -> None:
    """A text whose tables hold, or a refusal with a sentence; nothing else, and in time."""
    begin = time.monotonic()
    answer = answer_of(read, content)
    assert time.monotonic() - begin < SECONDS
    if isinstance(answer, Unreadable):
        assert answer.code in CODES
        assert "请" in answer.reason
        assert answer.reason.endswith("。")
        return
    answer.text.encode()
    for one in answer.tables:
        assert 0 <= one.span[0] <= one.span[1] <= len(answer.text)
        assert all(0 <= start <= end <= one.span[1] for row in one.rows for start, end in row)
    json.dumps(read_content(answer).to_json("a"))


def answer_of(read: Callable[[bytes], Content], content: bytes) -> Content | Unreadable:
    """What the reader says, be it a refusal."""
    try:
        return read(content)
    except Unreadable as refused:
        return refused


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes with some of them turned, a piece cut out or doubled, the end cut off."""
    made = bytearray(content)
    for _ in range(draw(st.integers(0, 12))):
        made[draw(st.integers(0, len(made) - 1))] = draw(st.integers(0, 255))
    begin, length = draw(st.integers(0, len(made))), draw(st.integers(0, 400))
    deed = draw(st.sampled_from(["keep", "cut out", "double", "cut off", "put in"]))
    if deed == "cut out":
        del made[begin : begin + length]
    elif deed == "double":
        made[begin:begin] = made[begin : begin + length]
    elif deed == "cut off":
        del made[begin:]
    elif deed == "put in":
        made[begin:begin] = draw(st.binary(max_size=40))
    return bytes(made)


PIECES = [
    "<row>", '<row r="3" hidden="1">', '<row r="99999999">', "</row>", "<c>", '<c r="B2" t="s">',
    '<c r="XFD1048576">', '<c r="ZZZ0" t="d">', '<c t="inlineStr" s="9">', '<c t="b">', '<c t="e">', "</c>", "<v>",
    "</v>", "<f>A1</f>", "<is>", "<t>", "</t>", "</is>", "1", "0", "-1", "45838", "1e308", "1E999", "九", "=1+1",
    "_x000D_", "_xD800_", "<rPh>", "</rPh>", "&amp;", '<mergeCell ref="A1:XFD1048576"/>', '<mergeCell ref="B2:A1"/>',
    "<!-- -->", "<![CDATA[甲]]>", "<x:v>", "</x:v>", "&lt;",
]  # fmt: skip
TAGS = [
    "<table>", "</table>", "<tr>", "</tr>", "<td rowspan=3>", '<td colspan="9">', "<td rowspan=-1>", "<td>", "</td>",
    "<th>", "<p>", "</p>", "<div>", "</div>", "<ol start=7>", "<ol start=x>", "<ul>", "<li>", "</ol>", "</ul>", "<a>",
    "</a>", "<nav>", "</nav>", "<br>", "甲", "一、问题", "&nbsp;", "&#x0;", "&#xD800;", "<!--", "-->", "<![CDATA[",
    "]]>", "<script>", "</script>", "<head>", "<body>", "</html>", "<", ">", "\x00", '<p style="display:none">',
    "<h1", "<pre>", "<select>",
]  # fmt: skip
DRAWN = [
    '<TextObject Boundary="30 50 90 6" Size="5.6">', '<TextObject Boundary="1e4 -9 nan" Size="9e9" CTM="0 1 -1 0 0 0">',
    '<TextObject Size="4" CTM="1e308 0 0 1e-308 0 0" HScale="-2">', '<TextObject Size="0" Visible="false">',
    "</TextObject>", '<TextCode X="0" Y="5" DeltaX="g 3 5.6">', '<TextCode DeltaX="g 999999999 1" DeltaY="g 2">',
    '<TextCode X="-1e9" DeltaY="5 5 5">', "<TextCode>", "</TextCode>", "一、问题", "甲\n乙", "A b", "\u00a0", "&amp;",
    '<PathObject Boundary="30 50 40 12">', '<PathObject Stroke="false">', "</PathObject>", "<AbbreviatedData>",
    "</AbbreviatedData>", "M 0 0 L 40 0 L 40 12 L 0 12 C", "S 0 0 B 1 1 2 2 3 3 Q 1 2 3", "A 1 2 3", "L L L", "-.e5",
    '<Template TemplateID="1"/>', '<Template TemplateID="0"/>', "<Area><PhysicalBox>0 0 1 1</PhysicalBox></Area>",
    "<PhysicalBox>9 9 -1 0</PhysicalBox>", "<Clips>", "</Clips>", '<ImageObject Boundary="0 0 1 1"/>', "<Layer>",
    "</Layer>", "<!-- -->", "<![CDATA[甲]]>", "<CGTransform/>",
]  # fmt: skip
OPEN = [
    "<DocRoot>{}</DocRoot>", '<Page BaseLoc="{}"/>', '<TemplatePage ID="1" BaseLoc="{}"/>', "<Page/>", "<DocRoot/>",
    "<PhysicalBox>{}</PhysicalBox>", "<DocBody>", "</DocBody>",
]  # fmt: skip
NAMES = ["word/document.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
NAMES += [
    "xl/_rels/workbook.xml.rels",
    "word/numbering.xml",
    "word/styles.xml",
    "../x",
    "xl/vbaProject.bin",
    "word/document.xml",
    "OFD.xml",
    "Doc_0/Document.xml",
    "Doc_0/Pages/Page_0/Content.xml",
]
XML = st.lists(st.sampled_from([*PIECES, *"<>/&", f"<worksheet {SPACE}>", "<a>", "</a>"]), max_size=30).map("".join)
PARTS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.binary(max_size=60) | XML.map(str.encode)),
    max_size=8,
    unique_by=lambda one: one[0],
)


def zipped(parts: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def sheet_of(pieces: list[str]) -> bytes:
    return workbook_file(f'<sheetData><row r="1">{cell("A1", "甲")}</row>{"".join(pieces)}</sheetData>')


def settled(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_what_once_broke_a_reader_is_read_or_refused(path: Path) -> None:
    check(lambda content: read_container(content, ending=path.suffix), path.read_bytes())


@pytest.mark.parametrize("name", READERS)
@settled(150)
@given(drawn=st.data())
def test_a_damaged_file_is_read_or_refused(name: str, drawn: st.DataObject) -> None:
    read, sound = READERS[name]
    check(read, drawn.draw(damaged(sound)))


@settled(150)
@given(PARTS)
def test_any_members_of_an_archive_are_read_or_refused(parts: list[tuple[str, bytes]]) -> None:
    check(read_container, zipped(parts))


@settled(100)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_sheet_is_read_or_refused(pieces: list[str]) -> None:
    check(read_container, sheet_of(pieces))


@settled(150)
@given(st.lists(st.sampled_from(TAGS), max_size=60))
def test_any_page_is_read_or_refused(tags: list[str]) -> None:
    check(read_webpage, ("<html>" + "".join(tags)).encode())


@settled(150)
@given(st.lists(st.sampled_from(DRAWN), max_size=40), st.booleans())
def test_any_drawn_page_is_read_or_refused(pieces: list[str], is_template: bool) -> None:
    drawn = f"<Page {OFD_SPACE}>{''.join(pieces)}</Page>"
    sound = page(text("一、账目混乱。", 30, 50), template="1")
    check(read_ofd, ofd_file(sound, templates={"1": drawn}) if is_template else ofd_file(drawn, sound))


@settled(150)
@given(
    st.lists(st.tuples(st.sampled_from(OPEN), st.sampled_from(["甲", "Doc_0/Document.xml", "p.xml", ""])), max_size=8)
)
def test_any_list_of_documents_and_pages_is_read_or_refused(pieces: list[tuple[str, str]]) -> None:
    listed = f"<a>{''.join(piece.format(place) for piece, place in pieces)}</a>"
    whole = page(text("一、账目混乱。", 30, 50))
    check(read_ofd, ofd_file(whole, parts={"OFD.xml": listed, "Doc_0/Document.xml": listed, "p.xml": whole}))


@settled(100)
@given(st.text(alphabet='甲,;\t|"\r\n =1', max_size=80))
def test_any_delimited_text_is_read_or_refused(text: str) -> None:
    check(lambda content: read_delimited(decoded(content)), text.encode())


@settled(100)
@given(st.binary(max_size=200), st.sampled_from(["", ".csv", ".txt"]))
def test_any_bytes_are_read_or_refused(content: bytes, ending: str) -> None:
    if not content.startswith((b"%PDF-", bytes.fromhex("d0cf11e0"))):
        check(lambda one: read_container(one, ending=ending), content)


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
@settled(4_000)
@given(drawn=st.data())
def test_a_damaged_file_is_read_or_refused_many_times_over(name: str, drawn: st.DataObject) -> None:
    read, sound = READERS[name]
    check(read, drawn.draw(damaged(sound)))


@pytest.mark.long
@settled(4_000)
@given(PARTS | st.lists(st.sampled_from(PIECES), max_size=60).map(lambda pieces: [("", sheet_of(pieces))]))
def test_any_archive_is_read_or_refused_many_times_over(parts: list[tuple[str, bytes]]) -> None:
    check(read_container, parts[0][1] if parts and not parts[0][0] else zipped(parts))

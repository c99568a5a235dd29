"""Reads the body of a .docx in document order: paragraphs with their automatic numbers, tables as rows.

Headers, footers, comments, text boxes and deleted text are left out; inserted text counts as text.
"""
# The XML is walked directly: python-docx drops tracked insertions and content controls and knows no numbers.

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bihuan.engines.reading.content import Builder, Content, Table
from bihuan.engines.reading.formats.markup import WORD, number, part, value
from bihuan.engines.reading.formats.numbering import Numbering, numbering_of
from bihuan.engines.reading.shapes import Span, Unreadable

MAX_CELLS_MERGED = 200
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = {
    f"{WORD}{name}"
    for name in (
        "del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tcPr", "trPr",
        "tblGrid", "drawing", "pict", "object", "txbxContent", "sectPr", "footnoteReference", "delInstrText",
    )
} | {f"{_ALTERNATIVE}Fallback"}  # fmt: skip
_SIGNS = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "-"}


def read_word(archive: zipfile.ZipFile) -> Content:
    """The text of a Word file already opened and measured; raises Unreadable."""
    document = part(archive, "word/document.xml")
    body = document.find(f"{WORD}body") if document is not None else None
    if body is None:
        raise Unreadable("damaged", "Word 文件里找不到正文。请用 Word 打开并另存后再试。")
    numbering = numbering_of(part(archive, "word/numbering.xml"), part(archive, "word/styles.xml"))
    builder = Builder()
    for block in _blocks(body):
        if block.tag == f"{WORD}p":
            builder.paragraph(_paragraph(block, numbering))
        else:
            _add_table(builder, block, numbering)
    content = builder.content()
    if not content.text.strip():
        raise Unreadable("empty_file", "Word 文件里没有文字，可能只有图片。请上传文字版的文件。")
    return content


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, also those inside content controls and tracked insertions."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        if element.tag in {f"{WORD}p", f"{WORD}tbl"}:
            yield element
        elif element.tag not in _SKIPPED:
            waiting.extend(reversed(element))


def _paragraph(paragraph: Element, numbering: Numbering) -> str:
    marker = numbering.marker(paragraph.find(f"{WORD}pPr"))
    text = "".join(_runs(paragraph))
    return marker + text if text.strip() else text


def _runs(paragraph: Element) -> Iterator[str]:
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag == f"{WORD}t":
            yield element.text or ""
        elif element.tag in _SIGNS:
            yield _SIGNS[element.tag]
        elif element.tag not in _SKIPPED:
            waiting.extend(reversed(element))


def _add_table(builder: Builder, table: Element, numbering: Numbering) -> None:
    rows: list[tuple[Span, ...]] = []
    above: dict[int, Span] = {}
    begin = builder.length + (1 if builder.parts else 0)
    for row in _inside(table, f"{WORD}tr"):
        builder.paragraph("")
        cells: list[Span] = []
        for cell in _inside(row, f"{WORD}tc"):
            _add_cell(builder, cell, numbering, cells, above)
        rows.append(tuple(cells))
    builder.tables.append(Table((min(begin, builder.length), builder.length), tuple(rows)))


def _add_cell(builder: Builder, cell: Element, numbering: Numbering, cells: list[Span], above: dict[int, Span]) -> None:
    if cells:
        builder.add("\t")
    column = len(cells)
    merge = cell.find(f"{WORD}tcPr/{WORD}vMerge")
    continues = merge is not None and value(merge) != "restart" and column in above
    span = builder.add("" if continues else _cell_text(cell, numbering))
    shown = above[column] if continues else span
    above[column] = shown
    cells.append(shown)
    wide = number(cell.find(f"{WORD}tcPr/{WORD}gridSpan")) or 1
    for _ in range(min(wide, MAX_CELLS_MERGED) - 1):
        end = builder.add("\t")[1]
        above[len(cells)] = (end, end)
        cells.append((end, end))


def _cell_text(cell: Element, numbering: Numbering) -> str:
    paragraphs = []
    for block in _blocks(cell):
        if block.tag == f"{WORD}p":
            paragraphs.append(_paragraph(block, numbering))
        else:
            paragraphs.extend(_paragraph(inner, numbering) for inner in block.iter(f"{WORD}p"))
    return "\n".join(paragraphs)


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, not those of a table within."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        if element.tag == tag:
            yield element
        elif element.tag not in _SKIPPED and element.tag != f"{WORD}tbl":
            waiting.extend(reversed(element))

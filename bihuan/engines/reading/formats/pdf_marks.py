"""What is printed on a page of a PDF, as pdfium knows it: its characters and rules; printed_marks.py lays them out."""

import ctypes
from collections.abc import Iterator

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from bihuan.engines.reading.formats.printed_lines import Line, PrintedTable
from bihuan.engines.reading.formats.printed_marks import THIN, laid_out
from bihuan.engines.reading.formats.printed_tables import Box

MAX_OBJECTS = 20_000
_HYPHEN, _BROKEN_WORD = 0x2D, {0x02, 0xFFFE}  # how pdfium tells a word broken at the end of a line


def marks_of(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> tuple[list[Line], list[PrintedTable]]:
    """The lines outside tables, from the top down, and the tables."""
    return laid_out(_characters(text_page), list(_rules(page)))


def _characters(text_page: pypdfium2.PdfTextPage) -> Iterator[tuple[str, Box]]:
    """What is printed with the box around it; blanks and line ends that pdfium guesses are left out."""
    box, high = raw.FS_RECTF(), 0
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
        high = 0
        code = _HYPHEN if code in _BROKEN_WORD else code
        if code < 32 or code > 0x10FFFF or (code == 32 and raw.FPDFText_IsGenerated(text_page, index) == 1):
            continue
        if raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box)):
            yield chr(code), (box.left, box.bottom, box.right, box.top)


def _rules(page: pypdfium2.PdfPage) -> Iterator[Box]:
    """The straight lines drawn on the page, and the edges of boxes, as thin boxes."""
    for count, drawn in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if count >= MAX_OBJECTS:
            return
        left, bottom, right, top = drawn.get_bounds()
        if min(right - left, top - bottom) <= THIN:
            if max(right - left, top - bottom) > THIN:
                yield left, bottom, right, top
        elif raw.FPDFPath_CountSegments(drawn) <= 6:
            yield from ((left, bottom, right, bottom), (left, top, right, top))
            yield from ((left, bottom, left, top), (right, bottom, right, top))

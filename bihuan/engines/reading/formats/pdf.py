"""Reads the text of a PDF by pdfium, in the process that apart.py starts for it: characters to lines of each page.

Nothing is drawn, no script runs. Lines become paragraphs in printed_lines.py; pictures of text are refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import PdfiumError, raw

from bihuan.engines.reading.content import MAX_TEXT, TOO_LONG, Content
from bihuan.engines.reading.formats.archives import LOCKED
from bihuan.engines.reading.formats.pdf_marks import marks_of
from bihuan.engines.reading.formats.printed_checks import FEW, check_printed, is_garbled
from bihuan.engines.reading.formats.printed_lines import Page, content_of
from bihuan.engines.reading.shapes import Unreadable

MAX_PAGES = 2_000
_DAMAGED = "PDF 文件损坏或没有下载完整，打不开。请重新取得文件后再试。"
_GARBLED = "PDF 的文字用了认不出的编码，读出来是乱码。请上传 Word 原件，或先做文字识别（OCR）再上传。"
_TOO_LONG = "PDF 超过 2000 页，读不完。请分成几份后再试。"
_EMPTY = "PDF 里没有文字。请检查是否选错了文件。"


def read_pdf(content: bytes) -> Content:
    """The text of a PDF, paragraphs joined again. Raises Unreadable: locked, damaged, too_large, needs_ocr."""
    pages = printed_pdf(content)
    check_printed(pages, garbled=_GARBLED, empty=_EMPTY)
    return replace(content_of(pages), unread=unread_of(pages))


def unread_of(pages: Sequence[Page]) -> tuple[int, ...]:
    """The numbers of the pages that hold pictures, or letters nobody can read, instead of text."""
    return tuple(number for number, page in enumerate(pages, 1) if page.has_pictures or is_garbled([page]))


def printed_pdf(content: bytes) -> list[Page]:
    """What is printed on each page. Raises Unreadable: locked, damaged, too_large."""
    document = _opened(content)
    try:
        if len(document) > MAX_PAGES:
            raise Unreadable("too_large", _TOO_LONG)
        return list(_pages(document))
    except PdfiumError as error:
        raise Unreadable("damaged", _DAMAGED) from error
    finally:
        document.close()


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(content)
    except PdfiumError as error:
        is_locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise Unreadable("locked" if is_locked else "damaged", LOCKED if is_locked else _DAMAGED) from error
    if len(document) < 1:
        raise Unreadable("damaged", _DAMAGED)
    return document


def _pages(document: pypdfium2.PdfDocument) -> Iterator[Page]:
    n_characters = 0
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        try:
            lines, tables = marks_of(page, text_page)
            found = Page(tuple(lines), tuple(tables), *page.get_size())
            n_characters += found.letters
            if n_characters > MAX_TEXT:
                raise Unreadable("too_large", TOO_LONG)
            yield replace(found, has_pictures=found.letters <= FEW and _has_pictures(page))
        finally:
            text_page.close()
            page.close()


def _has_pictures(page: pypdfium2.PdfPage) -> bool:
    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None

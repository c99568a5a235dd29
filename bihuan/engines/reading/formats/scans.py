"""Reads a PDF or a picture some of whose pages were recognized before; runs in the process that apart.py starts for it.

Nothing is recognized here: pages come as values, and take the place of those that have no text of their own.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from bihuan.engines.reading.content import Content
from bihuan.engines.reading.formats.pdf import printed_pdf, unread_of
from bihuan.engines.reading.formats.printed_lines import Page, content_of
from bihuan.engines.reading.formats.scanned_pages import ScannedPage, printed_pages
from bihuan.engines.reading.shapes import Missed, Unreadable

MAX_SCANNED = 500
_TOO_MANY = "扫描件超过 500 页，识别不完。请分成几份后再试。"
_NO_SCAN = "这个文件不是 PDF、PNG 或 JPEG，不能做文字识别。请换一个文件。"
_KNOWN = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff")
_LENGTH = 8


def takes(content: bytes) -> bool:
    """Whether pages of such a file can be drawn and recognized: a PDF or a picture."""
    return content.startswith(_KNOWN)


def packed(content: bytes, pages: Mapping[int, ScannedPage]) -> bytes:
    """The document and its recognized pages as what `read_scan` takes."""
    shape = json.dumps([page.to_json() for page in pages.values()], separators=(",", ":")).encode()
    return len(shape).to_bytes(_LENGTH, "big") + shape + content


def read_scan(packed_content: bytes) -> Content:
    """The text of all pages; `unread` are those that still need recognition. Raises Unreadable as read_pdf does."""
    end = _LENGTH + int.from_bytes(packed_content[:_LENGTH], "big")
    found = [ScannedPage.from_json(shape) for shape in json.loads(packed_content[_LENGTH:end])]
    content, recognized = packed_content[end:], {page.number: page for page in found}
    if not takes(content):
        raise Unreadable("wrong_type", _NO_SCAN)
    pages = printed_pdf(content) if content.startswith(b"%PDF-") else [Page((), (), 0.0, 0.0, has_pictures=True)]
    unread = unread_of(pages)
    if len(unread) > MAX_SCANNED:
        raise Unreadable("too_large", _TOO_MANY)
    printed: list[Page] = []
    for number, page in enumerate(pages, 1):
        printed += printed_pages(recognized[number]) if number in recognized and number in unread else [page]
    return replace(
        content_of(printed),
        unread=tuple(number for number in unread if number not in recognized),
        missed=tuple(
            Missed(page.number, page.on_picture(box)) for page in found if page.number in unread for box in page.missed
        ),
    )

"""Whether printed pages hold words at all: scans, empty files and unreadable encodings are told apart and refused."""

from collections.abc import Sequence

from bihuan.engines.reading.formats.printed_lines import Page
from bihuan.engines.reading.shapes import Unreadable

NEEDS_OCR = "这是扫描件，每一页都是图片，没有文字可读。请上传 Word 原件，或先做文字识别（OCR）再上传。"
FEW = 8  # letters on a page that is a picture with a page number or a stamp on it


def check_printed(pages: Sequence[Page], *, garbled: str, empty: str, scan: str = "") -> None:
    """Refuse pages without words, with the sentences of their format. Raises Unreadable: needs_ocr, empty_file."""
    letters = [page.letters for page in pages]
    if not any(count > FEW for count in letters):
        if any(page.has_pictures for page in pages):
            raise Unreadable("needs_ocr", scan or NEEDS_OCR)
        if not any(letters):
            raise Unreadable("empty_file", empty)
    if is_garbled(pages):
        raise Unreadable("needs_ocr", garbled)


def is_garbled(pages: Sequence[Page]) -> bool:
    """The letters of these pages have no meaning that is known."""
    strange = sum(1 for page in pages for line in page.lines for one in line.text if _is_strange(one))
    return strange * 4 > sum(page.letters for page in pages)


def _is_strange(character: str) -> bool:
    return character == "\ufffd" or "\ue000" <= character <= "\uf8ff"

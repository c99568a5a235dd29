"""Whether printed pages hold words at all: scans, empty files and unreadable encodings are told apart and refused."""

from collections.abc import Sequence
from importlib.util import find_spec

from bihuan.engines.reading.formats.printed_lines import Page
from bihuan.engines.reading.shapes import Unreadable

NEEDS_OCR = "这是扫描件，每一页都是图片，没有文字可读。请上传 Word 原件，或先做文字识别（OCR）再上传。"
NEEDS_EXTRA = "这是扫描件，每一页都是图片，没有文字可读。请安装文字识别组件 bihuan[ocr] 后再试，或上传 Word 原件。"
FEW = 8  # letters on a page that is a picture with a page number or a stamp on it


def check_printed(pages: Sequence[Page], *, garbled: str, empty: str, scan: str = "") -> None:
    """Refuse pages without words, with the sentences of their format. Raises Unreadable: needs_ocr, empty_file."""
    letters = [page.letters for page in pages]
    if not any(count > FEW for count in letters):
        if any(page.has_pictures for page in pages):
            raise Unreadable("needs_ocr", scan or (NEEDS_OCR if is_installed() else NEEDS_EXTRA))
        if not any(letters):
            raise Unreadable("empty_file", empty)
    if is_garbled(pages):
        raise Unreadable("needs_ocr", garbled)


def is_garbled(pages: Sequence[Page]) -> bool:
    """The letters of these pages have no meaning that is known."""
    strange = sum(1 for page in pages for line in page.lines for one in line.text if _is_strange(one))
    return strange * 4 > sum(page.letters for page in pages)


def is_installed() -> bool:
    """What recognizes the text of scans is there: the extra `ocr`."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime"))


def _is_strange(character: str) -> bool:
    return character == "\ufffd" or "\ue000" <= character <= "\uf8ff"

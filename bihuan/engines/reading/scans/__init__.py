"""Scanned pages and pictures to text, page by page; needs the extra `ocr`, works offline, asks nobody.

`recognize` yields after each page and goes on where it stopped, as long as the pages it filled are kept by somebody.
"""

from bihuan.engines.reading.formats.scanned_pages import SURE, ScannedPage, doubtful
from bihuan.engines.reading.formats.scans import takes
from bihuan.engines.reading.scans.kept import KeptPages
from bihuan.engines.reading.scans.recognizing import (
    Progress,
    is_installed,
    read_scan,
    recognize,
    recognized_page,
    unread_pages,
)

__all__ = [
    "SURE", "KeptPages", "Progress", "ScannedPage", "doubtful", "is_installed", "read_scan", "recognize",
    "recognized_page", "takes", "unread_pages",
]  # fmt: skip

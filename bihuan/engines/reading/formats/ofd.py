"""Reads an OFD (GB/T 33190), in the process that apart.py starts for it: its documents, their pages, in order.

The text of a template is read with the first page that stands on it. Annotations, seals and attachments are left out.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from bihuan.engines.reading.content import MAX_TEXT, TOO_LONG, Content
from bihuan.engines.reading.formats.archives import LOCKED, check_readable, opened
from bihuan.engines.reading.formats.ofd_page import A4, POINTS, Boxed, PageReader, Printed, box_of
from bihuan.engines.reading.formats.printed_checks import FEW, check_printed
from bihuan.engines.reading.formats.printed_lines import Page, content_of
from bihuan.engines.reading.formats.printed_marks import laid_out
from bihuan.engines.reading.formats.printed_tables import Box
from bihuan.engines.reading.formats.streams import Attributes, stream
from bihuan.engines.reading.shapes import Unreadable

START = "OFD.xml"
MAX_PAGES = 2_000
_LOCKS = "encryptions.xml"  # GM/T 0099: the list of what is encrypted
_DAMAGED = "OFD 文件损坏或没有下载完整，打不开。请重新取得文件后再试。"
_ODD = "OFD 文件内容损坏，或有不该出现的内容，为安全起见没有读。请重新取得文件，或请来文单位改发 PDF 后再试。"
_NO_PAGE = "OFD 文件里有一页找不到内容，可能没有下载完整。请重新取得文件后再试。"
_GARBLED = "OFD 的文字用了认不出的编码，读出来是乱码。请上传 Word 原件，或先做文字识别（OCR）再上传。"
_SCAN = "这份 OFD 每一页都是图片，没有文字可读。请用 OFD 阅读软件另存为 PDF 后再试，或上传 Word 原件。"
_TOO_LONG = "OFD 超过 2000 页，读不完。请分成几份后再试。"
_EMPTY = "OFD 里没有文字。请检查是否选错了文件。"


def read_ofd(content: bytes) -> Content:
    """The text of an OFD, paragraphs joined again. Raises Unreadable: locked, damaged, too_large, needs_ocr."""
    with opened(content) as archive:
        check_readable(archive)
        package = _Package(archive)
        if any(posixpath.basename(name) == _LOCKS for name in package.names):
            raise Unreadable("locked", LOCKED)
        pages = list(_pages(package))
    check_printed(pages, garbled=_GARBLED, empty=_EMPTY, scan=_SCAN)
    return content_of(pages)


class _Package:
    """The parts of the archive under the names by which other parts call them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {_plain(name): name for name in reversed(archive.namelist())}

    def found(self, location: str, *, beside: str = "") -> str | None:
        """The part at a location, which counts from the part that names it, or as some write it from the root."""
        location = location.strip().replace("\\", "/")
        tried = (posixpath.join("/", posixpath.dirname(beside), location), f"/{location}")
        return next((path for one in tried if (path := _plain(one)) in self.names), None) if location else None

    def read(self, path: str, reader: "PageReader | _Outline") -> None:
        """Hand a part to its reader. Raises Unreadable in the words of this format."""
        try:
            stream(self.archive, self.names[path], start=reader.start, end=reader.end, text=reader.characters)
        except Unreadable as error:
            raise Unreadable(error.code, _ODD if error.code == "damaged" else error.reason) from error


def _plain(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").lower()


class _Outline:
    """Takes the callbacks of the first part, which names the documents, and of a document, which names its pages."""

    def __init__(self) -> None:
        self.documents: list[str] = []
        self.pages: list[str] = []
        self.templates: dict[str, str] = {}
        self.area: tuple[float, ...] = A4
        self.pieces: list[str] | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "Page":
            self.pages.append(attributes.get("BaseLoc", ""))
        elif tag == "TemplatePage":
            self.templates[attributes.get("ID", "")] = attributes.get("BaseLoc", "")
        elif tag in {"DocRoot", "PhysicalBox"}:
            self.pieces = []
        if len(self.pages) > MAX_PAGES or len(self.templates) > MAX_PAGES or len(self.documents) > MAX_PAGES:
            raise Unreadable("too_large", _TOO_LONG)

    def end(self, tag: str) -> None:
        if self.pieces is None:
            return
        if tag == "DocRoot":
            self.documents.append("".join(self.pieces))
        elif tag == "PhysicalBox":
            self.area = box_of("".join(self.pieces)) or self.area
        self.pieces = None

    def characters(self, words: str) -> None:
        if self.pieces is not None:
            self.pieces.append(words)


def _pages(package: _Package) -> Iterator[Page]:
    """The pages of all documents of the package; nearly always it is one."""
    outline = _Outline()
    start = package.found(START)
    if start is not None:
        package.read(start, outline)
    n_pages = n_letters = 0
    for location in outline.documents:
        root = package.found(location, beside=START)
        if root is None:
            raise Unreadable("damaged", _DAMAGED)
        document = _Document(package, root)
        n_pages += len(document.outline.pages)
        if n_pages > MAX_PAGES:
            raise Unreadable("too_large", _TOO_LONG)
        for page in document.read():
            n_letters += page.letters
            if n_letters > MAX_TEXT:
                raise Unreadable("too_large", TOO_LONG)
            yield page
    if not n_pages:
        raise Unreadable("damaged", _DAMAGED)


class _Document:
    """One document, and which of its templates have been read."""

    def __init__(self, package: _Package, root: str) -> None:
        self.package = package
        self.root = root
        self.outline = _Outline()
        package.read(root, self.outline)
        self.rules: dict[str, list[Box]] = {}

    def read(self) -> Iterator[Page]:
        for location in self.outline.pages:
            path = self.package.found(location, beside=self.root)
            if path is None:
                raise Unreadable("damaged", _NO_PAGE)
            reader = PageReader(self.outline.area)
            self.package.read(path, reader)
            page = reader.printed
            for template in page.templates:
                self._put_under(page, template)
            # From the top down, so that a line is one line in whatever order a program wrote its pieces.
            lines, tables = laid_out(sorted(page.characters, key=_height), page.rules)
            found = Page(tuple(lines), tuple(tables), reader.area[2] * POINTS, reader.area[3] * POINTS)
            yield replace(found, has_pictures=page.has_pictures and found.letters <= FEW)

    def _put_under(self, page: Printed, template: str) -> None:
        """The rules of a template stand on each of its pages, its words are read once."""
        if template not in self.rules:
            path = self.package.found(self.outline.templates.get(template, ""), beside=self.root)
            reader = PageReader(self.outline.area)
            if path is not None:
                self.package.read(path, reader)
            self.rules[template] = reader.printed.rules
            page.characters.extend(reader.printed.characters)
        page.rules.extend(self.rules[template])


def _height(mark: Boxed) -> float:
    return -(mark[1][1] + mark[1][3])

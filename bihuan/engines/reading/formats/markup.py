"""Reads one XML part of a Word file safely: bounded size, no document type, so no entities of its own."""

import zipfile
from xml.etree import ElementTree

from bihuan.engines.reading.shapes import Unreadable

MAX_PART = 100 * 2**20
MAX_DEPTH = 400
MAX_ELEMENTS = 2_000_000
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"


class _Tree(ElementTree.TreeBuilder):
    """Refuses a document type, nesting without end, and reads the strict dialect as the usual one."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.elements = 0

    def doctype(self, _name: str, _public: str | None, _system: str | None, /) -> None:
        raise Unreadable("damaged", "文件里有不该出现的实体声明，为安全起见没有读。请用 Word 打开并另存后再试。")

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self.depth += 1
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise Unreadable("too_large", "文档正文过大。请分成几份后再试。")
        if self.depth > MAX_DEPTH:
            raise Unreadable("damaged", "文件结构嵌套过深，不像正常的文档。请用 Word 打开并另存后再试。")
        attributes = {key.replace(_STRICT, WORD): value for key, value in attrs.items()}
        return super().start(tag.replace(_STRICT, WORD), attributes)

    def end(self, tag: str, /) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag.replace(_STRICT, WORD))


def part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    """The root of a part; None when the archive has no such part."""
    try:
        stream = archive.open(name)
    except KeyError:
        return None
    with stream:
        content = stream.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise Unreadable("too_large", "文档正文过大。请分成几份后再试。")
    try:
        parser = ElementTree.XMLParser(target=_Tree())  # noqa: S314 - _Tree refuses a document type
        parser.feed(content)
        root: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, ValueError, AssertionError) as error:
        raise Unreadable("damaged", "文件内容损坏，读不出来。请用 Word 打开并另存后再试。") from error
    return root


def value(element: ElementTree.Element | None, name: str = "val") -> str | None:
    """An attribute in Word's namespace."""
    return None if element is None else element.get(WORD + name)


def number(element: ElementTree.Element | None, name: str = "val") -> int | None:
    """An attribute as a number; None when it is absent or not one."""
    try:
        return int(value(element, name) or "")
    except ValueError:
        return None

"""Streams an XML part through callbacks, without building a tree: no document type, bounded depth and size.

Names are local names; namespaces are not looked at, so that the strict dialect reads as the usual one.
"""

import zipfile
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from bihuan.engines.reading.shapes import Unreadable

MAX_DEPTH = 400
_PIECE = 2**16
_DAMAGED = "文件内容损坏，读不出来。请用 Word 或 Excel 打开并另存后再试。"
_ENTITIES = "文件里有不该出现的实体声明，为安全起见没有读。请用 Word 打开并另存后再试。"
_DEEP = "文件结构嵌套过深，不像正常的文档。请用 Word 打开并另存后再试。"

Attributes = dict[str, str]


def stream(
    archive: zipfile.ZipFile,
    name: str,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None] = lambda _: None,
) -> bool:
    """Call back for every element and text of a part; False when the archive has no such part. Raises Unreadable."""
    try:
        source = archive.open(name)
    except KeyError:
        return False
    parser = _parser(start, end, text)
    try:
        with source:
            while piece := source.read(_PIECE):
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable("damaged", _DAMAGED) from error
    return True


def _parser(start: Callable[[str, Attributes], None], end: Callable[[str], None], text: Callable[[str], None]) -> Any:
    locals_of: dict[str, str] = {}
    depth = 0

    def local(name: str) -> str:
        if len(locals_of) > 10_000:
            locals_of.clear()
        return locals_of.setdefault(name, name.rpartition(":")[2])

    def started(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable("damaged", _DEEP)
        start(locals_of.get(name) or local(name), attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(locals_of.get(name) or local(name))

    def refuse(*_: object) -> None:
        raise Unreadable("damaged", _ENTITIES)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    return parser

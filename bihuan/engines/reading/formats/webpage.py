"""Reads a saved web page, in the process that apart.py starts for it: paragraphs and data tables of what is shown.

Menus, scripts, forms, hidden parts and lines that are nothing but links are left out; nothing is fetched.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bihuan.engines.reading.content import MAX_TEXT, TOO_LONG, Builder, Content, Table
from bihuan.engines.reading.formats.plain import decoded
from bihuan.engines.reading.shapes import Span, Unreadable

MAX_DEPTH = 500
MAX_SPAN = 200
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
_SKIPPED = {
    "head", "script", "style", "noscript", "template", "nav", "footer", "aside", "select", "button", "svg", "math",
    "iframe", "object", "canvas", "audio", "video", "textarea", "title", "map", "datalist",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "main",
    "header", "blockquote", "pre", "center", "hr", "body", "html", "form", "fieldset", "figure", "figcaption",
    "address", "caption", "legend", "details", "summary", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
}  # fmt: skip
_IN_HEAD = {"title", "style", "script", "noscript", "template", "object"}
_CLOSES = {tag: {"p"} for tag in _BLOCKS - {"body", "html"}} | {  # what a tag ends without an end tag
    "li": {"li", "p"}, "dt": {"dt", "dd", "p"}, "dd": {"dt", "dd", "p"}, "td": {"td", "th", "p"},
    "th": {"td", "th", "p"}, "tr": {"td", "th", "tr", "p"}, "tbody": {"td", "th", "tr", "thead", "tbody", "p"},
}  # fmt: skip
_ASIDE = re.compile(
    r"(?i)(^|[\s_-])(nav|navbar|menu|breadcrumbs?|crumbs?|footer|foot|sidebar|share|bdsharebuttonbox|copyright|pager|"
    r"pagination|toolbar|search|login|related)([\s_-]|$)"
)
_NOT_SHOWN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_CHARSET = re.compile(rb"(?i)charset\s*=\s*[\"']?\s*([a-z0-9_-]{2,20})")
_NAMED = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "utf-8": "utf-8"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def read_webpage(content: bytes) -> Content:
    """The text of a page. Raises Unreadable."""
    parser = _Page()
    try:
        parser.feed(_without_comments(_text(content)))
        parser.close()
    except (AssertionError, RecursionError) as error:
        raise Unreadable("damaged", "网页文件损坏，读不出来。请在浏览器里打开，把正文复制到文本文件后再试。") from error
    builder = Builder()
    _write(parser.root, builder, keep_links=False)
    if not builder.content().text.strip():
        builder = Builder()
        _write(parser.root, builder, keep_links=True)
    if not builder.content().text.strip():
        raise Unreadable("empty_file", "网页里没有文字，内容可能是打开后才载入的。请把正文复制到文本文件后再试。")
    return builder.content()


def _without_comments(text: str) -> str:
    """The page without its comments; html.parser looks for the end of each over and over."""
    kept, begin = [], 0
    while (found := text.find("<!--", begin)) >= 0:
        kept.append(text[begin:found])
        end = text.find("-->", found + 2)
        if end < 0:
            return "".join(kept)
        begin = end + 3
    return "".join([*kept, text[begin:]])


def _text(content: bytes) -> str:
    """By the encoding that the page names, when it holds; else as any text."""
    declared = _CHARSET.search(content[:4096])
    encoding = _NAMED.get(declared[1].decode("ascii").lower()) if declared else None
    if encoding and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if len(text) > MAX_TEXT:
                raise Unreadable("too_large", TOO_LONG)
            return text
    return decoded(content)


@dataclass(slots=True)
class _Cell:
    down: int = 1
    across: int = 1
    blocks: list["_Line | _Grid"] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    """A paragraph, and how many of its characters are links."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0

    def text(self) -> str:
        lines = (_BLANKS.sub(" ", line).strip(" ") for line in "".join(self.pieces).split("\x00"))
        return "\n".join(line for line in lines if line.strip())


@dataclass(slots=True)
class _Grid:
    rows: list[list[_Cell]] = field(default_factory=list)


class _Page(HTMLParser):
    """Collects blocks: lines, and tables whose cells hold blocks again."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Cell()
        self.open: list[str] = []
        self.skipped = 0  # how many open elements deep something is left out
        self.links = 0
        self.cells: list[_Cell] = [self.root]
        self.grids: list[tuple[_Grid, int]] = []
        self.line: _Line | None = None
        self.lists: list[int | None] = []  # the number reached in each open list, None in one without numbers
        self.number = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\x00")
        if tag in _VOID:
            return
        while self.open and self._is_ended_by(tag):
            self._close(self.open.pop())
        if len(self.open) >= MAX_DEPTH:
            raise Unreadable("damaged", "网页结构嵌套过深，不像正常的文档。请把正文复制到文本文件后再试。")
        self.open.append(tag)
        if self.skipped or _is_left_out(tag, attrs):
            self.skipped += 1
            return
        if tag in _BLOCKS:
            self.line = None
        self._begin(tag, attrs)

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links += 1
        elif tag in {"ol", "ul"}:
            start = dict(attrs).get("start") or "1"
            self.lists.append(int(start) - 1 if tag == "ol" and _is_number(start) else None)
        elif tag == "li" and self.lists:
            self._count_item()
        elif tag == "table":
            self._begin_table()
        elif tag == "tr" and self.grids:
            self._end_cell()
            self.grids[-1][0].rows.append([])
        elif tag in {"td", "th"} and self.grids:
            self._begin_cell(attrs)

    def _is_ended_by(self, tag: str) -> bool:
        last = self.open[-1]
        return last in _CLOSES.get(tag, ()) or (last == "head" and tag not in _IN_HEAD)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in self.open:
            return
        while self.open:
            closed = self.open.pop()
            self._close(closed)
            if closed == tag:
                return

    def _close(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        if tag in _BLOCKS:
            self.line = None
        if tag == "a":
            self.links -= 1
        elif tag in {"ol", "ul"} and self.lists:
            self.lists.pop()
        elif tag == "table" and self.grids:
            self._end_cell()
            self.grids.pop()
        elif tag in {"tr", "td", "th"} and self.grids:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.skipped or (self.line is None and not data.strip(" \t\r\n\f\x00")):
            return
        if self.line is None:
            self.line = _Line()
            self.cells[-1].blocks.append(self.line)
            data = self.number + data.lstrip()
            self.number = ""
        self.line.pieces.append(data)
        if self.links:
            self.line.linked += len(data.strip())

    def _count_item(self) -> None:
        """The number that a browser shows before an item of a list."""
        reached = self.lists[-1]
        self.number = ""
        if reached is not None:
            self.lists[-1] = reached + 1
            self.number = f"{reached + 1}."

    def _begin_table(self) -> None:
        grid = _Grid()
        self.cells[-1].blocks.append(grid)
        self.grids.append((grid, len(self.cells)))

    def _begin_cell(self, attrs: list[tuple[str, str | None]]) -> None:
        self._end_cell()
        grid = self.grids[-1][0]
        if not grid.rows:
            grid.rows.append([])
        given = dict(attrs)
        cell = _Cell(_count(given.get("rowspan")), _count(given.get("colspan")))
        grid.rows[-1].append(cell)
        self.cells.append(cell)

    def _end_cell(self) -> None:
        del self.cells[self.grids[-1][1] :]
        self.line = None


def _count(given: str | None) -> int:
    number = (given or "").strip()
    return min(max(int(number), 1), MAX_SPAN) if _is_number(number) else 1


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) < 9


def _is_left_out(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    if tag in _SKIPPED:
        return True
    if tag in {"body", "html", "main", "article"}:
        return False
    given = dict(attrs)
    if "hidden" in given or _NOT_SHOWN.search(given.get("style") or ""):
        return True
    if given.get("title") in {"header", "footer"}:  # how LibreOffice saves the running head and foot of a document
        return True
    named = f"{given.get('class') or ''} {given.get('id') or ''}"
    return tag in {"div", "ul", "ol", "p", "span", "section", "header", "table"} and bool(_ASIDE.search(named))


def _write(cell: _Cell, builder: Builder, *, keep_links: bool) -> None:
    for block in cell.blocks:
        if isinstance(block, _Line):
            text = block.text()
            if text and (keep_links or block.linked * 10 < len(text) * 9):
                builder.paragraph(text)
        elif _holds_values(block):
            _write_table(block, builder)
        else:
            for row in block.rows:
                for inner in row:
                    _write(inner, builder, keep_links=keep_links)


def _holds_values(grid: _Grid) -> bool:
    """Rows and columns without a table inside: not a page laid out by tables."""
    rows = [row for row in grid.rows if row]
    inner = any(isinstance(block, _Grid) for row in rows for cell in row for block in cell.blocks)
    return not inner and len(rows) > 1 and max(len(row) for row in rows) > 1


def _write_table(grid: _Grid, builder: Builder) -> None:
    begin = builder.length + (1 if builder.parts else 0)
    above: dict[int, tuple[int, Span]] = {}  # column → rows still covered, and the span shown there
    rows = []
    for row in grid.rows:
        if row:
            builder.paragraph("")
            rows.append(tuple(_write_row(row, builder, above)))
    builder.tables.append(Table((min(begin, builder.length), builder.length), tuple(rows)))


def _write_row(row: list[_Cell], builder: Builder, above: dict[int, tuple[int, Span]]) -> list[Span]:
    spans: list[Span] = []
    waiting = list(reversed(row))
    while waiting or any(column >= len(spans) for column in above):
        column = len(spans)
        if spans:
            builder.add("\t")
        if column in above:
            left, span = above.pop(column)
            here = builder.length
            if left > 1:
                above[column] = (left - 1, span)
            spans.append(span if span[0] < span[1] else (here, here))
        else:
            _write_cell(waiting.pop() if waiting else _Cell(), builder, spans, above)
        if len(spans) > MAX_SPAN * 5:
            break
    return spans


def _write_cell(cell: _Cell, builder: Builder, spans: list[Span], above: dict[int, tuple[int, Span]]) -> None:
    text = "\n".join(found for block in cell.blocks if isinstance(block, _Line) and (found := block.text()))
    span = builder.add(text)
    for extra in range(cell.across):
        end = builder.add("\t")[1] if extra else span[1]
        shown = (end, end) if extra else span
        if cell.down > 1:
            above[len(spans)] = (cell.down - 1, shown)
        spans.append(shown)

"""Runs the readers of PDF, OFD, old Excel and web pages in a process of their own, within limits of memory and time.

What a broken or hostile file does there ends there. The answer comes back as JSON: nothing in it is ever run.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bihuan.engines.reading.content import Content, Doubt, Table
from bihuan.engines.reading.formats.calamine_rows import SECONDS, limit
from bihuan.engines.reading.formats.cell_rows import Grid, grid_of_sheet
from bihuan.engines.reading.shapes import Missed, Unreadable, Unsure

REFUSED = 3
_TOO_SLOW = "文件太复杂，没能在规定时间内读完。请分成几份，或把正文复制到文本文件后再试。"
_DAMAGED = "文件损坏或没有下载完整，打不开。请重新取得文件后再试。"


def read_apart(reader: str, content: bytes) -> Content:
    """What the reader of this name (pdf, ofd, old_workbook, scan, webpage) makes of the bytes. Raises Unreadable."""
    return _content(_answer(reader, content))


def grids_apart(content: bytes) -> list[Grid]:
    """The sheets of an .xls row by row. Raises Unreadable."""
    return [
        Grid(
            name,
            [(number, cells) for number, cells in rows],
            [((top, left), (bottom, right)) for (top, left), (bottom, right) in merged],
            is_hidden,
        )
        for name, rows, merged, is_hidden in _answer("old_grids", content)
    ]


def _answer(reader: str, content: bytes) -> Any:
    command = [sys.executable, "-I", "-m", "bihuan.engines.reading.formats.apart", reader]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, env={}, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_large", _TOO_SLOW) from error
    if done.returncode == 0 and done.stdout:
        return json.loads(done.stdout)
    if done.returncode == REFUSED and done.stdout:
        raise Unreadable(**json.loads(done.stdout))
    if done.returncode in {-24, -9, 152}:  # SIGXCPU, SIGKILL
        raise Unreadable("too_large", _TOO_SLOW)
    raise Unreadable("damaged", _DAMAGED)


def main(reader: str) -> int:
    """Read the file from stdin; write what it holds, or why it is refused, to stdout."""
    limit()
    content = sys.stdin.buffer.read()
    try:
        answer: Any = _old_grids(content) if reader == "old_grids" else _shape(_READERS[reader](content))
        code = 0
    except Unreadable as refused:
        answer, code = {"code": refused.code, "reason": refused.reason}, REFUSED
    except (MemoryError, RecursionError):
        answer, code = {"code": "too_large", "reason": _TOO_SLOW}, REFUSED
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")).encode())
    return code


def _pdf(content: bytes) -> Content:
    from bihuan.engines.reading.formats.pdf import read_pdf

    return read_pdf(content)


def _old_workbook(content: bytes) -> Content:
    from bihuan.engines.reading.formats.old_workbook import read_old_workbook

    return read_old_workbook(content)


def _old_grids(content: bytes) -> list[list[Any]]:
    from bihuan.engines.reading.formats.old_workbook import sheets_of

    grids = map(grid_of_sheet, sheets_of(content))
    return [[grid.name, grid.rows, grid.merged, grid.is_hidden] for grid in grids]


def _ofd(content: bytes) -> Content:
    from bihuan.engines.reading.formats.ofd import read_ofd

    return read_ofd(content)


def _scan(content: bytes) -> Content:
    from bihuan.engines.reading.formats.scans import read_scan

    return read_scan(content)


def _webpage(content: bytes) -> Content:
    from bihuan.engines.reading.formats.webpage import read_webpage

    return read_webpage(content)


_READERS: dict[str, Callable[[bytes], Content]] = {
    "pdf": _pdf, "ofd": _ofd, "old_workbook": _old_workbook, "scan": _scan, "webpage": _webpage,
}  # fmt: skip


def _shape(content: Content) -> dict[str, Any]:
    return {
        "text": content.text,
        "tables": [[table.span, table.rows] for table in content.tables],
        "doubts": [[doubt.span, doubt.words] for doubt in content.doubts],
        "names": content.names,
        "pages": content.pages,
        "unsure": [one.to_json() for one in content.unsure],
        "unread": content.unread,
        "missed": [one.to_json() for one in content.missed],
    }


def _content(shape: dict[str, Any]) -> Content:
    return Content(
        shape["text"],
        tuple(
            Table((span[0], span[1]), tuple(tuple((cell[0], cell[1]) for cell in row) for row in rows))
            for span, rows in shape["tables"]
        ),
        tuple(Doubt((span[0], span[1]), words) for span, words in shape["doubts"]),
        tuple(shape["names"]),
        tuple(shape["pages"]),
        tuple(Unsure(tuple(one["span"]), one["page"], tuple(one["box"]), one["confidence"]) for one in shape["unsure"]),
        tuple(shape["unread"]),
        tuple(Missed(one["page"], tuple(one["box"])) for one in shape["missed"]),
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

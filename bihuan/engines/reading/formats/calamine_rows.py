"""A program of its own, started by cell_rows.py: takes a workbook and names of sheets, gives their rows by calamine.

It knows nothing of the package, whose import takes longer than its work; formats are left to whoever asked.
"""

import datetime
import gc
import io
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

# Between cells, behind each row, and as a row of its own behind each sheet: no letters of XML.
CELL, ROW, SHEET = "\x1f", "\x1e", "\x1d"
SECONDS = 30
MAX_MEMORY = 2 * 2**30
MAX_AREA = 10_000_000
ODD = 4
_PIECE = 2_000
_NEVER = bytes({*range(30)} - {9, 10, 13})


def limit(*, memory: int = MAX_MEMORY, seconds: int = SECONDS) -> None:
    """What a file can make a program use at most; a system that knows no such limits still has the time limit."""
    with suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
        ):  # fmt: skip
            with suppress(ValueError, OSError):
                allowed = resource.getrlimit(what)[1]
                least = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
                resource.setrlimit(what, (least, least))


def main() -> int:
    """Names as JSON on the first line of stdin, then the workbook; ODD where another reader is needed."""
    limit()
    gc.disable()  # it ends before any circle would be worth looking for
    names = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    try:
        for name in names:
            for piece in _pieces(content, name):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.write(f"{SHEET}{ROW}".encode())
    except Exception:  # whatever it met: the reader that takes XML apart says it in words
        return ODD
    return 0


def _pieces(content: bytes, name: str) -> Iterator[bytes]:
    """The rows of a sheet from the first on, some thousand at a time, each ended."""
    import python_calamine

    # Opened for each sheet: what one held is given back before the next.
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name)
    first, last = sheet.start, sheet.end
    if first is None or last is None:
        return
    if (last[0] + 1) * (last[1] + 1) > MAX_AREA:
        raise ValueError(name)
    before, width = CELL * first[1], last[1] - first[1]
    said = _Said()
    lines: list[str] = []
    for cells in sheet.iter_rows():
        lines.append(CELL.join([one if one.__class__ is str else said[one.__class__, one] for one in cells]))
        if len(lines) == _PIECE:
            yield _checked(lines, before, width)
            lines.clear()
    yield _checked(lines, before, width)


def _checked(lines: list[str], before: str, width: int) -> bytes:
    """The rows as one text; raises where a cell holds what parts cells, or what no text may hold."""
    joined = "".join([f"{before}{line}{ROW}" for line in lines])
    if "\r" in joined:
        joined = joined.replace("\r\n", "\n").replace("\r", "\n")
    if joined.count(ROW) != len(lines) or joined.count(CELL) != len(lines) * (width + len(before)):
        raise ValueError
    written = joined.encode()
    if len(written.translate(None, _NEVER)) < len(written):
        raise ValueError
    return written


class _Said(dict[tuple[type, Any], str]):
    """What is no text, as a sheet without a format of its own shows it; each is worked out once."""

    def __missing__(self, key: tuple[type, Any]) -> str:
        said = _said(key[1])
        if len(self) < 100_000:
            self[key] = said
        return said


def _said(value: Any) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(float(value))
        case datetime.date():
            return value.isoformat()[:10]
        case datetime.time():
            return "1899-12-31"
    return str(value)


def _number(value: float) -> str:
    """Fifteen digits, no exponent."""
    if value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"


if __name__ == "__main__":
    sys.exit(main())

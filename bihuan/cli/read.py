"""`bihuan read`: documents to findings, as JSON lines, as a sheet, or as a table for people.

Needs no database and loads no Django. Data goes to stdout, words to stderr.
"""

import os
import sys
from pathlib import Path

from bihuan.cli.scans import read_with_scans
from bihuan.cli.words import DONE, UNREADABLE, USAGE, show_json, speak, spoken, tell
from bihuan.engines import writing
from bihuan.engines.reading import Figure, Item, Reading, Unreadable

KINDS = {
    "feedback": "反馈意见",
    "plan": "整改方案",
    "notice": "整改情况通报",
    "statistics": "统计表",
    "ledger": "台账",
    "other": "其他文稿",
}
STATES = {
    "done": "已完成",
    "basically_done": "基本完成",
    "phase_done_long_term": "阶段性完成并长期坚持",
    "in_progress": "正在整改",
    "not_done": "未完成",
    "unstated": "未写明",
}
COLUMNS = (
    writing.Column("文件", 24),
    writing.Column("单位", 22),
    writing.Column("编号", 14),
    writing.Column("所属部分", 30),
    writing.Column("问题", 70),
    writing.Column("整改措施", 50),
    writing.Column("整改结果", 50),
    writing.Column("状态", 12),
    writing.Column("责任", 20),
    writing.Column("时限", 16),
    writing.Column("数字", 28),
    writing.Column("存疑", 40),
)


def read_command(files: list[Path], *, as_json: bool, to: Path | None) -> int:
    """Read the files and print what is in them; returns the exit code (0, 2 usage, 3 some file unreadable)."""
    speak(spoken())
    if not files:
        return _refuse("请给出至少一个文件。")
    if to is not None and to.suffix.lower() != ".xlsx":
        return _refuse("--to 后面请写一个以 .xlsx 结尾的文件名。")
    rows: list[list[object]] = []
    code = DONE
    for file in files:
        name = _name(file)
        try:
            reading = read_with_scans(file)
        except Unreadable as error:
            code = UNREADABLE
            _tell_error(name, error, as_json=as_json)
            continue
        rows.extend(_row(name, reading, item) for item in reading.items)
        _tell(name, reading, as_json=as_json, quiet=to is not None)
    return code if to is None else _write(to, rows, code)


def _name(file: Path) -> str:
    return os.fsencode(file).decode("utf-8", "replace")


def _refuse(sentence: str) -> int:
    tell(sentence)
    return USAGE


def _tell_error(name: str, error: Unreadable, *, as_json: bool) -> None:
    if as_json:
        show_json({"file": name, "error": {"code": error.code, "message": error.message}})
    tell(f"{name}：{error.message}")


def _tell(name: str, reading: Reading, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        show_json(reading.to_json(name))
    elif not quiet:
        _print_table(name, reading)


def _print_table(name: str, reading: Reading) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    unit = f"，{_cut(reading, reading.unit)}" if reading.unit else ""
    headline = f"{name}：{KINDS[reading.kind]}{unit}，{len(reading.items)} 条问题"
    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 160)
    console.print(Text(headline, style="bold"))
    if not reading.items:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for label, ratio in (("编号", 2), ("所属部分", 3), ("问题", 8), ("数字", 3), ("存疑", 3)):
        table.add_column(label, ratio=ratio, overflow="fold")
    for item in reading.items:
        cells = [
            item.level,
            _cut(reading, item.heading),
            _finding(reading, item),
            _figures(reading, item),
            _doubts(item),
        ]
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


def _cut(reading: Reading, span: tuple[int, int] | None) -> str:
    return reading.quoted(span) if span else ""


def _joined(reading: Reading, spans: tuple[tuple[int, int], ...]) -> str:
    return "\n".join(_cut(reading, span) for span in spans)


def _finding(reading: Reading, item: Item) -> str:
    return _joined(reading, (item.finding, *item.more))


def _figures(reading: Reading, item: Item) -> str:
    def shown(figure: Figure) -> str:
        words = _cut(reading, figure.span)
        return words if not figure.approx or figure.approx in words else figure.approx + words

    return "；".join(shown(figure) for figure in item.figures)


def _doubts(item: Item) -> str:
    return "\n".join(item.doubts)


def _row(name: str, reading: Reading, item: Item) -> list[object]:
    return [
        name,
        _cut(reading, item.unit or reading.unit),
        item.level,
        _cut(reading, item.heading),
        _finding(reading, item),
        _joined(reading, item.measures),
        _joined(reading, item.results),
        STATES[item.state],
        _joined(reading, item.responsible),
        _joined(reading, item.deadline),
        _figures(reading, item),
        _doubts(item),
    ]


def _write(to: Path, rows: list[list[object]], code: int) -> int:
    try:
        writing.write_sheet(to, title="问题清单", columns=COLUMNS, rows=rows)
    except Exception as error:
        if type(error).__name__ not in {"FileCreateError", "TooManyRows"} and not isinstance(error, OSError):
            raise
        return _refuse(f"写不进 {_name(to)}：请检查文件夹是否存在、是否可写，以及文件是否正被打开。（{error}）")
    tell(f"已写入 {_name(to)}，共 {len(rows)} 条。")
    return code

"""Ledgers made for the tests, with invented units and findings: any head, any rows, as .xlsx or .csv."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from bihuan.engines.reading.ledgers import Known, Unit

HEAD = (
    "序号", "被巡察单位", "问题编号", "反馈问题", "问题类别", "严重程度", "是否共性", "立行立改", "涉及金额（万元）",
    "牵头单位", "配合单位", "反馈时间", "整改时限", "整改状态", "整改进展", "备注",
)  # fmt: skip
UNITS = ("云溪县水利局", "云溪县财政局", "云溪县青石镇", "云溪县林业局")
KNOWN = Known(
    units={
        **{name: Unit(f"u{at}", name, at * 10, at * 10 + 9, True) for at, name in enumerate(UNITS[:3], 1)},
        UNITS[3]: Unit("u4", UNITS[3], 40, 49, False),
        "青石镇柳树村": Unit("u5", "青石镇柳树村", 33, 33, False),
    },
    categories={"B401": "招标投标问题", "B404": "专项资金滞留、挪用"},
    wide={"B4": "权力运行和资金管理廉洁风险"},
    numbers={"云溪〔2026〕3-001": "u1", "云溪〔2026〕3-002": "u2"},
)


def row(order: int, /, **cells: Any) -> list[Any]:
    """A row without a fault under HEAD, but for what is given: unit, number, text, category and so on."""
    usual = {
        "order": order, "unit": UNITS[order % 3], "number": "", "text": f"第{order}项：专项资金支出没有附件。",
        "category": "专项资金滞留、挪用", "severity": "一般", "commonality": "个性", "fix_now": "否",
        "amount": 1.5, "lead": "", "helping": "", "given": "2026-03-01", "due": "2026-09-01", "state": "正在整改",
        "progress": "", "note": "",
    }  # fmt: skip
    return list((usual | cells).values())


def ledger(rows: Sequence[Sequence[Any]], *, titles: Sequence[str] = ("云溪县巡察整改台账",), notes: str = "") -> bytes:
    """An .xlsx: a merged title, the head, the rows, a note below; a text that begins with = is a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    for title in titles:
        sheet.append([title])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(HEAD))
    sheet.append(list(HEAD))
    for cells in rows:
        sheet.append(list(cells))
    if notes:
        sheet.append([notes])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()

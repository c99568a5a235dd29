"""Empty tables as others send them, made anew: a title, a head of one row or two, prepared rows, a foot with sums."""

import io
import zipfile

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

THIN = Border(*[Side(style="thin")] * 4)
HEADS = ("序号", "反馈问题", "整改措施及完成时限", None, "责任领导", "整改进展情况", "得分", "备注")
BELOW = (None, None, "整改措施", "完成时限", None, None, None, None)


def made(book) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def a_form(*, prepared: int = 2, foot: bool = True) -> bytes:
    """Title in row 1, unit in 2, a head of two rows in 3 and 4, prepared rows, a sum and a signature below."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "附件1"
    page["A1"], page["A2"] = "巡察反馈问题整改情况统计表", "填报单位："
    page["A1"].font = Font(name="方正小标宋简体", size=20, bold=True)
    page.merge_cells("A1:H1")
    for place, (above, below) in enumerate(zip(HEADS, BELOW, strict=True), 1):
        page.cell(3, place, above), page.cell(4, place, below)
        page.cell(3, place).fill = PatternFill("solid", fgColor="FFDDDDDD")
        if below is None and above != HEADS[2]:
            page.merge_cells(start_row=3, end_row=4, start_column=place, end_column=place)
    page.merge_cells("C3:D3")
    for row in range(5, 5 + prepared):
        for place in range(1, 9):
            cell = page.cell(row, place)
            cell.border, cell.alignment = THIN, Alignment(vertical="center")
            cell.font = Font(name="仿宋", size=11)
        page.cell(row, 7, f"=LEN(F{row})")
    if foot:
        end = 5 + prepared
        page.cell(end, 1, "合计"), page.cell(end, 7, f"=SUM(G5:G{end - 1})")
        page.cell(end + 1, 1, "填表人：                审核人：")
        page.merge_cells(start_row=end + 1, end_row=end + 1, start_column=1, end_column=8)
        page.row_dimensions[end + 1].height = 33
    page.column_dimensions["B"].width = 41
    page.print_area = f"A1:H{6 + prepared}"
    other = book.create_sheet("填表说明")
    other["A1"] = "一、本表由各单位填报。"
    return made(book)


def with_part(content: bytes, name: str, said: bytes, *, instead: str = "") -> bytes:
    """The same package with one part more, or another in the place of one."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != instead:
                new.writestr(part, old.read(part))
        new.writestr(name, said)
    return written.getvalue()

"""Makes the real files of other formats: an old Excel ledger, a printed PDF and a saved page of one document.

Run by hand as `python -m tests.samples.make_formats`, with LibreOffice and with xlwt installed for it.
"""

import io
from datetime import date
from pathlib import Path

from docx import Document
from docx.shared import Pt

from tests.samples.make_refused import converted

HERE = Path(__file__).parent / "formats"
FINDINGS = (
    "1.节水型社会建设推进迟缓。2025年区政府下达的23个节水载体创建任务，至进驻时仅完成11个，党组没有专题研究过原因，"
    "也没有向区政府报告，涉及资金14.45万元长期闲置。",
    "2.食堂采购不询价。全年向同一商户采购食材48次，没有一次留下比价记录，验收单上只有采购人一人签字。",
    "3.值班记录靠事后补。抽查的62天值班登记中有19天笔迹、墨色完全一致，其中6天登记的带班领导当日在外地出差。",
)
TITLE, UNIT = "关于巡察柳河县水利站党支部的反馈意见", "柳河县水利站党支部："
OPENING = "根据县委统一安排，县委第三巡察组于2026年3月2日至4月28日对你站开展了巡察。现将有关情况反馈如下。"


def document() -> bytes:
    """A feedback document of a page and a half with a head and a foot."""
    made = Document()
    made.styles["Normal"].font.size = Pt(22)
    made.sections[0].header.paragraphs[0].text = "中共柳河县委巡察工作领导小组办公室"
    made.sections[0].footer.paragraphs[0].text = "第 1 页"
    for line in (TITLE, UNIT, OPENING, "一、巡察发现的主要问题", *FINDINGS):
        made.add_paragraph(line)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def old_ledger() -> bytes:
    """A ledger with a title, a merged finding, a date, a hidden row and a note."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    sheet.write_merge(0, 0, 0, 4, "柳河县水利站整改台账")
    for column, words in enumerate(("序号", "反馈问题", "整改措施", "完成时限", "整改情况")):
        sheet.write(1, column, words)
    sheet.write_merge(2, 3, 0, 0, 1)
    sheet.write_merge(2, 3, 1, 1, "食堂采购不询价，涉及14.45万元。")
    day = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"')
    for row, words, state in ((2, "补签比价单。", "已完成"), (3, "追究经办人责任。", "正在整改")):
        sheet.write(row, 2, words)
        sheet.write(row, 3, date(2026, 6, 30), day)
        sheet.write(row, 4, state)
    for column, words in enumerate((2, "值班记录靠事后补。", "改用电子登记。", "长期坚持", "基本完成")):
        sheet.write(4, column, words)
    sheet.row(4).hidden = True
    sheet.write_merge(6, 6, 0, 4, "注：每月五日前报送。")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def main() -> None:
    """Write all of them."""
    HERE.mkdir(exist_ok=True)
    content = document()
    files = {
        "feedback.docx": content,
        "feedback.pdf": converted(content, ".pdf", as_filter="pdf"),
        "feedback.html": converted(content, ".html", as_filter="html"),
        "ledger.xls": old_ledger(),
    }
    for name, made in files.items():
        (HERE / name).write_bytes(made)


if __name__ == "__main__":
    main()

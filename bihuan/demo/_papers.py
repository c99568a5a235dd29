"""Files that the demo's units hand in: Word, and scans as PDF and PNG; each opens in what opens such files."""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import docx
from PIL import Image, ImageDraw

INK, PAPER, SEAL = "#222222", "#fbfaf6", "#b8332a"
SHEET = (620, 877)
WITHOUT_TIME = (1980, 1, 1, 0, 0, 0)


def word(title: str, text: str, day: date) -> bytes:
    """A short Word document about something done."""
    document = docx.Document()
    document.add_heading(title, level=1)
    document.add_paragraph(f"事项：{text}。")
    document.add_paragraph(
        f"完成日期：{day.year}年{day.month}月{day.day}日。经办人、复核人已签字，原件存本单位档案室。"
    )
    return saved(document)


def saved(document: Any) -> bytes:
    """A Word document as bytes that are the same whenever it is made: the archive's own times are left out."""
    kept, settled = BytesIO(), BytesIO()
    document.save(kept)
    with zipfile.ZipFile(kept) as before, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name, date_time=WITHOUT_TIME), before.read(name), zipfile.ZIP_DEFLATED)
    return settled.getvalue()


def scan(number: int, day: date, *, ending: str) -> bytes:
    """A scanned sheet with a number, a day and a seal; `ending`: pdf or png."""
    sheet = Image.new("RGB", SHEET, PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((60, 60), f"No. {number:04d}    {day:%Y-%m-%d}", fill=INK, font_size=28)
    for line in range(16):
        pen.line((60, 140 + 36 * line, 560 - (number * 37 + line * 53) % 180, 140 + 36 * line), fill=INK, width=3)
    pen.ellipse((390, 690, 540, 840), outline=SEAL, width=6)
    pen.regular_polygon((465, 765, 34), 5, fill=SEAL)
    kept = BytesIO()
    made_on = day.timetuple()
    sheet.save(
        kept, format=ending.upper(), **({"creationDate": made_on, "modDate": made_on} if ending == "pdf" else {})
    )
    return kept.getvalue()


def paper(number: int, title: str, text: str, day: date) -> tuple[str, bytes]:
    """A file for something done, of one kind after another: its name and bytes."""
    ending = ("docx", "docx", "pdf", "png")[number % 4]
    content = word(title, text, day) if ending == "docx" else scan(number, day, ending=ending)
    return f"{title}.{ending}", content

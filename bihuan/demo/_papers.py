"""Files that the demo's units hand in: Word, and scans as PDF and PNG; each opens in what opens such files."""

from datetime import date
from io import BytesIO

import docx
from PIL import Image, ImageDraw

INK, PAPER, SEAL = "#222222", "#fbfaf6", "#b8332a"
SHEET = (620, 877)


def word(title: str, text: str, day: date) -> bytes:
    """A short Word document about something done."""
    document = docx.Document()
    document.add_heading(title, level=1)
    document.add_paragraph(f"事项：{text}。")
    document.add_paragraph(
        f"完成日期：{day.year}年{day.month}月{day.day}日。经办人、复核人已签字，原件存本单位档案室。"
    )
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


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
    sheet.save(kept, format=ending.upper())
    return kept.getvalue()


def paper(number: int, title: str, text: str, day: date) -> tuple[str, bytes]:
    """A file for something done, of one kind after another: its name and bytes."""
    ending = ("docx", "docx", "pdf", "png")[number % 4]
    content = word(title, text, day) if ending == "docx" else scan(number, day, ending=ending)
    return f"{title}.{ending}", content

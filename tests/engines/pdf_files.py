"""PDF files printed line by line for the tests, as an office prints: margins, indents, running heads, page numbers."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT, SIZE, LEADING = "STSong-Light", 16, 28
LEFT, RIGHT, TOP, BOTTOM = 80, 512, 740, 100
HANGING = "，。；：、？！）》”"


def printed(paragraphs: Sequence[str], *, head: str = "", numbered: bool = True, password: str = "") -> bytes:
    """The paragraphs, each indented by two characters but one that begins with `|`, which is centered."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    encrypt = {"encrypt": password} if password else {}
    canvas = Canvas(buffer, pagesize=A4, **encrypt)
    page, y = 0, 0
    for paragraph in paragraphs:
        for line, left in _broken(paragraph):
            if y < BOTTOM:
                page, y = _next_page(canvas, page, head, numbered=numbered), TOP
            canvas.drawString(left, y, line)
            y -= LEADING
    canvas.save()
    return buffer.getvalue()


def _next_page(canvas: Canvas, page: int, head: str, *, numbered: bool) -> int:
    if page:
        canvas.showPage()
    canvas.setFont(FONT, 10)
    canvas.drawString(LEFT, 800, head)
    if numbered:
        canvas.drawCentredString(A4[0] / 2, 40, f"— {page + 1} —")
    canvas.setFont(FONT, SIZE)
    return page + 1


def _broken(paragraph: str) -> list[tuple[str, float]]:
    """The lines of a paragraph and where they begin; no line begins with a stop."""
    if paragraph.startswith("|"):
        return [(paragraph[1:], (A4[0] - SIZE * len(paragraph[1:])) / 2)]
    lines, rest, left = [], paragraph, LEFT + 2 * SIZE
    while rest:
        end = len(rest)
        while pdfmetrics.stringWidth(rest[:end], FONT, SIZE) > RIGHT - left:
            end -= 1
        while end < len(rest) and rest[end] in HANGING:
            end -= 1
        lines.append((rest[:end], left))
        rest, left = rest[end:], LEFT
    return lines


def ruled(lines: Sequence[Sequence[str]], *, widths: Sequence[int], joined: set[tuple[int, int]]) -> bytes:
    """A table ruled in ink over as many pages as it takes; in the first column these rows are one cell."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas, height = Canvas(buffer, pagesize=A4), 44
    sides = [LEFT + sum(widths[:column]) for column in range(len(widths) + 1)]
    for number, line in enumerate(lines):
        place = number % 14
        if not place:
            if number:
                canvas.showPage()
            canvas.setFont(FONT, 10)
            canvas.line(LEFT, TOP, sides[-1], TOP)
        top = TOP - place * height
        for side in sides:
            canvas.line(side, top, side, top - height)
        goes_on = (number, number + 1) in joined
        canvas.line(sides[1] if goes_on else LEFT, top - height, sides[-1], top - height)
        for column, words in enumerate(line):
            if column or (number - 1, number) not in joined:
                across = (widths[column] - 8) // 10
                for down in range(0, len(words), across):
                    canvas.drawString(sides[column] + 4, top - 14 - down // across * 14, words[down : down + across])
    canvas.save()
    return buffer.getvalue()


def scanned(pages: int = 2, *, words: str = "") -> bytes:
    """Pages that are pictures; `words` is the text layer of the first."""
    from PIL import Image

    picture = io.BytesIO()
    Image.new("L", (60, 80), 200).save(picture, "PNG")
    buffer = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(buffer, pagesize=A4)
    for number in range(pages):
        if words and not number:
            canvas.setFont(FONT, SIZE)
            canvas.drawString(LEFT, TOP, words)
        else:
            canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()

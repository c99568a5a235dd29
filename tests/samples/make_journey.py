"""Makes the three feedback documents of the journeys, each by another tool, and what a person reads out of each.

Run by hand as `python -m tests.samples.make_journey`; LibreOffice is needed for `special`, tests need none of it.
"""
# A source line is `KIND MARKER|TEXT`: t title, p paragraph, 1-4 depth of the outline (+ continues the paragraph),
# m continues a finding, * is a finding by a person's reading, # an automatic number. Of a table: h header, s section,
# x total, g and r rows (category of a group|number|finding|unit|amount|date); ⏎ is a line break inside a cell.

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.shared import Cm, Pt

HERE = Path(__file__).parent / "journey"
UNIT = "县教育局党组"
CHINESE = "一二三四五六七八九十"
AUTOMATIC = {2: "第{}", 3: "{}.", 4: "({})"}
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WIDTHS = (680, 1280, 4360, 1500, 1240, 1180)
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
STYLES = (
    '<style:style style:name="T" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/>'
    '<style:text-properties fo:font-size="22pt" fo:font-weight="bold"/></style:style>'
    '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
)


def source(name: str) -> Iterator[tuple[str, str, str]]:
    """The lines of a source: kind, marker, text."""
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        marker, _, text = rest.partition("|")
        yield kind, marker, text


def expected(name: str) -> dict[str, object]:
    """What a person reads out of the source, told by its marks alone."""
    findings: list[dict[str, object]] = []
    path: dict[int, tuple[str, str]] = {}
    counts: dict[int, int] = {}
    section = category = ""
    for kind, marker, text in source(name):
        depth = int(digit) if (digit := kind.strip("+*")).isdigit() else 0
        if depth:
            counts = {level: count for level, count in counts.items() if level <= depth}
            counts[depth] = counts.get(depth, 0) + 1
            label = automatic(depth, counts[depth]) if marker == "#" else marker
            path = {level: kept for level, kept in path.items() if level < depth} | {depth: (half(label), title(text))}
        above = [entry for level, entry in sorted(path.items()) if level < depth]
        if kind.endswith("*"):
            findings.append(finding("".join(label for label, _ in path.values()), text.rstrip("；"), above[-1][1]))
        elif kind == "m":
            findings[-1]["more"] = [text]
        elif kind == "s":
            section = half(marker)
        elif kind in {"g", "r"}:
            category = marker or category
            number, words = text.split("|")[:2]
            findings.append(finding(f"{path[1][0]}{section}{number}.", words.replace("⏎", "\n"), category))
    return {"kind": "feedback", "unit": UNIT, "count": len(findings), "findings": findings}


def finding(level: str, text: str, heading: str) -> dict[str, object]:
    """One finding as the test compares it."""
    return {"level": level, "heading": heading, "text": text, "more": []}


def title(text: str) -> str:
    """The first sentence of an entry, without its stop."""
    return re.split("[。；：]", text)[0]


def automatic(depth: int, count: int) -> str:
    """The number that the list of the document gives by itself."""
    return AUTOMATIC[depth].format(CHINESE[count - 1] if depth == min(AUTOMATIC) else count)


def half(label: str) -> str:
    """A marker as a level writes it."""
    return label.translate(str.maketrans("（）．，", "().,")).rstrip(",")


def make_with_python(name: str) -> None:
    """Typed numbers, titles of entries in bold, running head and foot, as an office's own template gives."""
    document = Document()
    document.styles["Normal"].font.size = Pt(16)
    document.sections[0].left_margin = Cm(2.8)
    document.sections[0].header.paragraphs[0].text = "内部资料　注意保存"
    for kind, marker, text in source(name):
        if kind.startswith("+"):
            document.paragraphs[-1].add_run(marker + text)
            continue
        paragraph = document.add_paragraph()
        if kind == "t":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif kind.strip("*").isdigit():
            cut = len(title(text))
            paragraph.add_run(marker).bold = True
            paragraph.add_run(text[:cut]).bold = True
            paragraph.add_run(text[cut:])
            continue
        paragraph.add_run(text)
    document.save(str(HERE / f"{name}.docx"))


def make_with_libreoffice(name: str) -> None:
    """A flat OpenDocument with a real list of three levels, saved as Word by LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        flat = Path(folder) / f"{name}.fodt"
        flat.write_text(open_document(name), encoding="utf-8")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", "docx", "--outdir", folder, str(flat)]
        subprocess.run(command, check=True, capture_output=True)
        shutil.copy(Path(folder) / f"{name}.docx", HERE / f"{name}.docx")


def open_document(name: str) -> str:
    """The source as flat OpenDocument."""
    levels = "".join(
        f'<text:list-level-style-number text:level="{level}" style:num-format="{form}" {around}/>'
        for level, form, around in (
            (1, "一, 二, 三, ...", 'style:num-prefix="第" style:num-suffix="，"'),
            (2, "1", 'style:num-suffix="."'),
            (3, "1", 'style:num-prefix="（" style:num-suffix="）"'),
        )
    )
    blocks: list[str] = []
    for kind, marker, text in source(name):
        if kind.startswith("+"):
            blocks[-1] = blocks[-1].replace("</text:p>", f"{escape(marker + text)}</text:p>")
        else:
            blocks.append(open_paragraph(kind, marker, text))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:version="1.2" '
        f'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>{STYLES}'
        f'<text:list-style style:name="L1">{levels}</text:list-style></office:automatic-styles>'
        f"<office:body><office:text>{''.join(blocks)}</office:text></office:body></office:document>"
    )


def open_paragraph(kind: str, marker: str, text: str) -> str:
    """One paragraph, in a list as deep as its kind says when its number is automatic."""
    if marker != "#":
        style = ' text:style-name="T"' if kind == "t" else ""
        return f"<text:p{style}>{escape(marker + text)}</text:p>"
    cut = len(title(text))
    bold = f'<text:span text:style-name="B">{escape(text[:cut])}</text:span>'
    inner = f"<text:p>{bold}{escape(text[cut:])}</text:p>"
    for _ in range(int(kind.strip("*")) - 1):
        inner = f"<text:list><text:list-item>{inner}</text:list-item></text:list>"
    return '<text:list text:style-name="L1" text:continue-numbering="true">' + inner.removeprefix("<text:list>")


def make_with_a_pasted_sheet(name: str) -> None:
    """Paragraphs by python-docx around a table in the markup that Word writes when cells of Excel are pasted."""
    document = Document()
    rows: list[tuple[str, str, str]] = []
    for kind, marker, text in source(name):
        if kind in {"h", "s", "g", "r", "x"}:
            rows.append((kind, marker, text))
            continue
        if rows:
            document.element.body.insert(len(document.element.body) - 1, parse_xml(pasted_table(rows)))
            rows = []
        paragraph = document.add_paragraph(marker + text)
        if kind == "t":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.save(str(HERE / f"{name}.docx"))


def pasted_table(rows: list[tuple[str, str, str]]) -> str:
    """Fixed widths, row heights, borders and shading on every cell, numbers as text, merged cells both ways."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in WIDTHS)
    look = '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"/>'
    written = "".join(f'<w:tr><w:trPr><w:trHeight w:val="285"/></w:trPr>{cells}</w:tr>' for cells in pasted_rows(rows))
    return (
        f'<w:tbl {WORD}><w:tblPr><w:tblW w:w="{sum(WIDTHS)}" w:type="dxa"/>{look}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{written}</w:tbl>"
    )


def pasted_rows(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    """The cells of each row; the header has two rows, its middle joined above 类别 and 具体问题."""
    for index, (kind, marker, text) in enumerate(rows):
        if kind == "h":
            number, (category, words, unit, amount, day) = marker, text.split("|")
            yield "".join((
                cell(number, 0, merge="restart"), cell("问题情况", 1, span=2), cell(unit, 3, merge="restart"),
                cell(amount, 4, merge="restart"), cell(day, 5, merge="restart"),
            ))  # fmt: skip
            yield "".join((
                cell("", 0, merge="continue"), cell(category, 1), cell(words, 2),
                *(cell("", column, merge="continue") for column in (3, 4, 5)),
            ))  # fmt: skip
        elif kind == "s":
            yield cell(marker + text, 0, span=len(WIDTHS))
        elif kind == "x":
            total, _, count, _, amount, _ = f"{marker}|{text}".split("|")[:6]
            yield cell(total, 0, span=2) + cell(count, 2) + cell("", 3) + cell(amount, 4) + cell("", 5)
        else:
            number, *others = text.split("|")
            grouped = rows[index + 1][0] == "r" or kind == "r"
            merge = ("restart" if kind == "g" else "continue") if grouped else ""
            cells = (cell(words, column) for column, words in enumerate(others, 2))
            yield cell(number, 0) + cell(marker, 1, merge=merge) + "".join(cells)


def cell(text: str, column: int, *, span: int = 1, merge: str = "") -> str:
    """One cell as Word writes it: an amount keeps the blanks of the sheet, a break inside a cell is a line break."""
    width = sum(WIDTHS[column : column + span])
    merged = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged += {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in ("top", "bottom"))
    fonts = '<w:rPr><w:rFonts w:ascii="宋体" w:eastAsia="宋体"/><w:kern w:val="0"/><w:sz w:val="22"/></w:rPr>'
    shown = f" {text} " if re.fullmatch(r"\d+\.\d+", text) else text
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in shown.split("⏎"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}<w:tcBorders>{sides}</w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="auto"/><w:noWrap/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:widowControl/><w:jc w:val="left"/>{fonts}</w:pPr>'
        + (f"<w:r>{fonts}{pieces}</w:r>" if text else "")
        + "</w:p></w:tc>"
    )


def main() -> None:
    """Make all three and write down what is expected of each."""
    for name, make in (
        ("regular", make_with_python),
        ("special", make_with_libreoffice),
        ("look_back", make_with_a_pasted_sheet),
    ):
        make(name)
        wanted = json.dumps(expected(name), ensure_ascii=False, indent=1)
        (HERE / f"{name}.expected.json").write_text(wanted + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

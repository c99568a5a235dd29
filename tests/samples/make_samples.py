"""Makes the three sample feedback documents and their expected findings from the marked sources in feedback/.

Run by hand; LibreOffice is needed for the first document only, tests need neither it nor this script.
"""
# A source line is `KIND MARKER|TEXT`: t title, p paragraph, 1-4 depth of the outline (+ continues the paragraph),
# m continues a finding, g and r a table's header and rows; * is a finding by a person's reading, # automatic number.

import itertools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

HERE = Path(__file__).parent / "feedback"
DOCUMENTS = Path(__file__).parents[2] / "bihuan" / "demo" / "documents"
CHINESE = "一二三四五六七八九十"
AUTOMATIC = {1: "{}、", 2: "({})", 3: "{}."}
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("style", "style"))
)


def source(name: str) -> list[tuple[str, str, str]]:
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    parts = [(line.partition(" ")[0], *line.partition(" ")[2].partition("|")[::2]) for line in lines if line]
    return [(kind, marker, text) for kind, marker, text in parts]


def expected(name: str, unit: str) -> dict[str, object]:
    """What a person reads out of the source, counted by its marks alone."""
    path: dict[int, str] = {}
    counts: dict[int, int] = {}
    category = ""
    findings: list[dict[str, object]] = []
    for kind, marker, text in source(name):
        depth = int(digit) if (digit := kind.strip("+*")).isdigit() else 0
        if depth:
            counts = {level: count for level, count in counts.items() if level <= depth}
            counts[depth] = counts.get(depth, 0) + 1
            label = marker if marker != "#" else automatic(depth, counts[depth])
            path = {level: kept for level, kept in path.items() if level < depth} | {depth: half(label)}
        if kind.endswith("*"):
            findings.append({"level": "".join(path.values()), "text": text.rstrip("；"), "more": []})
        elif kind == "m":
            findings[-1]["more"].append(text)
        elif kind == "r":
            group, finding = text.split("|")[:2]
            category = half(group.partition("）")[0] + "）") if group else category
            findings.append({"level": f"{path[1]}{category}{marker}.", "text": finding, "more": []})
    return {"kind": "feedback", "unit": unit, "count": len(findings), "findings": findings}


def automatic(depth: int, count: int) -> str:
    return AUTOMATIC[depth].format(CHINESE[count - 1] if depth < 3 else count)


def half(label: str) -> str:
    return label.translate(str.maketrans("（）．，", "().,")).rstrip(",")


def make_open_document(name: str) -> str:
    """Flat OpenDocument with real three-level list numbering."""
    levels = "".join(
        f'<text:list-level-style-number text:level="{level}" style:num-format="{form}" {around}/>'
        for level, form, around in (
            (1, "一, 二, 三, ...", 'style:num-suffix="、"'),
            (2, "一, 二, 三, ...", 'style:num-prefix="（" style:num-suffix="）"'),
            (3, "1", 'style:num-suffix="."'),
        )
    )
    blocks: list[list[str]] = []
    for kind, marker, text in source(name):
        if kind.startswith("+"):
            blocks[-1][1] += escape(marker + text)
        else:
            blocks.append([kind.strip("*"), escape(text)])
    body = "".join(block(kind, text) for kind, text in blocks)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
        f'<text:list-style style:name="L1">{levels}</text:list-style></office:automatic-styles>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )


def block(kind: str, text: str) -> str:
    if not kind.isdigit():
        return f"<text:p>{text}</text:p>"
    inner = f"<text:p>{text}</text:p>"
    for _ in range(int(kind)):
        inner = f"<text:list><text:list-item>{inner}</text:list-item></text:list>"
    opening = '<text:list text:style-name="L1" text:continue-numbering="true">'
    return opening + inner.removeprefix("<text:list>")


def make_with_libreoffice(name: str) -> None:
    flat = HERE / f"{name}.fodt"
    flat.write_text(make_open_document(name), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", "docx", "--outdir", folder, str(flat)]
        subprocess.run(command, check=True, capture_output=True)
        shutil.copy(Path(folder) / f"{name}.docx", DOCUMENTS / f"{name}.docx")


def make_with_python(name: str) -> None:
    document = Document()
    rows: list[list[str]] = []
    for kind, marker, text in source(name):
        if kind in {"g", "r"}:
            rows.append([marker, *text.split("|")])
            continue
        if rows:
            add_table(document, rows)
            rows = []
        if kind.startswith("+"):
            document.paragraphs[-1].add_run(marker + text)
        else:
            paragraph = document.add_paragraph(marker + text)
            if kind == "t":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.save(str(DOCUMENTS / f"{name}.docx"))


def add_table(document: Document, rows: list[list[str]]) -> None:
    """A table as a sheet gives it when pasted: the category stands once, merged downwards."""
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for index, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(index, column).text = text
    begins = [index for index, row in enumerate(rows) if index and row[1]] + [len(rows)]
    for first, after in itertools.pairwise(begins):
        merged = table.cell(first, 1).merge(table.cell(after - 1, 1))
        merged.text = rows[first][1]


def main() -> None:
    DOCUMENTS.mkdir(parents=True, exist_ok=True)
    for name, unit, make in (
        ("water_bureau", "云溪区水务局党组", make_with_libreoffice),
        ("city_investment", "云溪城投公司党委", make_with_python),
        ("shitang_town", "石塘镇党委", make_with_python),
    ):
        make(name)
        wanted = json.dumps(expected(name, unit), ensure_ascii=False, indent=1)
        (HERE / f"{name}.json").write_text(wanted + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

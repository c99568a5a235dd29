"""Excel files made by hand for the tests, part by part, so that each oddity can be put in exactly."""

import io
import zipfile

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook_file(*sheets: str | bytes, states: tuple[str, ...] = (), prolog: str = "", **parts: str | bytes) -> bytes:
    """An .xlsx of these sheets (what stands inside worksheet); parts by name without ending (sharedStrings, styles)."""
    buffer = io.BytesIO()
    named, related = "", ""
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, sheet in enumerate(sheets, 1):
            state = f' state="{states[number - 1]}"' if len(states) >= number and states[number - 1] else ""
            named += f'<sheet name="表{number}" sheetId="{number}"{state} r:id="rId{number}"/>'
            related += f'<Relationship Id="rId{number}" Type="{RELATION}/worksheet" Target="worksheets/s{number}.xml"/>'
            whole = sheet if isinstance(sheet, bytes) else f"{prolog}<worksheet {SPACE}>{sheet}</worksheet>"
            archive.writestr(f"xl/worksheets/s{number}.xml", whole)
        archive.writestr(
            "xl/workbook.xml", f'<workbook {SPACE} xmlns:r="{RELATION}"><sheets>{named}</sheets></workbook>'
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>")
        for name, content in parts.items():
            archive.writestr(f"xl/{name}.xml", content)
    return buffer.getvalue()


def cell(place: str, text: str) -> str:
    """A cell that holds its text itself."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def rows(*lines: tuple[str, ...], first: int = 1) -> str:
    """Rows of text cells from column A; an empty text gives no cell."""
    made = ""
    for number, line in enumerate(lines, first):
        cells = "".join(cell(f"{chr(65 + index)}{number}", text) for index, text in enumerate(line) if text)
        made += f'<row r="{number}">{cells}</row>'
    return f"<sheetData>{made}</sheetData>"


def merged(*areas: str) -> str:
    """Merged areas, as A1:B2."""
    return "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in areas) + "</mergeCells>"

"""Word files made by hand for the tests, part by part, so that each oddity can be put in exactly."""

import io
import zipfile

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file(body: str, *, prolog: str = "", **parts: str | bytes) -> bytes:
    """A .docx with this body; parts by name without folder and ending (numbering, styles)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"{prolog}<w:document {SPACE}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return buffer.getvalue()


def paragraph(text: str, *, depth: int | None = None, list_id: int = 1, style: str = "") -> str:
    """A paragraph, on a level of a list when a depth is given."""
    numbered = "" if depth is None else f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbered}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbering(*levels: tuple[str, str], lists: str = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>') -> str:
    """numbering.xml with one abstract list (7) of these (format, text) levels."""
    written = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    return f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="7">{written}</w:abstractNum>{lists}</w:numbering>'


def table(*rows: tuple[str, ...]) -> str:
    """A table; a cell that begins with < is taken as ready XML of the cell."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(_cell(cell) for cell in row)}</w:tr>" for row in rows) + "</w:tbl>"


def _cell(text: str) -> str:
    return text if text.startswith("<") else f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

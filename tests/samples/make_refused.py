"""Makes the real files that are refused, or taken without a finding: locked, of another type, old, cut off.

Run by hand as `python -m tests.samples.make_refused`, with LibreOffice and with msoffcrypto-tool installed for it.
"""

import io
import json
import subprocess
import tempfile
from pathlib import Path

from docx import Document

HERE = Path(__file__).parent / "refused"
PASSWORD = "yunxi-2026"
LOCKED_PDF = {
    "EncryptFile": {"type": "boolean", "value": "true"},
    "DocumentOpenPassword": {"type": "string", "value": PASSWORD},
}
NOTICE = ("会议通知", "各股室：", "定于2026年11月20日（星期五）上午9时在二楼会议室召开工作例会，请准时参加。", "办公室")


def word() -> bytes:
    """A small Word document in which nothing is found."""
    document = Document()
    for line in NOTICE:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def locked(content: bytes) -> bytes:
    """The document behind a password, as Word writes it: a compound file with an encrypted package."""
    import msoffcrypto.format.ooxml

    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt(PASSWORD, buffer)
    return buffer.getvalue()


def converted(content: bytes, ending: str, *, as_filter: str) -> bytes:
    """The document as LibreOffice saves it in another format."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "通知.docx"
        given.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", as_filter, "--outdir", folder, str(given)]
        subprocess.run(command, check=True, capture_output=True)
        return given.with_suffix(ending).read_bytes()


def main() -> None:
    """Write all of them."""
    HERE.mkdir(exist_ok=True)
    content = word()
    files = {
        "no_findings.docx": content,
        "locked.docx": locked(content),
        "renamed_pdf.docx": converted(content, ".pdf", as_filter="pdf"),
        "old_word.doc": converted(content, ".doc", as_filter="doc:MS Word 97"),
        "locked.pdf": converted(content, ".pdf", as_filter=f"pdf:writer_pdf_Export:{json.dumps(LOCKED_PDF)}"),
        "cut_off.docx": content[: len(content) // 2],
    }
    for name, made in files.items():
        (HERE / name).write_bytes(made)


if __name__ == "__main__":
    main()

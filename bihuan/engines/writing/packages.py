"""Whether an .xlsx that somebody sent can be opened without harm: its parts are looked at before it is.

Nothing is opened here (forms.py); what cannot be looked at is refused.
"""

import io
import re
import zipfile

MAX_BYTES, MAX_PARTS, MAX_XML, MAX_UNPACKED = 2 * 2**20, 500, 3 * 2**20, 20 * 2**20
# Cells that are merged away are made one by one when a workbook is opened: three words could ask for a billion.
MAX_MERGES, MAX_MERGED = 2_000, 100_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s+ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?[\"']\s*/?>"
)
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


class NotAForm(Exception):
    """The file cannot be a form; `code` says why: locked, macros, too_large, wrong_type, damaged, no_head."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def refuse_what_is_harmful(content: bytes) -> None:
    """NotAForm where the file is locked, holds macros, is too large when unpacked, or is no .xlsx at all."""
    if len(content) > MAX_BYTES:
        raise NotAForm("too_large")
    if content.startswith(_OLE):
        raise NotAForm("locked")
    if not content.startswith(_ZIP):
        raise NotAForm("wrong_type")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_parts(package)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as fault:
        raise NotAForm("damaged") from fault


def _refuse_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise NotAForm("too_large")
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in names):
        raise NotAForm("macros")
    if "xl/workbook.xml" not in names:
        raise NotAForm("wrong_type")
    read = 0
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with package.open(part) as stream:
            said = stream.read(MAX_XML + 1 - read)
        read += len(said)
        if read > MAX_XML:
            raise NotAForm("too_large")
        _refuse_words(said, name=part.filename.lower())


def _refuse_words(said: bytes, *, name: str) -> None:
    # Another encoding could hide a declaration, and no program for sheets writes one.
    if _DECLARED.search(said) or said[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise NotAForm("damaged")
    if name == "[content_types].xml" and b"macroEnabled" in said:
        raise NotAForm("macros")
    _refuse_merges(said)


def _refuse_merges(said: bytes) -> None:
    areas = _MERGED.findall(said)
    if len(areas) != len(_MERGE.findall(said)):
        raise NotAForm("damaged")
    if len(areas) > MAX_MERGES or sum(_size(*area) for area in areas) > MAX_MERGED:
        raise NotAForm("too_large")


def _size(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    if not right:
        return 1
    width = _number_of(right) - _number_of(left) + 1
    return max(1, width) * max(1, int(bottom) - int(top) + 1)


def _number_of(letters: bytes) -> int:
    """A column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def loses_pictures(content: bytes) -> bool:
    """Whether pictures or shapes are in the form, which do not come back."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return any(name.lower().startswith(("xl/drawings/drawing", "xl/media/")) for name in package.namelist())

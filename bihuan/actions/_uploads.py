"""Keep an uploaded file: its type told by its content, its hash taken, its bytes never changed."""

import hashlib
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from bihuan.actions.refusals import Unreadable
from bihuan.engines import reading
from bihuan.engines.reading import text_of
from bihuan.models import Upload
from bihuan.models._visibility import placed_like
from bihuan.rules.access import Actor
from bihuan.rules.file_names import own_name
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import N_

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "OFD.xml": "application/ofd",
}

_OLD = {  # the name of the main part of a compound file, and the type it tells
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "MatOST": "application/vnd.ms-works",
}
_COMPOUND, _PACKAGE = bytes.fromhex("d0cf11e0a1b11ae1"), "EncryptedPackage".encode("utf-16-le")


def keep_upload(
    row: Any, *, thing: UUID, name: str, content: bytes, by: Actor, at: datetime, text: str = "", side: str = ""
) -> Upload:
    """Store a file at the place of `row`, for `thing`; its content never changes. Raises Unreadable."""
    media_type, sha256 = sniff(content, name=name), hashlib.sha256(content).hexdigest()
    connection.ensure_connection()
    # Apart from the statement: within it, bytes are twice as many letters.
    with psycopg.Cursor(connection.connection) as cursor:
        # One copy for each content; that somebody else has the same file is not told to anybody.
        cursor.execute(
            "insert into file_content (sha256, content) values (%s, %b) on conflict do nothing", [sha256, content]
        )
    return Upload.objects.create(
        id=new_id(at), thing_id=thing, name=own_name(name)[-200:], media_type=media_type,
        size=len(content), sha256=sha256, text=text,
        uploaded_by_id=by.account, uploaded_at=at, **(placed_like(row) | ({"side": side} if side else {})),
    )  # fmt: skip


def sniff(content: bytes, *, name: str) -> str:
    """The media type by content: PDF, OFD, PNG, JPEG, Word and Excel old and new, text. Raises Unreadable for others.

    The name only tells a sheet with a letter inside from a letter with a sheet inside.
    """
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if content.startswith(_COMPOUND):
        return _old_type(content, name=name)
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content, name=name)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in content[:4096] or _is_text(content):
        return "text/plain"
    raise _wrong_type(name)


def _is_text(content: bytes) -> bool:
    """Text in which zeros are no sign of a program: UTF-16 and UTF-32, also without their marks."""
    try:
        return bool(text_of(content))
    except reading.Unreadable:
        return False


def _old_type(content: bytes, *, name: str) -> str:
    if _PACKAGE in content:
        locked = N_("文件设了打开密码，读不出来。请去掉密码后再上传。")
        raise Unreadable("locked", locked, file=name)
    found = [part for part in _OLD if part.encode("utf-16-le") in content]
    if not found:
        raise _wrong_type(name)
    is_sheet = name.lower().endswith(".xls") and "Workbook" in found
    return _OLD["Workbook" if is_sheet else found[0]]


def _office_type(content: bytes, *, name: str) -> str:
    try:
        parts = zipfile.ZipFile(BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        damaged = N_("文件损坏或没有下载完整，打不开。请重新取得文件，或用 Word 打开并另存后再试。")
        raise Unreadable("damaged", damaged, file=name) from None
    for prefix, media_type in _OFFICE.items():
        if any(part.startswith(prefix) for part in parts):
            return media_type
    raise _wrong_type(name)


def _wrong_type(name: str) -> Unreadable:
    said = N_("只收 PDF、OFD、图片、Word、Excel 和文本文件，请换一个文件。")
    return Unreadable("wrong_type", said, file=name)

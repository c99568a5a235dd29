"""Keep an uploaded file: its type told by its content, its hash taken, its bytes never changed."""

import hashlib
import re
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from bihuan.actions.refusals import Unreadable
from bihuan.models import Upload
from bihuan.models._visibility import placed_like
from bihuan.rules.access import Actor
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
}


def keep_upload(
    row: Any, *, thing: UUID, name: str, content: bytes, by: Actor, at: datetime, text: str = "", side: str = ""
) -> Upload:
    """Store a file at the place of `row`, for `thing`; its content never changes. Raises Unreadable."""
    return Upload.objects.create(
        id=new_id(at), thing_id=thing, name=plain_name(name)[-200:], media_type=sniff(content),
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content, text=text,
        uploaded_by_id=by.account, uploaded_at=at, **(placed_like(row) | ({"side": side} if side else {})),
    )  # fmt: skip


def plain_name(name: str) -> str:
    """The file's own name, without the folders that some browsers send along."""
    return re.split(r"[\\/]", name)[-1].strip() or "未命名"


def sniff(content: bytes) -> str:
    """The media type by content: PDF, PNG, JPEG, Word, Excel, or plain text. Raises Unreadable for anything else."""
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in content[:4096]:
        return "text/plain"
    raise _wrong_type()


def _office_type(content: bytes) -> str:
    try:
        parts = zipfile.ZipFile(BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        raise _wrong_type() from None
    for prefix, media_type in _OFFICE.items():
        if any(part.startswith(prefix) for part in parts):
            return media_type
    raise _wrong_type()


def _wrong_type() -> Unreadable:
    return Unreadable("wrong_type", N_("只收 PDF、图片、Word、Excel 和文本文件，请换一个文件。"))

"""Files as answers: always saved under a name that is safe in a header; shown in place only as pictures drawn here."""

import re
from urllib.parse import quote

from django.http import HttpResponse

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_MODIFIED = 304
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\\/:*?\"<>|]+")


def file_answer(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """The bytes as a download; the browser may not guess another type."""
    return _named(content, "attachment", name=name, media_type=media_type)


def picture_answer(png: bytes, *, name: str) -> HttpResponse:
    """A picture drawn by us, to be shown within a page."""
    return _named(png, "inline", name=name, media_type="image/png")


def kept_picture_answer(png: bytes, *, name: str, mark: str) -> HttpResponse:
    """A picture that this person's browser keeps, and asks for each time whether it may still show it (304: it may)."""
    response = _named(png, "inline", name=name, media_type="image/png")
    response.status_code = 200 if png else NOT_MODIFIED
    response["ETag"], response["Cache-Control"] = f'"{mark}"', "private, no-cache"
    return response


def _named(content: bytes, how: str, *, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(safe_name(name), safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def safe_name(name: str) -> str:
    """A file name without what a header, a file system or a reader's eye could be misled by."""
    return _UNSAFE.sub("_", name).strip(" .") or "file"

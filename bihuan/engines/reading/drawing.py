"""Draws one page of a PDF or one picture: a program that previews.py starts, within limits of time and memory.

No page is cut up or read here. What opens these files is written in C: sizes are looked at before anything is drawn.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdfium2 import PdfiumError

from bihuan.engines.reading.formats.calamine_rows import limit
from bihuan.engines.reading.previews import PDF, PICTURES, REFUSED, SECONDS, PreviewRefused

MAX_MEMORY = 1536 * 2**20
MAX_PIXELS = 64_000_000
MAX_DRAWN = 8_000_000
MAX_PAGES = 10_000
TALLEST = 8_000


def main(deed: str, media_type: str, page: str, width: str) -> int:
    """Read the file from stdin, write the number of pages or the picture to stdout, the code of a refusal to stderr."""
    limit(memory=MAX_MEMORY, seconds=SECONDS)
    content = sys.stdin.buffer.read()
    try:
        if deed == "pages":
            answer = str(pages(content, media_type)).encode()
        else:
            answer = png(content, media_type, int(page), int(width))
    except PreviewRefused as refused:
        sys.stderr.write(refused.code)
        return REFUSED
    sys.stdout.buffer.write(answer)
    return 0


def pages(content: bytes, media_type: str) -> int:
    """How many pages there are; a picture is one."""
    if media_type == PDF:
        with _document(content) as document:
            return len(document)
    with _picture(content, media_type):
        return 1


def png(content: bytes, media_type: str, page: int, width: int) -> bytes:
    """A page as a PNG at most `width` wide."""
    if media_type == PDF:
        with _document(content) as document:
            return _of_page(document, page, width)
    if page != 1:
        raise PreviewRefused("no_page")
    with _picture(content, media_type) as picture:
        return _of_picture(picture, width)


@contextmanager
def _document(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(content)
    except PdfiumError as error:
        is_locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise PreviewRefused("locked" if is_locked else "damaged") from error
    try:
        if not 0 < len(document) <= MAX_PAGES:
            raise PreviewRefused("damaged")
        yield document
    finally:
        document.close()


def _of_page(document: pypdfium2.PdfDocument, number: int, width: int) -> bytes:
    if not 1 <= number <= len(document):
        raise PreviewRefused("no_page")
    try:
        page = document[number - 1]
    except PdfiumError as error:
        raise PreviewRefused("damaged") from error
    across, down = page.get_size()
    if across <= 0 or down <= 0:
        raise PreviewRefused("damaged")
    scale = min(width / across, TALLEST / down, (MAX_DRAWN / (across * down)) ** 0.5)
    if across * scale < 1 or down * scale < 1:
        raise PreviewRefused("too_large")
    try:
        drawn = page.render(scale=scale, may_draw_forms=False, maybe_alpha=False).to_pil()
    except (PdfiumError, MemoryError, ValueError) as error:
        raise PreviewRefused("damaged") from error
    return _png(drawn)


@contextmanager
def _picture(content: bytes, media_type: str) -> Iterator[Image.Image]:
    """The picture with its head read and nothing unpacked yet."""
    if media_type not in PICTURES:
        raise PreviewRefused("wrong_type")
    try:
        picture = Image.open(io.BytesIO(content), formats=PICTURES[media_type])
    except Image.DecompressionBombError as error:
        raise PreviewRefused("too_large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PreviewRefused("damaged") from error
    with picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise PreviewRefused("too_large")
        yield picture


def _of_picture(picture: Image.Image, width: int) -> bytes:
    """Drawn anew from its pixels, so that place, device and remarks stay behind."""
    try:
        picture.draft("RGB", (width, width * picture.height // picture.width or 1))
        upright = ImageOps.exif_transpose(picture)
        shown = upright.convert("RGBA" if _is_see_through(upright) else "RGB")
        scale = min(width / shown.width, TALLEST / shown.height, (MAX_DRAWN / (shown.width * shown.height)) ** 0.5, 1.0)
        size = max(1, round(shown.width * scale)), max(1, round(shown.height * scale))
        return _png(shown.resize(size, Image.Resampling.LANCZOS) if scale < 1 else shown)
    except Image.DecompressionBombError as error:
        raise PreviewRefused("too_large") from error
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError) as error:
        raise PreviewRefused("damaged") from error


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _png(drawn: Image.Image) -> bytes:
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    buffer = io.BytesIO()
    bare.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

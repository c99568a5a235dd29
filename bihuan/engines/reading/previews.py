"""Pictures of a file's pages: of a PDF its pages, of a picture itself, upright and without what it says of its maker.

Drawn by drawing.py in a process of its own: what a broken or hostile file does there ends there, and in time.
"""

import subprocess
import sys

PDF = "application/pdf"
PICTURES = {"image/png": ("PNG",), "image/jpeg": ("JPEG", "MPO")}
MAX_BYTES = 100 * 2**20
NARROWEST, WIDEST = 16, 2_400
SECONDS = 15
REFUSED = 3

MESSAGES = {
    "wrong_type": "这种文件不能在网页上预览。请下载以后打开。",
    "locked": "文件设了打开密码，不能预览。请下载以后用密码打开。",
    "damaged": "文件损坏，不能预览。请下载以后核对，或请报送人重新提交。",
    "too_large": "图像过大，不能预览。请下载以后打开。",
    "too_slow": "文件太复杂，没能在规定时间内画出来。请下载以后打开。",
    "no_page": "没有这一页。请从第一页看起。",
}


class PreviewRefused(Exception):
    """No picture can be made: a code of MESSAGES, and its Chinese sentence."""

    def __init__(self, code: str) -> None:
        self.code = code if code in MESSAGES else "damaged"
        self.message = MESSAGES[self.code]
        super().__init__(self.message)


def preview_pages(content: bytes, media_type: str) -> int:
    """How many pages there are to look at; a picture is one. Raises PreviewRefused."""
    return int(_drawn("pages", content, media_type, page=1, width=WIDEST))


def preview_png(content: bytes, media_type: str, page: int, width: int) -> bytes:
    """A page (from 1) as a PNG at most `width` wide; a picture is never made larger. Raises PreviewRefused."""
    return _drawn("png", content, media_type, page=page, width=min(max(width, NARROWEST), WIDEST))


def _drawn(deed: str, content: bytes, media_type: str, *, page: int, width: int) -> bytes:
    if media_type != PDF and media_type not in PICTURES:
        raise PreviewRefused("wrong_type")
    if len(content) > MAX_BYTES:
        raise PreviewRefused("too_large")
    command = [sys.executable, "-I", "-m", "bihuan.engines.reading.drawing", deed, media_type, str(page), str(width)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, env={}, check=False)
    except subprocess.TimeoutExpired as error:
        raise PreviewRefused("too_slow") from error
    if done.returncode == 0 and done.stdout:
        return done.stdout
    raise PreviewRefused(done.stderr.decode() if done.returncode == REFUSED else "damaged")

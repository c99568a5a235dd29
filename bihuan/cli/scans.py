"""Reading with recognition for `bihuan read`: progress page by page, and what is done is kept until the whole is read.

Kept pages lie in the person's own cache, not in the home: reading needs none.
"""

import os
import sys
from pathlib import Path

from bihuan.cli.words import _, tell
from bihuan.engines.reading import Reading, Unreadable, read_file, scans


def read_with_scans(file: Path) -> Reading:
    """Read a file; pages of a PDF or picture without text are recognized. Raises Unreadable, also without the extra."""
    try:
        reading = read_file(file)
    except Unreadable as error:
        if error.code != "needs_ocr" or not scans.takes(file.read_bytes()):
            raise
    else:
        if not reading.unread or not scans.is_installed():
            return reading
    return _recognized(file, os.fsencode(file.name).decode("utf-8", "replace"))


def _recognized(file: Path, name: str) -> Reading:
    content = file.read_bytes()
    pages = scans.KeptPages(_folder(), content)
    telling = sys.stderr.isatty()
    progress = None
    try:
        for progress in scans.recognize(content, into=pages):
            if telling:
                _show(name, progress)
    except KeyboardInterrupt:
        if progress and progress.n_done:
            tell(("\n" if telling else "") + _kept_words(name, progress))
        raise
    if telling:
        sys.stderr.write("\n")
    reading = scans.read_scan(content, pages=pages, name=name)
    pages.forget()
    for page in sorted({one.page for one in reading.missed}):
        tell(f"{name}：" + _("第 %(n)d 页可能有漏认的行，请对照原图") % {"n": page})
    return reading


def _show(name: str, progress: scans.Progress) -> None:
    words = _("正在识别第 %(n)d 页，共 %(all)d 页") if progress.n_done < progress.n_all else _("已识别，共 %(all)d 页")
    told = words % {"n": min(progress.n_done + 1, progress.n_all), "all": progress.n_all}
    sys.stderr.write(f"\r{name}：{told}\033[K")
    sys.stderr.flush()


def _kept_words(name: str, progress: scans.Progress) -> str:
    words = _("已识别 %(n)d 页，共 %(all)d 页。再运行一次，就从这里接着识别。")
    return f"{name}：" + words % {"n": progress.n_done, "all": progress.n_all}


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if os.path.isabs(cache) else Path.home() / ".cache") / "bihuan" / "scans"

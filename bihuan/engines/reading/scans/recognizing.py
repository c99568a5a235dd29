"""Recognizes the pages of a document that have no text, one after another, in a process with limits of its own.

The process is started once for a document and ends with it; a page it dies on or hangs on is told as not recognized.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

from bihuan.engines.reading.content import Content
from bihuan.engines.reading.formats.apart import read_apart
from bihuan.engines.reading.formats.scanned_pages import ScannedPage
from bihuan.engines.reading.formats.scans import packed
from bihuan.engines.reading.pipeline import read_content
from bihuan.engines.reading.shapes import Reading, Unreadable

SECONDS = 180  # for one page; it takes two, on a machine that does nothing else
_FAULTS = {
    "damaged": "图片损坏或没有下载完整，打不开。请重新取得文件后再试。",
    "too_large": "图片过大，识别不了。请缩小到 6000 万像素以内后再试。",
}
_NEEDS_EXTRA = (
    "文件里没有读得出的文字：是扫描件、图片，或编码认不出。请安装文字识别组件 bihuan[ocr] 后再试，或换文字版的文件。"
)
_NO_TEXT = "没有认出文字。请检查图片是否清楚、是否选错了文件，或上传 Word 原件。"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many pages of those that need recognition are done."""

    n_done: int
    n_all: int


def is_installed() -> bool:
    """What recognizes the text of scans is there: the extra `ocr`."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime"))


def unread_pages(content: bytes) -> tuple[int, ...]:
    """The numbers of the pages that have no text to read: all of a picture. Raises Unreadable."""
    return _content(content, {}).unread


def recognize(content: bytes, *, into: MutableMapping[int, ScannedPage]) -> Iterator[Progress]:
    """Recognize the pages that are not yet in `into`; yields before the first and after each, to be told or stopped.

    Raises Unreadable: what `unread_pages` refuses, needs_ocr without the extra.
    """
    wanted = unread_pages(content)
    n_done = sum(1 for number in wanted if number in into)
    yield Progress(n_done, len(wanted))
    if n_done < len(wanted):
        with Recognizer(content) as recognizer:
            for number in wanted:
                if number not in into:
                    into[number] = recognizer.page(number)
                    n_done += 1
                    yield Progress(n_done, len(wanted))


def recognized_page(content: bytes, number: int) -> ScannedPage:
    """One page alone, for who does a page at a time. Raises Unreadable: needs_ocr without the extra."""
    with Recognizer(content) as recognizer:
        return recognizer.page(number)


def _nobody(_stage: int) -> None:
    """Nobody waits."""


def read_scan(
    content: bytes, *, pages: Mapping[int, ScannedPage], name: str, told: Callable[[int], None] = _nobody,
    wanted: str = "",
) -> Reading:  # fmt: skip
    """Read a document with its recognized pages in their places; the rest as `read_bytes`. Raises Unreadable."""
    try:
        found = _content(content, pages)
        problems = [page.problem for page in pages.values() if page.problem]
        if not found.text.strip() and not found.unread:
            code = problems[0] if problems else "empty_file"
            raise Unreadable(code if code in {*_FAULTS, "empty_file"} else "damaged", _FAULTS.get(code, _NO_TEXT))
        told(1)
        return read_content(found, told=told, wanted=wanted)
    except Unreadable as error:
        raise Unreadable(error.code, error.reason, file=Path(name).name) from error


def _content(content: bytes, pages: Mapping[int, ScannedPage]) -> Content:
    return read_apart("scan", packed(content, pages))


class Recognizer:
    """The process that recognizes pages of one document."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Recognizer":
        if not is_installed():
            raise Unreadable("needs_ocr", _NEEDS_EXTRA)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def page(self, number: int) -> ScannedPage:
        """The lines of a page, or the problem with it."""
        try:
            answer = self._asked(number)
            if answer:
                return ScannedPage.from_json(json.loads(answer))
        except (OSError, ValueError, TypeError, KeyError):
            pass
        self._end()
        return ScannedPage(number, problem="damaged")

    def _asked(self, number: int) -> bytes:
        process = self._running()
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"%d\n" % number)
        process.stdin.flush()
        watch = threading.Timer(SECONDS, process.kill)
        watch.start()
        try:
            return process.stdout.readline()
        finally:
            watch.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [sys.executable, "-I", "-m", "bihuan.engines.reading.scans.recognizer"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
            )
            assert self._process.stdin
            self._process.stdin.write(len(self._content).to_bytes(8, "big") + self._content)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    if stream:
                        stream.close()
            self._process = None

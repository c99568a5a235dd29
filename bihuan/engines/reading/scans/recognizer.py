"""Recognizes pages: a program that recognizing.py starts, within limits of memory; its models come with their package.

Reads the document and then page numbers from stdin, writes a page as a line of JSON for each. Opens no connection.
"""

import json
import sys
from contextlib import suppress
from typing import Any

from bihuan.engines.reading.drawing import pages as count_pages
from bihuan.engines.reading.drawing import png
from bihuan.engines.reading.formats.scanned_pages import ScannedPage
from bihuan.engines.reading.previews import PDF, PreviewRefused

MAX_MEMORY = 2 * 2**30
WIDTH = 1_654  # of a page as it is drawn: A4 at 200 dots an inch
_MEDIA = ((b"%PDF-", PDF), (b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_LENGTH = 8


def main() -> int:
    """Answer each number on stdin by a line on stdout."""
    _limit()
    sys.addaudithook(_stay_offline)
    length = int.from_bytes(sys.stdin.buffer.read(_LENGTH), "big")
    content = sys.stdin.buffer.read(length)
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_page(content, int(line)).to_json(), separators=(",", ":")).encode() + b"\n")
        answers.flush()
    return 0


def _page(content: bytes, number: int) -> ScannedPage:
    media_type = next((media for magic, media in _MEDIA if content.startswith(magic)), "")
    try:
        if number > count_pages(content, media_type):
            raise PreviewRefused("no_page")
        picture = png(content, media_type, number, WIDTH)
        from bihuan.engines.reading.scans.sight import seen

        return seen(picture, number)
    except PreviewRefused as refused:
        return ScannedPage(number, problem=refused.code)
    except MemoryError:
        return ScannedPage(number, problem="too_large")


def _stay_offline(event: str, _arguments: Any) -> None:
    if event in {"socket.connect", "socket.getaddrinfo", "urllib.Request"}:
        raise ConnectionError(event)


def _limit() -> None:
    """What a page can make this program use at most; its time is watched by who started it."""
    with suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0),
        ):  # fmt: skip
            with suppress(ValueError, OSError):
                allowed = resource.getrlimit(what)[1]
                least = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
                resource.setrlimit(what, (least, least))


if __name__ == "__main__":
    sys.exit(main())

"""Recognized pages kept in a folder, for a reading that was broken off: a file for each, under the document's hash.

What is there belongs to the person who reads; a page is there whole or not at all, and a spoiled one is made again.
A page that could not be recognized is remembered while this program runs, and tried again by the next.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bihuan.engines.reading.formats.scanned_pages import ScannedPage

FORM = 2  # of the files; what another form or another recognition wrote is not taken


class KeptPages(MutableMapping[int, ScannedPage]):
    """The pages of one document, by number."""

    def __init__(self, folder: Path, content: bytes) -> None:
        self._here: dict[int, ScannedPage] = {}
        self.folder = folder / f"{hashlib.sha256(content).hexdigest()}-{FORM}-{_release()}"

    def __getitem__(self, number: int) -> ScannedPage:
        if number in self._here:
            return self._here[number]
        try:
            page = ScannedPage.from_json(json.loads(self._path(number).read_bytes()))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise KeyError(number) from error
        if page.number != number:
            raise KeyError(number)
        return page

    def __setitem__(self, number: int, page: ScannedPage) -> None:
        self._here[number] = page
        if not page.problem:
            with suppress(OSError):  # without room for it, it is lost with this program
                self._write(number, page)

    def _write(self, number: int, page: ScannedPage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(number)
        beside = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            json.dump(page.to_json(), stream)
        beside.replace(path)

    def __delitem__(self, number: int) -> None:
        if number not in self:
            raise KeyError(number)
        self._here.pop(number, None)
        self._path(number).unlink(missing_ok=True)

    def __iter__(self) -> Iterator[int]:
        found = self.folder.glob("*.json") if self.folder.is_dir() else ()
        there = {int(path.stem) for path in found if path.stem.isdigit()}
        return iter(sorted({*there, *self._here}))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def forget(self) -> None:
        """Take all pages of the document away."""
        self._here.clear()
        with suppress(OSError):
            shutil.rmtree(self.folder)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number}.json"


def _release() -> str:
    try:
        return version("rapidocr")
    except PackageNotFoundError:
        return "none"

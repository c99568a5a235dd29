"""How the command speaks: exit codes, two languages, data on stdout and words on stderr. No Django.

The catalog is the one the pages use; without it (a checkout before `make setup`) the words stay Chinese.
"""

import gettext
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

DONE, NO, USAGE, UNREADABLE, NO_DATABASE = range(5)
LANGUAGES = {"zh": "zh-hans", "en": "en"}
_LOCALE = Path(__file__).resolve().parent.parent / "locale"


class _Spoken:
    language = "zh"
    catalog: gettext.NullTranslations = gettext.NullTranslations()


def speak(language: str) -> None:
    """Say everything from now on in this language; UTF-8 whatever the terminal believes."""
    _Spoken.language = language if language in LANGUAGES else "zh"
    _Spoken.catalog = gettext.translation("django", _LOCALE, languages=[_Spoken.language], fallback=True)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def spoken() -> str:
    """The language in use: zh or en."""
    return _Spoken.language


def _(text: str) -> str:
    """The words in the language in use."""
    return _Spoken.catalog.gettext(text) if text else ""


def tell(text: str) -> None:
    """Words, for people: stderr."""
    _write(sys.stderr, text)


def show(text: str) -> None:
    """Data: stdout."""
    _write(sys.stdout, text)


def show_json(content: object) -> None:
    """Data for programs: one JSON value, Chinese as it is, days and instants in ISO 8601, as the API answers them."""
    _write(sys.stdout, json.dumps(content, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for people; a wide character takes two places."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(_width(cell) for cell in column) for column in columns]
    for line in (heads, *rows):
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        _write(sys.stdout, "  ".join(cells).rstrip())


def _write(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)

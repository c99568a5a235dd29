"""The rules in their order, from bytes or text to a restored text with its changes.

What is certain is changed; the rest is proposed. The order matters: bytes before notes, notes before words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bihuan.engines.reading.formats.containers import read_container
from bihuan.engines.reading.restore.boilerplate import boilerplate
from bihuan.engines.reading.restore.decoding import decoded
from bihuan.engines.reading.restore.edits import Changes, Column, Draft
from bihuan.engines.reading.restore.gaps import gaps
from bihuan.engines.reading.restore.hypertext import hypertext
from bihuan.engines.reading.restore.layout import linebreaks, spaces
from bihuan.engines.reading.restore.mojibake import mojibake
from bihuan.engines.reading.restore.notes import notes, swallowed
from bihuan.engines.reading.restore.pairs import Pairs
from bihuan.engines.reading.restore.punctuation import punctuation
from bihuan.engines.reading.restore.shifts import shifts
from bihuan.engines.reading.restore.simplify import simplify
from bihuan.engines.reading.shapes import Span, Unreadable

_BLOCK = 500_000  # characters, and on to the next line end
MAX_BYTES = 50 * 2**20
OVER_LIMIT = "文件超过 50 MB。请分成几份后再试。"
_NOT_TEXT = "这里只修复文本文件和网页。Word、PDF、Excel 文件请用 bihuan read 读取，或另存为文本文件后再试。"
_OFFICE = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", bytes.fromhex("d0cf11e0a1b11ae1"))
_OTHERS = (b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored text: the original it came from, what was changed, what is proposed."""

    encoding: str
    original: str
    text: str
    changes: Changes


def restore_text(original: str, *, encoding: str = "utf-8") -> Restored:
    """Restore a text that is already decoded; a very long one block by block, so that memory stays bounded."""
    kept, offers, pieces = Column(), Column(), list[str]()
    for begin, end in _blocks(original):
        draft = _repaired(original[begin:end], is_first=begin == 0, is_last=end == len(original))
        kept.append(draft.kept, begin)
        offers.append(draft.offers, begin)
        pieces.append(draft.current)
    return Restored(encoding, original, "".join(pieces), Changes(original, kept, offers))


def _blocks(text: str) -> Iterator[Span]:
    begin = 0
    while len(text) - begin > _BLOCK:
        end = text.find("\n", begin + _BLOCK) + 1 or len(text)
        yield begin, end
        begin = end
    if begin < len(text):
        yield begin, len(text)


def _repaired(text: str, *, is_first: bool, is_last: bool) -> Draft:
    draft = Draft(text)
    mojibake(draft)
    hypertext(draft)
    was_noted = notes(draft)
    pairs = Pairs(draft.current)
    swallowed(draft, pairs)
    was_noted |= notes(draft)
    simplify(draft, shifts(draft, pairs), was_noted=was_noted)
    boilerplate(draft, has_head=is_first, has_foot=is_last)
    spaces(draft, pairs)
    linebreaks(draft, pairs)
    punctuation(draft)
    gaps(draft, has_end=is_last)
    return draft


def restore_bytes(content: bytes, *, name: str = "") -> Restored:
    """Restore a text file from its bytes; the name only serves the refusal. Raises Unreadable."""
    try:
        if not content:
            raise Unreadable("empty_file", "文件是空的，一个字节也没有。请检查是否选错了文件。")
        if len(content) > MAX_BYTES:
            raise Unreadable("too_large", OVER_LIMIT)
        if content.startswith(_OFFICE):
            raise Unreadable("wrong_type", _NOT_TEXT)
        if content.startswith(_OTHERS):
            read_container(content)
        text, encoding = decoded(content)
    except Unreadable as refusal:
        raise Unreadable(refusal.code, refusal.reason, file=name) from refusal
    return restore_text(text, encoding=encoding)


def restore_file(path: Path) -> Restored:
    """Restore a text file. Raises Unreadable with a code and a sentence, as reading does."""
    return restore_bytes(_bytes_of(path), name=path.name)


def _bytes_of(path: Path) -> bytes:
    name = path.name
    try:
        if path.is_dir():
            raise Unreadable("wrong_type", "这是文件夹，不是文件。请给出一个文件。", file=name)
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable("too_large", OVER_LIMIT, file=name)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("not_found", "找不到这个文件。请检查文件名和所在的文件夹。", file=name) from error
    except (OSError, ValueError) as error:
        said = "打不开这个文件。请检查读取权限，或确认它没有被别的程序占用。"
        raise Unreadable("no_access", said, file=name) from error

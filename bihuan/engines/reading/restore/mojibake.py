"""UTF-8 that somebody read as GBK and saved: each line is turned back where its bytes are good UTF-8 again."""

import re
from collections.abc import Iterator

from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import Draft, Edit

_LINE = re.compile(r"[^\r\n]*[\u0080-\uffff][^\r\n]*")
_SHORTEST = 2
_LOST = re.compile("\ufffd+")
# Every second character of such a line is one of these: lead bytes of UTF-8 read as halves of a character.
_TYPICAL = re.compile("[鐨勫湪鏄鍏涓浜虹殑鏂鎴鍙鍒鏈浠瀹鐩鍥銆锛鈥鏁鏀]")


def mojibake(draft: Draft) -> None:
    """Turn back the lines that were read in the wrong encoding."""
    if _TYPICAL.search(draft.current):
        draft.put(_turned(draft.current))


def _turned(text: str) -> Iterator[Edit]:
    """Each misread line; when some are so beyond doubt, the short ones too that have lost a byte."""
    lines = [line[0] for line in _LINE.finditer(text)]
    if not any(_TYPICAL.search(line) and _is_sound(line, _as_utf8(line), most_lost=0.1) for line in lines):
        return
    for found in _LINE.finditer(text):
        (begin, end), made = found.span(), _as_utf8(found[0])
        if _is_sound(text[begin:end], made, most_lost=0.5):
            yield Edit(begin, end, made, "shift", 0.99 if "\ufffd" not in made else 0.95)


def _as_utf8(line: str) -> str:
    """The line as it was; what is lost of a character stays a mark of loss."""
    parts = (part.encode("gb18030", "replace") for part in line.split("\ufffd"))
    return _LOST.sub("\ufffd", b"\xff".join(parts).decode("utf-8", "replace"))


def _is_sound(line: str, made: str, *, most_lost: float) -> bool:
    """Whether this is everyday Chinese and the line as it stands is not."""
    beyond = [one for one in made if ord(one) > 0x7F]
    kept = [one for one in beyond if one != "\ufffd"]
    if len(kept) < _SHORTEST or len(beyond) - len(kept) > most_lost * len(beyond):
        return False
    before = [one for one in line if ord(one) > 0x7F]
    share = sum(map(letters.plausible, kept)) / len(kept)
    return share >= 0.8 and share > sum(map(letters.plausible, before)) / len(before)

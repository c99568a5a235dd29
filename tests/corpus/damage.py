"""Damages text as copying, converting and printing do, byte by byte where bytes are what breaks.

Each mechanism gives a `Copy`: the damaged text, where each stretch of the sound text went, and the places it broke.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import itemgetter
from random import Random

import opencc
from pypinyin.pinyin_dict import pinyin_dict

Span = tuple[int, int]
HAN = re.compile("[一-鿿]")
FULL_TO_HALF = str.maketrans("，；：！？（）０１２３４５６７８９", ",;:!?()0123456789")
_ZONE = (*range(0xAA, 0xB0), *range(0xF8, 0xFF))


@dataclass(frozen=True)
class Place:
    """One broken place: where it stands in the damaged text, and what stood there; empty when nobody can know."""

    span: Span
    truth: str


@dataclass(frozen=True)
class Copy:
    """A damaged copy of a text. `steps` are pairs of places, sound and damaged, that belong together, in order."""

    text: str
    steps: tuple[tuple[int, int], ...]
    places: tuple[Place, ...] = ()

    def moved(self, span: Span) -> Span:
        """Where a stretch of the sound text stands in the damaged one, without what was put in before and behind it."""
        begin, at = self._moved(span[0]), bisect_left(self.steps, (span[1], 0))
        is_step = at < len(self.steps) and self.steps[at][0] == span[1]
        return begin, max(begin, self.steps[at][1] if is_step else self._moved(span[1]))

    def _moved(self, place: int) -> int:
        at = max(0, bisect_right(self.steps, (place, 1 << 60)) - 1)
        sound, damaged = self.steps[at]
        following = self.steps[at + 1][1] if at + 1 < len(self.steps) else len(self.text)
        return min(damaged + place - sound, following)

    def then(self, mechanism: "Mechanism", chance: Random) -> "Copy":
        """This copy damaged once more; the places are those of the last step."""
        second = mechanism(self.text, chance)
        steps = [(sound, second._moved(here)) for sound, here in self.steps]
        steps += [(self._back(here), damaged) for here, damaged in second.steps]
        return Copy(second.text, tuple(sorted(steps)), second.places)

    def _back(self, place: int) -> int:
        at = bisect_right(self.steps, place, key=itemgetter(1)) - 1
        sound, damaged = self.steps[at]
        following = self.steps[at + 1][0] if at + 1 < len(self.steps) else sound + place
        return min(sound + place - damaged, following)


Mechanism = Callable[[str, Random], Copy]
Piece = tuple[int, int, str, str | None]  # from, to, what stands there now, the truth if it is a broken place


def _copy(text: str, pieces: Iterable[Piece]) -> Copy:
    """The text with these pieces, sorted and disjoint, in place of their stretches."""
    written, steps, places, reached, length = list[str](), [(0, 0)], list[Place](), 0, 0
    for begin, end, now, truth in pieces:
        written += (text[reached:begin], now)
        length += begin - reached
        steps.append((begin, length))
        if truth is not None:
            places.append(Place((length, length + len(now)), truth))
        length += len(now)
        steps.append((end, length))
        reached = end
    return Copy("".join((*written, text[reached:])), tuple(steps), tuple(places))


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def simplified(text: str) -> str:
    """The text in Simplified characters."""
    return str(_converter("tw2s").convert(text))


def reading_of(character: str) -> str:
    """The first reading of a character, with its tone."""
    return str(pinyin_dict.get(ord(character), "")).split(",")[0]


def traditional(text: str, _chance: Random) -> Copy:
    """Every character in its Traditional form."""
    made = str(_converter("s2t").convert(text))
    return _copy(
        text, [(at, at + 1, new, old) for at, (old, new) in enumerate(zip(text, made, strict=True)) if old != new]
    )


def noted(text: str, chance: Random) -> Copy:
    """Traditional, with the reading behind each character that was converted: 習(xí)."""
    made = traditional(text, chance)
    steps = [
        (begin, end, f"{new}({reading_of(new)})", text[begin:end]) for begin, end, new in _converted(text, made.text)
    ]
    return _copy(text, steps)


def noted_simplified(text: str, chance: Random) -> Copy:
    """The reading behind every sixth character or so, the characters themselves unchanged."""
    found = [one.start() for one in HAN.finditer(text) if chance.random() < 1 / 6 and reading_of(one[0])]
    return _copy(text, [(at, at + 1, f"{text[at]}({reading_of(text[at])})", text[at]) for at in found])


def _converted(text: str, made: str) -> Iterator[tuple[int, int, str]]:
    return ((at, at + 1, new) for at, (old, new) in enumerate(zip(text, made, strict=True)) if old != new)


def half_width(text: str, _chance: Random) -> Copy:
    """Full-width punctuation and digits made ASCII."""
    made = text.translate(FULL_TO_HALF)
    return _copy(text, [(begin, end, new, text[begin:end]) for begin, end, new in _converted(text, made)])


def doubled(text: str, chance: Random) -> Copy:
    """Some commas and stops twice."""
    found = [one for one in re.finditer("[，。、；]", text) if chance.random() < 0.1]
    return _copy(text, [(one.start(), one.end(), one[0] * 2, one[0]) for one in found])


def spaced(text: str, chance: Random) -> Copy:
    """A space between every tenth pair of Chinese characters or so."""
    found = [one.start() for one in re.finditer("(?<=[一-鿿])(?=[一-鿿])", text) if chance.random() < 0.1]
    return _copy(text, [(at, at, " ", "") for at in found])


def wrapped(text: str, _chance: Random, width: int = 34) -> Copy:
    """Lines broken at the width of a page, wherever that falls."""
    pieces = []
    for line in re.finditer(r"[^\n]+", text):
        pieces += [(at, at, "\n", "") for at in range(line.start() + width, line.end(), width)]
    return _copy(text, pieces)


def tagged(text: str, chance: Random) -> Copy:
    """As a web page has it: paragraphs in tags, quotes and signs as entities, some words in spans."""
    pieces: list[Piece] = []
    for line in re.finditer(r"[^\n]+", text):
        pieces.append((line.start(), line.start(), '<p style="text-indent:2em">', ""))
        for sign in re.finditer("[“”—&<>]", line[0]):
            at = line.start() + sign.start()
            pieces.append((at, at + 1, _entity(sign[0]), sign[0]))
        if chance.random() < 0.3:
            pieces.append((line.end(), line.end(), "<span></span><br/></p>", ""))
        else:
            pieces.append((line.end(), line.end(), "</p>", ""))
    return _copy(text, pieces)


def _entity(sign: str) -> str:
    return {"“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;"}.get(sign, html.escape(sign))


HEAD = "欢迎访问青禾县人民政府网站！\n当前位置：首页 > 信息公开 > 巡察公告\n【字体：大 中 小】 打印 关闭\n"
FOOT = "\n分享到： 微信 微博 QQ空间\n【打印本页】【关闭窗口】\n上一篇：没有了\n下一篇：县委召开常委会会议\n"
FOOT += "版权所有：青禾县人民政府办公室\n联系电话：0571-00000000\n浙ICP备00000000号-1 浙公网安备 33000000000000号\n"


def framed(text: str, _chance: Random) -> Copy:
    """Navigation above, share buttons, copyright and contact lines below."""
    end = len(text)
    return _copy(text, [(0, 0, HEAD, ""), (end, end, FOOT, "")])


def shifted(text: str, chance: Random, share: float = 0.3) -> Copy:
    """Before each 。” and in a share of the sentences a first byte becomes `?`: up to the next odd byte all pairs anew.

    Pairs of the zone without characters fall out, as browsers drop them.
    """
    starts = [one.start() for one in re.finditer("(?<=[一-鿿])。”[一-鿿]", text)]
    found = [one for one in re.finditer("[^\n。！？]{6,}[。！？]", text) if chance.random() < share]
    starts += [one.start() + chance.randrange(1, len(one[0]) - 4) for one in found]
    pieces, reached = list[Piece](), 0
    for begin in sorted(starts):
        made = _paired_anew(text[begin : begin + 60].partition("\n")[0]) if begin >= reached else None
        if made and ord(text[begin]) > 0x7F:
            length, now = made
            pieces.append((begin, begin + length, now, text[begin : begin + length]))
            reached = begin + length
    return _copy(text, pieces)


def _paired_anew(text: str) -> tuple[int, str] | None:
    """How many characters are read wrongly once the first byte is gone, and as what; none when no byte ends it."""
    bytes_ = bytearray()
    for at, character in enumerate(text):
        found = character.encode("gbk", "ignore")
        bytes_ += found
        if found[-1:] and found[-1] < 0x80 and at > 1:
            return at + 1, "?" + _read(bytes(bytes_[1:]))
    return None


def _read(bytes_: bytes) -> str:
    """Bytes as a lenient reader of GBK takes them."""
    made, at = list[str](), 0
    while at < len(bytes_):
        pair = bytes_[at : at + 2]
        found = pair.decode("gbk", "ignore")
        if pair[0] < 0x80:
            made.append(chr(pair[0]))
            at += 1
        elif len(pair) == 2 and (found or (pair[0] in _ZONE and pair[1] >= 0xA1)):
            made.append(found)
            at += 2
        else:
            made.append("?")
            at += 1
    return "".join(made)


def swallowed(text: str, _chance: Random) -> Copy:
    """Traditional; a note was put between the two bytes of a character that looked like another from one byte before.

    Only where the second byte is an ASCII letter, or makes a full-width digit with the character behind it.
    """
    made = traditional(text, _chance).text
    pieces, reached = list[Piece](), 0
    for at, (before, cut) in enumerate(pairwise(made), 1):
        found = _cut(before, cut, made[at + 1 : at + 2]) if at > reached and made[at] != text[at] else None
        if found:
            length, now = found
            pieces.append((at, at + length, now, text[at : at + length]))
            reached = at + length
    return _copy(made, pieces)


def _cut(before: str, cut: str, after: str) -> tuple[int, str] | None:
    """How many characters broke, and what is left of them."""
    first, second, third = (one.encode("gbk", "ignore") for one in (before, cut, after))
    if len(first) != 2 or len(second) != 2:
        return None
    seen = bytes((first[1], second[0])).decode("gbk", "ignore")
    if len(seen) != 1 or simplified(seen) == seen or not reading_of(seen):
        return None
    if second[1] < 0x80:
        return 1, f"?{reading_of(seen)}){chr(second[1])}"
    if second[1] == 0xA3 and len(third) == 2 and 0xB0 <= third[0] <= 0xB9 and third[1] < 0x80:
        return 2, f"?{reading_of(seen)}){chr(third[0] - 0x80)}{chr(third[1])}"
    return None


def lost(text: str, chance: Random) -> Copy:
    """Some characters are gone; `?` and their reading are left."""
    found = [one for one in HAN.finditer(text) if chance.random() < 0.01 and reading_of(one[0])]
    return _copy(text, [(one.start(), one.end(), f"?{reading_of(one[0])})", one[0]) for one in found])


def blanked(text: str, chance: Random) -> Copy:
    """Names and words made unreadable on purpose: _, X同志."""
    found = [one for one in re.finditer("(?<=[一-鿿])[一-鿿]{2}(?=[一-鿿])", text) if chance.random() < 0.01]
    return _copy(text, [(one.start(), one.end(), "_", "") for one in found])


def cut(text: str, chance: Random) -> Copy:
    """A stretch in the middle is missing, from inside one sentence to inside another."""
    third = max(1, len(text) // 3)
    begin = chance.randrange(third, 2 * third)
    return _copy(text, [(begin, min(len(text), begin + 40), "\n", "")])


def headless(text: str, _chance: Random) -> Copy:
    """The main headings are lost: 一、二、三 gone, （一） left."""
    return _copy(text, [(*one.span(), "", "") for one in re.finditer(r"(?m)^[一二三四五六七八九十]{1,2}、.*\n", text)])


MECHANISMS: dict[str, Mechanism] = {
    one.__name__: one
    for one in (
        traditional, noted, noted_simplified, half_width, doubled, spaced, wrapped, tagged, framed, shifted, swallowed,
        lost, blanked, cut, headless,
    )
}  # fmt: skip

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be")


def misread(text: str) -> str:
    """UTF-8 read as GBK line by line, what is no character lost: 鍏充簬."""
    lines = (line.encode("utf-8").decode("gb18030", "replace") for line in text.split("\n"))
    return "\n".join(lines)

"""What a character is and how it sounds: frequent, Traditional, Simplified alone; its two bytes in GBK; its readings.

The tables are made from the codecs and from OpenCC once; pinyin is loaded when a note is met.
"""

import re
import unicodedata
from functools import cache

HAN = "㐀-䶿一-鿿"
IS_HAN = re.compile(f"[{HAN}]")
PINYIN = r"[a-zɡāáǎàēéěèêīíǐìńňǹḿōóǒòūúǔùǖǘǚǜü\u0300\u0301\u0304\u0308\u030c]{1,8}[1-5]?"
_TONES = "\u0300\u0301\u0304\u030c"
# What tw2s makes of 著 where the word is already Simplified.
_KEPT = re.compile("(?<=[显編编專专土卓昭論论原巨名遺遗拙譯译])着|着(?=[作名称稱述录錄者書书])")


def _of(rows: range, trails: range = range(0xA1, 0xFF)) -> frozenset[str]:
    found = (bytes((lead, trail)).decode("gb2312", "ignore") for lead in rows for trail in trails)
    return frozenset(filter(None, found))


@cache
def frequent() -> frozenset[str]:
    """The 3,755 characters of everyday use: level one of GB 2312."""
    return _of(range(0xB0, 0xD8))


@cache
def simplified_set() -> frozenset[str]:
    """The 6,763 characters of GB 2312."""
    return frequent() | _of(range(0xD8, 0xF8))


@cache
def _converter(config: str):  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC(config)


def simplified(text: str) -> str:
    """The text in Simplified characters, one for one."""
    made = str(_converter("tw2s").convert(text))
    if len(made) != len(text):
        made = "".join(_line_for_line(line) for line in re.split(r"(\n)", text))
    return _KEPT.sub(lambda found: text[found.start()] if text[found.start()] == "著" else found[0], made)


def _line_for_line(line: str) -> str:
    made = str(_converter("tw2s").convert(line))
    return made if len(made) == len(line) else "".join(map(simple_of, line))


@cache
def _table() -> dict[str, str]:
    """Each character that OpenCC writes otherwise, on its own."""
    every = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))]
    made = str(_converter("tw2s").convert("\n".join(every))).split("\n")
    return {one: other for one, other in zip(every, made, strict=True) if one != other and len(other) == 1}


def simple_of(character: str) -> str:
    """The Simplified form of one character."""
    return _table().get(character, character)


@cache
def traditional() -> frozenset[str]:
    """Characters that no Simplified text has: written otherwise there, and absent from GB 2312."""
    return frozenset(_table()) - simplified_set()


@cache
def _any_traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(traditional()))}]")


def has_traditional(text: str) -> bool:
    """Whether there is a character that no Simplified text has."""
    return bool(_any_traditional().search(text))


@cache
def simplified_only() -> frozenset[str]:
    """Characters that no Traditional text has: written otherwise there, and absent from Big5."""
    every = sorted(simplified_set())
    made = str(_converter("s2t").convert("\n".join(every))).split("\n")
    return frozenset(one for one, other in zip(every, made, strict=True) if one != other and not _in_big5(one))


def _in_big5(character: str) -> bool:
    return bool(character.encode("big5", "ignore"))


@cache
def bytes_of(character: str) -> bytes:
    """The character as GBK has it: one byte or two; nothing when it has none."""
    found = character.encode("gb18030", "ignore")
    return found if len(found) <= 2 else b""


@cache
def character_of(lead: int, trail: int) -> str:
    """The character of two bytes in GBK; empty when they are none, or one of the zone for private use."""
    found = bytes((lead, trail)).decode("gbk", "ignore")
    return found if len(found) == 1 and ord(found) > 0x7F else ""


@cache
def readings(character: str) -> frozenset[str]:
    """How a character may be read: with tone marks."""
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(map(_plain, pinyin_dict.get(ord(character), "").split(","))) - {""}


@cache
def _toneless(character: str) -> frozenset[str]:
    return frozenset(map(without_tone, readings(character)))


def without_tone(pinyin: str) -> str:
    """The syllable without its tone."""
    apart = unicodedata.normalize("NFD", pinyin)
    return unicodedata.normalize("NFC", "".join(one for one in apart if one not in _TONES)).replace("ü", "v")


def _plain(pinyin: str) -> str:
    return unicodedata.normalize("NFC", pinyin.replace("ɡ", "g").strip())


def has_tone(pinyin: str) -> bool:
    """Whether the tone is written."""
    return pinyin[-1].isdigit() or any(one in _TONES for one in unicodedata.normalize("NFD", pinyin))


@cache
def is_read(character: str, pinyin: str) -> bool:
    """Whether the note is a reading of the character, tone mark, tone number or none."""
    note = _plain(pinyin)
    if note[-1].isdigit() or not has_tone(note):
        return without_tone(note.rstrip("12345")).replace("u:", "v") in _toneless(character)
    return note in readings(character)


@cache
def _by_sound() -> dict[str, list[str]]:
    """The everyday characters by their readings, with tone mark and without."""
    found: dict[str, list[str]] = {}
    for character in sorted(frequent()):
        for sound in readings(character) | _toneless(character):
            found.setdefault(sound, []).append(character)
    return found


def sounding(pinyin: str) -> list[str]:
    """The everyday characters that may be read so."""
    note = _plain(pinyin)
    if note[-1].isdigit() or not has_tone(note):
        note = without_tone(note.rstrip("12345")).replace("u:", "v")
    return _by_sound().get(note, [])


def plausible(character: str) -> bool:
    """Whether a running text may well have this character."""
    return simple_of(character) in frequent() or character in "，。、；：？！“”‘’（）《》—…〔〕％"

"""Numbers that people read and write on paper; what a machine keys by is an id, not these.

A number is written in one form only and read in the forms that people type.
"""

import re
import unicodedata
from dataclasses import dataclass

_SEQUENCE_WIDTH = 3
_FIRST_YEAR, _LAST_YEAR = 1949, 9999
# What may part the parts of a number; a list of numbers (、，/) is no number.
_BRACKETS = r"〔〕﹝﹞\[\]［］()（）【】〖〗{}｛｝<>＜＞〈〉《》"
_PARTS = rf"\s{_BRACKETS}\-－﹣‐‑‒–—―−_＿.．·"
_FIGURES = rf"(?P<round_number>\d{{1,4}})[{_PARTS}]+(?P<sequence>\d{{1,6}})\s*"
# As it is written, so that every office word is read back; then as it is typed.
_FORMS = tuple(
    re.compile(rf"\s*(?P<office_word>{office_word}(?P<year>\d{{4}})[{_PARTS}]+{_FIGURES}")
    for office_word in (
        rf"[^\s{_BRACKETS}]+)\s*[{_BRACKETS}]\s*",
        rf"[^{_PARTS}](?:[^{_BRACKETS}]*?[^{_PARTS}])??)[{_PARTS}]*?",
    )
)
_OFFICE_WORD = re.compile(rf"[^\s{_BRACKETS}]+")


@dataclass(frozen=True, slots=True)
class FindingNumber:
    """What a finding's number says: whose office, which year, which round, the how-manieth."""

    office_word: str
    year: int
    round_number: int
    sequence: int

    def __str__(self) -> str:
        return finding_number(
            office_word=self.office_word, year=self.year, round_number=self.round_number, sequence=self.sequence
        )


def finding_number(*, office_word: str, year: int, round_number: int, sequence: int) -> str:
    """云溪〔2026〕3-014. ValueError for a part that could not be read back."""
    if not _OFFICE_WORD.fullmatch(office_word):
        raise ValueError(f"office word {office_word!r} is empty or has spaces or brackets")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"year {year} is not a year of the office")
    if not 1 <= round_number <= 9999 or not 1 <= sequence <= 999_999:
        raise ValueError(f"round {round_number} or sequence {sequence} is out of range")
    return f"{office_word}〔{year}〕{round_number}-{sequence:0{_SEQUENCE_WIDTH}d}"


def parse_finding_number(text: str) -> FindingNumber | None:
    """The parts of a number as written or as typed (other brackets or none, any width, spaces, no zeros); else None."""
    bare = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    match = next(filter(None, (form.fullmatch(bare) for form in _FORMS)), None)
    if match is None:
        return None
    year, round_number, sequence = (int(match[name]) for name in ("year", "round_number", "sequence"))
    if not _FIRST_YEAR <= year <= _LAST_YEAR or not round_number or not sequence:
        return None
    return FindingNumber("".join(match["office_word"].split()), year, round_number, sequence)

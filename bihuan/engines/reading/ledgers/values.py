"""What one cell of a ledger says: a unit, a category, a day, an amount, yes or no; or what is wrong with it.

Each function takes words and gives a value or Wrong; the same words always give the same, so that each is asked once.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from bihuan.engines.reading.formats.cell_rows import NOT_SAVED
from bihuan.engines.reading.ledgers.shapes import Known, Unit, alike
from bihuan.engines.reading.tables.cells import state_of
from bihuan.rules.amounts import yuan_of
from bihuan.rules.numbering import FindingNumber, parse_finding_number
from bihuan.rules.vocabulary import COMMONALITIES, SEVERITIES
from bihuan.rules.written_days import day_of, is_long_term

_NEAR, _LEAST = 3, 0.6
_LONGEST_TEXT = 20_000
_LARGEST = Decimal(10) ** 15
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!)")
_WHOLE_DAY = re.compile(r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT_DAY = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_SERIAL = re.compile(r"[3-6]\d{4}")
_FIRST_DAY = date(1899, 12, 30)
_YES = frozenset(["是", "有", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "对"])
_NO = frozenset(["否", "无", "×", "✗", "✘", "☐", "0", "n", "no", "false", "不", "不是", "-", "—", "/", "\\"])
_EMPTY = frozenset(["-", "—", "–", "/", "\\", "无", "暂无"])
_PARTED = re.compile(r"[、,，;；/\n]+")
_STATES = (
    "已完成",
    "已整改",
    "已销号",
    "基本完成",
    "正在整改",
    "持续整改",
    "未完成",
    "未整改",
    "长期坚持",
    "阶段性完成",
)
_UNITS = re.compile(r"[(（/](?:单位[:：])?\s*(万|亿|千)?元\s*[)）]?$")
_TIMES = {"千": Decimal(1_000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell, and what it may have been meant for."""

    code: str
    near: tuple[str, ...] = ()


Reader = Callable[[str], Any]


def readers(known: Known, *, label_of_amount: str) -> dict[str, Reader]:
    """A reader for each column that may be there; each gives the value, or Wrong."""
    units = _ByWords(known.units)
    inspected = [name for name, unit in known.units.items() if unit.is_inspected]
    labels = _ByWords({said: code for code, label in known.categories.items() for said in (label, code)})
    wide = _ByWords({said: code for code, label in known.wide.items() for said in (label, code)})
    marks = dict.fromkeys(("fix_now", "listed", "key"), _mark)
    days = dict.fromkeys(("given", "due", "progress_on"), _day)
    return {
        **marks,
        **days,
        "unit": lambda words: _unit(words, units, inspected),
        "number": _Numbers(known.numbers),
        "text": _text,
        "category": lambda words: _category(words, labels, wide),
        "severity": lambda words: _labeled(words, SEVERITIES, "severity_unknown"),
        "commonality": _commonality,
        "amount": lambda words: _amount(words, _times(label_of_amount)),
        "lead": lambda words: _lead(words, units),
        "helping": lambda words: _helping(words, units),
        "state": _state,
        "progress": _plain,
    }


def error_in(words: str) -> Wrong | None:
    """A cell whose formula failed, or was never worked out."""
    if words.startswith("#"):
        if words == NOT_SAVED:
            return Wrong("cell_not_saved")
        if _ERROR.fullmatch(words.strip()):
            return Wrong("cell_error")
    return None


class _ByWords:
    """Values by names, whatever the width, the blanks and the marks in them; and the names most like a given one."""

    def __init__(self, named: Mapping[str, Any]) -> None:
        self._named = named
        self._plain = {alike(name): name for name in named}

    def find(self, words: str) -> Any:
        """The value of this name; None where there is none."""
        name = words if words in self._named else self._plain.get(alike(words))
        return self._named[name] if name is not None else None

    def near(self, words: str, *, among: Iterable[str] = ()) -> tuple[str, ...]:
        """The names that were perhaps meant, the most like first."""
        plain = {alike(name): name for name in among} or self._plain
        said = alike(words)
        found = get_close_matches(said, plain, n=_NEAR, cutoff=_LEAST)
        if len(said) > 1:
            # A short name stands for the one that holds it: 财政局 for 云溪县财政局.
            found = list(dict.fromkeys([*(one for one in plain if said in one or one in said), *found]))[:_NEAR]
        names = [plain[one] for one in found]
        return tuple(dict.fromkeys(getattr(self._named[name], "name", name) for name in names))


class _Numbers:
    """The numbers of findings, however their brackets, widths, spaces and zeros are typed, where one alone is meant."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._numbers = frozenset(numbers)
        self._by_parts: dict[object, str] = {}
        self._by_sequence: dict[int, list[tuple[tuple[int, ...], str]]] = {}
        for number in sorted(self._numbers):
            parts = parse_finding_number(number)
            if parts is None:
                continue
            # What two numbers say alike is said of neither.
            self._by_parts[_parts(parts)] = "" if _parts(parts) in self._by_parts else number
            figures = (parts.year, parts.round_number, parts.sequence)
            self._by_sequence.setdefault(parts.sequence, []).append((figures, number))

    def __call__(self, words: str) -> str | Wrong:
        if words in self._numbers or words in _EMPTY:
            return _plain(words)
        parts = parse_finding_number(words)
        return (self._by_parts.get(_parts(parts), "") if parts else "") or Wrong("number_unknown", self._near(words))

    def _near(self, words: str) -> tuple[str, ...]:
        """The numbers that end in these figures: a bare 3 is perhaps the third of the round."""
        said = tuple(int(figures) for figures in re.findall(r"\d{1,9}", words))
        among = self._by_sequence.get(said[-1], []) if said else []
        return tuple(number for figures, number in among if figures[-len(said) :] == said)[:_NEAR]


def _parts(number: FindingNumber) -> object:
    return alike(number.office_word), number.year, number.round_number, number.sequence


def _plain(words: str) -> str:
    return "" if words in _EMPTY else words


def _text(words: str) -> str | Wrong:
    if not any(map(str.isalnum, words)):
        return Wrong("text_missing")
    return Wrong("text_too_long") if len(words) > _LONGEST_TEXT else words


def _unit(words: str, units: _ByWords, inspected: list[str]) -> Unit | Wrong:
    found = units.find(words)
    if found is None:
        return Wrong("unit_unknown", units.near(words, among=inspected))
    return found if found.is_inspected else Wrong("unit_elsewhere", units.near(words, among=inspected))


def _lead(words: str, units: _ByWords) -> Unit | Wrong | None:
    return None if words in _EMPTY else units.find(words) or Wrong("lead_unknown", units.near(words))


def _helping(words: str, units: _ByWords) -> tuple[Unit, ...] | Wrong:
    found: list[Unit] = []
    for name in filter(None, (one.strip() for one in _PARTED.split(words))):
        if name in _EMPTY:
            continue
        unit = units.find(name)
        if unit is None:
            return Wrong("helping_unknown", units.near(name))
        found.append(unit)
    return tuple(dict.fromkeys(found))


def _category(words: str, labels: _ByWords, wide: _ByWords) -> str | Wrong:
    if words in _EMPTY:
        return ""
    found = labels.find(words)
    if found is not None:
        return str(found)
    return Wrong("category_too_wide" if wide.find(words) else "category_unknown", labels.near(words))


def _labeled(words: str, labels: Mapping[str, str], code: str) -> str | Wrong:
    if words in _EMPTY:
        return ""
    said = words.removesuffix("问题").removesuffix("性质")
    found = next((key for key, label in labels.items() if said in (label, f"{label}性", key)), None)
    return found or Wrong(code, tuple(label for label in labels.values() if label[:1] in words)[:_NEAR])


def _commonality(words: str) -> str | Wrong:
    """Also as the answer to 是否共性."""
    if words in ("是", "否"):
        return "common" if words == "是" else "individual"
    return _labeled(words, COMMONALITIES, "commonality_unknown")


def _mark(words: str) -> bool | Wrong:
    said = words.casefold()
    if said in _YES or words in ("立行立改", "挂牌", "重点", "重点关注"):
        return True
    return False if said in _NO else Wrong("mark_unknown", ("是", "否"))


def _state(words: str) -> str | Wrong:
    if words in _EMPTY:
        return ""
    state, is_sure = state_of(re.sub(r"\s", "", words), None)
    if state and is_sure:
        return state
    return Wrong("state_unknown", tuple(get_close_matches(words, _STATES, n=_NEAR, cutoff=0.5)))


def _day(words: str) -> date | Wrong | None:
    if words in _EMPTY or (is_long_term(words) and not re.search(r"\d", words)):
        return None
    whole = _WHOLE_DAY.fullmatch(words) or _COMPACT_DAY.fullmatch(words)
    if whole:
        return _dated(int(whole[1]), int(whole[2]), int(whole[3]))
    if _SERIAL.fullmatch(words):
        return _FIRST_DAY + timedelta(days=int(words))
    return day_of(words) or Wrong("day_unreadable")


def _dated(year: int, month: int, day: int) -> date | Wrong:
    try:
        return date(year, month, day)
    except ValueError:
        if 1 <= month <= 12 and 1 <= year < 9999 and day > 28:
            last = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            return Wrong("day_impossible", (last.isoformat(),))
        return Wrong("day_impossible")


def _times(label: str) -> Decimal:
    """What bare numbers below this head are counted in."""
    unit = _UNITS.search(label)
    return _TIMES.get(unit[1] or "", Decimal(1)) if unit else Decimal(1)


def _amount(words: str, times: Decimal) -> Decimal | Wrong | None:
    if words in _EMPTY:
        return None
    try:
        amount = yuan_of(words)
    except ValueError:
        return Wrong("amount_unreadable")
    if amount is None:
        return None
    if words[-1].isdecimal():
        amount = (amount * times).quantize(Decimal("0.01")) if abs(amount) < _LARGEST else amount
    if amount < 0:
        return Wrong("amount_negative", (words.lstrip("-－−负").strip(),))
    return Wrong("amount_too_large") if amount >= _LARGEST else amount or None

"""A number of a sheet as a person sees it there: dates, percentages, fixed decimals, units written by the format.

Thousands separators and colors are left out. A date keeps its year even where the format hides it.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from functools import lru_cache

_DATE, _CHINESE_DATE = "yyyy-mm-dd", 'yyyy"年"m"月"d"日"'
BUILT_IN = {
    1: "0", 2: "0.00", 3: "0", 4: "0.00", 9: "0%", 10: "0.00%", 14: _DATE, 15: _DATE, 16: _DATE, 17: "yyyy-mm",
    18: "hh:mm", 19: "hh:mm:ss", 20: "hh:mm", 21: "hh:mm:ss", 22: "yyyy-mm-dd hh:mm", 27: 'yyyy"年"m"月"',
    28: _CHINESE_DATE, 29: _CHINESE_DATE, 30: _DATE, 31: _CHINESE_DATE, 32: "hh:mm", 33: "hh:mm:ss", 34: "hh:mm",
    35: "hh:mm:ss", 36: 'yyyy"年"m"月"', 37: "0", 38: "0", 39: "0.00", 40: "0.00", 45: "mm:ss", 46: "hh:mm:ss",
    47: "mm:ss", 50: 'yyyy"年"m"月"', 51: _CHINESE_DATE, 52: 'yyyy"年"m"月"', 53: _CHINESE_DATE, 54: _CHINESE_DATE,
    55: 'yyyy"年"m"月"', 56: _CHINESE_DATE, 57: 'yyyy"年"m"月"', 58: _CHINESE_DATE,
}  # fmt: skip
_GENERAL = {"", "General", "@"}
_PLAIN_DAY = re.compile(r"(?:\[\$-[0-9A-Fa-f]+\])?y{4}(\\?[-/.])m{1,2}\1d{1,2}(?:;@)?")
_LONGEST_CODE = 255
_SECONDS = 86_400
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_PLACEHOLDERS = re.compile(r"[#0?](?:[#0?,]*)(?:\.([#0?]*))?")


def shown(value: str, code: str, *, from_1904: bool = False) -> str:
    """A stored number in the words of its format; what is no number, or out of range, stays as it is stored."""
    if code in _GENERAL and value.isascii() and value.isdigit() and len(value) < 16 and value[0] != "0":
        return value
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return value
    if not number.is_finite() or number.adjusted() > 300 or number.adjusted() < -300:
        return value
    bare = _bare(code[:_LONGEST_CODE])
    with localcontext(prec=400):
        if _is_date(bare):
            return _as_date(number, bare, from_1904=from_1904) or _general(number)
        return _as_number(number, bare)


def is_plain(code: str) -> bool:
    """A number of this format is shown as it is stored."""
    return code in _GENERAL


def is_plain_day(code: str) -> bool:
    """A number of this format is shown as a day, from year to day."""
    return bool(_PLAIN_DAY.fullmatch(code))


@lru_cache(maxsize=512)
def _bare(code: str) -> str:
    """The format for numbers above zero, its literal words set apart by control characters."""
    kept = _QUOTED.sub(_literal, code)
    return kept.split(";")[0]


def _literal(found: re.Match[str]) -> str:
    words = found[1] if found[1] is not None else found[2]
    return f"\x02{words.replace(';', '；')}\x03" if words else ""


def _without_literals(bare: str) -> str:
    return re.sub("\x02[^\x03]*\x03", "", bare)


def _is_date(bare: str) -> bool:
    letters = re.sub(r"(?i)general|e[+-]", "", _without_literals(bare))
    return bool(re.search(r"[yYdDhHsS]|[mM]|[年月日时]", letters))


def _as_date(number: Decimal, bare: str, *, from_1904: bool) -> str:
    if not 0 <= number < 2_958_466:
        return ""
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31 if number < 60 else 30)  # noqa: DTZ001
    at = first + timedelta(seconds=round(number * _SECONDS))
    letters = _without_literals(bare).lower()
    has_time = "h" in letters or "s" in letters
    has_day = "d" in letters or "日" in bare
    has_date = "y" in letters or has_day or not has_time
    time = f"{at:%H:%M}" if has_time else ""
    if not has_date:
        return time
    if "年" in bare or "月" in bare:
        date = f"{at.year}年{at.month}月" + (f"{at.day}日" if has_day else "")
    else:
        date = f"{at:%Y-%m-%d}" if has_day else f"{at:%Y-%m}"
    return f"{date} {time}" if time and time != "00:00" else date


def _as_number(number: Decimal, bare: str) -> str:
    letters = _without_literals(bare)
    places = _PLACEHOLDERS.search(_blanked(bare))
    if places is None or re.search(r"(?i)e[+-]|/|@|general", letters):
        return _general(number)
    if "%" in letters:
        number *= 100
    decimals = len(places[1] or "")
    fixed = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    sign, digits = ("-" if fixed < 0 else ""), f"{abs(fixed):f}"
    optional = (places[1] or "").rstrip("#").__len__()
    while "." in digits and len(digits.partition(".")[2]) > optional and digits.endswith("0"):
        digits = digits[:-1]
    whole, point, part = digits.rstrip(".").partition(".")
    whole = whole.zfill(places[0].partition(".")[0].count("0"))
    before, after = _words(bare[: places.start()]), _words(bare[places.end() :])
    return f"{before}{sign}{whole}{point}{part}{after}"


def _blanked(bare: str) -> str:
    """The format with its literal words blanked, places kept."""
    return re.sub("\x02[^\x03]*\x03", lambda found: " " * len(found[0]), bare)


def _words(stretch: str) -> str:
    """Literal words, the percent sign and Chinese letters around the digits."""
    literal = re.sub("[\x02\x03]", "", "".join(re.findall("\x02[^\x03]*\x03|%|[㐀-鿿]+", stretch)))
    return literal if literal.strip() else ""


def _general(number: Decimal) -> str:
    """As a sheet shows a number without a format: fifteen digits, no exponent, no trailing zeros."""
    digits = f"{+number:.15g}" if number == number.to_integral_value() and abs(number) < 10**15 else ""
    text = digits or f"{Decimal(f'{number:.15g}'):f}"
    text = f"{Decimal(text):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"

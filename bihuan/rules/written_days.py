"""Days as documents write time limits (2026年12月底前, 2026-12-31, 长期坚持); what does not name a day names none."""

import calendar
import re
from datetime import date

_DAY = re.compile(
    r"(20\d\d)\s*[年.\-/]\s*(\d{1,2})\s*(?:月|[.\-/])\s*(?:(\d{1,2})\s*日?|(上旬|中旬|下旬|底|末)|(?!\d))"
)
_YEAR = re.compile(r"(20\d\d)\s*年?\s*(?:年底|年末|底|末)")
_BEFORE = re.compile(r"\s*(?:之前|以前|前)")
_LONG_TERM = re.compile("长期|常态化|持续")
_PARTS = {"上旬": 10, "中旬": 20}


def day_of(words: str) -> date | None:
    """The last day that the words name: of a month its end; “2026年12月前” names none, it may mean either."""
    found = [day for one in _DAY.finditer(words) if (day := _day(one, words))]
    found += [date(int(one[1]), 12, 31) for one in _YEAR.finditer(words)]
    return max(found, default=None)


def is_long_term(words: str) -> bool:
    """Whether the words say that it goes on without an end."""
    return bool(_LONG_TERM.search(words))


def _day(one: re.Match[str], words: str) -> date | None:
    year, month = int(one[1]), int(one[2])
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if one[3]:
        return date(year, month, int(one[3])) if 1 <= int(one[3]) <= last else None
    if one[4]:
        return date(year, month, _PARTS.get(one[4], last))
    return None if _BEFORE.match(words, one.end()) else date(year, month, last)

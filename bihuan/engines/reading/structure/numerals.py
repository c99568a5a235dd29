"""Chinese numerals to numbers and back, as far as official documents use them (below 10,000 兆)."""

import itertools

DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "叁": 3, "四": 4, "肆": 4}
DIGITS |= {"五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9}
_STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}


def value_of(numeral: str) -> int | None:
    """The number a Chinese numeral stands for; None when it is not one."""
    if not numeral or len(numeral) > 24:
        return None
    if len(numeral) > 1 and all(character in DIGITS for character in numeral):
        return int("".join(str(DIGITS[character]) for character in numeral))
    total = section = digit = 0
    for character in numeral:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in _STEPS:
            section += (digit or 1) * _STEPS[character]
            digit = 0
        elif character in _MYRIADS:
            total, section = _carried(total, section + digit, _MYRIADS[character]), 0
            digit = 0
        else:
            return None
    return total + section + digit


def _carried(total: int, section: int, myriad: int) -> int:
    """亿 counts all before it (三万亿), 万 only what stands behind an 亿 (三亿五千万)."""
    return (total + section) * myriad if total < myriad else total + section * myriad


def decimal_of(numeral: str) -> str | None:
    """A Chinese numeral as a decimal string, 三点五 too; None for guesses (三五, 七八十) and for 百 alone."""
    whole, point, decimals = numeral.partition("点")
    if not whole or (point and not decimals) or whole[0] in "百千万亿佰仟":
        return None
    if any(one in DIGITS and two in DIGITS and one not in "零〇" for one, two in itertools.pairwise(whole)):
        return None
    value = value_of(whole)
    if value is None:
        return None
    return f"{value}.{''.join(str(DIGITS[digit]) for digit in decimals)}" if point else str(value)


def counting(number: int) -> str:
    """1 → 一, 12 → 十二, 105 → 一百零五; numbers from 10,000 on stay Arabic."""
    if not 0 < number < 10_000:
        return "零" if number == 0 else str(number)
    words, gap = "", False
    for step, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, step)
        if digit:
            words += ("零" if gap and words else "") + "一二三四五六七八九"[digit - 1] + word
        gap = digit == 0
    return words[1:] if words.startswith("一十") else words

"""Money as people type it, in yuan."""

from decimal import Decimal, InvalidOperation

_MANY = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_SENSIBLE = Decimal(10) ** 20


def yuan_of(typed: str) -> Decimal | None:
    """865,000 or 86.5 万 or 865000元 as yuan; None for nothing typed. ValueError when it is no amount."""
    text = typed.replace(",", "").replace("，", "").replace(" ", "").removesuffix("元")
    if not text:
        return None
    times = _MANY.get(text[-1], Decimal(1))
    try:
        amount = Decimal(text[:-1] if text[-1] in _MANY else text) * times
    except InvalidOperation as wrong:
        raise ValueError(typed) from wrong
    if not amount.is_finite():
        raise ValueError(typed)
    return amount.quantize(Decimal("0.01")) if abs(amount) < _SENSIBLE else amount

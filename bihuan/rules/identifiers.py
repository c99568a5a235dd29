"""Identifiers that laptops and levels can make apart and merge later: UUID version 7 (decision 0007).

Human numbers are in numbering.py. Whatever is random in a stored row is drawn here, so that a county can be made twice.
"""

import random
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_SYSTEM = secrets.SystemRandom()
_source: ContextVar[random.Random] = ContextVar("identifiers", default=_SYSTEM)
SALT_BITS = 128
# Of a digit drawn, the one with the two bits that every identifier has there.
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def new_id(at: datetime) -> uuid.UUID:
    """A UUIDv7 of the instant `at` (aware): 48 bits of milliseconds, 74 random bits (RFC 9562, section 5.7)."""
    return uuid.UUID(new_id_text(at))


def new_id_text(at: datetime) -> str:
    """The same as text, in its usual form: many at once are quicker so."""
    if at.tzinfo is None:
        raise ValueError("new_id needs an aware instant")
    drawn = _source.get().getrandbits(74)
    milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
    digits = f"{milliseconds << 80 | 0x7 << 76 | drawn >> 62 << 64 | 0b10 << 62 | drawn & (2**62 - 1):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def new_id_texts(at: datetime, *, n: int) -> list[str]:
    """So many at once: one draw for all of them."""
    if at.tzinfo is None:
        raise ValueError("new_id_texts needs an aware instant")
    time = f"{int(at.timestamp() * 1000) & (2**48 - 1):012x}"
    head, digits = f"{time[:8]}-{time[8:]}-7", _source.get().randbytes(n * 10).hex()
    drawn = [digits[start : start + 20] for start in range(0, n * 20, 20)]
    return [f"{head}{one[:3]}-{_VARIANT[one[3]]}{one[4:7]}-{one[7:19]}" for one in drawn]


def first_id_of(at: datetime) -> uuid.UUID:
    """What no identifier made at `at` (aware) or later is less than."""
    return uuid.UUID(int=(int(at.timestamp() * 1000) & (2**48 - 1)) << 80)


def new_salt() -> str:
    """A salt for one digest: 32 hexadecimal digits."""
    return f"{_source.get().getrandbits(SALT_BITS):032x}"


@contextmanager
def drawn_from(chance: random.Random) -> Iterator[None]:
    """Within the block everything random comes from `chance`: for made-up counties alone."""
    token = _source.set(chance)
    try:
        yield
    finally:
        _source.reset(token)

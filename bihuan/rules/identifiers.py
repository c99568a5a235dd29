"""Identifiers that laptops and levels can make apart and merge later: UUID version 7 (decision 0007).

Human numbers are in numbering.py.
"""

import secrets
import uuid
from datetime import datetime


def new_id(at: datetime) -> uuid.UUID:
    """A UUIDv7 of the instant `at` (aware): 48 bits of milliseconds, 74 random bits (RFC 9562, section 5.7)."""
    if at.tzinfo is None:
        raise ValueError("new_id needs an aware instant")
    milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)

"""The one form in which a question or a body writes a day, a moment, a number, a yes or an id: as OpenAPI declares it.

Pydantic alone also reads 0 as a day, " 1.0 " as a number and "off" as no.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, ValidationInfo

_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
# JSON has numbers and truth values of its own: there a text is none, and strict reading refuses it.
_OF_JSON = (int, bool)
_WRITTEN: Mapping[type[Any], tuple[str, Callable[[str], Any]]] = {
    date: (_DAY, date.fromisoformat),
    datetime: (f"{_DAY}T{_CLOCK}", datetime.fromisoformat),
    UUID: (r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", UUID),
    int: (r"-?(0|[1-9]\d{0,99})", int),
    bool: ("true|false", "true".__eq__),
}


def exactly(hint: Any) -> Any:
    """The type, read in its one form where it has one."""
    written = _WRITTEN.get(hint)
    if written is None:
        return hint
    form, made = re.compile(written[0], re.ASCII), written[1]

    def read(value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str) or (hint in _OF_JSON and info.mode == "json"):
            return value
        if not form.fullmatch(value):
            raise ValueError("not in its one form")
        return made(value)

    return Annotated[hint, BeforeValidator(read)]

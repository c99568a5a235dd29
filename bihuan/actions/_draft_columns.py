"""Columns of a draft as the record keeps them, so that a deed can be taken back: values, beside the words for eyes."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Field

from bihuan.models import Draft

ROW = "row"


def as_it_was(row: Draft, names: Iterable[str]) -> dict[str, Any]:
    """What stands in these columns, under one key."""
    return {ROW: {name: _kept(getattr(row, name)) for name in names}}


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(one) for one in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def brought_back(before: Mapping[str, Any]) -> dict[str, Any] | None:
    """The columns as they were before the deed; None where the record does not hold them."""
    if ROW not in before:
        return None
    return {name: _value(name, kept) for name, kept in before[ROW].items()}


def _value(name: str, kept: Any) -> Any:
    if name == "helping_units":
        return [UUID(unit) for unit in kept]
    field = Draft._meta.get_field(name)
    return field.to_python(kept) if isinstance(field, Field) else kept

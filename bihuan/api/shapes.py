"""Shapes of requests and answers, made from the dataclasses of rules, queries and actions; nothing is written twice."""

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model

from bihuan.api.forms import exactly

Made = TypeVar("Made")
FILE_PART = Field(description="Name of the multipart part that holds the file.")


class Shape(BaseModel):
    """What a request may hold; `made_from` is the dataclass whose fields it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    made_from: ClassVar[type[Any]]


Choices = tuple[tuple[str, tuple[str, ...]], ...]


@cache
def shape_of(kind: type[Any], *, named: str = "", more: type[Any] | None = None, choices: Choices = ()) -> type[Shape]:
    """The shape of a dataclass, with the fields of `more` in front; `choices`: the codes that a field may hold.

    A field of bytes becomes the name of the multipart part that holds them, as `file`; the file's `name` may then stay
    away.
    """
    given: dict[str, Any] = {}
    for source in (more, kind):
        hints = get_type_hints(source) if source else {}
        has_file = bytes in hints.values()
        for field in dataclasses.fields(source) if source else ():
            if field.name in dict(choices):
                given[field.name] = (Literal[("", *dict(choices)[field.name])], _default(field))
            elif hints[field.name] is bytes:
                given["file"] = (str, FILE_PART)
            elif has_file and field.name == "name":
                given["name"] = (str, "")
            else:
                given[field.name] = (_asked(hints[field.name]), _default(field))
    made: type[Shape] = create_model(named or kind.__name__, __base__=Shape, __doc__=kind.__doc__, **given)
    made.made_from = kind
    return made


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    return ... if field.default_factory is dataclasses.MISSING else Field(default_factory=field.default_factory)


def _asked(hint: Any) -> Any:
    """The type with every dataclass in it replaced by its shape, and days, numbers and the like read in one form."""
    if dataclasses.is_dataclass(hint):
        return shape_of(hint)  # type: ignore[arg-type]
    inner = tuple(_asked(part) for part in get_args(hint))
    origin = get_origin(hint)
    if origin is None or origin is Literal:
        return exactly(hint)
    if inner == get_args(hint):
        return hint
    return Union[inner] if origin in (Union, types.UnionType) else origin[inner]  # noqa: UP007


def value_of(asked: Shape, files: Mapping[str, Any] = types.MappingProxyType({})) -> Any:
    """The dataclass that a request means; files are uploaded files by the name of their part."""
    given: dict[str, Any] = {}
    hints = get_type_hints(asked.made_from)
    for name, hint in hints.items():
        if hint is bytes:
            file = files[asked.file]  # type: ignore[attr-defined]
            given[name] = file.read()
            given["name"] = asked.name or file.name  # type: ignore[attr-defined]
        elif name not in given:
            given[name] = _valued(getattr(asked, name), files)
    return asked.made_from(**given)


def _valued(value: Any, files: Mapping[str, Any]) -> Any:
    if isinstance(value, Shape):
        return value_of(value, files)
    return tuple(_valued(item, files) for item in value) if isinstance(value, tuple) else value


def parts_named(value: Any) -> list[str]:
    """The multipart parts that a request speaks of."""
    if isinstance(value, Shape):
        own = [value.file] if hasattr(value, "file") else []
        return own + [name for field in type(value).model_fields for name in parts_named(getattr(value, field))]
    return [name for item in value for name in parts_named(item)] if isinstance(value, tuple) else []


def as_json(content: Any) -> str:
    """JSON as the command prints it: Chinese as it is, dates in ISO 8601, numbers with a point as strings."""
    return json.dumps(content, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no agreed form in JSON")

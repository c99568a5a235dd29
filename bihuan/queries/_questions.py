"""Questions that are compiled once and planned once, for pages that ask many short ones (decision 0017).

A question is a queryset in which only the scope and the given values change. It is asked like any other, under both
locks; what is kept is the text with its places for values, never a row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.query import get_related_populators

from bihuan.rules.access import Scope

M = TypeVar("M", bound=models.Model)

# What stands for a value while a question is compiled: nothing that a question says by itself.
_SCOPE = Scope(
    post=UUID("5ca1ab1e-0000-4000-8000-00000000f00d"), lo=-2_000_000_011, hi=-2_000_000_003, stage=-31_013,
    side="\x01side\x01",
)  # fmt: skip
_FIELDS = ("post", "lo", "hi", "stage", "side")
_STANDS: Mapping[type, Callable[[int], Any]] = {
    UUID: lambda n: UUID(int=_SCOPE.post.int + 1 + n),
    str: lambda n: f"\x01value {n}\x01",
    date: lambda n: date(7, 7, 7 + n),
}


class _Planned(psycopg.Cursor[Any]):
    """A cursor that lets the connection keep what it executes, and the server its plan."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        """Execute by the values' places, so that the text stays the same."""
        return super().execute(query, params, **{"prepare": True, **how})


@dataclass(frozen=True)
class _Compiled:
    """A text, what stands at each place (the name of a value, or a value), and how rows become objects."""

    text: str
    places: tuple[tuple[str, Any], ...]
    model: type[models.Model]
    first: int
    names: tuple[str, ...]
    converters: tuple[tuple[int, tuple[Any, ...], Any], ...]
    related: tuple[Any, ...]
    annotations: tuple[tuple[str, int], ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in the order of their places, each of the type that the column takes."""
        return [_typed(given[name], value) if name else value for name, value in self.places]

    def made(self, row: tuple[Any, ...]) -> Any:
        """The object of one row, with what belongs to it."""
        told: Any = row
        if self.converters:
            told = list(row)
            for place, converters, expression in self.converters:
                for convert in converters:
                    told[place] = convert(told[place], expression, connection)
        one = self.model.from_db(connection.alias, self.names, told[self.first : self.first + len(self.names)])
        for related in self.related:
            related.populate(told, one)
        for name, place in self.annotations:
            setattr(one, name, told[place])
        return one


class Question(Generic[M]):
    """A queryset made of a scope and of values by name; the same text for all scopes of one kind."""

    def __init__(self, asks: Callable[..., models.QuerySet[M]]) -> None:
        self.asks = asks
        self._kept: dict[Any, _Compiled | None] = {}

    def rows(self, scope: Scope | None = None, **given: Any) -> tuple[M, ...]:
        """The rows as `scope` may see them; None where the question concerns no placed row."""
        found = self.compiled(scope, given)
        if found is None:
            return ()
        said = {name: getattr(scope, name) for name in _FIELDS} if scope else {}
        with _cursor() as cursor:
            cursor.execute(found.text, found.values(said | given))
            return tuple(map(found.made, cursor.fetchall()))

    def compiled(self, scope: Scope | None, given: Mapping[str, Any]) -> _Compiled | None:
        """What is kept for a scope of this kind and values of these types; None where nothing can be found."""
        stand = _standing_for(scope)
        kind = (stand, tuple((name, type(value)) for name, value in given.items()))
        if kind not in self._kept:
            values = {name: _STANDS[type(value)](n) for n, (name, value) in enumerate(given.items())}
            queryset = self.asks(stand, **values) if stand else self.asks(**values)
            told = {getattr(stand, name): name for name in _FIELDS} if stand else {}
            self._kept[kind] = _compiled(queryset, told | {value: name for name, value in values.items()})
        return self._kept[kind]


def _cursor() -> Any:
    """Django's cursor around one that keeps plans; its usual one where none are to be kept, or texts are to be told."""
    connection.ensure_connection()
    if connection.connection.prepare_threshold is None or connection.queries_logged:
        return connection.cursor()
    planned: Any = _Planned(connection.connection)
    return connection.make_cursor(planned)


def _standing_for(scope: Scope | None) -> Scope | None:
    """The scope with all that is compared taken out; a range that holds nothing stays one."""
    if scope is None:
        return None
    lo, hi = (_SCOPE.lo, _SCOPE.hi) if scope.lo <= scope.hi else (_SCOPE.hi, _SCOPE.lo)
    return replace(scope, post=_SCOPE.post, lo=lo, hi=hi, stage=_SCOPE.stage, side=_SCOPE.side)


def _typed(value: Any, like: Any) -> Any:
    """A number as the type that its column takes, without which the server would take it for a wider one."""
    return type(like)(value) if isinstance(like, int) else value


def _compiled(queryset: models.QuerySet[Any], told: Mapping[Any, str]) -> _Compiled | None:
    compiler = queryset.query.get_compiler(connection.alias)
    try:
        text, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    info, select = compiler.klass_info, compiler.select
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    converters = compiler.get_converters([column[0] for column in select[: compiler.col_count]])
    return _Compiled(
        text=text,
        places=tuple((told.get(value, ""), value) for value in values),
        model=info["model"],
        first=first,
        names=tuple(column[0].target.attname for column in select[first:last]),
        converters=tuple((place, tuple(made), expression) for place, (made, expression) in converters.items()),
        related=tuple(get_related_populators(info, select, connection.alias)),  # type: ignore[call-arg]
        annotations=tuple(compiler.annotation_col_map.items()),
    )

"""Rows named by an array: the database looks at it once, where a list or a subquery is planned anew for every item."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, QuerySet, UUIDField, Value


def among(rows: QuerySet[Any]) -> Func:
    """That a row is one of these few, which are taken out first, as an array that the planner takes for short."""
    taken = ArraySubquery(rows.values("pk"))
    return Func(F("pk"), taken, template="(%(expressions)s))", arg_joiner=" = any(", output_field=BooleanField())


def one_of(ids: Iterable[UUID], *, key: str = "pk") -> Func:
    """That a row (or its `key`) is one of these, as one array: thousands take longer to write out than to find."""
    taken = Value(list(ids), output_field=ArrayField(UUIDField()))
    return Func(F(key), taken, template="(%(expressions)s))", arg_joiner=" = any(", output_field=BooleanField())

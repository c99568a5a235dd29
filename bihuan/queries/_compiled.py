"""A queryset as the statement that it would send, to stand inside a larger one; the statement is not sent here."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet


def compiled(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """The statement as Django writes it, also where it knows that nothing can be found."""
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False)
    sql, given = compiler.as_sql()
    return sql, tuple(given)

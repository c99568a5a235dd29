"""What a row of a plan says: its shape as typed, as stored while it is a draft, and as the words that are compared.

Basis: 问题清单、任务清单、责任清单 are three readings of the same rows (三清单).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from bihuan.rules.typed import MeasureInput


@dataclass(frozen=True)
class RowContent:
    """Causes, goal, the leader in charge, whether the unit's head leads it himself, and the measures."""

    causes: str = ""
    goal: str = ""
    leader: str = ""
    head_leads: bool = False
    measures: tuple[MeasureInput, ...] = ()


def tidy(content: RowContent) -> RowContent:
    """The same without blanks around anything: what is hashed is then what is kept."""
    measures = (
        replace(
            measure, text=measure.text.strip(), person=measure.person.strip(), product=measure.product.strip(),
            helping=measure.helping.strip(), supervisor=measure.supervisor.strip(),
        )
        for measure in content.measures
    )  # fmt: skip
    return RowContent(
        content.causes.strip(), content.goal.strip(), content.leader.strip(), content.head_leads, tuple(measures)
    )


def stored(measures: Sequence[MeasureInput]) -> list[dict[str, Any]]:
    """The measures as JSON values; read() makes them measures again."""
    return [{field.name: _plain(getattr(measure, field.name)) for field in fields(measure)} for measure in measures]


def read(values: Sequence[Mapping[str, Any]]) -> tuple[MeasureInput, ...]:
    """The measures of stored(); keys that an older version wrote and this one does not know are left out."""
    return tuple(_measure(value) for value in values)


def _measure(value: Mapping[str, Any]) -> MeasureInput:
    known = {field.name for field in fields(MeasureInput)}
    given = {name: content for name, content in value.items() if name in known}
    for name in ("due_on", "starts_on"):
        given[name] = date.fromisoformat(given[name]) if given.get(name) else None
    given["unit"] = UUID(given["unit"]) if given.get("unit") else None
    given["kinds"] = tuple(given.get("kinds", ()))
    return MeasureInput(**given)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | date):
        return str(value)
    return list(value) if isinstance(value, tuple) else value

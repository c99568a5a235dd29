"""What stands beside a finding in a sheet: what its plan says and what was last reported; read only where it is shown.

Of the plan what was handed in last counts; a draft is never taken out with the ledger.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from bihuan.models import Measure, PlanRow, Progress
from bihuan.queries._arrays import one_of
from bihuan.rules.access import Actor

Source = Literal["", "plan", "progress"]


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """One measure, as a sheet tells of it."""

    text: str
    unit: str
    helping: str
    person: str
    supervisor: str
    product: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Beside:
    """What the plan says of one finding, and the last report of progress; empty where there is none."""

    causes: str = ""
    goal: str = ""
    leader: str = ""
    measures: tuple[PlannedMeasure, ...] = ()
    said: str = ""
    said_on: date | None = None

    def each(self, name: str) -> str:
        """What each measure says, numbered where there are several; nothing where none of them says anything."""
        said = [str(getattr(one, name)) for one in self.measures]
        if len(said) < 2 or not any(said):
            return "".join(said)
        return "\n".join(f"{number}. {one}" for number, one in enumerate(said, 1))

    def all_of(self, name: str) -> str:
        """What the measures name, each once."""
        return "、".join(dict.fromkeys(said for one in self.measures if (said := str(getattr(one, name)))))


NOTHING = Beside()


def beside_of(
    ids: Sequence[UUID], *, actor: Actor, sources: Collection[Source]
) -> Mapping[UUID, Beside]:  # fmt: skip
    """What stands beside each of these findings, as far as the actor may see it; at most three queries."""
    planned = _planned(ids, actor) if "plan" in sources else {}
    reported = _reported(ids, actor) if "progress" in sources else {}
    return {
        one: Beside(**planned.get(one, {}), **reported.get(one, {})) for one in planned.keys() | reported.keys()
    }  # fmt: skip


def _planned(ids: Sequence[UUID], actor: Actor) -> dict[UUID, dict[str, Any]]:
    seen = PlanRow.objects.visible_to(actor.scope).filter(one_of(ids, key="finding_id")).exclude(state="draft")
    last = seen.order_by("finding_id", "-version").distinct("finding_id")
    rows = {row[0]: row[1:] for row in last.values_list("finding_id", "pk", "causes", "goal", "leader")}
    measures = _measures([row[0] for row in rows.values()], actor)
    return {
        finding: {"causes": causes, "goal": goal, "leader": leader, "measures": tuple(measures[row])}
        for finding, (row, causes, goal, leader) in rows.items()
    }


def _measures(rows: Sequence[UUID], actor: Actor) -> defaultdict[UUID, list[PlannedMeasure]]:
    seen = Measure.objects.visible_to(actor.scope).filter(one_of(rows, key="row_id")).order_by("row_id", "position")
    read = ("text", "responsible_unit__name", "helping", "person", "supervisor", "product", "due_on")
    found: defaultdict[UUID, list[PlannedMeasure]] = defaultdict(list)
    for row, *said in seen.values_list("row_id", *read):
        found[row].append(PlannedMeasure(*said))
    return found


def _reported(ids: Sequence[UUID], actor: Actor) -> dict[UUID, dict[str, Any]]:
    seen = Progress.objects.visible_to(actor.scope).filter(one_of(ids, key="finding_id"))
    last = seen.order_by("finding_id", "-at", "-id").distinct("finding_id")
    return {
        finding: {"said": text, "said_on": done_on}
        for finding, text, done_on in last.values_list("finding_id", "text", "done_on")
    }

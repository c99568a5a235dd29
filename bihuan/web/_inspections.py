"""Lines of rounds, inspections and time lines as the templates take them."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from bihuan.queries.looks import StateLook
from bihuan.queries.record import TimelineRow
from bihuan.queries.rounds import InspectionRow, RoundRow


def round_line(row: RoundRow) -> dict[str, Any]:
    """One round in a list."""
    own = f"/rounds/{row.id}"
    return {
        "title": row.name,
        "url": own,
        "kind_label": row.kind_label,
        "n_inspections": row.n_inspections,
        "inspections_url": own,
        "from_on": row.starts_on,
        "to_on": row.ends_on,
    }


def inspection_line(row: InspectionRow, *, with_number: bool = False) -> dict[str, Any]:
    """One inspection in a list; the round's number where the list spans rounds."""
    return {
        "unit": row.unit,
        "number": row.number if with_number else "",
        "url": f"/inspections/{row.id}",
        "team": row.team,
        "state_label": row.state.label,
        "state_shape": row.state.shape,
        "state_tone": row.state.tone,
        "from_on": row.arrives_on,
        "to_on": row.leaves_on,
        "n_findings": row.n_findings,
        "findings_url": f"/findings/?{urlencode({'inspection': row.id})}",
    }


def counts_by_state(
    counts: Iterable[tuple[StateLook, int]], *, url: str, current: str = "", **kept: str
) -> list[dict[str, Any]]:
    """Counts by state, each with the address of its rows."""
    return [
        {
            "label": look.label,
            "n": n,
            "shape": look.shape,
            "tone": look.tone,
            "url": f"{url}?{urlencode({**kept, 'state': look.code})}",
            "is_current": look.code == current,
        }
        for look, n in counts
    ]


def happened(events: Iterable[TimelineRow]) -> list[dict[str, Any]]:
    """A time line."""
    return [
        {
            "at": event.at,
            "actor": event.actor,
            "post": event.post,
            "via": event.via_label,
            "step_label": event.step_label,
            "reason": event.reason,
            "tone": event.tone,
        }
        for event in events
    ]

"""Two lists of texts matched one to one: the pairs that together say most, and why; what has no like stays alone.

The assignment is exact (shortest paths over the pairs that may be), of pairs equally like the one in its place wins.
"""

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.engines.similarity.letters import letters_of
from bihuan.engines.similarity.measure import Measure, Traits, content
from bihuan.engines.similarity.nearest import Shared, Span, why

SCALE = 1_000_000
Edges = Sequence[Mapping[int, int]]
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Told:
    """One text to match: its words, and the number under which it stands, where it has one."""

    text: str
    number: str = ""


@dataclass(frozen=True)
class Pair:
    """A text and the one that says the same: their places, how like they are, and why."""

    one: int
    other: int
    likeness: float
    shared: tuple[Shared, ...]
    spans: tuple[Span, ...]
    same_number: bool


def one_to_one(texts: Sequence[Told], *, among: Sequence[Told]) -> tuple[Pair, ...]:
    """The pairs in the order of `texts`; each text and each of the others stands in one pair at most."""
    letters = [letters_of(other.text) for other in among]
    measure = Measure(letters)
    others = [measure.traits(each) for each in letters]
    mine = [measure.traits(letters_of(one.text)) for one in texts]
    likenesses = _likenesses(mine, others, measure)
    edges = [
        {at: _score(texts, among, (one, at), likeness) for at, likeness in row.items()}
        for one, row in enumerate(likenesses)
    ]
    return tuple(
        Pair(
            one, at, likenesses[one][at], *why(texts[one].text, among[at].text, mine[one], others[at], measure),
            _is_same(texts[one].number, among[at].number),
        )
        for one, at in enumerate(assigned(edges))
        if at is not None
    )  # fmt: skip


def _likenesses(mine: Sequence[Traits], others: Sequence[Traits], measure: Measure) -> list[dict[int, float]]:
    """For each text the others that are like enough to be its pair."""
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, other in enumerate(others):
        for sign in other.signs:
            holders[sign].append(at)
    found = []
    for one in mine:
        sharing = {at for sign in one.signs for at in holders.get(sign, ())}
        row = {at: measure.likeness(one, others[at]) for at in sorted(sharing)}
        found.append({at: likeness for at, likeness in row.items() if likeness >= content()["pair_threshold"]})
    return found


def _score(texts: Sequence[Told], among: Sequence[Told], place: tuple[int, int], likeness: float) -> int:
    """Whole numbers, so that the best is the best on every machine; order and number only tip the scales."""
    one, at = place
    apart = abs(one / max(len(texts) - 1, 1) - at / max(len(among) - 1, 1))
    tip: float = content()["pair_order"] * (1 - apart)
    if _is_same(texts[one].number, among[at].number):
        tip += content()["pair_number"]
    return round(SCALE * (likeness + tip))


def _is_same(one: str, other: str) -> bool:
    return bool(one) and _BLANKS.sub("", one) == _BLANKS.sub("", other)


def assigned(edges: Edges) -> list[int | None]:
    """For each row its column, so that the scores (all above 0) of those chosen add up to the most; None: alone."""
    columns: dict[int, int] = {}
    rows: list[int | None] = [None] * len(edges)
    for row in range(len(edges)):
        _place(row, edges, columns, rows)
    return rows


def _place(start: int, edges: Edges, columns: dict[int, int], rows: list[int | None]) -> None:
    """One more row: the cheapest way to a free column, each on it handing its own on, or to a row that is left alone.

    What is placed already is the best for the rows so far: no way round gains, and the search comes to an end.
    """
    costs, came = _ways(start, edges, columns)
    ends: list[tuple[int, int, int | None]] = [(cost, row, None) for row, cost in costs.items()]
    for row, cost in costs.items():
        ends += [(cost - score, row, column) for column, score in edges[row].items() if column not in columns]
    _cost, row, column = min(ends, key=lambda end: (end[0], end[1], -1 if end[2] is None else end[2]))
    rows[row] = column
    if column is not None:
        columns[column] = row
    while row != start:
        row, column = came[row]
        rows[row], columns[column] = column, row


def _ways(start: int, edges: Edges, columns: Mapping[int, int]) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    """What it costs until each row has to look for another column, and who took its own by then."""
    costs, came, queue = {start: 0}, dict[int, tuple[int, int]](), deque([start])
    while queue:
        row = queue.popleft()
        for column, score in edges[row].items():
            holder = columns.get(column)
            if holder is None or holder == row:
                continue
            cost = costs[row] - score + edges[holder][column]
            if holder not in costs or cost < costs[holder]:
                costs[holder] = cost
                came[holder] = (row, column)
                queue.append(holder)
    return costs, came

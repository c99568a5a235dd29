"""Finds the entries of running text without labels: a run of clauses that tell a finding begins one.

What follows it, up to the next finding, is its measures, results and state, clause by clause.
"""

import re
from collections.abc import Sequence

from bihuan.engines.reading.items import roles
from bihuan.engines.reading.items.entries import Entry
from bihuan.engines.reading.items.labels import Label, labels_of
from bihuan.engines.reading.items.states import Day
from bihuan.engines.reading.items.stretches import Stretch, stretches_of
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.passages import Passage

_NAMES = {"m": "measures", "r": "results", "s": "state"}
_SHORTEST = 4
_AHEAD = re.compile("s{1,2}o{0,2}f")
_FIXED = frozenset(roles.ROLES)
_ASIDE = frozenset({"responsible", "deadline"})
_OF_ALL = re.compile("(?:上述|以上)[^,。;]{0,4}(?:问题|事项|[条项件个])[^,。;]{0,6}(?:均|都|全部)")
_ANEW = re.compile("今后|以后|同时(?!期)|此后|往后|从[^,]{0,6}起")


def entries_of(
    mirror: str,
    passages: Sequence[Passage],
    labeled: Sequence[Sequence[Label]],
    *,
    on: Day | None = None,
    is_plan: bool = False,
) -> list[Entry]:
    """The entries in order; a finding of which nothing further is told is none."""
    stretches = stretches_of(mirror, passages, labeled, on=on)
    told = roles_of(mirror, stretches)
    if is_plan:
        told = told.replace("r", "m").replace("s", "m")
    entries: list[Entry] = []
    ahead: Span | None = None
    at = 0
    while at < len(stretches):
        end = _run(mirror, stretches, told, at)
        if _AHEAD.match(told, at) and stretches[at].boundary in "NAP" and _same(stretches, at, told.find("f", at)):
            ahead = stretches[at].span  # 【整改完成】 before the finding it is about
        else:
            _take(stretches[at:end], told[at], entries)
            if ahead and told[at] == "f":
                entries[-1].add("state", ahead)
                ahead = None
        if entries and stretches[at].label in _ASIDE:
            entries[-1].add(stretches[at].label, stretches[at].span)
        if told[at] == "s" and _OF_ALL.match(mirror, stretches[at].span[0]):
            _tell_all(entries)
        at = end
    return [entry for entry in entries if entry.parts and entry.heads[0][1] - entry.heads[0][0] >= _SHORTEST]


def _same(stretches: Sequence[Stretch], at: int, other: int) -> bool:
    return stretches[at].passage == stretches[other].passage


def _tell_all(entries: Sequence[Entry]) -> None:
    """上述问题均已整改: the state of all that say none of their own."""
    for entry in entries:
        if "state" not in entry.parts and entries[-1].parts.get("state"):
            entry.add("state", entries[-1].parts["state"][-1])


def roles_of(mirror: str, stretches: Sequence[Stretch]) -> str:
    """The role of each clause, one letter each."""
    scores = [
        roles.NONE if one.known in _FIXED else roles.scores_of(mirror[slice(*one.span)], one.boundary)
        for one in stretches
    ]
    return roles.best_roles(scores, [one.boundary for one in stretches], [one.known for one in stretches])


def _run(mirror: str, stretches: Sequence[Stretch], told: str, at: int) -> int:
    """The end of the clauses that make one span with this one: a finding's sentences, one sentence of the rest."""
    role = told[at]
    end = at + 1
    while end < len(stretches) and told[end] == role and not _parts(mirror, stretches[end - 1], stretches[end], role):
        end += 1
    return end


def _parts(mirror: str, before: Stretch, here: Stretch, role: str) -> bool:
    if here.passage != before.passage or here.label:
        return True
    if role == "f":
        return here.boundary in {"L", "N"} or (before.boundary == "L" and before.known == "f")
    if before.point or here.point:
        return before.point != here.point
    return before.ends or bool(_ANEW.match(mirror, *here.span))


def _take(run: Sequence[Stretch], role: str, entries: list[Entry]) -> None:
    span: Span = (run[0].span[0], run[-1].span[1])
    if role == "f":
        if entries and not entries[-1].parts and run[0].boundary not in {"L", "N"}:
            entries[-1].heads.append(span)
        else:
            entries.append(Entry([span], is_cut=True))
    elif entries and role in _NAMES:
        entries[-1].add(_NAMES[role], span)


def sort_deeds(mirror: str, span: Span, entry: Entry, *, on: Day | None = None) -> None:
    """What stands under a label for both (整改措施及成效) goes to the measures, the results and the state."""
    whole = [Passage(span, span[0])]
    stretches = stretches_of(mirror, whole, labels_of(mirror, whole), on=on)
    scores = [roles.without(roles.scores_of(mirror[slice(*one.span)], one.boundary), "fo") for one in stretches]
    known = [one.known if one.known == "s" else "" for one in stretches]
    told = roles.best_roles(scores, ["S" if one.boundary == "L" else one.boundary for one in stretches], known)
    at = 0
    while at < len(stretches):
        end = _run(mirror, stretches, told, at)
        entry.add(_NAMES[told[at]], (stretches[at].span[0], stretches[end - 1].span[1]))
        at = end

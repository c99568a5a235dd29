"""Findings of the same unit that are like a draft; how like is the engine's to say, what it means a person's."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models.functions import Left

from bihuan.engines.similarity import Match, nearest
from bihuan.models import Draft, Feedback, Finding
from bihuan.queries.looks import StateLook, look
from bihuan.rules.access import Actor

# The latest of a unit, and the beginning of each: more would make every look at the bench slow.
MOST, LETTERS, FIRST_WORDS = 600, 500, 60


@dataclass(frozen=True)
class SharedWords:
    """Words of the draft, and those of the finding that are the same or say the same."""

    draft: str
    finding: str


@dataclass(frozen=True)
class LikeFinding:
    """A finding of the unit, open or closed, that a draft is like: from 0 to 1. `marks`: shared words in `words`."""

    id: UUID
    number: str
    state: StateLook
    words: str
    is_cut: bool
    likeness: float
    marks: tuple[tuple[int, int], ...]
    shared: tuple[SharedWords, ...]


def like_findings(feedback: Feedback, drafts: Sequence[Draft], *, actor: Actor) -> dict[UUID, tuple[LikeFinding, ...]]:
    """For each of the drafts the findings of the unit most like it, of those that the actor may see; one statement."""
    if not drafts:
        return {}
    mine = Finding.objects.visible_to(actor.scope).filter(unit_id=feedback.unit_id).exclude(state="withdrawn")
    rows = list(mine.order_by("-id").values_list("id", "number", "state", Left("text", LETTERS))[:MOST])
    found = nearest([draft.text[:LETTERS] for draft in drafts], among=[text for *_place, text in rows])
    return {
        draft.pk: tuple(_like(rows[match.other], match) for match in matches)
        for draft, matches in zip(drafts, found, strict=True)
    }


def most_like(texts: Mapping[UUID, tuple[UUID, str]], *, actor: Actor) -> dict[UUID, LikeFinding]:
    """For each text, by its key with its unit, the finding of that unit most like it; one statement for all."""
    units = {unit for unit, _text in texts.values()}
    mine = Finding.objects.visible_to(actor.scope).filter(unit_id__in=units).exclude(state="withdrawn")
    names = ("unit_id", "id", "number", "state", Left("text", LETTERS))
    among: dict[UUID, list[tuple[UUID, str, str, str]]] = defaultdict(list)
    for unit, *row in mine.order_by("-id").values_list(*names)[:MOST] if units else ():
        among[unit].append((row[0], row[1], row[2], row[3]))
    found: dict[UUID, LikeFinding] = {}
    for unit, rows in among.items():
        keys = [key for key, (of, _text) in texts.items() if of == unit]
        matches = nearest([texts[key][1][:LETTERS] for key in keys], among=[text for *_place, text in rows])
        found |= {key: _like(rows[best[0].other], best[0]) for key, best in zip(keys, matches, strict=True) if best}
    return found


def _like(row: tuple[UUID, str, str, str], match: Match) -> LikeFinding:
    finding, number, state, text = row
    return LikeFinding(
        id=finding, number=number, state=look(state), words=text[:FIRST_WORDS], is_cut=len(text) > FIRST_WORDS,
        likeness=round(match.likeness, 2), marks=tuple(_within(match.spans)),
        shared=tuple(SharedWords(one.mine, one.theirs) for one in match.shared),
    )  # fmt: skip


def _within(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        if start < FIRST_WORDS:
            yield start, min(end, FIRST_WORDS)

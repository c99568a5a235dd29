"""How things show themselves in any list: a state in words, shape and tone; a title; whether it is overdue."""

from dataclasses import dataclass
from datetime import date

from bihuan.rules.lifecycle import FINDING, UNFINISHED
from bihuan.rules.machines import Machine

TITLE_LENGTH = 40


@dataclass(frozen=True)
class StateLook:
    """A state for people: code, Chinese label, shape and tone."""

    code: str
    label: str
    shape: str
    tone: str


def look(state: str, *, machine: Machine = FINDING) -> StateLook:
    """The words, shape and tone of a state: a finding's, or that of another thing with a lifecycle."""
    found = machine.state(state)
    return StateLook(found.code, found.label, found.shape, found.tone)


def title_of(text: str) -> str:
    """The first clause of a finding, for lists and page heads."""
    first = text.strip().split("\n")[0]
    for mark in ("。", "；", "："):
        head = first.split(mark)[0]
        if 0 < len(head) <= TITLE_LENGTH:
            return head
    return first if len(first) <= TITLE_LENGTH else first[:TITLE_LENGTH] + "…"


def is_overdue(state: str, *, due_on: date | None, on: date) -> bool:
    """Whether a finding that is still to be put right is past its due date."""
    return due_on is not None and state in UNFINISHED and due_on < on

"""Hints beside a draft, as the bench shows them: findings it is like, categories its words speak for."""

from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.queries._category_hints import CategoryHint
from bihuan.queries._likeness import LikeFinding
from bihuan.web._draft_forms import in_language
from bihuan.web._pages import Look, look


@dataclass(frozen=True)
class Cut:
    """A run of words, marked where the draft has it too."""

    text: str
    is_shared: bool


@dataclass(frozen=True)
class Like:
    """One finding that a draft is like: its page, state, first words, how like in percent, and the shared words."""

    url: str
    number: str
    state: Look
    percent: int
    cuts: tuple[Cut, ...]
    shared: str


@dataclass(frozen=True)
class Hint:
    """A category that may be taken by one click or by its number; `url` opens the form with it chosen."""

    number: int
    code: str
    label: str
    words: str
    url: str


def hints(found: tuple[CategoryHint, ...], *, url: str) -> tuple[Hint, ...]:
    """In the order in which they came; `url` is the address of the draft's form."""
    return tuple(
        Hint(
            number,
            one.code,
            f"{one.code} {in_language(one.labels)}",
            "、".join(one.words),
            f"{url}&category={one.code}",
        )
        for number, one in enumerate(found, start=1)
    )


def likes(found: tuple[LikeFinding, ...]) -> tuple[Like, ...]:
    """In the order in which they came, the most like first."""
    return tuple(
        Like(
            url=f"/findings/{one.id}/", number=one.number, state=look(one.state), percent=round(one.likeness * 100),
            cuts=tuple(_cuts(one)), shared="、".join(_said(words.draft, words.finding) for words in one.shared),
        )
        for one in found
    )  # fmt: skip


def _cuts(one: LikeFinding) -> Iterator[Cut]:
    at = 0
    for start, end in one.marks:
        if start > at:
            yield Cut(one.words[at:start], False)
        yield Cut(one.words[start:end], True)
        at = end
    rest = one.words[at:] + ("…" if one.is_cut else "")
    if rest:
        yield Cut(rest, False)


def _said(draft: str, finding: str) -> str:
    return draft if draft == finding else f"{draft}／{finding}"

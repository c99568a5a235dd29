"""Which column of the ledger a head in somebody's own form means, from profiles/form_words.toml: never decided.

Each proposal says why: the same words, words that it holds, or words that it is like.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from types import MappingProxyType

from bihuan.rules.profile import packaged_text
from bihuan.rules.profile_table import Table
from bihuan.rules.time_limits import Certainty
from bihuan.rules.vocabulary import N_

FILE = "form_words.toml"
SAME, HOLDS, LIKE = "same", "holds", "like"
ALIKE = N_("列名一样")
REASONS = {
    SAME: N_("“%(word)s”是这一列的另一种说法"), HOLDS: N_("列名里有“%(word)s”"), LIKE: N_("列名像“%(word)s”"),
}  # fmt: skip
_ASIDE = re.compile(r"（[^）]*）|\([^)]*\)|【[^】]*】|\[[^\]]*\]")
_NO_LETTER = re.compile(r"[\W_]+")
_BEST, _WHOLE = 1000, 100
_SHORTEST_HELD = 2


@dataclass(frozen=True, slots=True)
class FormWords:
    """The words for each column, and how like a head must be to one of them."""

    source: str
    certainty: Certainty
    least_likeness: int
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column of the ledger for a head of the form: why, and by which word."""

    code: str
    why: str
    word: str
    weight: int


def parse_form_words(text: str, *, file: str = FILE) -> FormWords:
    """The words as a file gives them. ProfileInvalid names the file, the key and what is wrong."""
    root = Table.of_text(text, file=file)
    table = root.table("words")
    certainty = Certainty(root.choice("certainty", among=Certainty))
    words = MappingProxyType({code: table.words(code) for code in table.values})
    found = FormWords(root.text("source"), certainty, root.integer("least_likeness"), words)
    root.text("version")
    root.day("effective_from")
    root.refuse_the_rest()
    return found


@cache
def form_words() -> FormWords:
    """Those that came with the product."""
    return parse_form_words(packaged_text(FILE))


def letters_of(head: str) -> str:
    """A head without spaces, marks and what stands in brackets; all of it where nothing else is there."""
    bare = _NO_LETTER.sub("", _ASIDE.sub("", head))
    return (bare or _NO_LETTER.sub("", head)).lower()


def candidates(head: str, *, words: FormWords) -> list[Proposal]:
    """The columns that the head may mean, the likeliest first, each for its best reason."""
    said = letters_of(head)
    best: dict[str, Proposal] = {}
    for code, known in words.words.items():
        for word in known:
            found = _weighed(code, said, word, least=words.least_likeness)
            if found and (code not in best or found.weight > best[code].weight):
                best[code] = found
    return sorted(best.values(), key=lambda one: -one.weight)


def _weighed(code: str, said: str, word: str, *, least: int) -> Proposal | None:
    bare = letters_of(word)
    if not said:
        return None
    if said == bare:
        return Proposal(code, SAME, word, _BEST)
    if len(bare) >= _SHORTEST_HELD and bare in said:
        # The end of a head says what it is: 整改措施完成时限 is a limit, not a measure.
        return Proposal(code, HOLDS, word, _WHOLE + 10 * len(bare) + (5 if said.endswith(bare) else 0))
    likeness = round(100 * SequenceMatcher(None, said, bare, autojunk=False).ratio())
    return Proposal(code, LIKE, word, likeness) if likeness >= least and likeness <= _WHOLE else None


def reason_of(why: str, *, word: str, name: str) -> str:
    """Why, as a sentence about `word`; `name`: what the ledger itself calls the column."""
    return ALIKE if why == SAME and letters_of(word) == letters_of(name) else REASONS[why]


def proposed(heads: Sequence[str], *, words: FormWords) -> list[Proposal | None]:
    """One proposal at most for each head; no column is proposed twice, the surest head has it."""
    every = [(one.weight, -place, one) for place, head in enumerate(heads) for one in candidates(head, words=words)]
    taken: dict[int, Proposal] = {}
    for _weight, place, one in sorted(every, key=lambda each: each[:2], reverse=True):
        if -place not in taken and one.code not in {other.code for other in taken.values()}:
            taken[-place] = one
    return [taken.get(place) for place in range(len(heads))]

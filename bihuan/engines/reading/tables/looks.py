"""What the cells of a column look like: days, persons, states, ticks, sentences that say what is wrong or was done.

Used where the name of a column says nothing, where there is no header, and to doubt a name that its cells belie.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bihuan.engines.reading.items import roles
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.words import table_words

_SAMPLE = 30
_SENTENCES = 8  # cells whose clauses are weighed one by one
_CLAUSES = 3
_HAN = re.compile("[㐀-鿿]")
_ALL_HAN = re.compile("[㐀-鿿]+")
_SPACES = re.compile(r"\s")
_RUNNING = re.compile(
    r"[(]?(?:第|[补附例新增])?(?:[A-Za-z]{0,3}-?\d{1,4}(?:[-.]\d{1,3}){0,3}|[一二三四五六七八九十]{1,3}(?:-\d{1,3})?|[①-⑳])"
    r"(?:[号条项单例件张个桩]|问题)?[).、]?"
)
_COUNT = re.compile(r"[\d.,%‰/+\- —–~约近余多]+(?:[元个项条件次人户份名家万亿]{1,2})?$")
_TICK = re.compile("[√✓✔☑✅●○◯■▲◎×✗✘X]|是|有|对")
_BREAK = re.compile("[,。;、:!?\\n]")
_NUMBER_LEAD = re.compile(r"^[(]?[\d一二三四五六七八九十①-⑳]{1,3}[).、]*")
_SHORT = 18
_LONGEST_STATE = 14
_NAMES = re.compile(r"[、,;/\s]+")


@dataclass(frozen=True, slots=True)
class Look:
    """Shares of the filled cells, between 0 and 1; `wordy` is their mean number of Chinese characters."""

    filled: int = 0
    wordy: float = 0.0
    runs: float = 0.0
    counts: float = 0.0
    days: float = 0.0
    persons: float = 0.0
    states: float = 0.0
    ticks: float = 0.0
    wrong: float = 0.0
    finding: float = 0.0  # how much more its clauses tell what is wrong than what was or will be done
    result: float = 0.0


def look_of(cells: Sequence[str]) -> Look:
    """The look of a column by the words of its cells, blanks left out."""
    filled = [words for cell in cells if (words := _SPACES.sub("", cell)) and not _is_empty(words)][:_SAMPLE]
    if not filled:
        return Look()
    told = [_told(words) for words in filled[:_SENTENCES]]
    return Look(
        filled=len(filled),
        wordy=_length([words for words in filled if not is_number(words)]),
        runs=_share(filled, lambda words: bool(_RUNNING.fullmatch(words))),
        counts=_share(filled, lambda words: bool(_COUNT.fullmatch(words))),
        days=_share(filled, is_day),
        persons=_share(filled, is_persons),
        states=_share(filled, is_state),
        ticks=_share(filled, lambda words: bool(_TICK.fullmatch(words))),
        wrong=_share(filled, sections.is_negative),
        finding=sum(one[0] for one in told) / len(told),
        result=sum(one[1] for one in told) / len(told),
    )


def _length(filled: Sequence[str]) -> float:
    return sum(len(_HAN.findall(words)) for words in filled) / len(filled) if filled else 0.0


def _share(filled: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(1 for words in filled if holds(words)) / len(filled)


def _is_empty(words: str) -> bool:
    return bool(table_words.words("cells", "empty").match(words))


@lru_cache(maxsize=4_096)
def is_number(words: str) -> bool:
    """A running number or a code, alone."""
    return bool(_RUNNING.fullmatch(words))


@lru_cache(maxsize=4_096)
def is_day(words: str) -> bool:
    """A day, a month, or words that stand for one: 立行立改."""
    return bool(table_words.words("guesses", "deadline").match(words))


@lru_cache(maxsize=4_096)
def is_persons(words: str) -> bool:
    """Names, posts or departments and nothing else."""
    if len(words) > _SHORT * 2:
        return False
    office = table_words.words("guesses", "responsible")
    names = [name for name in _NAMES.split(words) if name]
    return bool(names) and all(office.match(name) or (is_name(name) and not is_state(name)) for name in names)


@lru_cache(maxsize=4_096)
def is_name(words: str) -> bool:
    """Two or three characters, the first of them a surname, and no office."""
    if not 2 <= len(words) <= 3 or not _ALL_HAN.fullmatch(words):
        return False
    return words[0] in table_words.words("guesses", "surnames").pattern and not table_words.words(
        "guesses", "office"
    ).search(words)


@lru_cache(maxsize=4_096)
def is_state(words: str) -> bool:
    """Words that begin with a state: 已完成, 100%, √."""
    first = _BREAK.split(words, maxsplit=1)[0]
    return len(first) <= _LONGEST_STATE and any(told.search(first) for _, told, _, _ in table_words.states())


@lru_cache(maxsize=1_024)
def _told(words: str) -> tuple[float, float]:
    """How much more the clauses of a cell tell a finding than a measure or result, and a result than a measure."""
    clauses = [one for one in _BREAK.split(_NUMBER_LEAD.sub("", words)) if one][:_CLAUSES]
    finding = result = 0.0
    for clause in clauses:
        f, m, r, _, _ = roles.scores_of(clause, "N")
        finding += f - max(m, r)
        result += r - m
    return (finding / len(clauses), result / len(clauses)) if clauses else (0.0, 0.0)

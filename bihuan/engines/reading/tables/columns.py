"""Says what the columns of a table hold: by their names, and where those say nothing or lie, by their cells.

Which row is the header is not decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bihuan.engines.reading.tables.looks import Look
from bihuan.engines.reading.words import table_words

_RECTIFYING = ("both", "measures", "results", "state", "progress", "deadline", "tick")
_SINGLE = ("number", "common", "unit")
_HALF = 0.5
_MOST = 0.6
_WORDY = 7.0
_SHORTEST = 3.0  # Chinese characters that a finding has on the average, where the column is called so
_LONGEST_PERSONS = 22.0
_LONGEST_STATE_NAME = 7
_TELLS = 0.8  # how much more the clauses must tell what is wrong

Roles = list[str | None]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the rows begin, and the columns of every role in their order; `ticks` are the states of tick columns."""

    first_row: int
    columns: Mapping[str, tuple[int, ...]]
    ticks: Mapping[int, str] = field(default_factory=dict)
    amounts: Mapping[int, tuple[str, str]] = field(default_factory=dict)  # unit and name of columns of bare numbers

    @property
    def tells_rectification(self) -> bool:
        """There are columns on what was or will be done."""
        return any(role in self.columns for role in _RECTIFYING)

    @property
    def width(self) -> int:
        """How many columns have a role."""
        return sum(len(columns) for columns in self.columns.values())


@lru_cache(maxsize=4_096)
def role_of(name: str) -> str | None:
    """What a column of this name holds."""
    return next((role for role, words in table_words.columns() if words.search(name)), None) if name else None


def header_by(first_row: int, names: Sequence[str], looks: Sequence[Look]) -> Header | None:
    """The columns of a table with these names and looks; None when no column holds findings."""
    roles = [_doubted(role_of(name), look) for name, look in zip(names, looks, strict=True)]
    ticks = _ticks(names, looks, roles)
    _by_look(roles, looks)
    finding = _finding(roles, looks)
    if finding is None:
        return None
    return Header(first_row, _columns(roles, finding, looks), ticks)


def _doubted(role: str | None, look: Look) -> str | None:
    """A name that the cells belie says nothing."""
    if role == "responsible" and look.wordy > _LONGEST_PERSONS and look.persons < _HALF:
        return None
    if role in {"deadline", "responsible"} and look.counts == 1 and look.days < _HALF and look.filled > 1:
        return None
    if role == "deadline" and look.days == 0 and look.wordy < 1 and look.filled > 1:
        return None  # hours of a day
    return "state" if role == "deadline" and look.states > _MOST > look.days + look.counts else role


def _ticks(names: Sequence[str], looks: Sequence[Look], roles: Roles) -> dict[int, str]:
    """Columns called by a state, with nothing but ticks in them."""
    found = {}
    for column, (name, look) in enumerate(zip(names, looks, strict=True)):
        state = state_named(name)
        if state and look.ticks == 1:
            found[column] = state
            roles[column] = "tick"
    return found


@lru_cache(maxsize=1_024)
def state_named(name: str) -> str | None:
    """The state that a column is called by: 已完成, 未启动."""
    if len(name) > _LONGEST_STATE_NAME:
        return None
    for state, told, unless, is_sure in table_words.states():
        if is_sure and told.search(name) and not (unless and unless.search(name)):
            return state if role_of(name) in {None, "aside"} else None
    return None


def _by_look(roles: Roles, looks: Sequence[Look]) -> None:
    """Give the columns whose name says nothing the role that their cells show."""
    for column, look in enumerate(looks):
        if roles[column] is None and look.filled > 1:
            role = _shown(look, is_first=column == 0)
            if role and role not in roles and not (role == "state" and "progress" in roles):
                roles[column] = role


def _shown(look: Look, *, is_first: bool) -> str | None:
    if is_first and look.runs > _MOST and look.wordy < _SHORTEST:
        return "number"
    if look.days > _MOST:
        return "deadline"
    if look.states > _MOST and look.counts < 1 and look.ticks < 1:
        return "state"
    if look.persons > _MOST and look.wordy < _LONGEST_PERSONS / 2:
        return "responsible"
    return None


def _finding(roles: Roles, looks: Sequence[Look]) -> int | None:
    """The column of findings: one called so, else details, else the one whose sentences say that something is wrong."""
    named = [at for at, role in enumerate(roles) if role == "finding" and _is_told(looks[at])]
    if named:
        return max(named, key=lambda at: (says_wrong(looks[at]), looks[at].wordy >= _WORDY, at))
    titled = [at for at, role in enumerate(roles) if role is None and says_wrong(looks[at])]
    if "detail" in roles and titled and titled[0] < roles.index("detail"):
        return titled[0]
    for role in ("detail", "task"):
        told = [at for at, one in enumerate(roles) if one == role and _is_told(looks[at])]
        if told and (role == "detail" or _is_task_told(roles, looks[told[0]])):
            return told[-1]
    if any(role == "finding" for role in roles) or not any(role in _RECTIFYING for role in roles):
        return None
    wrong = [at for at, role in enumerate(roles) if role in {None, "category", "before"} and says_wrong(looks[at])]
    return max(wrong, key=lambda at: looks[at].finding, default=None)


def _is_told(look: Look) -> bool:
    """Sentences, not counts; or no cell at all to judge by."""
    return look.filled == 0 or (look.counts < _HALF and look.runs <= _HALF and look.wordy >= _SHORTEST)


def _is_task_told(roles: Roles, look: Look) -> bool:
    """Tasks are the findings rewritten where measures stand beside them."""
    return "measures" in roles and look.wordy >= _WORDY


def says_wrong(look: Look) -> bool:
    """Most cells are sentences that say that something is wrong."""
    return look.filled > 1 and look.wordy >= _WORDY and look.wrong >= _HALF and look.finding > _TELLS


def _columns(roles: Roles, finding: int, looks: Sequence[Look]) -> dict[str, tuple[int, ...]]:
    _rest(roles, finding, looks)
    columns: dict[str, tuple[int, ...]] = {}
    for column, role in enumerate(roles):
        if column == finding:
            columns["finding"] = (column,)
        elif role == "finding":
            columns.setdefault("category", (column,))
        elif role:
            columns[role] = (*columns.get(role, ()), column)
    tasks = columns.pop("task", None)
    if tasks and "measures" not in columns:
        columns["measures"] = tasks
    for role in _SINGLE:
        if role in columns:
            columns[role] = columns[role][:1]
    return columns


def _rest(roles: Roles, finding: int, looks: Sequence[Look]) -> None:
    """Sentences in columns without a telling name: deeds first, then what came of them."""
    for column, look in enumerate(looks):
        if roles[column] is not None or column == finding or look.filled < 2 or look.wordy < _SHORTEST:
            continue
        is_result = look.result > 0
        if look.finding >= _HALF or {"both", "results" if is_result else "measures"} & set(filter(None, roles)):
            continue
        if not is_result and "task" not in roles:
            roles[column] = "measures"
        elif is_result and look.result > _TELLS:
            roles[column] = "results"

"""Names of what figures are grouped by, in their natural order, and what may be chosen."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from bihuan.models import Organization
from bihuan.queries._arrays import one_of
from bihuan.queries._offered import rounds_offered
from bihuan.queries.findings.profiles import profiles_in_use
from bihuan.queries.statistics.flows import Key
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import INSPECTABLE_CLASSES, N_, ORGANIZATION_CLASSES

NOTHING: Mapping[str, str] = {}
# The order of the groups: that of the tree or the vocabulary, or those with most findings first.
USUAL, FINDINGS = SORTS = ("usual", "findings")


@dataclass(frozen=True)
class Name:
    """What a value is called, in Chinese; `names`: in both languages where a profile has them; and its rank."""

    label: str
    names: Mapping[str, str]
    rank: int


@dataclass(frozen=True)
class GroupChoice:
    """A value that figures can be narrowed to."""

    key: str
    label: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class GroupChoices:
    """What can be chosen of each dimension but the units."""

    rounds: tuple[GroupChoice, ...]
    kinds: tuple[GroupChoice, ...]
    classes: tuple[GroupChoice, ...]
    categories: tuple[GroupChoice, ...]


UNNAMED = {"kind": N_("未登记种类"), "class": N_("未登记类别"), "category": N_("未分类"), "round": N_("未登记轮次")}


def names_of(actor: Actor, *, by: str, keys: Set[Key]) -> Mapping[Key, Name]:
    """The names of these values of a dimension."""
    found = _OF[by](actor, keys)
    return {key: found.get(key) or Name(UNNAMED.get(by, ""), NOTHING, len(found) + 1) for key in keys}


def rank_of(names: Mapping[Key, Name]) -> Callable[[Key], tuple[int, str]]:
    """The order of the groups: the tree, the latest round first, or as the vocabulary has it."""
    return lambda key: (names[key].rank, str(key))


def choices_of(actor: Actor) -> GroupChoices:
    """Rounds as far as one of their inspections is seen; the rest is the same for everybody."""
    return GroupChoices(
        rounds=_choices(_rounds(actor, frozenset())),
        kinds=_choices(_kinds(actor, frozenset())),
        classes=_choices(_classes(actor, frozenset())),
        categories=_choices(_categories(actor, frozenset())),
    )


def _choices(names: Mapping[Key, Name]) -> tuple[GroupChoice, ...]:
    ranked = sorted(names.items(), key=lambda one: one[1].rank)
    return tuple(GroupChoice(str(key), name.label, name.names) for key, name in ranked)


def _units(_actor: Actor, keys: Set[Key]) -> dict[Key, Name]:
    rows = Organization.objects.filter(one_of(key for key in keys if isinstance(key, UUID))).values_list(
        "pk", "name", "lo"
    )
    return {key: Name(name, NOTHING, lo) for key, name, lo in rows}


def _rounds(actor: Actor, _keys: Set[Key]) -> dict[Key, Name]:
    return {one.id: Name(one.name, NOTHING, rank) for rank, one in enumerate(rounds_offered(actor))}


def _kinds(_actor: Actor, _keys: Set[Key]) -> dict[Key, Name]:
    kinds = {code: kind.label for profile in reversed(profiles_in_use()) for code, kind in profile.kinds.items()}
    return {code: Name(label["zh"], dict(label), rank) for rank, (code, label) in enumerate(kinds.items())}


def _classes(_actor: Actor, _keys: Set[Key]) -> dict[Key, Name]:
    return {code: Name(ORGANIZATION_CLASSES[code], NOTHING, rank) for rank, code in enumerate(INSPECTABLE_CLASSES)}


def _categories(_actor: Actor, _keys: Set[Key]) -> dict[Key, Name]:
    tops = {
        code: category.label
        for profile in reversed(profiles_in_use())
        for code, category in profile.taxonomy.categories.items()
        if category.parent is None
    }
    return {code: Name(label["zh"], dict(label), rank) for rank, (code, label) in enumerate(tops.items())}


_OF: Mapping[str, Callable[[Actor, Set[Key]], dict[Key, Name]]] = {
    "unit": _units, "round": _rounds, "kind": _kinds, "class": _classes, "category": _categories
}  # fmt: skip

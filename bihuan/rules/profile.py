"""What a place has decided for itself: time limits, signers, inspection kinds, taxonomy, parsed and checked.

The files are in bihuan/profiles/; versions kept in the database come in as text through the same door.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from types import MappingProxyType

from bihuan.rules.lights import LightDays
from bihuan.rules.profile_table import ProfileInvalid, Table
from bihuan.rules.time_limits import (
    Anchor,
    Certainty,
    Direction,
    Limit,
    Roll,
    TimedEvent,
    TimeLimit,
    TimeLimits,
    Unit,
)
from bihuan.rules.vocabulary import OFFICERS, ROLES, UNIT_ROLES

ReadText = Callable[[str], str]

LEVELS = 3
MAY_NOT_SIGN = (*OFFICERS, "guest")
LONGEST_AMOUNT = 1000


class FeedbackMode(StrEnum):
    """How the feedback of an inspection is given."""

    SEPARATE = "separate"
    COLLECTIVE_PLUS_ONE_TO_ONE = "collective_plus_one_to_one"
    CASCADE_TOWNSHIP_THEN_VILLAGE = "cascade_township_then_village"


class RectificationSubject(StrEnum):
    """Whose duty the rectification is: the inspected unit's, or the organization's above it."""

    UNIT = "unit"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class InspectionKind:
    """One kind of inspection. guessed names the fields that no source gives and a place should look at first."""

    code: str
    label: Mapping[str, str]
    counts_toward_coverage: bool
    onsite_days_default: int
    team_size: tuple[int, int]
    requires_mobilization: bool
    feedback_mode: FeedbackMode
    rectification_subject: RectificationSubject
    external_team_required: bool
    links_to_prior_round: bool
    has_parent_round: bool
    source: str
    certainty: Certainty
    guessed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignerChain:
    """Who reviews a plan and who signs a closing, by role, in order; the last one decides."""

    code: str
    label: Mapping[str, str]
    plan_reviewers: tuple[str, ...]
    closing_signers: tuple[str, ...]
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Point:
    """A criterion of closing that the unit answers, or a point of review that a signer confirms."""

    code: str
    label: Mapping[str, str]
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class ClosingCriteria:
    """What must hold before a finding is closed, and what each signer looks at, both in the order of the file."""

    criteria: Mapping[str, Point]
    points: Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class Category:
    """One class of findings at its level. overlay marks those only for some inspections (village)."""

    code: str
    level: int
    parent: str | None
    label: Mapping[str, str]
    overlay: str | None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The classes of findings in the order of the file."""

    name: str
    version: str
    effective_from: date
    label: Mapping[str, str]
    categories: Mapping[str, Category]

    def children(self, code: str | None = None) -> tuple[Category, ...]:
        """The classes right below one, or the top ones."""
        return tuple(category for category in self.categories.values() if category.parent == code)

    @property
    def lowest(self) -> frozenset[str]:
        """The codes that findings are given: those with nothing below."""
        return frozenset(self.categories) - {category.parent for category in self.categories.values()}

    def path(self, code: str) -> tuple[Category, ...]:
        """The classes from the top down to this one. KeyError when the taxonomy has no such code."""
        category = self.categories[code]
        return (*(self.path(category.parent) if category.parent else ()), category)


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything a place has decided, in one version. A round keeps the version it began with."""

    name: str
    version: str
    effective_from: date
    label: Mapping[str, str]
    time_limits: TimeLimits
    signer_chain: SignerChain
    kinds: Mapping[str, InspectionKind]
    taxonomy: Taxonomy
    closing: ClosingCriteria
    lights: LightDays

    @property
    def plan_reviewers(self) -> tuple[str, ...]:
        """Roles that review a plan, in order; the last approves it."""
        return self.signer_chain.plan_reviewers

    @property
    def closing_signers(self) -> tuple[str, ...]:
        """Roles that sign a closing, in order; the last closes."""
        return self.signer_chain.closing_signers


def packaged_text(file: str) -> str:
    """A profile file as it came with the product. ProfileInvalid when there is none."""
    try:
        return (resources.files("bihuan") / "profiles" / file).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ProfileInvalid(file=file, key="", reason="没有这个文件") from error


def load_profile(name: str, *, read: ReadText = packaged_text) -> Profile:
    """The profile of this name with all it refers to. read gives the text of a file, from wherever it is kept."""
    file = f"{name}.toml"
    return parse_profile(read(file), file=file, read=read)


def parse_profile(text: str, *, file: str, read: ReadText = packaged_text) -> Profile:
    """A place's profile. ProfileInvalid names the file, the key and what is wrong."""
    root = Table.of_text(text, file=file)
    limits_file, taxonomy_file = f"time_limits_{root.text('time_limits')}.toml", f"{root.text('taxonomy')}.toml"
    closing_file = f"{root.text('closing_criteria')}.toml"
    chains_file, kinds_file = f"{root.text('signer_chains')}.toml", f"{root.text('inspection_kinds')}.toml"
    chains = parse_signer_chains(read(chains_file), file=chains_file)
    kinds = parse_inspection_kinds(read(kinds_file), file=kinds_file)
    chosen = root.words("kinds")
    for kind in chosen:
        if kind not in kinds:
            raise root.wrong("kinds", reason=f"{kinds_file} 里没有“{kind}”这一巡察种类")
    profile = Profile(
        name=root.text("name"),
        version=root.text("version"),
        effective_from=root.day("effective_from"),
        label=root.label(),
        time_limits=parse_time_limits(read(limits_file), file=limits_file),
        signer_chain=chains[root.choice("signer_chain", among=chains)],
        kinds=MappingProxyType({kind: kinds[kind] for kind in chosen}),
        taxonomy=parse_taxonomy(read(taxonomy_file), file=taxonomy_file),
        closing=parse_closing_criteria(read(closing_file), file=closing_file),
        lights=_light_days(root.table("lights")),
    )
    root.refuse_the_rest()
    for name, part in (("time_limits", profile.time_limits), ("taxonomy", profile.taxonomy)):
        if part.effective_from > profile.effective_from:
            raise root.wrong(name, reason=f"“{part.name}”自 {part.effective_from} 起施行，晚于本配置的施行日期")
    return profile


def parse_time_limits(text: str, *, file: str) -> TimeLimits:
    """The limits of one time-limit profile. An unknown deed, unit or anchor is refused."""
    root = Table.of_text(text, file=file)
    tables = root.named_tables("limits")
    for event in tables:
        if event not in tuple(TimedEvent):
            raise root.wrong(f"limits.{event}", reason=f"不认识“{event}”，请用 {'、'.join(TimedEvent)} 之一")
    limits = TimeLimits(
        name=root.text("name"),
        version=root.text("version"),
        effective_from=root.day("effective_from"),
        label=root.label(),
        entries=MappingProxyType({TimedEvent(name): _time_limit(name, table) for name, table in tables.items()}),
    )
    root.refuse_the_rest()
    return limits


def parse_signer_chains(text: str, *, file: str) -> Mapping[str, SignerChain]:
    """The chains by code. A chain without signers, or with a role that may not sign, is refused."""
    root = Table.of_text(text, file=file)
    chains = {code: _signer_chain(code, table) for code, table in root.named_tables("chains").items()}
    _refuse_bad_head(root)
    return MappingProxyType(chains)


def parse_inspection_kinds(text: str, *, file: str) -> Mapping[str, InspectionKind]:
    """The kinds of inspection by code."""
    root = Table.of_text(text, file=file)
    kinds = {code: _inspection_kind(code, table) for code, table in root.named_tables("kinds").items()}
    _refuse_bad_head(root)
    return MappingProxyType(kinds)


def parse_closing_criteria(text: str, *, file: str) -> ClosingCriteria:
    """The criteria of closing and the points of review, each by its code."""
    root = Table.of_text(text, file=file)
    criteria, points = (
        MappingProxyType({code: _point(code, table) for code, table in root.named_tables(name).items()})
        for name in ("criteria", "points")
    )
    _refuse_bad_head(root)
    return ClosingCriteria(criteria=criteria, points=points)


def parse_taxonomy(text: str, *, file: str) -> Taxonomy:
    """The classes of findings. A code twice, a parent that does not precede, or a fourth level is refused."""
    root = Table.of_text(text, file=file)
    categories: dict[str, Category] = {}
    for table in root.listed_tables("categories"):
        category = _category(table, above=categories)
        categories[category.code] = category
    taxonomy = Taxonomy(
        name=root.text("name"),
        version=root.text("version"),
        effective_from=root.day("effective_from"),
        label=root.label(),
        categories=MappingProxyType(categories),
    )
    root.refuse_the_rest()
    return taxonomy


def _light_days(table: Table) -> LightDays:
    near, soon = table.integer("near_days"), table.integer("soon_days")
    if soon >= near:
        raise table.wrong("soon_days", reason=f"黄灯的 {soon} 天应少于蓝灯的 {near} 天")
    certainty = Certainty(table.choice("certainty", among=Certainty))
    days = LightDays(near=near, soon=soon, source=table.text("source"), certainty=certainty)
    table.refuse_the_rest()
    return days


def _point(code: str, table: Table) -> Point:
    point = Point(code=code, label=table.label(), certainty=Certainty(table.choice("certainty", among=Certainty)))
    table.refuse_the_rest()
    return point


def _refuse_bad_head(root: Table) -> None:
    root.text("version")
    root.day("effective_from")
    root.refuse_the_rest()


def _time_limit(event: str, table: Table) -> TimeLimit:
    direction = Direction(table.choice("direction", among=Direction)) if table.has("direction") else Direction.AFTER
    line = TimeLimit(
        event=TimedEvent(event),
        counted_from=Anchor(table.choice("counted_from", among=Anchor)),
        direction=direction,
        limit=_limit(table, direction=direction),
        wording=table.text("wording"),
        source=table.text("source"),
        certainty=Certainty(table.choice("certainty", among=Certainty)),
        article=table.text_or_none("article"),
        note=table.text_or_none("note"),
    )
    table.refuse_the_rest()
    return line


def _limit(table: Table, *, direction: Direction) -> Limit | None:
    if not any([table.has("unit"), table.has("amount"), table.has("roll")]):
        return None
    unit = Unit(table.choice("unit", among=Unit))
    amount = table.integer("amount")
    if amount > LONGEST_AMOUNT:
        raise table.wrong("amount", reason=f"{amount} 太大，请用不超过 {LONGEST_AMOUNT} 的数")
    roll = Roll.NEXT_WORKDAY if direction is Direction.AFTER else Roll.PREVIOUS_WORKDAY
    return Limit(unit, amount, Roll(table.choice("roll", among=(Roll.NONE, roll))))


def _signer_chain(code: str, table: Table) -> SignerChain:
    chain = SignerChain(
        code=code,
        label=table.label(),
        plan_reviewers=_signers(table, "plan_reviewers"),
        closing_signers=_signers(table, "closing_signers"),
        source=table.text("source"),
        certainty=Certainty(table.choice("certainty", among=Certainty)),
    )
    table.refuse_the_rest()
    return chain


def _signers(table: Table, name: str) -> tuple[str, ...]:
    roles = table.words(name)
    for role in roles:
        if role not in ROLES:
            raise table.wrong(name, reason=f"没有“{role}”这个角色")
        if role in MAY_NOT_SIGN:
            raise table.wrong(name, reason=f"“{ROLES[role]}”（{role}）不办理业务，不能审核或签字")
    _refuse_own_unit(table, name, roles)
    return roles


def _refuse_own_unit(table: Table, name: str, roles: tuple[str, ...]) -> None:
    """Of the inspected unit its head alone signs, by handing in, hence first; never alone (decision 0011)."""
    for role in roles:
        if role in UNIT_ROLES and role != "unit_head":
            raise table.wrong(name, reason=f"被巡察单位只由主要负责人签字，“{ROLES[role]}”（{role}）不能列入")
    if "unit_head" in roles[1:]:
        raise table.wrong(name, reason="被巡察单位主要负责人（unit_head）报送时即已签字，只能排在最前")
    if roles == ("unit_head",):
        raise table.wrong(name, reason="不能只由被巡察单位自己签字，请至少再列一方")


def _inspection_kind(code: str, table: Table) -> InspectionKind:
    smallest, largest = table.integer("team_size_least"), table.integer("team_size_most")
    if largest < smallest:
        raise table.wrong("team_size_most", reason=f"组员上限 {largest} 小于下限 {smallest}")
    guessed = table.words_or_none("guessed")
    kind = InspectionKind(
        code=code,
        label=table.label(),
        counts_toward_coverage=table.yes_or_no("counts_toward_coverage"),
        onsite_days_default=table.integer("onsite_days_default"),
        team_size=(smallest, largest),
        requires_mobilization=table.yes_or_no("requires_mobilization"),
        feedback_mode=FeedbackMode(table.choice("feedback_mode", among=FeedbackMode)),
        rectification_subject=RectificationSubject(table.choice("rectification_subject", among=RectificationSubject)),
        external_team_required=table.yes_or_no("external_team_required"),
        links_to_prior_round=table.yes_or_no("links_to_prior_round"),
        has_parent_round=table.yes_or_no("has_parent_round"),
        source=table.text("source"),
        certainty=Certainty(table.choice("certainty", among=Certainty)),
        guessed=guessed,
    )
    for name in guessed:
        if name not in table.values:
            raise table.wrong("guessed", reason=f"本表没有“{name}”这一项")
    table.refuse_the_rest()
    return kind


def _category(table: Table, *, above: Mapping[str, Category]) -> Category:
    code, label = table.text("code"), table.label()
    parent_code, overlay = table.text_or_none("parent"), table.text_or_none("overlay")
    table.refuse_the_rest()
    if code in above:
        raise table.wrong("code", reason=f"分类编码“{code}”重复")
    if parent_code is None:
        return Category(code=code, level=1, parent=None, label=label, overlay=overlay)
    parent = above.get(parent_code)
    if parent is None:
        raise table.wrong("parent", reason=f"上级分类“{parent_code}”不在它之前")
    if parent.level == LEVELS:
        raise table.wrong("parent", reason=f"“{code}”成了第 {LEVELS + 1} 级，分类只有 {LEVELS} 级")
    return Category(
        code=code, level=parent.level + 1, parent=parent_code, label=label, overlay=overlay or parent.overlay
    )

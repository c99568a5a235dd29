"""The tree of organizations, one of them by itself, choices for forms, and the register as it stood on a day.

The tree is no secret within the system; who holds which post there is shown to those who need to know it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bihuan.models import Organization, Post, RegisterEntry
from bihuan.rules.access import GRANTS_SIGHT, KEEPS_PEOPLE, KEEPS_REGISTER, PLANS_ROUNDS, Actor
from bihuan.rules.vocabulary import INSPECTABLE_CLASSES, ORGANIZATION_CLASSES, REVIEW_ROLES, ROLES

CHANGES_TREE = (*KEEPS_REGISTER, *KEEPS_PEOPLE)
READS_POSTS = frozenset((*CHANGES_TREE, *GRANTS_SIGHT, *PLANS_ROUNDS, *REVIEW_ROLES))


@dataclass(frozen=True)
class OrganizationRow:
    """One organization of the tree: `depth` 0 is the root; `n_posts` counts posts held on the day."""

    id: UUID
    name: str
    class_label: str
    depth: int
    n_posts: int
    is_ended: bool


@dataclass(frozen=True)
class OrganizationTree:
    """The rows in the order of the tree; a search leaves what fits, with all above it."""

    rows: tuple[OrganizationRow, ...]
    n_organizations: int
    may_change: bool


@dataclass(frozen=True)
class OrganizationName:
    """An organization as something to choose or to lead to."""

    id: UUID
    name: str
    class_label: str = ""
    depth: int = 0


@dataclass(frozen=True)
class OrganizationPost:
    """A post held in the organization."""

    id: UUID
    account: UUID
    person: str
    role_label: str
    starts_on: date
    ends_on: date | None
    is_current: bool


@dataclass(frozen=True)
class RegisterRow:
    """An organization as a term's register has it, from a day through a day."""

    id: UUID
    organization: UUID
    term_name: str
    name: str
    organization_class: str
    class_label: str
    parent_name: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class OrganizationPage:
    """One organization with what is above, below and in it. `posts` is None where they are not the actor's to know."""

    id: UUID
    name: str
    short_name: str
    organization_class: str
    class_label: str
    revision: int
    ended_on: date | None
    merged_into: OrganizationName | None
    above: tuple[OrganizationName, ...]
    below: tuple[OrganizationName, ...]
    posts: tuple[OrganizationPost, ...] | None
    registers: tuple[RegisterRow, ...]
    may_change: bool


def organization_tree(*, by: Actor, on: date, query: str = "", with_ended: bool = False) -> OrganizationTree:
    """The whole tree as it stands; `query` narrows it to names that contain it, and what is above them."""
    found = Organization.objects.order_by("lo")
    rows = list(found if with_ended else found.filter(ended_on=None))
    held = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
    n_posts = dict(held.order_by().values_list("organization").annotate(n=Count("pk")))
    shown = _fitting(rows, query.strip()) if query.strip() else rows
    return OrganizationTree(
        rows=tuple(
            OrganizationRow(row.pk, row.name, _label(row), depth, n_posts.get(row.pk, 0), row.ended_on is not None)
            for row, depth in _with_depth(shown)
        ),
        n_organizations=len(rows),
        may_change=by.role in CHANGES_TREE,
    )


def organization_page(organization: UUID, *, by: Actor, on: date) -> OrganizationPage | None:
    """One organization; None when there is none."""
    row = Organization.objects.select_related("merged_into").filter(pk=organization).first()
    if row is None:
        return None
    above = Organization.objects.filter(lo__lt=row.lo, hi__gte=row.hi).order_by("lo")
    below = Organization.objects.filter(parent=row, ended_on=None).order_by("lo")
    registers = RegisterEntry.objects.filter(organization=row).select_related("term").order_by("-starts_on")
    return OrganizationPage(
        id=row.pk,
        name=row.name,
        short_name=row.short_name,
        organization_class=row.organization_class,
        class_label=_label(row),
        revision=row.revision,
        ended_on=row.ended_on,
        merged_into=_name(row.merged_into) if row.merged_into else None,
        above=tuple(_name(each) for each in above),
        below=tuple(_name(each) for each in below),
        posts=_posts(row, by=by, on=on),
        registers=tuple(_register_row(entry) for entry in registers),
        may_change=by.role in CHANGES_TREE and row.ended_on is None,
    )


def organization_choices(*, classes: Iterable[str] = (), outside: UUID | None = None) -> tuple[OrganizationName, ...]:
    """Living organizations in the order of the tree, of these classes (none: all), outside one branch."""
    rows = Organization.objects.filter(ended_on=None).order_by("lo")
    branch = Organization.objects.filter(pk=outside).first() if outside else None
    if branch is not None:
        rows = rows.exclude(lo__range=(branch.lo, branch.hi))
    wanted = tuple(classes) or tuple(ORGANIZATION_CLASSES)
    return tuple(_name(row, depth) for row, depth in _with_depth(rows) if row.organization_class in wanted)


def teams() -> tuple[OrganizationName, ...]:
    """The inspection teams there are."""
    return organization_choices(classes=("inspection_team",))


def inspectable_units() -> tuple[OrganizationName, ...]:
    """The units that can be inspected."""
    return organization_choices(classes=INSPECTABLE_CLASSES)


def register_on(term: UUID, *, on: date) -> tuple[RegisterRow, ...]:
    """The register of a term as it stood on that day, whatever has become of the tree since."""
    return tuple(_register_row(entry) for entry in entries_on(term, on=on))


def entries_on(term: UUID, *, on: date) -> QuerySet[RegisterEntry]:
    """The entries that stood on that day, both ends included."""
    standing = Q(ends_on=None) | Q(ends_on__gte=on)
    found = RegisterEntry.objects.filter(standing, term=term, starts_on__lte=on).select_related("term")
    return found.order_by("organization_class", "parent_name", "name")


def _posts(row: Organization, *, by: Actor, on: date) -> tuple[OrganizationPost, ...] | None:
    if by.role not in READS_POSTS and by.organization != row.pk:
        return None
    held = Post.objects.filter(organization=row).select_related("account").order_by("starts_on", "id")
    posts = [
        OrganizationPost(
            post.pk,
            post.account_id,
            post.account.person,
            ROLES[post.role],
            post.starts_on,
            post.ends_on,
            post.starts_on <= on and (post.ends_on is None or post.ends_on >= on),
        )
        for post in held
    ]
    return tuple(sorted(posts, key=lambda post: not post.is_current))


def _with_depth(rows: Iterable[Organization]) -> list[tuple[Organization, int]]:
    found: list[tuple[Organization, int]] = []
    open_until: list[int] = []
    for row in rows:
        while open_until and open_until[-1] < row.lo:
            open_until.pop()
        found.append((row, len(open_until)))
        open_until.append(row.hi)
    return found


def _fitting(rows: list[Organization], query: str) -> list[Organization]:
    fitting = [row for row in rows if query in row.name or query in row.short_name]
    return [row for row in rows if any(row.lo <= each.lo and each.hi <= row.hi for each in fitting)]


def _name(row: Organization, depth: int = 0) -> OrganizationName:
    return OrganizationName(row.pk, row.name, _label(row), depth)


def _label(row: Organization) -> str:
    return ORGANIZATION_CLASSES[row.organization_class]


def _register_row(entry: RegisterEntry) -> RegisterRow:
    return RegisterRow(
        entry.pk,
        entry.organization_id,
        entry.term.name,
        entry.name,
        entry.organization_class,
        ORGANIZATION_CLASSES[entry.organization_class],
        entry.parent_name,
        entry.starts_on,
        entry.ends_on,
    )

"""The frame of every page: who acts as what, the menu of the role with its counts. Asks nothing of the database."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from bihuan.queries.desk import MenuCounts
from bihuan.queries.people import Entry
from bihuan.rules.access import GRANTS_SIGHT, KEEPS_PEOPLE, PLANS_ROUNDS, READS_RECORD, Actor
from bihuan.rules.vocabulary import OFFICERS, REVIEW_ROLES, ROLES, TEAM_ROLES, UNIT_ROLES
from bihuan.web import words

EVERYBODY = tuple(ROLES)
BUSINESS = tuple(role for role in ROLES if role not in OFFICERS)


@dataclass(frozen=True)
class MenuItem:
    """One entry: its words, address and figure; `count_url`: the rows that it counts; `is_least`: there are more."""

    label: str
    url: str
    count: int | None = None
    count_url: str = ""
    is_current: bool = False
    is_late: bool = False
    is_least: bool = False


@dataclass(frozen=True)
class Frame:
    """What base.html needs around every page of a signed-in person."""

    person: str
    post_label: str
    role: str
    language: str
    title_suffix: str
    account: str
    menu: tuple[MenuItem, ...] = ()


_RECEIVES = (*PLANS_ROUNDS, *TEAM_ROLES, *UNIT_ROLES, "discipline_reviewer", "organization_reviewer")
_REVIEWS = (
    "office_director", "team_leader", "discipline_reviewer", "organization_reviewer", "township_reviewer",
    "supervising_leader",
)  # fmt: skip
_KNOWS_TREE = (*PLANS_ROUNDS, *TEAM_ROLES, *REVIEW_ROLES, *KEEPS_PEOPLE)
_PLANS = tuple(dict.fromkeys((*_RECEIVES, *_REVIEWS)))
# Label, address, whose it is, the figure beside it (a field of MenuCounts) and the address of what that counts; the
# order is that of the work.
MENU = (
    (gettext_lazy("待办"), "/", EVERYBODY, "waiting", "/"),
    (gettext_lazy("台账"), "/findings/", BUSINESS, "overdue", "/findings/?light=overdue"),
    (gettext_lazy("反馈"), "/feedback/", _RECEIVES, "feedback", "/feedback/?waits=any"),
    (gettext_lazy("方案"), "/plans/", _PLANS, "plans", "/findings/?waits=plan"),
    (gettext_lazy("销号"), "/closing/", tuple({*_RECEIVES, *_REVIEWS}), "closings", "/closing/?box=mine"),
    (pgettext_lazy("page", "轮次"), "/rounds/", (*PLANS_ROUNDS, *TEAM_ROLES), "", ""),
    (gettext_lazy("统计"), "/statistics/", BUSINESS, "", ""),
    (gettext_lazy("组织"), "/organizations/", _KNOWS_TREE, "", ""),
    (gettext_lazy("人员"), "/people/", KEEPS_PEOPLE, "", ""),
    (gettext_lazy("授权"), "/people/grants/", GRANTS_SIGHT, "", ""),
    (gettext_lazy("记录"), "/record/", READS_RECORD, "", ""),
)
LATE = ("overdue",)
# Pages without an entry of their own, and the entry they belong to.
WITHIN = {
    "/evidence/": "/findings/", "/progress/": "/findings/", "/imports/": "/findings/", "/terms/": "/rounds/",
    "/inspections/": "/rounds/",
}  # fmt: skip


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor; nothing before sign-in."""
    return {"frame": frame_of(request)}


def frame_of(request: HttpRequest) -> Frame | None:
    """The frame of the person whom the gate let in."""
    entry: Entry | None = getattr(request, "entry", None)
    if entry is None:
        return None
    actor = entry.actor
    return Frame(
        person=entry.person,
        post_label=post_label(actor) if actor else gettext("没有职务"),
        role=actor.role if actor else "",
        language=get_language() or "",
        title_suffix=gettext("闭环"),
        account=str(entry.account),
        menu=_menu(actor, request) if actor and not entry.must_change_password else (),
    )


def post_label(actor: Actor) -> str:
    """The post in the reader's language: organization and role."""
    return f"{actor.organization_name} {words.label(ROLES[actor.role])}".strip()


def _menu(actor: Actor, request: HttpRequest) -> tuple[MenuItem, ...]:
    counts: MenuCounts = getattr(request, "menu_counts", MenuCounts())
    shown = [entry for entry in MENU if actor.role in entry[2]]
    current = max((url for _, url, _, _, _ in shown if _is_here(url, request)), key=len, default="")
    return tuple(
        MenuItem(
            label=str(label),
            url=url,
            count=getattr(counts, figure) if figure else None,
            count_url=count_url,
            is_current=url == current,
            is_late=figure in LATE,
            is_least=figure in counts.at_least,
        )
        for label, url, _, figure, count_url in shown
    )


def _is_here(url: str, request: HttpRequest) -> bool:
    """Whether the page lies under that address of the menu, or is the narrowed list that it names."""
    path, _, query = url.partition("?")
    if query:
        return request.path == path and all(request.GET.get(name) == value for name, value in parse_qsl(query))
    here = next((place for start, place in WITHIN.items() if request.path.startswith(start)), request.path)
    return here == path if path == "/" else here.startswith(path)

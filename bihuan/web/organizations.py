"""Pages of the organization tree: the whole, one of them, and the forms that make, rename, move, merge and end."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.actions import organizations as deeds
from bihuan.actions.refusals import Unknown
from bihuan.queries import organizations as queries
from bihuan.queries.organizations import OrganizationName, OrganizationPage, OrganizationRow
from bihuan.rules.vocabulary import ORGANIZATION_CLASSES
from bihuan.web import words
from bihuan.web._acts import form_page, open_only_to
from bihuan.web._forms import DayInput, PlainForm
from bihuan.web._pages import Empty, Fact, Link, filter_of

ALL = "/organizations/"
INDENT = "\u3000"
OPEN_DEPTH = 1


class NewForm(PlainForm):
    """A new organization."""

    name = forms.CharField(label=_("名称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False, help_text=_("不填则与名称相同。"))
    organization_class = forms.ChoiceField(label=_("类别"))
    parent = forms.ChoiceField(label=_("上级单位"))
    reason = forms.CharField(label=_("依据"), max_length=500, required=False, help_text=_("如：机构编制文件的文号。"))

    def __init__(self, *args: Any, above: Iterable[OrganizationName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = [(code, words.label(label)) for code, label in ORGANIZATION_CLASSES.items()]
        self.fields["organization_class"].choices = [("", _("请选择")), *classes]
        self.fields["parent"].choices = _choices(above)
        if len(self.fields["parent"].choices) == 1:
            del self.fields["parent"]


class ChangeForm(PlainForm):
    """What every change of an organization asks: why, and which revision the person saw."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: OrganizationPage, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": shown.revision, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class RenameForm(ChangeForm):
    """A new name."""

    name = forms.CharField(label=_("新名称"), max_length=120)
    short_name = forms.CharField(label=_("新简称"), max_length=40, required=False, help_text=_("不填则与名称相同。"))
    field_order = ("name", "short_name", "reason", "seen")


class MoveForm(ChangeForm):
    """A new parent."""

    parent = forms.ChoiceField(label=_("新的上级单位"))
    field_order = ("parent", "reason", "seen")

    def __init__(self, *args: Any, others: Iterable[OrganizationName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = _choices(others)


class EndForm(ChangeForm):
    """The last day."""

    on = forms.DateField(label=_("撤销日期"), widget=DayInput())
    field_order = ("on", "reason", "seen")


class MergeForm(EndForm):
    """The last day, and into which organization."""

    into = forms.ChoiceField(label=_("并入"))
    field_order = ("into", "on", "reason", "seen")

    def __init__(self, *args: Any, others: Iterable[OrganizationName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = _choices(others)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The whole tree, or what fits a search."""
    query, ended = request.GET.get("q", "").strip(), request.GET.get("ended", "")
    tree = queries.organization_tree(by=request.actor, on=request.on, query=query, with_ended=ended == "1")
    new = Link(gettext("新建单位"), f"{ALL}new", is_primary=True)
    ended_filter = filter_of(
        "ended",
        label=gettext("范围"),
        choices=[("1", gettext("含已撤销"))],
        chosen=ended,
        all_label=gettext("现有单位"),
    )
    page = {
        "title": gettext("组织"),
        "actions": [new] if tree.may_change else [],
        "url": ALL,
        "query": query,
        "search_label": gettext("搜索单位名称"),
        "filters": [ended_filter],
        "n_organizations": tree.n_organizations,
        "nodes": _nested(tree.rows, open_all=bool(query)),
        "empty": _nothing_yet(may_change=tree.may_change),
    }
    return render(request, "organizations/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new organization; the first one is the root and has no parent."""
    open_only_to(deeds.CHANGES_TREE, role=request.actor.role)
    form = NewForm(
        request.POST or None,
        above=queries.organization_choices(),
        initial={"parent": request.GET.get("parent", "")},
    )

    def act(typed: dict[str, Any]) -> str:
        made = deeds.create_organization(
            name=typed["name"],
            short_name=typed["short_name"],
            organization_class=typed["organization_class"],
            parent=UUID(typed["parent"]) if typed.get("parent") else None,
            reason=typed["reason"],
            by=request.actor,
            at=request.at,
        )
        messages.success(request, gettext("已建立单位。"))
        return _address(made)

    page = {
        "title": gettext("新建单位"),
        "crumbs": [Link(gettext("组织"), ALL)],
        "submit_label": gettext("建立"),
        "cancel_url": ALL,
    }
    return form_page(request, form, page=page, template="organizations/form.html", act=act)


@require_GET
def detail(request: HttpRequest, organization: UUID) -> HttpResponse:
    """One organization with what is above, below and in it."""
    shown = _shown(request, organization)
    page = {
        "title": shown.name,
        "crumbs": _crumbs(shown),
        "tags": [{"label": gettext("已撤销"), "is_key": False}] if shown.ended_on else [],
        "actions": list(_changes(shown)) if shown.may_change else [],
        "facts": list(_facts(shown)),
        "posts": [
            {
                "person": post.person,
                "organization": "",
                "role_label": post.role_label,
                "from_on": post.starts_on,
                "to_on": post.ends_on,
                "url": "",
                "is_current": post.is_current,
            }
            for post in shown.posts or ()
        ],
        "shows_posts": shown.posts is not None,
        "children": [_link_to(each) for each in shown.below],
        "registers": [
            {
                "term": row.term_name,
                "name": row.name,
                "class_label": row.class_label,
                "from_on": row.starts_on,
                "to_on": row.ends_on,
            }
            for row in shown.registers
        ],
    }
    return render(request, "organizations/detail.html", {"page": page})


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, organization: UUID) -> HttpResponse:
    """A new name from today on."""
    shown = _to_change(request, organization)
    form = RenameForm(request.POST or None, shown=shown, initial={"name": shown.name, "short_name": shown.short_name})

    def act(typed: dict[str, Any]) -> str:
        deeds.rename_organization(organization, by=request.actor, at=request.at, **typed)
        return _done(request, organization, gettext("已更名。以前的名册和文书不变。"))

    lead = gettext("新名称从今天起使用；以前的名册、统计和文书仍按原名称。")
    return _change_page(request, form, shown, title=gettext("更名"), lead=lead, act=act)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, organization: UUID) -> HttpResponse:
    """Under another organization, with all below."""
    shown = _to_change(request, organization)
    form = MoveForm(request.POST or None, shown=shown, others=queries.organization_choices(outside=organization))

    def act(typed: dict[str, Any]) -> str:
        parent = UUID(typed.pop("parent"))
        deeds.move_organization(organization, parent=parent, by=request.actor, at=request.at, **typed)
        return _done(request, organization, gettext("已调整隶属。"))

    lead = gettext("连同全部下辖单位一起移动；新的上级从此能看到它们的内容，原来的上级不再能看到。")
    return _change_page(request, form, shown, title=gettext("调整隶属"), lead=lead, act=act)


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, organization: UUID) -> HttpResponse:
    """Ended, and merged into another."""
    shown = _to_change(request, organization)
    others = queries.organization_choices(outside=organization)
    form = MergeForm(request.POST or None, shown=shown, others=others, initial={"on": request.on})

    def act(typed: dict[str, Any]) -> str:
        into = UUID(typed.pop("into"))
        deeds.merge_organizations(organization, into=into, by=request.actor, at=request.at, **typed)
        return _done(request, organization, gettext("已并入。"))

    lead = gettext("单位撤销，任职到当日为止，下辖单位划给并入的单位；已有的问题仍记在原单位名下。")
    return _change_page(request, form, shown, title=gettext("并入其他单位"), lead=lead, act=act)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, organization: UUID) -> HttpResponse:
    """Ended."""
    shown = _to_change(request, organization)
    form = EndForm(request.POST or None, shown=shown, initial={"on": request.on})

    def act(typed: dict[str, Any]) -> str:
        deeds.end_organization(organization, by=request.actor, at=request.at, **typed)
        return _done(request, organization, gettext("已撤销。"))

    lead = gettext("任职到当日为止；已有的问题和以前的统计不变。还有下辖单位的，请先移走。")
    return _change_page(request, form, shown, title=gettext("撤销"), lead=lead, act=act)


def _change_page(
    request: HttpRequest,
    form: PlainForm,
    shown: OrganizationPage,
    *,
    title: str,
    lead: str,
    act: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    page = {
        "title": f"{title} · {shown.name}",
        "crumbs": [*_crumbs(shown), Link(shown.name, _address(shown.id))],
        "lead": lead,
        "submit_label": title,
        "cancel_url": _address(shown.id),
    }
    return form_page(request, form, page=page, template="organizations/form.html", act=act)


def _to_change(request: HttpRequest, organization: UUID) -> OrganizationPage:
    shown = _shown(request, organization)
    open_only_to(deeds.CHANGES_TREE, role=request.actor.role)
    return shown


def _shown(request: HttpRequest, organization: UUID) -> OrganizationPage:
    shown = queries.organization_page(organization, by=request.actor, on=request.on)
    if shown is None:
        raise Unknown("organization", organization)
    return shown


def _done(request: HttpRequest, organization: UUID, said: str) -> str:
    messages.success(request, said)
    return _address(organization)


def _address(organization: UUID) -> str:
    return f"{ALL}{organization}/"


def _link_to(name: OrganizationName) -> dict[str, Any]:
    return {"name": name.name, "class_label": name.class_label, "url": _address(name.id)}


def _crumbs(shown: OrganizationPage) -> list[Link]:
    return [Link(gettext("组织"), ALL), *(Link(each.name, _address(each.id)) for each in shown.above)]


def _changes(shown: OrganizationPage) -> Iterable[Link]:
    own = _address(shown.id)
    yield Link(gettext("新建下辖单位"), f"{ALL}new?parent={shown.id}", is_primary=True)
    yield Link(gettext("更名"), f"{own}rename")
    if shown.above:
        yield Link(gettext("调整隶属"), f"{own}move")
        yield Link(gettext("并入其他单位"), f"{own}merge")
        yield Link(gettext("撤销"), f"{own}end")


def _facts(shown: OrganizationPage) -> Iterable[Fact]:
    yield Fact(gettext("类别"), words.label(shown.class_label))
    if shown.short_name != shown.name:
        yield Fact(gettext("简称"), shown.short_name)
    if shown.above:
        yield Fact(gettext("上级单位"), shown.above[-1].name, _address(shown.above[-1].id))
    if shown.ended_on:
        yield Fact(gettext("撤销日期"), shown.ended_on.isoformat())
    if shown.merged_into:
        yield Fact(gettext("并入"), shown.merged_into.name, _address(shown.merged_into.id))


def _nothing_yet(*, may_change: bool) -> Empty:
    title = gettext("还没有单位")
    if not may_change:
        return Empty(title, gettext("请等巡察办或系统管理员建立单位树。"))
    return Empty(title, gettext("请先建立根，一般是本级党委，再建它的下辖单位。"), f"{ALL}new", gettext("新建单位"))


def _choices(names: Iterable[OrganizationName]) -> list[tuple[str, Any]]:
    return [("", _("请选择")), *((str(each.id), INDENT * each.depth + each.name) for each in names)]


def _nested(rows: Iterable[OrganizationRow], *, open_all: bool) -> list[dict[str, Any]]:
    """Rows in preorder as nodes within nodes."""
    roots: list[dict[str, Any]] = []
    within: list[list[dict[str, Any]]] = [roots]
    for row in rows:
        node: dict[str, Any] = {
            "name": row.name,
            "class_label": row.class_label,
            "url": _address(row.id),
            "n_posts": row.n_posts,
            "is_open": open_all or row.depth < OPEN_DEPTH,
            "is_ended": row.is_ended,
            "children": [],
        }
        del within[row.depth + 1 :]
        within[row.depth].append(node)
        within.append(node["children"])
    return roots


urlpatterns: list[URLPattern] = [
    path("organizations/", index, name="organizations.index"),
    path("organizations/new", create, name="organizations.create"),
    path("organizations/<uuid:organization>/", detail, name="organizations.detail"),
    path("organizations/<uuid:organization>/rename", rename, name="organizations.rename"),
    path("organizations/<uuid:organization>/move", move, name="organizations.move"),
    path("organizations/<uuid:organization>/merge", merge, name="organizations.merge"),
    path("organizations/<uuid:organization>/end", end, name="organizations.end"),
]

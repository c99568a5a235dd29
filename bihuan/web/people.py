"""Accounts, posts, tokens and grants: lists and forms. Who may do what is asked of queries and actions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.actions import people as acts
from bihuan.actions.people import NewSecret
from bihuan.actions.refusals import NotYours, Refused, Unknown
from bihuan.queries import people as queries
from bihuan.queries.people import PersonPage, PersonRow
from bihuan.rules.access import GRANTS_SIGHT, KEEPS_PEOPLE
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_, ROLES
from bihuan.web import _pages, words
from bihuan.web._forms import DayInput, PlainForm

COLUMNS = (N_("姓名"), N_("账号"), N_("职务"), N_("状态"))
GRANT_COLUMNS = (N_("谁"), N_("看哪一件"), N_("为什么"), N_("到什么时候"))


class AccountForm(PlainForm):
    """A new account; its first password is drawn, not typed."""

    person = forms.CharField(label=_("姓名"), max_length=40)
    name = forms.CharField(
        label=_("账号"), max_length=40, help_text=_("字母、数字、点或横线，用来登录，以后不改。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip


class PostForm(PlainForm):
    """A post to give: role, organization, from when to when."""

    role = forms.ChoiceField(label=_("职务"))
    organization = forms.ChoiceField(label=_("单位"), required=False, help_text=_("三员不选单位。"))
    starts_on = forms.DateField(label=_("开始日期"), widget=DayInput)
    ends_on = forms.DateField(
        label=_("结束日期"), required=False, widget=DayInput, help_text=_("含当天；没有定下来就不填。")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(code, words.label(text)) for code, text in queries.roles_to_give()]
        self.fields["role"].choices = [("", "—"), *roles]
        self.fields["organization"].choices = [("", "—"), *queries.organizations_to_give()]


class EndForm(PlainForm):
    """The last day of a post."""

    ends_on = forms.DateField(label=_("结束日期"), widget=DayInput, help_text=_("含当天。"))
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(PlainForm):
    """Why an account is closed."""

    reason = forms.CharField(label=_("理由"), max_length=200)
    seen = forms.IntegerField(widget=forms.HiddenInput)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, for the system officer."""
    query, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    found = queries.people_for(request.actor, on=request.on, query=query, role=role, number=_pages.page_number(request))
    if found is None:
        raise _not_yours(KEEPS_PEOPLE)
    roles = queries.roles_to_give()
    page = {
        "title": gettext("人员"),
        "crumbs": _crumbs(),
        "actions": (_pages.Link(gettext("开设账号"), "/people/new/", is_primary=True),),
        "url": "/people/",
        "query": query,
        "search_label": gettext("搜索姓名或账号"),
        "filters": (
            _pages.filter_of("role", label=gettext("职务"), choices=roles, chosen=role, all_label=gettext("全部")),
        ),
        "columns": [_pages.Column(column) for column in COLUMNS],
        "rows": [_line(row) for row in found.rows],
        "total": found.total,
        "matched": found.matched,
        "pager": _pages.pager_of(request, number=found.number, pages=found.pages),
        "empty": _pages.Empty(gettext("还没有人员"), "", "/people/new/", gettext("开设账号")),
    }
    return render(request, "people/list.html", {"page": page})


@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    """Grants of sight, for the security officer."""
    rows = queries.grants_for(request.actor, at=request.at)
    if rows is None:
        raise _not_yours(GRANTS_SIGHT)
    page = {
        "title": gettext("授权"),
        "crumbs": (_pages.Link(gettext("待办"), "/"), _pages.Link(gettext("授权"))),
        "url": "/people/grants/",
        "columns": [_pages.Column(column) for column in GRANT_COLUMNS],
        "rows": rows,
        "total": len(rows),
        "matched": len(rows),
        "empty": _pages.Empty(
            gettext("现在没有单独的授权"), gettext("谁单独看到某一件东西，因为什么，到什么时候，都会列在这里。")
        ),
    }
    return render(request, "people/grants.html", {"page": page})


@require_safe
def person(request: HttpRequest, account: UUID) -> HttpResponse:
    """One person: for the system officer, and for the person."""
    return _person(request, _found(request, account))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    if request.actor.role not in KEEPS_PEOPLE:
        raise _not_yours(KEEPS_PEOPLE)
    form = AccountForm(request.POST or None)
    page = _form_page(gettext("开设账号"), gettext("开设"), back="/people/", crumbs=_crumbs(deeper=True))
    page["lead"] = gettext("系统会给出一个一次性密码，只显示一次；本人第一次登录时必须换掉。")

    def act() -> HttpResponse:
        made = acts.create_account(by=request.actor, at=request.at, **form.cleaned_data)
        return _tell_once(request, made, gettext("账号已开设，这是一次性密码"))

    return _answer(request, form, page, act)


@require_http_methods(["GET", "HEAD", "POST"])
def give_post(request: HttpRequest, account: UUID) -> HttpResponse:
    """Give a post."""
    found = _kept(request, account)
    form = PostForm(request.POST or None, initial={"starts_on": request.on, "seen": found.revision})
    page = _person_form(found, gettext("授予职务"))

    def act() -> HttpResponse:
        typed = form.cleaned_data
        chosen = UUID(typed["organization"]) if typed["organization"] else None
        acts.give_post(
            account=account, role=typed["role"], organization=chosen, starts_on=typed["starts_on"],
            ends_on=typed["ends_on"], seen=typed["seen"], by=request.actor, at=request.at,
        )  # fmt: skip
        return _back(request, account, gettext("职务已授予。"))

    return _answer(request, form, page, act)


@require_http_methods(["GET", "HEAD", "POST"])
def end_post(request: HttpRequest, account: UUID, post: UUID) -> HttpResponse:
    """End a post."""
    found = _kept(request, account)
    held = next((one for one in found.posts if one.id == post), None)
    if held is None:
        raise Unknown("post", post)
    form = EndForm(request.POST or None, initial={"ends_on": request.on, "seen": found.revision})
    page = _person_form(found, gettext("免去职务"))
    page["lead"] = f"{held.organization} {words.label(held.role_label)}".strip()

    def act() -> HttpResponse:
        acts.end_post(post=post, by=request.actor, at=request.at, **form.cleaned_data)
        return _back(request, account, gettext("职务的结束日期已登记。"))

    return _answer(request, form, page, act)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, account: UUID) -> HttpResponse:
    """Close an account."""
    found = _kept(request, account)
    form = ReasonForm(request.POST or None, initial={"seen": found.revision})
    page = _person_form(found, gettext("停用账号"))
    page["lead"] = gettext("停用以后不能再登录，正在使用的也会退出；记录不受影响。")

    def act() -> HttpResponse:
        acts.close_account(account=account, by=request.actor, at=request.at, on=request.on, **form.cleaned_data)
        return _back(request, account, gettext("账号已停用。"))

    return _answer(request, form, page, act)


@require_POST
def reset_password(request: HttpRequest, account: UUID) -> HttpResponse:
    """Draw a one-time password and tell it once."""
    made = acts.reset_password(account=account, by=request.actor, at=request.at)
    return _tell_once(request, made, gettext("密码已重置，这是一次性密码"))


@require_POST
def issue_token(request: HttpRequest, account: UUID) -> HttpResponse:
    """Draw a token for oneself and tell it once."""
    made = acts.issue_token(account=account, by=request.actor, at=request.at)
    return _tell_once(request, made, gettext("令牌已发放"), is_token=True)


@require_POST
def revoke_token(request: HttpRequest, account: UUID) -> HttpResponse:
    """End a token."""
    acts.revoke_token(account=account, by=request.actor, at=request.at)
    return _back(request, account, gettext("令牌已收回。"))


def _answer(
    request: HttpRequest, form: PlainForm, page: dict[str, Any], act: Callable[[], HttpResponse]
) -> HttpResponse:
    """The form, or what comes of it; a refusal is shown in the form, what was typed stays."""
    if request.method != "POST":
        return render(request, "people/form.html", {"page": page, "form": form})
    if form.is_valid():
        try:
            return act()
        except Refused as refused:
            form.refuse(refused.objection)
    return render(request, "people/form.html", {"page": page, "form": form}, status=422)


def _found(request: HttpRequest, account: UUID) -> PersonPage:
    found = queries.person_for(request.actor, account=account, on=request.on)
    if found is None:
        raise Unknown("account", account)
    return found


def _kept(request: HttpRequest, account: UUID) -> PersonPage:
    found = _found(request, account)
    if not found.may_keep:
        raise _not_yours(KEEPS_PEOPLE)
    return found


def _not_yours(roles: tuple[str, ...]) -> NotYours:
    names = "、".join(ROLES[role] for role in roles)
    return NotYours(Objection("not_yours", N_("这一步由%(who)s办理。"), values={"who": names}))


def _line(row: PersonRow) -> dict[str, Any]:
    label, shape, tone = row.look
    return {
        "name": row.person,
        "account": row.name,
        "url": f"/people/{row.id}/",
        "posts": [{"label": post.role_label, "organization": post.organization} for post in row.posts],
        "state_label": label,
        "state_shape": shape,
        "state_tone": tone,
    }


def _person(request: HttpRequest, found: PersonPage) -> HttpResponse:
    page = {
        "title": found.person,
        "crumbs": _crumbs(found) if found.may_keep else (_pages.Link(gettext("待办"), "/"), _pages.Link(found.person)),
        "state": _pages.Look(*found.look),
        "steps": _steps(found),
        "facts": (
            _pages.Fact(gettext("账号"), found.name),
            _pages.Fact(gettext("密码"), _password_fact(found)),
            _pages.Fact(gettext("接口令牌"), gettext("已发放") if found.has_token else gettext("没有")),
        ),
        "posts": [
            {
                "organization": post.organization,
                "role_label": post.role_label,
                "from_on": post.from_on,
                "to_on": post.to_on,
                "is_current": post.is_current,
                "end_url": _end_url(found, post.id) if post.to_on is None or post.is_current else "",
            }
            for post in found.posts
        ],
        "posting": _posting(found),
    }
    return render(request, "people/detail.html", {"page": page})


def _end_url(found: PersonPage, post: UUID) -> str:
    return f"/people/{found.id}/posts/{post}/end/" if found.may_keep and found.is_open else ""


def _password_fact(found: PersonPage) -> str:
    day = timezone.localdate(found.password_changed_at).isoformat()
    if found.must_change_password:
        return gettext("一次性密码，本人还没有换（%(day)s 给出）") % {"day": day}
    return gettext("%(day)s 设定") % {"day": day}


def _steps(found: PersonPage) -> tuple[_pages.Link, ...]:
    if not (found.may_keep and found.is_open):
        return ()
    give = _pages.Link(gettext("授予职务"), f"/people/{found.id}/give-post/", is_primary=True)
    stop = _pages.Link(gettext("停用账号"), f"/people/{found.id}/close/")
    return (give,) if found.is_self else (give, stop)


def _posting(found: PersonPage) -> tuple[dict[str, str], ...]:
    """Deeds that are one button: address, words, and the question that is asked first."""
    if not found.is_open:
        return ()
    here, deeds = f"/people/{found.id}", []
    if found.may_keep and not found.is_self:
        deeds.append({
            "url": f"{here}/reset-password/", "label": gettext("重置密码"),
            "explain": gettext("给出一个一次性密码，原来的密码和登录马上失效。"),
        })  # fmt: skip
    if found.is_self:
        deeds.append({
            "url": f"{here}/token/", "label": gettext("发放令牌"),
            "explain": gettext("供本人的其他程序使用，只显示一次；原来的令牌马上失效。"),
        })  # fmt: skip
    if found.has_token:
        deeds.append({
            "url": f"{here}/token/revoke/", "label": gettext("收回令牌"),
            "explain": gettext("用这个令牌的程序马上不能再用。"),
        })  # fmt: skip
    return tuple(deeds)


def _tell_once(request: HttpRequest, made: NewSecret, title: str, *, is_token: bool = False) -> HttpResponse:
    page = {
        "title": title,
        "crumbs": (_pages.Link(gettext("待办"), "/"), _pages.Link(title)),
        "secret": made.secret,
        "is_token": is_token,
        "back": f"/people/{made.account}/",
    }
    return render(request, "people/once.html", {"page": page})


def _back(request: HttpRequest, account: UUID, message: str) -> HttpResponse:
    messages.success(request, message)
    return HttpResponseRedirect(f"/people/{account}/")


def _crumbs(found: PersonPage | None = None, *, deeper: bool = False) -> tuple[_pages.Link, ...]:
    all_ = _pages.Link(gettext("人员"), "/people/" if found or deeper else "")
    rest = (_pages.Link(found.person, f"/people/{found.id}/" if deeper else ""),) if found else ()
    return (_pages.Link(gettext("待办"), "/"), all_, *rest)


def _person_form(found: PersonPage, title: str) -> dict[str, Any]:
    return _form_page(title, title, back=f"/people/{found.id}/", crumbs=_crumbs(found, deeper=True))


def _form_page(title: str, submit: str, *, back: str, crumbs: tuple[_pages.Link, ...]) -> dict[str, Any]:
    return {
        "title": title,
        "crumbs": (*crumbs, _pages.Link(title)),
        "lead": "",
        "submit_label": submit,
        "cancel_url": back,
    }


urlpatterns = [
    path("people/", people, name="people.list"),
    path("people/grants/", grants, name="people.grants"),
    path("people/new/", new, name="people.new"),
    path("people/<uuid:account>/", person, name="people.detail"),
    path("people/<uuid:account>/give-post/", give_post, name="people.give_post"),
    path("people/<uuid:account>/posts/<uuid:post>/end/", end_post, name="people.end_post"),
    path("people/<uuid:account>/close/", close, name="people.close"),
    path("people/<uuid:account>/reset-password/", reset_password, name="people.reset_password"),
    path("people/<uuid:account>/token/", issue_token, name="people.issue_token"),
    path("people/<uuid:account>/token/revoke/", revoke_token, name="people.revoke_token"),
]

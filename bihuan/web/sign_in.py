"""Signing in and out, the password, the post to act as, the language. The first set-up is in set_up.py."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.actions import sign_in as acts
from bihuan.actions.refusals import Refused, Unknown
from bihuan.queries import people
from bihuan.rules.sign_in import PASSWORD_RULES
from bihuan.rules.vocabulary import ROLES
from bihuan.web import _pages, gate, words
from bihuan.web._forms import PlainForm

YEAR = 365 * 24 * 60 * 60


class SignInForm(PlainForm):
    """Account and password; where to go afterwards."""

    account = forms.CharField(
        label=_("账号"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class PasswordForm(PlainForm):
    """The old password and the new one twice."""

    old = forms.CharField(
        label=_("原来的密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("再输一次新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> None:
        """Both must be the same."""
        typed = self.cleaned_data
        if typed.get("new") and typed.get("again") and typed["new"] != typed["again"]:
            self.add_error("again", gettext("两次输入的新密码不一样，请重新输入。"))


@dataclass(frozen=True)
class PostButton:
    """A post to act as."""

    id: UUID
    label: str
    organization: str
    until: date | None
    is_current: bool
    n_waiting: int | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door. An empty installation leads to the first set-up."""
    if request.method != "POST":
        if not people.has_accounts():
            return HttpResponseRedirect("/set-up")
        return _door(request, SignInForm(initial={"next": _pages.safe_next(request, otherwise="")}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _door(request, form, status=422)
    typed = form.cleaned_data
    answer = acts.sign_in(name=typed["account"], password=typed["password"], at=request.at, via=gate.VIA)
    if answer.objection or answer.account is None:
        form.refuse(answer.objection)
        return _door(request, form, status=429 if answer.objection.code == "locked" else 422)
    return _let_in(request, answer)


def _door(request: HttpRequest, form: SignInForm, *, status: int = 200) -> HttpResponse:
    return render(request, "sign_in.html", {"form": form}, status=status)


def _let_in(request: HttpRequest, answer: acts.SignInAnswer) -> HttpResponse:
    posts = people.posts_of(answer.account, on=request.on)
    request.session.flush()
    rotate_token(request)
    request.session[gate.ACCOUNT] = str(answer.account)
    request.session[gate.STAMP] = people.stamp_of(answer.password_changed_at)
    if posts:
        request.session[gate.POST] = str(posts[0].id)
    back = _pages.safe_next(request)
    if len(posts) > 1:
        return HttpResponseRedirect(_with_next("/act-as", back))
    return HttpResponseRedirect(back)


def _with_next(where: str, back: str) -> str:
    return where if back == "/" else f"{where}?{urlencode({'next': back})}"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; the session ends."""
    acts.sign_out(account=request.entry.account, person=request.entry.person, at=request.at, via=gate.VIA)
    request.session.flush()
    return HttpResponseRedirect("/sign-in")


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; all other sessions of the account end."""
    if request.method != "POST":
        return _password_page(request, PasswordForm())
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _password_page(request, form, status=422)
    typed = form.cleaned_data
    try:
        changed_at = acts.change_password(
            account=request.entry.account, old=typed["old"], new=typed["new"], at=request.at, via=gate.VIA
        )
    except Refused as refused:
        form.refuse(refused.objection)
        return _password_page(request, form, status=422)
    request.session.cycle_key()
    request.session[gate.STAMP] = people.stamp_of(changed_at)
    messages.success(request, gettext("密码已修改，在别处的登录已全部退出。"))
    return HttpResponseRedirect("/")


def _password_page(request: HttpRequest, form: PasswordForm, *, status: int = 200) -> HttpResponse:
    is_first = request.entry.must_change_password
    lead = gettext("您用的是一次性密码，请先换成自己的密码，再开始办事。") if is_first else ""
    page = {
        "title": gettext("修改密码"),
        "crumbs": () if is_first else (_pages.Link(gettext("待办"), "/"), _pages.Link(gettext("修改密码"))),
        "lead": lead,
        "submit_label": gettext("修改密码"),
        "cancel_url": "" if is_first else "/",
        "actions": () if is_first else (_pages.Link(gettext("我的账号和令牌"), f"/people/{request.entry.account}/"),),
    }
    rules = [words.label(rule) for rule in PASSWORD_RULES]
    return render(request, "password.html", {"page": page, "form": form, "rules": rules}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose the post to act as."""
    if request.method == "POST":
        return _go_on_as(request)
    current = request.actor.post if request.actor else None
    posts = tuple(
        PostButton(post.id, ROLES[post.role], post.organization, post.until, post.id == current)
        for post in people.posts_of(request.entry.account, on=request.on)
    )
    page = {"title": gettext("以哪个职务办理"), "next": _pages.safe_next(request), "posts": posts}
    return render(request, "act_as.html", {"page": page})


def _go_on_as(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("post", "")
    try:
        post = UUID(chosen)
    except ValueError as malformed:
        raise Unknown("post", chosen) from malformed
    actor = people.actor_for(request.entry.account, post=post, via=gate.VIA, on=request.on)
    if actor is None:
        raise Unknown("post", post)
    acts.act_as(by=actor, at=request.at)
    request.session[gate.POST] = str(post)
    return HttpResponseRedirect(_pages.safe_next(request))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Chinese or English, kept in a cookie; an unknown language changes nothing."""
    response = HttpResponseRedirect(_pages.safe_next(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


urlpatterns = [
    path("sign-in", sign_in, name="sign_in"),
    path("sign-out", sign_out, name="sign_out"),
    path("password", password, name="password"),
    path("act-as", act_as, name="act_as"),
    path("language", language, name="language"),
]

"""The one way in: a person's token, the post to act as, the clock read once, one transaction, JSON. No cookies."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext
from ninja.security import HttpBearer

from bihuan.actions.refusals import Unknown
from bihuan.api import errors
from bihuan.api.errors import Malformed, NotSignedIn
from bihuan.queries.acting import acting, give_up
from bihuan.queries.people import AccountName, PostChoice, account_by_token, actor_for, posts_of
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import ROLES

VIA = "api"
ACTING_POST = "X-Acting-Post"
REFUSED, NOT_ALLOWED = 400, 405
# What a request may hold beside its files: names, texts, the marks between the parts.
BESIDE_FILES = 1024 * 1024
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Caller:
    """Whose token it is and which posts that person holds; `refusal` says why none of them acts."""

    account: AccountName
    posts: tuple[PostChoice, ...]
    actor: Actor | None
    refusal: Exception | None


class Token(HttpBearer):
    """What an operation asks of its caller: a person's token and, unless `post` is false, one post to act as."""

    def __init__(self, *, post: bool = True) -> None:
        super().__init__()
        self.post = post

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller, as the door has found it. Raises why there is none."""
        caller: Caller | None = request.caller
        if caller is None:
            raise NotSignedIn(gettext("请带上本人的令牌：Authorization: Bearer …。令牌在“我的账号和令牌”页发放。"))
        if self.post and caller.refusal:
            raise caller.refusal
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> None:
        """Not asked: the door has read the token before its transaction began."""


def through(view: View) -> View:
    """The view behind the door: inside one transaction, kept only when its answer says that it was done."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _begin(request)
        try:
            _refuse_what_nobody_reads(request)
            request.caller = caller = _caller(request)
            request.actor = caller.actor if caller else None
            with _scope(request.actor):
                response = view(request, *args, **kwargs)
                if request.actor and response.status_code >= REFUSED:
                    give_up()
        except Exception as error:
            response = errors.answer_to(request, error)
        if response.status_code == NOT_ALLOWED:
            response = errors.not_allowed(response)
        response["Cache-Control"] = "no-store"
        return response

    return entered


def _begin(request: HttpRequest) -> None:
    """The clock and the language; whatever cookies came along are not looked at."""
    request.at = timezone.now()
    request.on = timezone.localdate(request.at)
    request.COOKIES = {}
    request.session = type(request.session)()
    language = translation.get_language_from_request(request)
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _refuse_what_nobody_reads(request: HttpRequest) -> None:
    if "\0" in request.path_info:
        raise Unknown("address", "")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.MAX_UPLOAD + BESIDE_FILES:
        raise errors.too_large()


def _scope(actor: Actor | None) -> AbstractContextManager[Any]:
    return acting(actor) if actor else nullcontext()


def _caller(request: HttpRequest) -> Caller | None:
    """Who calls; None without a token. Raises NotSignedIn for a token that is nobody's, without saying more."""
    scheme, _space, token = request.headers.get("Authorization", "").strip().partition(" ")
    if not scheme:
        return None
    account = account_by_token(hash_of(token)) if scheme.lower() == "bearer" else None
    if account is None:
        raise NotSignedIn(gettext("令牌不对，或账号已停用。请在“我的账号和令牌”页重新发放，或联系系统管理员。"))
    posts = posts_of(account.id, on=request.on)
    try:
        post = _post(_wished(request), posts)
    except (Malformed, NotSignedIn) as refusal:
        return Caller(account, posts, None, refusal)
    actor = actor_for(account.id, post=post, via=VIA, on=request.on)
    return Caller(account, posts, actor, None if actor else _no_post())


def hash_of(token: str) -> str:
    """What is kept of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.strip().encode()).hexdigest()


def _wished(request: HttpRequest) -> str:
    """The header as it was meant: percent-encoded, or UTF-8 that the server handed over byte by byte."""
    wished = unquote(request.headers.get(ACTING_POST, ""))
    try:
        return wished.encode("latin-1").decode().strip()
    except UnicodeError:
        return wished.strip()


def _post(wished: str, posts: tuple[PostChoice, ...]) -> UUID:
    """The post that is meant: by its id, its role or the organization's name; the only one where none is named."""
    if not posts:
        raise _no_post()
    named = [post for post in posts if wished in ("", str(post.id), post.role, post.organization, ROLES[post.role])]
    if len(named) == 1:
        return named[0].id
    shown = "；".join(f"{post.id} {post.label}" for post in posts)
    if named:
        said = gettext("请用 X-Acting-Post 说明以哪个职务办理：%(posts)s。")
        raise Malformed(said % {"posts": shown}, where=ACTING_POST)
    raise NotSignedIn(gettext("您没有 X-Acting-Post 所说的职务。可选的职务：%(posts)s。") % {"posts": shown})


def _no_post() -> NotSignedIn:
    return NotSignedIn(gettext("您今天没有任职，不能办理。请系统管理员核对职务。"))

"""Who gives a command: the holder of BIHUAN_TOKEN in one of the posts, or, in a demo's home, whoever `--as` names."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from bihuan.cli.words import _
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import ROLES

if TYPE_CHECKING:
    from bihuan.cli.django_home import Opened
    from bihuan.queries.people import AccountName, PostChoice


class NotSignedIn(Exception):
    """Nobody, or nobody in that post; the text is a sentence for people."""


def actor_of_command(environ: Mapping[str, str], as_option: str, *, found: "Opened", at: datetime) -> Actor:
    """The actor of a command. Raises NotSignedIn, which never tells whether an account exists outside a demo."""
    from django.utils import timezone

    from bihuan.queries.people import account_by_token, actor_for, posts_of

    on = timezone.localdate(at)
    token = environ.get("BIHUAN_TOKEN", "").strip()
    if token:
        account, wished = account_by_token(hash_of(token)), as_option
        if account is None:
            raise NotSignedIn(_("BIHUAN_TOKEN 不对，或账号已停用。请在“我的账号和令牌”页重新发放，或联系系统管理员。"))
    else:
        account, wished = _account_of_demo(as_option, found)
    post = _post(wished, posts_of(account.id, on=on))
    actor = actor_for(account.id, post=post, via="cli", on=on)
    if actor is None:
        raise NotSignedIn(_("{person} 今天没有任职，不能办理。请系统管理员核对职务。").format(person=account.person))
    return actor


def hash_of(token: str) -> str:
    """What is kept of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def signed_in(environ: Mapping[str, str], as_option: str, *, at: datetime) -> Iterator[Actor]:
    """The home opened, one transaction, in the scope of the command's actor."""
    from bihuan.cli.django_home import opened

    with opened() as found:
        from bihuan.queries.acting import acting

        with acting(actor_of_command(environ, as_option, found=found, at=at)) as actor:
            yield actor


def _account_of_demo(as_option: str, found: "Opened") -> "tuple[AccountName, str]":
    from bihuan.cli.demo import database_name, demo_mark
    from bihuan.queries.people import account_by_name

    mark = demo_mark(found.home)
    if mark is None or mark.get("database") != database_name(found.database):
        raise NotSignedIn(_("请先设置 BIHUAN_TOKEN（令牌由本人在“我的账号和令牌”页发放），再用 --as 选职务。"))
    name, _colon, wished = as_option.partition(":")
    if not name:
        raise NotSignedIn(
            _("请用 --as 账号[:职务] 说明由谁办理；账号见 {place}。").format(place=found.home / "accounts.json")
        )
    account = account_by_name(name)
    if account is None:
        raise NotSignedIn(
            _("没有账号 {name}，或已停用。账号见 {place}。").format(name=name, place=found.home / "accounts.json")
        )
    return account, wished


def _post(wished: str, posts: "tuple[PostChoice, ...]") -> UUID | None:
    """The post that is meant: by its id, its role or the organization's name; the first one where none is named."""
    if not wished:
        return None
    named = [post for post in posts if wished in (str(post.id), post.role, post.organization, _(ROLES[post.role]))]
    if len(named) == 1:
        return named[0].id
    shown = "；".join(f"{post.id} {post.label}" for post in posts) or _("无")
    said = _("职务 {wished} 不止一个，请写编号：{posts}") if named else _("没有职务 {wished}。可选的职务：{posts}")
    raise NotSignedIn(said.format(wished=wished, posts=shown))

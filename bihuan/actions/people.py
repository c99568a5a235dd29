"""Accounts, posts and tokens: who may sign in, and as what. Signing in is in sign_in.py; no grants of sight here."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from bihuan.actions._record import write_event
from bihuan.actions._sight import hand_on
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Account, Event, Organization, Post
from bihuan.rules.access import KEEPS_PEOPLE, Actor, may_hold_together
from bihuan.rules.identifiers import new_id, new_salt
from bihuan.rules.sign_in import objection_to_name, objection_to_password, plain_name
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import INSPECTABLE_CLASSES, N_, OFFICERS, ROLES, UNIT_ROLES

SET_UP_LOCK = 20_240_208


@dataclass(frozen=True)
class NewSecret:
    """What is told once and then forgotten: the account and its one-time password or token."""

    account: UUID
    secret: str


@dataclass(frozen=True)
class NewOfficer:
    """One of the three of the first set-up, as typed."""

    role: str
    person: str
    name: str
    password: str


def set_up_three_officers(officers: Sequence[NewOfficer], *, at: datetime, on: date, via: str) -> tuple[UUID, ...]:
    """Make the three officers of an empty installation, once; refuses when there is any account.

    The door admits only the machine itself. Two at once: the lock lets one through, the other finds accounts.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [SET_UP_LOCK])
    if Account.objects.exists():
        raise Refused(Objection("already_set_up", N_("三员已经设置过，请直接登录。")))
    if tuple(officer.role for officer in officers) != OFFICERS:
        raise Refused(Objection("three_officers", N_("请一次设置三员：系统管理员、安全保密员、安全审计员。")))
    for field, words in _SAME.items():
        if len({plain_name(getattr(officer, field)) for officer in officers}) < len(OFFICERS):
            raise Refused(Objection(f"same_{field}", words, field))
    return tuple(_make_officer(officer, at=at, on=on, via=via) for officer in officers)


_SAME = {
    "name": N_("三员的账号不能相同，请分别填写。"),
    "person": N_("三员由三个人分别担任，请填写三个不同的人。"),
    "password": N_("三员的密码不能相同，请分别设定。"),
}


def _make_officer(officer: NewOfficer, *, at: datetime, on: date, via: str) -> UUID:
    account = _new_account(officer.person, officer.name, officer.password, at=at, once=False)
    post = Post.objects.create(
        id=new_id(at), account=account, role=officer.role, organization=None, starts_on=on, ends_on=None
    )
    after = {"name": account.name, "person": account.person, "role": officer.role, "post": str(post.id)}
    write_event(
        thing="account", thing_id=account.id, step="set_up", by=None, at=at, actor=account.person, via=via, after=after
    )
    return account.id


def create_account(
    *, person: str, name: str, by: Actor, at: datetime, password: str = "", once: bool = True
) -> NewSecret:
    """Open an account. Without a password one is drawn and told once; `once`: it must be changed at first sign-in."""
    _require_keeper(by)
    secret = password or _one_time_password()
    account = _new_account(person, name, secret, at=at, once=once)
    after = {"name": account.name, "person": account.person}
    write_event(thing="account", thing_id=account.id, step="create_account", by=by, at=at, after=after)
    return NewSecret(account.id, secret)


def close_account(*, account: UUID, reason: str, by: Actor, at: datetime, on: date, seen: int | None = None) -> None:
    """Close an account for good: it signs in no more, its sessions and its token end; its posts stay as they were."""
    _require_keeper(by)
    row = _locked(account, seen)
    if account == by.account:
        raise Refused(Objection("own_account", N_("不能停用自己的账号，请由另一位系统管理员办理。")))
    if not reason.strip():
        raise Refused(Objection("reason_missing", N_("请写明理由。"), "reason"))
    for role in _officer_roles(row, on=on):
        _refuse_without_successor(role, account=account, on=on)
    row.is_open, row.token_hash = False, ""
    row.revision += 1
    row.save(update_fields=["is_open", "token_hash", "revision"])
    write_event(thing="account", thing_id=account, step="close_account", by=by, at=at, reason=reason.strip())


def reset_password(*, account: UUID, by: Actor, at: datetime, seen: int | None = None) -> NewSecret:
    """Draw a one-time password, told once; the person must change it; old sessions and the token end."""
    _require_keeper(by)
    row = _locked(account, seen)
    if account == by.account:
        raise Refused(Objection("own_password", N_("自己的密码请用“修改密码”来换。")))
    secret = _one_time_password()
    row.password, row.password_changed_at, row.must_change_password = make_password(secret), at, True
    row.token_hash = ""
    row.revision += 1
    row.save(update_fields=["password", "password_changed_at", "must_change_password", "token_hash", "revision"])
    write_event(thing="account", thing_id=account, step="reset_password", by=by, at=at)
    return NewSecret(account, secret)


def issue_token(*, account: UUID, by: Actor, at: datetime) -> NewSecret:
    """Draw a token for one's own account, told once; an earlier one ends. Nobody else's: it would act in their name."""
    if account != by.account:
        raise NotYours(Objection("own_token_only", N_("令牌由本人发放，别人不能代办。")))
    row = _locked(account, None)
    token = secrets.token_urlsafe(32)
    row.token_hash = token_hash(token)
    row.save(update_fields=["token_hash"])
    write_event(thing="account", thing_id=account, step="issue_token", by=by, at=at)
    return NewSecret(account, token)


def revoke_token(*, account: UUID, by: Actor, at: datetime) -> None:
    """End an account's token: the person, or whoever keeps the people."""
    if account != by.account:
        _require_keeper(by)
    row = _locked(account, None)
    if not row.token_hash:
        raise Refused(Objection("no_token", N_("这个账号没有令牌。")))
    row.token_hash = ""
    row.save(update_fields=["token_hash"])
    write_event(thing="account", thing_id=account, step="revoke_token", by=by, at=at)


def token_hash(token: str) -> str:
    """What is stored of a token: SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def give_post(
    *,
    account: UUID,
    role: str,
    organization: UUID | None,
    starts_on: date,
    ends_on: date | None,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> UUID:
    """Give an account a role in an organization for a time.

    Refuses an officer's post beside any other, a unit post beside a team or review post of the same time (三员分立，
    回避), the same post twice at a time, a period that ends before it begins, and an organization that has ended.
    """
    _require_keeper(by)
    row = _locked(account, seen)
    _check_post(role, organization, starts_on, ends_on)
    held = _overlapping(Post.objects.filter(account=row), starts_on, ends_on)
    if held.filter(role=role, organization=organization).exists():
        raise Refused(Objection("post_held", N_("这段时间里已经担任这个职务，请核对起止日期。"), "starts_on"))
    others = frozenset(held.values_list("role", flat=True))
    if not may_hold_together(role, others=others):
        names = "、".join(ROLES[other] for other in ROLES if other in others)
        raise Refused(
            Objection("incompatible_posts", N_("同一时间担任%(held)s，不能兼任%(role)s。"), "role",
                      values={"held": names, "role": ROLES[role]})
        )  # fmt: skip
    post = Post.objects.create(
        id=new_id(at), account=row, role=role, organization_id=organization, starts_on=starts_on, ends_on=ends_on
    )
    hand_on(post, at=at)
    _moved_on(row)
    after = {"account": account, "role": role, "organization": organization, "from": starts_on, "to": ends_on}
    write_event(thing="post", thing_id=post.id, step="give_post", by=by, at=at, after=_plain(after))
    return post.id


def end_post(*, post: UUID, ends_on: date, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Let a post end with a day. Refuses a day before it began, an end already past, and an officer's last post."""
    _require_keeper(by)
    account = Post.objects.filter(pk=post).values_list("account", flat=True).first()
    if account is None:
        raise Unknown("post", post)
    row = _locked(account, seen)
    held = Post.objects.get(pk=post)
    if ends_on < held.starts_on:
        raise Refused(Objection("period_backwards", N_("结束日期早于开始日期，请改正。"), "ends_on"))
    if held.ends_on and held.ends_on <= ends_on:
        raise Refused(
            Objection("post_ended", N_("这个职务到 %(day)s 已经结束。"), "ends_on", values={"day": held.ends_on})
        )
    if held.role in OFFICERS:
        _refuse_without_successor(held.role, account=account, on=ends_on)
    before = {"to": held.ends_on}
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])
    _moved_on(row)
    write_event(
        thing="post", thing_id=post, step="end_post", by=by, at=at, before=_plain(before), after={"to": str(ends_on)}
    )


def _new_account(person: str, name: str, password: str, *, at: datetime, once: bool) -> Account:
    plain = plain_name(name)
    if not person.strip():
        raise Refused(Objection("person_missing", N_("请填写姓名。"), "person"))
    objection = objection_to_name(plain) or objection_to_password(password, name=plain)
    if objection:
        raise Refused(objection)
    try:
        with transaction.atomic():
            return Account.objects.create(
                id=new_id(at),
                person=person.strip(),
                name=plain,
                password=make_password(password, salt=new_salt()),
                password_changed_at=at,
                must_change_password=once,
            )
    except IntegrityError as taken:
        words = N_("账号“%(name)s”已经有人用了，请换一个。")
        raise Refused(Objection("name_taken", words, "name", values={"name": plain})) from taken


def _check_post(role: str, organization: UUID | None, starts_on: date, ends_on: date | None) -> None:
    if role not in ROLES:
        raise Refused(Objection("role_unknown", N_("没有这个职务，请重新选择。"), "role"))
    if ends_on and ends_on < starts_on:
        raise Refused(Objection("period_backwards", N_("结束日期早于开始日期，请改正。"), "ends_on"))
    if role in OFFICERS:
        if organization:
            raise Refused(Objection("officer_without_unit", N_("三员不属于任何单位，请不要选单位。"), "organization"))
        return
    if organization is None:
        raise Refused(Objection("organization_missing", N_("请选择单位。"), "organization"))
    if not Organization.objects.filter(pk=organization, ended_on=None).exists():
        raise Refused(Objection("organization_gone", N_("这个单位已经撤销或并入别处，请重新选择。"), "organization"))
    inspectable = Organization.objects.filter(pk=organization, organization_class__in=INSPECTABLE_CLASSES)
    if role in UNIT_ROLES and not inspectable.exists():
        raise Refused(
            Objection("unit_not_inspected", N_("这个单位不是巡察对象，请选择其他职务或单位。"), "organization")
        )


def _overlapping(posts: QuerySet[Post], starts_on: date, ends_on: date | None) -> QuerySet[Post]:
    found = posts.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    return found.filter(starts_on__lte=ends_on) if ends_on else found


def _officer_roles(row: Account, *, on: date) -> list[str]:
    posts = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), account=row, role__in=OFFICERS)
    return list(posts.values_list("role", flat=True))


def _refuse_without_successor(role: str, *, account: UUID, on: date) -> None:
    others = Post.objects.filter(ends_on=None, role=role, starts_on__lte=on, account__is_open=True)
    if not others.exclude(account=account).exists():
        words = N_("%(role)s只有这一位，请先任命接任的人。")
        raise Refused(Objection("last_officer", words, values={"role": ROLES[role]}))


def _require_keeper(by: Actor) -> None:
    if by.role not in KEEPS_PEOPLE:
        names = "、".join(ROLES[role] for role in KEEPS_PEOPLE)
        raise NotYours(Objection("not_yours", N_("这一步由%(who)s办理。"), values={"who": names}))


def _locked(account: UUID, seen: int | None) -> Account:
    row = Account.objects.select_for_update().filter(pk=account).first()
    if row is None:
        raise Unknown("account", account)
    if seen is not None and row.revision != seen:
        last = Event.objects.filter(thing_id=account).order_by("-at", "-id").first()
        raise Overtaken(by=last.actor if last else "", at=last.at if last else row.password_changed_at, step="")
    if not row.is_open:
        raise Refused(Objection("account_closed", N_("这个账号已经停用。")))
    return row


def _moved_on(row: Account) -> None:
    row.revision += 1
    row.save(update_fields=["revision"])


def _one_time_password() -> str:
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def _plain(values: Mapping[str, object]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in values.items()}

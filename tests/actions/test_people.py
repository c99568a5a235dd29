"""Accounts, posts, the first three officers, and the door: what the actions refuse and what they leave behind."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.hashers import identify_hasher

from bihuan.actions import people, sign_in
from bihuan.actions.people import NewOfficer
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Account, Event, EventBody, Grant, Post
from bihuan.queries.acting import acting, reaching
from bihuan.queries.people import AT_THE_DOOR, actor_for, entry_for, stamp_of
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.sign_in import FAILURES, LOCK, WINDOW
from bihuan.rules.vocabulary import OFFICERS, ROLES
from tests.builders import NOW, County, a_post, an_account, build_tree

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)
GOOD = "清风徐来水波不兴举酒"


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: object, request: pytest.FixtureRequest) -> None:
    if "argon" not in request.node.name:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def county() -> County:
    return build_tree()


@pytest.fixture
def officer(county: County) -> Actor:
    return county.actor("system_officer")


def _later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def _give(officer: Actor, account: UUID, role: str, where: UUID | None, *, starts: date = DAY, ends=None) -> UUID:  # type: ignore[no-untyped-def]
    with acting(officer):
        return people.give_post(
            account=account, role=role, organization=where, starts_on=starts, ends_on=ends, by=officer, at=NOW
        )


def _code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.objection.code


def test_passwords_are_kept_as_argon2(officer: Actor) -> None:
    with acting(officer):
        made = people.create_account(person="江怀瑾", name="jiang", by=officer, at=NOW)
    assert identify_hasher(Account.objects.get(pk=made.account).password).algorithm == "argon2"


def _deeds(by: Actor, account: UUID, post: UUID) -> dict[str, object]:
    return {
        "create_account": lambda: people.create_account(person="某", name="mou", by=by, at=NOW),
        "close_account": lambda: people.close_account(account=account, reason="调离", by=by, at=NOW, on=DAY),
        "reset_password": lambda: people.reset_password(account=account, by=by, at=NOW),
        "issue_token": lambda: people.issue_token(account=account, by=by, at=NOW),
        "revoke_token": lambda: people.revoke_token(account=account, by=by, at=NOW),
        "give_post": lambda: people.give_post(
            account=account, role="guest", organization=None, starts_on=DAY, ends_on=None, by=by, at=NOW
        ),
        "end_post": lambda: people.end_post(post=post, ends_on=DAY, by=by, at=NOW),
    }


@pytest.mark.parametrize("deed", _deeds(None, None, None))  # type: ignore[arg-type]
def test_every_deed_on_others_is_the_system_officers_alone(county: County, deed: str) -> None:
    target = county.actor("unit_clerk", organization="finance")
    for role in ROLES:
        actor = county.actor(role)
        with acting(actor):
            if role == "system_officer" and deed != "issue_token":
                continue
            with pytest.raises(NotYours):
                _deeds(actor, target.account, target.post)[deed]()  # type: ignore[operator]


def test_an_end_of_a_period_is_part_of_it(county: County, officer: Actor) -> None:
    account, office = an_account("江怀瑾").id, county.organizations["office"]
    post = _give(officer, account, "office_clerk", office, starts=DAY, ends=date(2026, 6, 30))
    assert actor_for(account, post=post, via="web", on=date(2026, 6, 30)) is not None
    assert actor_for(account, post=post, via="web", on=date(2026, 7, 1)) is None
    assert actor_for(account, post=post, via="web", on=date(2025, 12, 31)) is None
    with pytest.raises(Refused) as refused:
        _give(officer, account, "office_clerk", office, starts=date(2026, 6, 30))
    assert _code(refused) == "post_held"
    _give(officer, account, "office_clerk", office, starts=date(2026, 7, 1))


def test_at_the_gate_it_is_known_whether_anything_was_given_by_name(county: County) -> None:
    clerk = county.actor("unit_clerk")
    account = Account.objects.get(pk=clerk.account)

    def entered() -> tuple[bool, bool]:
        entry = entry_for(account.pk, post=clerk.post, stamp=stamp_of(account.password_changed_at), via="web", on=DAY)
        assert entry is not None
        assert entry.actor is not None
        return entry.actor.scope.has_assignments, entry.actor.scope.has_grants

    assert entered() == (False, False)
    Grant.objects.create(id=new_id(NOW), post_id=clerk.post, thing=new_id(NOW), why="配合整改", until=None)
    assert entered() == (False, True)
    assert clerk.scope.has_grants


@pytest.mark.parametrize(
    ("role", "place", "starts", "ends", "code"),
    [
        ("emperor", "office", DAY, None, "role_unknown"),
        ("office_clerk", None, DAY, None, "organization_missing"),
        ("office_clerk", "nowhere", DAY, None, "organization_gone"),
        ("system_officer", "office", DAY, None, "officer_without_unit"),
        ("office_clerk", "office", DAY, date(2025, 12, 31), "period_backwards"),
    ],
)
def test_a_post_that_makes_no_sense_is_refused(county: County, officer: Actor, role, place, starts, ends, code) -> None:  # type: ignore[no-untyped-def]
    where = county.organizations.get(place, new_id(NOW)) if place else None
    with pytest.raises(Refused) as refused:
        _give(officer, an_account("江怀瑾").id, role, where, starts=starts, ends=ends)
    assert _code(refused) == code
    assert not Event.objects.filter(step="give_post").exists()


def test_what_may_not_be_held_together_is_refused_only_for_the_same_time(county: County, officer: Actor) -> None:
    account = an_account("江怀瑾").id
    _give(officer, account, "unit_head", county.organizations["education"], starts=DAY, ends=date(2026, 6, 30))
    with pytest.raises(Refused) as refused:
        _give(officer, account, "team_member", county.organizations["team_1"], starts=date(2026, 6, 30))
    assert _code(refused) == "incompatible_posts"
    _give(officer, account, "team_member", county.organizations["team_1"], starts=date(2026, 7, 1))
    before = {"starts": date(2025, 1, 1), "ends": date(2025, 12, 31)}
    _give(officer, account, "team_member", county.organizations["team_1"], **before)


@pytest.mark.parametrize("role", OFFICERS)
def test_an_officer_holds_nothing_else(county: County, officer: Actor, role: str) -> None:
    account = an_account("江怀瑾").id
    _give(officer, account, role, None)
    for other, place in [("office_clerk", "office"), *((other, None) for other in OFFICERS if other != role)]:
        with pytest.raises(Refused) as refused:
            _give(officer, account, other, county.organizations[place] if place else None)
        assert _code(refused) == "incompatible_posts"


def test_the_record_keeps_what_was_given_and_ended(county: County, officer: Actor) -> None:
    account = an_account("江怀瑾").id
    post = _give(officer, account, "office_clerk", county.organizations["office"])
    with acting(officer):
        people.end_post(post=post, ends_on=date(2026, 3, 1), by=officer, at=_later(1))
    given, ended = EventBody.objects.filter(event__thing_id=post).order_by("event__at")
    assert given.after["role"] == "office_clerk"
    assert (given.after["from"], given.after["to"]) == ("2026-01-01", None)
    assert (ended.before, ended.after) == ({"to": None}, {"to": "2026-03-01"})
    assert Event.objects.get(step="give_post").post_id == officer.post


@pytest.mark.parametrize(("day", "code"), [(date(2025, 12, 31), "period_backwards"), (date(2026, 3, 2), "post_ended")])
def test_a_post_ends_after_it_began_and_only_earlier_than_it_would(county, officer, day, code) -> None:  # type: ignore[no-untyped-def]
    post = _give(officer, an_account("江").id, "office_clerk", county.organizations["office"], ends=date(2026, 3, 1))
    with acting(officer), pytest.raises(Refused) as refused:
        people.end_post(post=post, ends_on=day, by=officer, at=NOW)
    assert _code(refused) == code


def test_the_last_officer_of_a_kind_stays_until_there_is_another(county: County, officer: Actor) -> None:
    auditor = county.actor("audit_officer")
    with acting(officer):
        with pytest.raises(Refused) as refused:
            people.end_post(post=auditor.post, ends_on=NOW.date(), by=officer, at=NOW)
        assert _code(refused) == "last_officer"
        with pytest.raises(Refused) as refused:
            people.close_account(account=auditor.account, reason="调离", by=officer, at=NOW, on=NOW.date())
        assert _code(refused) == "last_officer"
    _give(officer, an_account("继任者").id, "audit_officer", None)
    with acting(officer):
        people.end_post(post=auditor.post, ends_on=NOW.date(), by=officer, at=NOW)
        people.close_account(account=auditor.account, reason="调离", by=officer, at=NOW, on=NOW.date())
    assert not Account.objects.get(pk=auditor.account).is_open


def test_nobody_closes_or_resets_the_own_account(officer: Actor) -> None:
    with acting(officer):
        with pytest.raises(Refused):
            people.close_account(account=officer.account, reason="调离", by=officer, at=NOW, on=DAY)
        with pytest.raises(Refused):
            people.reset_password(account=officer.account, by=officer, at=NOW)


def test_what_is_closed_or_unknown_or_changed_since_is_refused(county: County, officer: Actor) -> None:
    target = county.actor("unit_head").account
    with acting(officer):
        with pytest.raises(Unknown):
            people.reset_password(account=new_id(NOW), by=officer, at=NOW)
        with pytest.raises(Unknown):
            people.end_post(post=new_id(NOW), ends_on=DAY, by=officer, at=NOW)
        with pytest.raises(Overtaken):
            people.reset_password(account=target, by=officer, at=NOW, seen=99)
        with pytest.raises(Refused) as refused:
            people.close_account(account=target, reason=" ", by=officer, at=NOW, on=DAY)
        assert _code(refused) == "reason_missing"
        people.close_account(account=target, reason="调离", by=officer, at=NOW, on=DAY)
        with pytest.raises(Refused) as refused:
            people.reset_password(account=target, by=officer, at=NOW)
        assert _code(refused) == "account_closed"


def test_a_closed_account_acts_no_more(county: County, officer: Actor) -> None:
    target = county.actor("unit_head")
    with acting(officer):
        people.close_account(account=target.account, reason="调离", by=officer, at=NOW, on=DAY)
    assert actor_for(target.account, post=target.post, via="web", on=NOW.date()) is None


def _three() -> list[NewOfficer]:
    values = dict(zip(OFFICERS, (("程远", "cheng"), ("方舟", "fang"), ("梁木", "liang")), strict=True))
    return [NewOfficer(role, person, name, f"{GOOD}{role}") for role, (person, name) in values.items()]


def test_three_officers_are_made_once() -> None:
    with reaching(AT_THE_DOOR):
        made = people.set_up_three_officers(_three(), at=NOW, on=NOW.date(), via="web")
    assert set(Post.objects.values_list("role", "organization")) == {(role, None) for role in OFFICERS}
    assert [actor_for(account, post=None, via="web", on=NOW.date()).role for account in made] == list(OFFICERS)  # type: ignore[union-attr]
    with reaching(AT_THE_DOOR), pytest.raises(Refused) as refused:
        people.set_up_three_officers(_three(), at=NOW, on=NOW.date(), via="web")
    assert _code(refused) == "already_set_up"


def test_two_officers_are_not_three() -> None:
    for some in (_three()[:2], [*_three()[:2], _three()[0]], _three()[::-1]):
        with reaching(AT_THE_DOOR), pytest.raises(Refused):
            people.set_up_three_officers(some, at=NOW, on=NOW.date(), via="web")
    assert not Account.objects.exists()


def _try(password: str, at: datetime, name: str = "shen") -> str:
    with reaching(AT_THE_DOOR):
        answer = sign_in.sign_in(name=name, password=password, at=at, via="web")
    return answer.objection.code if answer.objection else "in"


@pytest.fixture
def shen(county: County) -> Account:
    from django.contrib.auth.hashers import make_password

    account = an_account("沈知遥", name="shen", password=make_password(GOOD))
    a_post(account, "office_clerk", organization=county.organizations["office"])
    return account


def test_five_failures_lock_for_half_an_hour(shen: Account) -> None:
    for minute in range(FAILURES):
        assert _try("wrong", _later(minute)) == "wrong_account_or_password"
    last = _later(FAILURES - 1)
    assert _try(GOOD, last + timedelta(seconds=1)) == "locked"
    assert _try(GOOD, last + LOCK - timedelta(seconds=1)) == "locked"
    assert _try(GOOD, last + LOCK) == "in"
    assert _try("wrong", last + LOCK + timedelta(minutes=1)) == "wrong_account_or_password"
    assert _try(GOOD, last + LOCK + timedelta(minutes=2)) == "in"


def test_trying_while_locked_does_not_lengthen_the_lock(shen: Account) -> None:
    for second in range(FAILURES):
        _try("wrong", NOW + timedelta(seconds=second))
    for minute in range(1, 29):
        assert _try("wrong", _later(minute)) == "locked"
    assert _try(GOOD, _later(31)) == "in"


def test_failures_far_apart_do_not_lock(shen: Account) -> None:
    pause = WINDOW / (FAILURES - 1) + timedelta(seconds=1)
    for count in range(FAILURES + 3):
        assert _try("wrong", NOW + count * pause) == "wrong_account_or_password"
    assert _try(GOOD, NOW + (FAILURES + 3) * pause) == "in"


def test_a_success_forgets_the_failures_before_it(shen: Account) -> None:
    for minute in range(FAILURES - 1):
        _try("wrong", _later(minute))
    assert _try(GOOD, _later(5)) == "in"
    for minute in range(6, 6 + FAILURES - 1):
        _try("wrong", _later(minute))
    assert _try(GOOD, _later(11)) == "in"


def test_a_reset_opens_a_locked_account(shen: Account, officer: Actor) -> None:
    for second in range(FAILURES):
        _try("wrong", NOW + timedelta(seconds=second))
    with acting(officer):
        made = people.reset_password(account=shen.id, by=officer, at=_later(1))
    assert _try(made.secret, _later(2)) == "in"


def test_one_persons_failures_lock_nobody_else(shen: Account, county: County) -> None:
    for second in range(FAILURES):
        _try("wrong", NOW + timedelta(seconds=second), name="somebody.else")
    assert _try("wrong", _later(1), name="somebody.else") == "locked"
    assert _try("wrong", _later(1), name="yet.another") == "wrong_account_or_password"
    assert _try(GOOD, _later(1)) == "in"


def test_whoever_is_not_at_the_door_reads_no_failures(county: County, shen: Account) -> None:
    _try("wrong", NOW)
    for role in ("office_director", "system_officer", "security_officer"):
        with acting(county.actor(role)):
            assert not Event.objects.filter(thing="account").exists()
    with reaching(AT_THE_DOOR):
        assert Event.objects.filter(thing="account").exists()
        assert not EventBody.objects.exists()

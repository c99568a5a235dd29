"""Signing in and out, the password, the post to act as, as a browser meets them."""

from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from bihuan.models import Account, Event, Post
from tests.builders import a_post, an_account, build_tree

pytestmark = pytest.mark.django_db

PASSWORD = "山高水长-四十二号"


@pytest.fixture
def clerk() -> Account:
    county = build_tree()
    account = an_account("沈知遥", name="shen", password=make_password(PASSWORD))
    a_post(account, "office_clerk", organization=county.organizations["office"])
    return account


def _try(client: Client, password: str, *, account: str = "shen", back: str = ""):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", {"account": account, "password": password, "next": back})


def test_the_right_password_lets_in_and_leads_on(client: Client, clerk: Account) -> None:
    before = client.session.session_key
    answer = _try(client, PASSWORD, account=" Shen ", back="/findings/?state=closed")
    assert answer["Location"] == "/findings/?state=closed"
    assert client.session.session_key != before
    assert "沈知遥" in client.get("/").content.decode()
    event = Event.objects.get(step="sign_in")
    assert (event.thing_id, event.actor, event.via) == (clerk.id, "沈知遥", "web")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_the_door_leads_nowhere_else(client: Client, clerk: Account, back: str) -> None:
    assert _try(client, PASSWORD, back=back)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(client: Client, clerk: Account) -> None:
    wrong, unknown = _try(client, "not this one"), _try(client, "not this one", account="nobody-here")
    assert wrong.status_code == unknown.status_code == 422
    for answer in (wrong, unknown):
        assert "账号或密码不对" in answer.content.decode()
        assert "not this one" not in answer.content.decode()
    assert 'value="shen"' in wrong.content.decode()
    assert "/findings/" not in client.get("/", follow=True).content.decode()


def test_a_failure_stays_on_the_record_and_an_unknown_name_is_not_in_it(client: Client, clerk: Account) -> None:
    _try(client, "x")
    _try(client, "x", account="my-secret-typed-in-the-wrong-field")
    known, unknown = Event.objects.filter(step="sign_in_failed").order_by("at")
    assert (known.thing_id, known.actor) == (clerk.id, "沈知遥")
    assert unknown.actor == "—"
    assert "my-secret" not in str(unknown.__dict__)


def test_the_sixth_attempt_is_refused_even_with_the_right_password(client: Client, clerk: Account) -> None:
    for _ in range(5):
        assert _try(client, "wrong").status_code == 422
    answer = _try(client, PASSWORD)
    assert answer.status_code == 429
    assert "账号已锁定到" in answer.content.decode()
    assert Event.objects.filter(step="sign_in_locked").count() == 1


def test_an_unknown_name_locks_as_a_known_one_does(client: Client, clerk: Account) -> None:
    statuses = [_try(client, "wrong", account="nobody-here").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert _try(client, PASSWORD).status_code == 302


def test_a_closed_account_is_told_the_same_as_a_wrong_password(client: Client, clerk: Account) -> None:
    Account.objects.update(is_open=False)
    answer = _try(client, PASSWORD)
    assert answer.status_code == 422
    assert "账号或密码不对" in answer.content.decode()


def test_nothing_typed_asks_for_it(client: Client, clerk: Account) -> None:
    answer = client.post("/sign-in", {})
    assert answer.status_code == 422
    assert answer.content.decode().count("请填写这一项。") == 4


def test_whoever_holds_several_posts_chooses_one_and_the_record_says_which(client: Client, clerk: Account) -> None:
    second = a_post(clerk, "discipline_reviewer", organization=clerk.posts.get().organization_id)
    assert _try(client, PASSWORD, back="/findings/")["Location"] == "/act-as?next=%2Ffindings%2F"
    page = client.get("/act-as?next=/findings/").content.decode()
    assert "巡察办干部" in page
    assert "纪检监察审核人" in page
    answer = client.post("/act-as", {"post": str(second.id), "next": "/findings/"})
    assert answer["Location"] == "/findings/"
    assert "纪检监察审核人" in client.get("/").content.decode()
    event = Event.objects.get(step="act_as")
    assert (event.post_id, event.account_id) == (second.id, clerk.id)


@pytest.mark.parametrize("chosen", ["", "x", "00000000-0000-4000-8000-000000000001"])
def test_a_post_of_somebody_else_cannot_be_chosen(client: Client, clerk: Account, chosen: str) -> None:
    _try(client, PASSWORD)
    assert client.post("/act-as", {"post": chosen}).status_code == 404
    assert UUID(client.session["post_id"]) == clerk.posts.get().id


def test_signing_out_ends_the_session_and_takes_a_button(client: Client, clerk: Account) -> None:
    _try(client, PASSWORD)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/").status_code == 302
    assert Event.objects.filter(step="sign_out", thing_id=clerk.id).exists()


def test_a_changed_password_ends_the_other_sessions_only(client: Client, clerk: Account) -> None:
    other = Client()
    _try(client, PASSWORD)
    _try(other, PASSWORD)
    new = "清风徐来水波不兴举酒"
    Account.objects.update(must_change_password=True)
    assert client.post("/password", {"old": PASSWORD, "new": new, "again": new})["Location"] == "/"
    assert client.get("/").status_code == 200
    assert other.get("/")["Location"] == "/sign-in"
    assert _try(other, PASSWORD).status_code == 422
    assert _try(other, new).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"old": "wrong"}, "原来的密码不对"),
        ({"again": "something else"}, "两次输入的新密码不一样"),
        ({"new": "short", "again": "short"}, "至少 10 个字"),
        ({"new": "my-shen-password", "again": "my-shen-password"}, "不能有账号名"),
        ({"new": "password123", "again": "password123"}, "太常见"),
        ({"new": PASSWORD, "again": PASSWORD}, "和原来的一样"),
    ],
)
def test_a_poor_new_password_is_refused_beside_its_field(
    client: Client, clerk: Account, changes: dict[str, str], words: str
) -> None:
    _try(client, PASSWORD)
    typed = {"old": PASSWORD, "new": "清风徐来水波不兴举酒", "again": "清风徐来水波不兴举酒"} | changes
    answer = client.post("/password", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Account.objects.get(name="shen").password == clerk.password


def test_a_post_is_held_through_its_last_day(client: Client, clerk: Account) -> None:
    Post.objects.update(ends_on=timezone.localdate())
    _try(client, PASSWORD)
    assert client.get("/").status_code == 200

"""The first set-up: once, three people, from the machine itself only."""

import pytest
from django.test import Client

from bihuan.models import Account, Event, Post
from bihuan.rules.vocabulary import OFFICERS

pytestmark = pytest.mark.django_db

HERE = {"headers": {"Host": "localhost:8000"}}
THREE = {
    "system_officer": ("程远", "cheng", "大江东去浪淘尽千古风流"),
    "security_officer": ("方舟", "fang", "明月几时有把酒问青天"),
    "audit_officer": ("梁木", "liang", "小桥流水人家古道西风"),
}
FIELDS = ("name", "account", "password")


def _typed(**changes: str) -> dict[str, str]:
    typed = {}
    for role, values in THREE.items():
        typed |= {f"{role}-{field}": value for field, value in zip(FIELDS, values, strict=True)}
        typed[f"{role}-password_again"] = values[2]
    return typed | {name.replace("__", "-"): value for name, value in changes.items()}


def test_an_empty_installation_leads_to_its_set_up(client: Client) -> None:
    assert client.get("/", **HERE, follow=True).redirect_chain[-1] == ("/set-up", 302)
    page = client.get("/set-up", **HERE).content.decode()
    for role in ("系统管理员", "安全保密员", "安全审计员"):
        assert role in page


def test_the_three_are_made_once_and_the_page_is_gone(client: Client) -> None:
    assert client.post("/set-up", _typed(), **HERE)["Location"] == "/sign-in"
    assert {(post.role, post.account.name) for post in Post.objects.select_related("account")} == {
        (role, values[1]) for role, values in THREE.items()
    }
    assert Event.objects.filter(step="set_up", via="web", account=None).count() == 3
    assert client.get("/set-up", **HERE).status_code == 404
    assert client.post("/set-up", _typed(), **HERE).status_code == 404
    assert Account.objects.count() == 3


@pytest.mark.parametrize("role", OFFICERS)
def test_each_of_the_three_can_sign_in_afterwards(client: Client, role: str) -> None:
    client.post("/set-up", _typed(), **HERE)
    _, account, password = THREE[role]
    assert client.post("/sign-in", {"account": account, "password": password})["Location"] == "/"
    assert THREE[role][0] in client.get("/").content.decode()


@pytest.mark.parametrize(
    "way",
    [
        {"headers": {"Host": "localhost", "X-Forwarded-For": "10.0.0.1"}},
        {"headers": {"Host": "localhost", "Forwarded": "for=10.0.0.1"}},
        {"headers": {"Host": "localhost", "X-Real-IP": "127.0.0.1"}},
        {"headers": {"Host": "localhost"}, "REMOTE_ADDR": "10.0.0.1"},
        {"headers": {"Host": "localhost"}, "REMOTE_ADDR": ""},
        {"headers": {"Host": "testserver"}},
    ],
)
def test_from_elsewhere_nothing_is_set_up(client: Client, way: dict[str, object]) -> None:
    for answer in (client.get("/set-up", **way), client.post("/set-up", _typed(), **way)):
        assert answer.status_code == 403
        assert "请在服务器本机打开" in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "[::1]", "localhost"])
def test_every_own_name_of_the_machine_will_do(client: Client, host: str) -> None:
    assert client.get("/set-up", headers={"Host": host}, REMOTE_ADDR="::1").status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"audit_officer__account": " Cheng "}, "三员的账号不能相同"),
        ({"audit_officer__name": "程远"}, "三个不同的人"),
        ({"audit_officer__password": THREE["system_officer"][2],
          "audit_officer__password_again": THREE["system_officer"][2]}, "三员的密码不能相同"),
        ({"audit_officer__password_again": "别的什么别的什么"}, "两次输入的密码不一样"),
        ({"audit_officer__password": "short", "audit_officer__password_again": "short"}, "至少 10 个字"),
        ({"audit_officer__account": "梁木"}, "账号用 2 到 40 个字母"),
        ({"audit_officer__name": ""}, "请填写这一项"),
    ],
)  # fmt: skip
def test_what_is_not_three_people_is_refused_and_what_was_typed_stays(
    client: Client, changes: dict[str, str], words: str
) -> None:
    answer = client.post("/set-up", _typed(**changes), **HERE)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="fang"' in answer.content.decode()
    assert "大江东去" not in answer.content.decode()
    assert not Account.objects.exists()

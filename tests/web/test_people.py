"""Pages of people: who may open them, what the forms do, and secrets told once."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from bihuan.actions.people import token_hash
from bihuan.models import Account, Event, Grant, Post
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import ROLES
from tests.builders import County, build_tree
from tests.web.visitors import visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return build_tree()


@pytest.fixture
def officer(county: County):  # type: ignore[no-untyped-def]
    return visitor(county.actor("system_officer"))


def _secret(page: str) -> str:
    return re.search(r"<output>(.+?)</output>", page)[1]


def test_only_the_system_officer_lists_people(county: County) -> None:
    for role in ROLES:
        answer = visitor(county.actor(role)).get("/people/")
        assert answer.status_code == (200 if role == "system_officer" else 403), role
        if role != "system_officer":
            assert "这一步由系统管理员办理" in answer.content.decode()


def test_the_list_is_searched_and_filtered(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    county.actor("office_director"), county.actor("unit_head")
    page = officer.get("/people/?q=主要负责").content.decode()
    assert "单位主要负责人" in page
    assert "共 3 条，符合 1 条" in page
    page = officer.get("/people/?role=office_director").content.decode()
    assert "县委巡察办 巡察办主任" in page
    assert "共 3 条，符合 1 条" in page
    assert "没有符合条件的内容" in officer.get("/people/?q=无此人").content.decode()


def test_a_long_list_has_pages_that_keep_the_filter(officer) -> None:  # type: ignore[no-untyped-def]
    now = timezone.now()
    Account.objects.bulk_create(
        Account(id=new_id(now), person="甲", name=f"jia{n:03}", password="!", password_changed_at=now)
        for n in range(120)
    )
    page = officer.get("/people/?q=jia&page=2").content.decode()
    assert "第 2 / 3 页" in page
    assert "jia050" in page
    assert "?q=jia&amp;page=3" in page
    assert "第 3 / 3 页" in officer.get("/people/?q=jia&page=99").content.decode()
    assert "第 1 / 3 页" in officer.get("/people/?q=jia&page=x").content.decode()


def test_a_person_sees_the_own_page_and_no_other(county: County) -> None:
    clerk, other = county.actor("office_clerk"), county.actor("unit_head")
    page = visitor(clerk).get(f"/people/{clerk.account}/")
    assert page.status_code == 200
    assert "发放令牌" in page.content.decode()
    assert "授予职务" not in page.content.decode()
    assert visitor(clerk).get(f"/people/{other.account}/").status_code == 404
    assert visitor(clerk).get(f"/people/{new_id(timezone.now())}/").status_code == 404


@pytest.mark.parametrize("role", [role for role in ROLES if role != "system_officer"])
def test_nobody_else_changes_people(county: County, role: str) -> None:
    target, client = county.actor("unit_clerk", organization="finance"), visitor(county.actor(role))
    post = Post.objects.get(pk=target.post)
    here = f"/people/{target.account}"
    before = list(Account.objects.order_by("id").values()), list(Post.objects.order_by("id").values())
    typed = {"person": "某人", "name": "mouren", "role": "office_clerk", "starts_on": "2026-01-01", "seen": "1",
             "organization": str(county.organizations["office"]), "ends_on": "2026-12-31", "reason": "试"}  # fmt: skip
    for address in (
        "/people/new/", f"{here}/give-post/", f"{here}/posts/{post.id}/end/", f"{here}/close/",
        f"{here}/reset-password/", f"{here}/token/", f"{here}/token/revoke/",
    ):  # fmt: skip
        assert client.post(address, typed).status_code in (403, 404), address
    assert before == (list(Account.objects.order_by("id").values()), list(Post.objects.order_by("id").values()))


def test_a_new_account_gets_a_one_time_password_that_is_told_once(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    answer = officer.post("/people/new/", {"person": " 江怀瑾 ", "name": "Jiang.HJ"})
    secret = _secret(answer.content.decode())
    row = Account.objects.get(name="jiang.hj")
    assert (row.person, row.must_change_password) == ("江怀瑾", True)
    assert check_password(secret, row.password)
    assert secret not in officer.get(f"/people/{row.id}/").content.decode()
    assert Event.objects.get(step="create_account").thing_id == row.id


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"person": "", "name": "jiang"}, "请填写这一项"),
        ({"person": "江", "name": "江"}, "账号用 2 到 40 个字母"),
        ({"person": "江", "name": "TAKEN"}, "已经有人用了"),
    ],
)
def test_a_poor_account_is_refused_and_stays_typed(county: County, officer, typed, words) -> None:  # type: ignore[no-untyped-def]
    Account.objects.filter(pk=county.actor("unit_head").account).update(name="taken")
    answer = officer.post("/people/new/", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{typed["name"]}"' in answer.content.decode()


def test_a_post_is_given_and_ended_on_the_page(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    officer.post("/people/new/", {"person": "江怀瑾", "name": "jiang"})
    row = Account.objects.get(name="jiang")
    here = f"/people/{row.id}"
    form = officer.get(f"{here}/give-post/").content.decode()
    assert "　　县委巡察办" in form
    typed = {"role": "office_clerk", "organization": str(county.organizations["office"]), "starts_on": "2026-09-01",
             "ends_on": "", "seen": row.revision}  # fmt: skip
    answer = officer.post(f"{here}/give-post/", typed, follow=True)
    assert "职务已授予。" in answer.content.decode()
    post = row.posts.get()
    assert (post.role, post.ends_on, str(post.starts_on)) == ("office_clerk", None, "2026-09-01")
    row.refresh_from_db()
    assert f"{here}/posts/{post.id}/end/" in answer.content.decode()
    officer.post(f"{here}/posts/{post.id}/end/", {"ends_on": "2026-10-01", "seen": row.revision})
    post.refresh_from_db()
    assert str(post.ends_on) == "2026-10-01"
    assert list(Event.objects.filter(thing="post").order_by("at").values_list("step", flat=True)) == [
        "give_post", "end_post",
    ]  # fmt: skip


def test_a_refused_post_is_shown_beside_its_field(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    target = county.actor("unit_head")
    typed = {"role": "team_leader", "organization": str(county.organizations["team_1"]), "starts_on": "2026-09-01",
             "ends_on": "", "seen": 1}  # fmt: skip
    answer = officer.post(f"/people/{target.account}/give-post/", typed)
    assert answer.status_code == 422
    assert "同一时间担任单位主要负责人，不能兼任巡察组组长" in answer.content.decode()
    assert 'value="2026-09-01"' in answer.content.decode()


def test_an_old_page_is_overtaken(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    target = county.actor("unit_head")
    Account.objects.filter(pk=target.account).update(revision=7)
    answer = officer.post(f"/people/{target.account}/close/", {"reason": "调离", "seen": 1})
    assert answer.status_code == 409
    assert Account.objects.get(pk=target.account).is_open


def test_a_reset_ends_the_sessions_and_tells_a_one_time_password(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    target = county.actor("unit_head")
    other = visitor(target)
    assert other.get("/").status_code == 200
    secret = _secret(officer.post(f"/people/{target.account}/reset-password/").content.decode())
    row = Account.objects.get(pk=target.account)
    assert check_password(secret, row.password)
    assert row.must_change_password
    assert other.get("/")["Location"] == "/sign-in"


def test_closing_an_account_ends_its_session(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    target = county.actor("unit_head")
    other = visitor(target)
    officer.post(f"/people/{target.account}/close/", {"reason": "调离", "seen": 1})
    assert other.get("/")["Location"] == "/sign-in"
    assert "停用" in officer.get(f"/people/{target.account}/").content.decode()


def test_a_token_is_told_once_to_its_own_person_and_kept_as_a_hash(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    clerk = county.actor("office_clerk")
    client = visitor(clerk)
    token = _secret(client.post(f"/people/{clerk.account}/token/").content.decode())
    row = Account.objects.get(pk=clerk.account)
    assert row.token_hash == token_hash(token)
    assert officer.post(f"/people/{clerk.account}/token/").status_code == 403
    row.refresh_from_db()
    assert row.token_hash == token_hash(token)
    assert officer.post(f"/people/{clerk.account}/token/revoke/").status_code == 302
    row.refresh_from_db()
    assert row.token_hash == ""


def test_grants_are_listed_for_the_security_officer_only(county: County) -> None:
    now = timezone.now()
    guest = county.actor("guest")
    Grant.objects.create(id=new_id(now), post_id=guest.post, thing=new_id(now), why="协助核对", until=now)
    for role in ROLES:
        answer = visitor(county.actor(role)).get("/people/grants/")
        assert answer.status_code == (200 if role == "security_officer" else 403), role
    page = visitor(county.actor("security_officer")).get("/people/grants/").content.decode()
    assert "协助核对" in page
    assert "已到期" in page


def test_the_record_is_read_by_the_auditor_only_and_holds_headers_only(county: County, officer) -> None:  # type: ignore[no-untyped-def]
    target = county.actor("unit_head")
    officer.post(f"/people/{target.account}/close/", {"reason": "理由不给审计员看", "seen": 1})
    for role in ROLES:
        answer = visitor(county.actor(role, organization="finance" if role == "unit_head" else None)).get("/record/")
        assert answer.status_code == (200 if role == "audit_officer" else 403), role
    auditor = visitor(county.actor("audit_officer"))
    page = auditor.get("/record/").content.decode()
    assert "停用账号" in page
    assert "理由不给审计员看" not in page
    today, before = timezone.localdate(), timezone.localdate() - timedelta(days=400)
    assert "停用账号" in auditor.get(f"/record/?day={today}&thing=account").content.decode()
    assert "停用账号" not in auditor.get("/record/?thing=finding").content.decode()
    assert "没有符合条件的内容" in auditor.get(f"/record/?day={before}").content.decode()
    assert "停用账号" in auditor.get("/record/?day=nonsense").content.decode()

"""Who gives a command: a token's holder anywhere, a named account in a demo's home alone; always one post."""

import json
from datetime import timedelta

import pytest

from bihuan.cli.accounts import NotSignedIn, actor_of_command, hash_of
from bihuan.cli.django_home import Opened
from bihuan.cli.launcher import Database
from bihuan.models import Account
from tests.builders import LONG_AGO, NOW, a_post, build_tree

pytestmark = pytest.mark.django_db
TOKEN = "a token that nobody guesses"


@pytest.fixture
def county():
    """A county whose clerk has a token, and a second post."""
    made = build_tree()
    clerk = made.actor("unit_clerk")
    Account.objects.filter(pk=clerk.account).update(token_hash=hash_of(TOKEN), name="clerk")
    row, where = Account.objects.get(pk=clerk.account), made.organizations["education"]
    a_post(row, "unit_leader", organization=where, starts_on=LONG_AGO + timedelta(days=1))
    return made


@pytest.fixture
def place(tmp_path):
    """An ordinary home."""
    return Opened(tmp_path, Database(app_dsn="host=a dbname=b", owner_dsn=None, source="wheel", version=180000))


@pytest.fixture
def demo(place):
    """The same, made by the demo."""
    (place.home / "demo.json").write_text(json.dumps({"database": "own", "filled": True}))
    return place


def test_a_token_acts_as_the_first_post_and_says_so_on_the_record(county, place):
    actor = actor_of_command({"BIHUAN_TOKEN": TOKEN}, "", found=place, at=NOW)
    assert (actor.account, actor.role, actor.via) == (county.actor("unit_clerk").account, "unit_clerk", "cli")


@pytest.mark.parametrize("how", ["role", "label", "id"])
def test_another_post_is_chosen_by_role_words_or_id(county, place, how):
    post = Account.objects.get(name="clerk").posts.get(role="unit_leader")
    wished = {"role": "unit_leader", "label": "单位班子成员", "id": str(post.id)}[how]
    assert actor_of_command({"BIHUAN_TOKEN": TOKEN}, wished, found=place, at=NOW).post == post.id


def test_a_post_that_is_not_held_or_not_one_is_refused_with_the_choices(county, place):
    with pytest.raises(NotSignedIn, match=r"没有职务 secretary.*单位承办人"):
        actor_of_command({"BIHUAN_TOKEN": TOKEN}, "secretary", found=place, at=NOW)
    with pytest.raises(NotSignedIn, match="不止一个"):
        actor_of_command({"BIHUAN_TOKEN": TOKEN}, "县教育局", found=place, at=NOW)


@pytest.mark.parametrize("token", ["wrong", hash_of(TOKEN), TOKEN[:-1]])
def test_a_wrong_token_is_nobody(county, place, token):
    with pytest.raises(NotSignedIn, match="BIHUAN_TOKEN 不对"):
        actor_of_command({"BIHUAN_TOKEN": token}, "", found=place, at=NOW)


def test_a_closed_account_and_an_ended_post_are_nobody(county, place):
    Account.objects.get(name="clerk").posts.update(ends_on=NOW.date() - timedelta(days=1))
    with pytest.raises(NotSignedIn, match="没有任职"):
        actor_of_command({"BIHUAN_TOKEN": TOKEN}, "", found=place, at=NOW)
    Account.objects.filter(name="clerk").update(is_open=False)
    with pytest.raises(NotSignedIn, match="BIHUAN_TOKEN 不对"):
        actor_of_command({"BIHUAN_TOKEN": TOKEN}, "", found=place, at=NOW)


@pytest.mark.parametrize("as_option", ["", "clerk", "clerk:unit_leader", "nobody"])
def test_outside_a_demo_nobody_acts_without_a_token(county, place, as_option):
    with pytest.raises(NotSignedIn, match="请先设置 BIHUAN_TOKEN"):
        actor_of_command({}, as_option, found=place, at=NOW)


def test_in_a_demo_an_account_is_named(county, demo):
    assert actor_of_command({}, "clerk", found=demo, at=NOW).role == "unit_clerk"
    assert actor_of_command({}, "clerk:unit_leader", found=demo, at=NOW).role == "unit_leader"
    with pytest.raises(NotSignedIn, match="没有账号 nobody"):
        actor_of_command({}, "nobody", found=demo, at=NOW)
    with pytest.raises(NotSignedIn, match="--as 账号"):
        actor_of_command({}, "", found=demo, at=NOW)


def test_the_mark_of_a_demo_does_not_open_another_database(county, demo):
    given = Opened(demo.home, Database(app_dsn="host=a dbname=b", owner_dsn=None, source="dsn", version=180000))
    with pytest.raises(NotSignedIn, match="请先设置 BIHUAN_TOKEN"):
        actor_of_command({}, "clerk", found=given, at=NOW)


def test_an_account_without_a_token_is_not_found_by_an_empty_one(county, place):
    with pytest.raises(NotSignedIn, match="请先设置 BIHUAN_TOKEN"):
        actor_of_command({"BIHUAN_TOKEN": "  "}, "", found=place, at=NOW)

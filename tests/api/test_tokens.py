"""A token's life: issued on the page of one's account, told once, used by a program, replaced, ended by an officer."""

import re

import pytest
from django.test import Client

from bihuan.models import Event, EventBody
from tests.api.callers import problem
from tests.builders import build_county
from tests.web.visitors import text, visitor

pytestmark = pytest.mark.django_db


def issued(browser: Client, account: object) -> str:
    found = re.search(r"<output>([^<]+)</output>", text(browser.post(f"/people/{account}/token/")))
    assert found
    return found[1]


def as_program(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_a_token_works_until_the_next_one_and_ends_with_the_officers_word() -> None:
    county = build_county(roles=["office_clerk"])
    clerk, officer = county.actor("office_clerk"), county.actor("system_officer")
    browser = visitor(clerk)
    assert f'href="/people/{clerk.account}/"' in text(browser.get("/password"))
    first = issued(browser, clerk.account)
    assert as_program(first).get("/api/me").json()["person"] == clerk.person
    assert first not in text(browser.get(f"/people/{clerk.account}/")), "told once"
    second = issued(browser, clerk.account)
    assert problem(as_program(first).get("/api/me"), 403)
    assert as_program(second).get("/api/desk").status_code == 200
    assert visitor(officer).post(f"/people/{clerk.account}/token/revoke/").status_code == 302
    assert problem(as_program(second).get("/api/me"), 403)
    steps = Event.objects.filter(thing_id=clerk.account, step__endswith="_token").values_list("step", flat=True)
    assert sorted(steps) == ["issue_token", "issue_token", "revoke_token"]
    kept = " ".join(str(body.__dict__) for body in EventBody.objects.all())
    assert first not in kept
    assert second not in kept


def test_the_page_that_tells_a_token_says_how_it_is_used() -> None:
    clerk = build_county(roles=["office_clerk"]).actor("office_clerk")
    page = text(visitor(clerk).post(f"/people/{clerk.account}/token/"))
    assert "BIHUAN_TOKEN" in page
    assert "Authorization: Bearer" in page
    assert "交给本人" not in page

"""The API's door: whose token, as which post, in one transaction; every failure as JSON, in the caller's language."""

import json
import logging
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from bihuan.actions import people
from bihuan.api import findings
from bihuan.models import Account, Event, Post
from bihuan.queries.acting import acting
from bihuan.queries.people import actor_for
from bihuan.rules.access import Actor
from tests.api.callers import caller, problem, sent, token_of
from tests.builders import TODAY, County, a_post
from tests.web.visitors import TOMORROW, visitor

pytestmark = pytest.mark.django_db
ME = "/api/me"


def with_token(token: str, **headers: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"} | headers, raise_request_exception=False)


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Bearer 令牌", "x" * 9000]
)
def test_without_a_right_token_nobody_gets_in(given: str | None, clerk: Actor):
    assert not Account.objects.get(pk=clerk.account).token_hash, "an empty token must not match it"
    program = Client(headers={} if given is None else {"Authorization": given}, raise_request_exception=False)
    for answer in (program.get(ME), program.get("/api/findings"), sent(program, "/api/feedback")):
        assert problem(answer, 403)["code"] == "not_signed_in"
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_of_a_browser_opens_nothing_and_stays_as_it_was(clerk: Actor):
    browser = visitor(clerk)
    before = browser.session.items()
    assert problem(browser.get("/api/findings"), 403)["code"] == "not_signed_in"
    assert browser.session.items() == before
    assert browser.get("/").status_code == 200


def test_a_closed_account_and_a_token_that_was_issued_before_open_nothing(clerk: Actor):
    program = caller(clerk)
    assert program.get(ME).status_code == 200
    with acting(clerk):
        people.issue_token(account=clerk.account, by=clerk, at=TOMORROW)
    assert problem(program.get(ME), 403)
    program = caller(clerk)
    Account.objects.filter(pk=clerk.account).update(is_open=False)
    assert problem(program.get(ME), 403)


def test_the_person_with_one_post_needs_no_header_and_is_told_who_they_are(clerk: Actor):
    told = with_token(token_of(clerk)).get(ME).json()
    assert (told["account"], told["person"], told["acting"]) == (str(clerk.account), clerk.person, str(clerk.post))
    assert [(post["role"], post["organization"]) for post in told["posts"]] == [("office_clerk", "县委巡察办")]


def two_posts(county: County) -> tuple[Actor, Actor]:
    clerk = county.actor("office_clerk")
    second = a_post(Account.objects.get(pk=clerk.account), "liaison", organization=county.organizations["team_1"])
    other = actor_for(clerk.account, post=second.pk, via="api", on=TODAY)
    assert other
    return clerk, other


def test_who_holds_two_posts_says_which_by_id_role_or_organization(county: County):
    clerk, liaison = two_posts(county)
    token = token_of(clerk)
    undecided = with_token(token)
    assert undecided.get(ME).json()["acting"] is None
    told = problem(undecided.get("/api/desk"), 400)
    assert (told["where"], str(liaison.post) in told["message"]) == ("X-Acting-Post", True)
    raw_bytes = "县委第一巡察组".encode().decode("latin-1")
    for wished in (str(liaison.post), "liaison", "县委第一巡察组", quote("县委第一巡察组"), raw_bytes):
        program = with_token(token, **{"X-Acting-Post": wished})
        assert program.get(ME).json()["acting"] == str(liaison.post), wished
    told = problem(with_token(token, **{"X-Acting-Post": "secretary"}).get("/api/desk"), 403)
    assert "县委巡察办" in told["message"]


def test_a_post_that_is_not_held_today_does_not_act(county: County):
    clerk, _liaison = two_posts(county)
    Post.objects.filter(account=clerk.account).update(ends_on=TODAY - timedelta(days=1))
    program = with_token(token_of(clerk))
    assert program.get(ME).json() | {"posts": []} == program.get(ME).json()
    assert "没有任职" in problem(program.get("/api/desk"), 403)["message"]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/api/", 404), ("GET", "/api/nothing", 404), ("POST", "/api/findings/", 404), ("GET", "/api/me/", 404),
     ("GET", "/api/feedback/7", 404), ("PUT", "/api/me", 405), ("DELETE", "/api/findings", 405),
     ("HEAD", "/api/me", 405), ("OPTIONS", "/api/feedback", 405), ("POST", "/api/desk", 405),
     ("TRACE", "/api/desk", 405)],
)  # fmt: skip
def test_what_is_not_there_and_what_is_not_done_is_told_in_json(method: str, address: str, status: int, clerk: Actor):
    answer = caller(clerk).generic(method, address, b"{}", content_type="application/json")
    if method == "HEAD":
        assert (answer.status_code, answer["Allow"]) == (405, "GET")
        return
    told = problem(answer, status)
    assert told["code"] == {404: "unknown", 405: "method_not_allowed"}[status]
    assert bool(answer.headers.get("Allow")) == (status == 405)


@pytest.mark.parametrize(
    "body",
    [b"{", b"nonsense", b"\xff\xfe{", b'{"seen": NaN}', b'{"seen": 1}{"seen": 2}', b"[" * 100_000, b"[]", b"null",
     b'"a"', b'{"seen": 1, "text": "\\ud800"}', b'{"seen": 1, "text": "a\\u0000b"}', b'{"seen": 1, "text": 7}',
     b'{"seen": true}',
     b'{"seen": 1e400}', b'{"text": "a"}', b"", b'{"seen": 1, "\\u0000": 1}'],
    ids=str,
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_malformed(body: bytes, clerk: Actor):
    program = caller(clerk)
    address = "/api/drafts/01900000-0000-7000-8000-000000000000/confirm"
    assert problem(program.post(address, body, content_type="application/json"), 400)["code"] == "malformed"


def test_a_body_of_another_kind_is_not_taken(clerk: Actor):
    program = caller(clerk)
    address = "/api/drafts/01900000-0000-7000-8000-000000000000/confirm"
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        assert problem(program.post(address, b'{"seen": 1}', content_type=kind), 415)["code"] == "wrong_content_type"
    torn = program.post(address, b"--x\r\nContent-", content_type="multipart/form-data")
    assert problem(torn, 400)["code"] == "malformed"
    assert problem(program.post(address, {"typed": "{"}), 400)["code"] == "malformed"


def test_what_is_over_the_limit_is_refused_before_it_is_read(settings, clerk: Actor):
    settings.MAX_UPLOAD = 1024 * 1024
    program = caller(clerk)
    large = {"inspection": "01900000-0000-7000-8000-000000000000", "audience": "leadership"}
    over = large | {"file": SimpleUploadedFile("a.txt", b"a" * (1024 * 1024 + 1))}
    assert problem(program.post("/api/feedback", over), 413)["code"] == "too_large"
    assert problem(program.post("/api/feedback", b"", content_type="application/json", CONTENT_LENGTH="9" * 12), 413)
    within = large | {"file": SimpleUploadedFile("a.txt", b"a" * (1024 * 1024))}
    assert problem(program.post("/api/feedback", within), 404)
    settings.MAX_UPLOAD = 50 * 1024 * 1024
    long = json.dumps({"seen": 1, "text": "长" * 3_000_000}, ensure_ascii=False).encode()
    address = "/api/drafts/01900000-0000-7000-8000-000000000000/confirm"
    assert problem(program.post(address, long, content_type="application/json"), 413)["code"] == "too_large"


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ("", "没有找到"),
        ("zh-CN,zh;q=0.9", "没有找到"),
        ("fr", "没有找到"),
        ("en", "Not found"),
        ("en-US,en;q=0.8", "Not found"),
    ],
)
def test_messages_are_chinese_or_english_as_asked(asked: str, begins: str, clerk: Actor):
    program = caller(clerk, **({"Accept-Language": asked} if asked else {}))
    assert problem(program.get("/api/nothing"), 404)["message"].startswith(begins)


def test_english_is_english_to_the_end(clerk: Actor):
    program = caller(clerk, **{"Accept-Language": "en"})
    told = problem(program.get("/api/findings?stat=closed"), 400)
    assert "stat" in told["message"]
    assert not re.search("[一-鿿，。]", told["message"])


def test_what_nobody_foresaw_is_told_plainly_and_logged_without_what_was_typed(monkeypatch, caplog, clerk: Actor):
    def broken(*_args, **_given):
        raise RuntimeError("张三的身份证号 330000")

    monkeypatch.setattr(findings.lists, "findings_for", broken)
    with caplog.at_level(logging.ERROR):
        answer = caller(clerk).get("/api/findings?query=李四")
    told = problem(answer, 500)
    assert told["code"] == "server_error"
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "RuntimeError" in logged
    assert "test_door.py" in logged
    assert not {"张三", "330000", "李四"} & set(logged.split())
    assert "张三" not in logged + answer.content.decode()
    assert "李四" not in logged


def test_what_was_half_done_is_rolled_back(monkeypatch, clerk: Actor):
    events = Event.objects.count()

    def half_done(*_args, **_given):
        people.revoke_token(account=clerk.account, by=clerk, at=TOMORROW)
        raise RuntimeError

    program = caller(clerk)
    monkeypatch.setattr(findings.lists, "findings_for", half_done)
    assert problem(program.get("/api/findings"), 500)
    assert Event.objects.count() == events
    assert program.get(ME).status_code == 200


def test_the_view_runs_as_the_application_in_the_scope_of_the_post(monkeypatch, clerk: Actor):
    found = {}

    def look(actor, **given):
        with connection.cursor() as cursor:
            cursor.execute("select current_user, current_setting('app.post', true)")
            found["as"] = cursor.fetchone()
        found["actor"], found["on"] = actor, given["on"]
        raise RuntimeError

    monkeypatch.setattr(findings.lists, "findings_for", look)
    caller(clerk).get("/api/findings")
    assert found["as"] == ("bihuan_app", str(clerk.post))
    assert (found["actor"].via, found["on"]) == ("api", TOMORROW.date())


def test_a_token_ends_itself_and_the_record_says_so_without_it(clerk: Actor):
    token = token_of(clerk)
    assert with_token(token).delete("/api/me/token").json() == {"account": str(clerk.account)}
    assert problem(with_token(token).get(ME), 403)
    event = Event.objects.select_related("body").latest("at")
    assert (event.step, event.via, event.thing_id) == ("revoke_token", "api", clerk.account)
    assert token not in str(event.body.__dict__)


def test_officers_read_no_business_here_either(county: County):
    program = caller(county.actor("audit_officer"))
    assert program.get("/api/findings").json()["total"] == 0
    assert program.get("/api/feedback").json() == {"rows": [], "total": 0}
    assert program.get("/api/desk").json()["n_waiting"] == 0

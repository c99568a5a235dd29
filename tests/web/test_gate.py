"""The gate: closed by default, one transaction and one scope, sessions that end, refusals and failures as pages."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown, Unreadable
from bihuan.models import Account, Post, Term
from bihuan.queries import desk
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Objection
from bihuan.web.urls import urlpatterns as pages
from tests.builders import County, build_tree
from tests.web.visitors import visitor

pytestmark = pytest.mark.django_db

REFUSALS = {
    "unknown": (Unknown("finding", "1"), 404, "没有找到"),
    "not-yours": (NotYours(Objection("x", "由%(who)s办理。", values={"who": "组长"})), 403, "由组长办理"),
    "refused": (Refused(Objection("x", "还缺第 %(n)s 条。", article="第五条", values={"n": 3})), 422, "还缺第 3 条"),
    "overtaken": (Overtaken(by="某人（某单位 干部）", at=timezone.now(), step="give"), 409, "某人（某单位 干部） 已在"),
    "too-large": (Unreadable("too_large", "文件超过 50 MB。"), 413, "文件超过 50 MB"),
    "wrong-type": (Unreadable("locked", "文件加了密码。"), 415, "文件加了密码"),
}  # fmt: skip


def _writes() -> None:
    now = timezone.now()
    Term.objects.create(id=new_id(now), name="半途的一届", starts_on=date(2021, 1, 1), ends_on=date(2026, 1, 1))


def _raises(request, kind):  # type: ignore[no-untyped-def]
    _writes()
    raise REFUSALS[kind][0]


def _answers(request, status):  # type: ignore[no-untyped-def]
    _writes()
    return HttpResponse("ok", status=status)


def _who(request):  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('app.post'), current_setting('app.reads_record')")
        return HttpResponse("|".join(cursor.fetchone()))


def _streams(request):  # type: ignore[no-untyped-def]
    return StreamingHttpResponse(iter(["x"]))


def _breaks(request):  # type: ignore[no-untyped-def]
    _writes()
    raise RuntimeError("nobody foresaw this")


urlpatterns = [
    path("set-up", _raises, {"kind": "refused"}),
    *pages,
    path("raises/<kind>", _raises),
    path("answers/<int:status>", _answers),
    path("who", _who),
    path("streams", _streams),
    path("breaks", _breaks),
    path("sign-in/who", _who),
]
for name in ("handler400", "handler403", "handler404", "handler500"):
    globals()[name] = getattr(__import__("bihuan.config.urls", fromlist=[name]), name)

odd = pytest.mark.urls("tests.web.test_gate")


@pytest.fixture
def county() -> County:
    return build_tree()


@pytest.mark.parametrize("address", ["/", "/people/", "/record/", "/act-as", "/password", "/nowhere", "/sign-in/x"])
def test_without_a_session_every_page_leads_to_the_door(client: Client, county: County, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


def test_the_door_remembers_where_one_wanted_to_go(client: Client, county: County) -> None:
    assert client.get("/people/?q=a")["Location"] == "/sign-in?next=%2Fpeople%2F%3Fq%3Da"
    assert client.post("/people/new/")["Location"] == "/sign-in"


def test_a_fragment_is_led_to_the_door_as_a_whole_page(client: Client, county: County) -> None:
    answer = client.get("/people/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/people/?q=a"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/sign-in?next=%2Fpeople%2F%3Fq%3Da"


@odd
def test_inside_the_connection_is_the_application_role_with_the_actors_scope(county: County) -> None:
    officer = county.actor("audit_officer")
    assert visitor(officer).get("/who").content.decode() == f"bihuan_app|{officer.post}|on"
    clerk = county.actor("office_clerk")
    assert visitor(clerk).get("/who").content.decode() == f"bihuan_app|{clerk.post}|"
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('app.post', true)")
        assert cursor.fetchone() == ("bihuan_owner", "")


@odd
@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_is_a_page_and_leaves_nothing_behind(county: County, kind: str) -> None:
    _, status, words = REFUSALS[kind]
    answer = visitor(county.actor("office_clerk")).get(f"/raises/{kind}")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Term.objects.exists()


@odd
def test_a_refusal_at_the_door_leaves_nothing_behind_either(client: Client, county: County) -> None:
    assert client.get("/set-up").status_code == 422
    assert not Term.objects.exists()


@odd
def test_a_refusal_names_its_article(county: County) -> None:
    answer = visitor(county.actor("office_clerk")).get("/raises/refused")
    assert "依据：第五条" in answer.content.decode()


@odd
@pytest.mark.parametrize(("status", "stays"), [(200, True), (302, True), (404, False), (422, False), (500, False)])
def test_what_an_answer_denies_is_not_kept(county: County, status: int, *, stays: bool) -> None:
    visitor(county.actor("office_clerk")).get(f"/answers/{status}")
    assert Term.objects.exists() is stays


@odd
def test_who_asks_for_the_head_alone_leaves_nothing_behind(county: County) -> None:
    assert visitor(county.actor("office_clerk")).head("/answers/200").status_code == 200
    assert not Term.objects.exists()


@odd
def test_a_failure_is_a_page_with_the_frame_and_leaves_nothing_behind(county: County) -> None:
    client = visitor(county.actor("office_clerk"))
    client.raise_request_exception = False
    answer = client.get("/breaks")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()
    assert "退出" in answer.content.decode()
    assert not Term.objects.exists()


@odd
def test_a_streaming_answer_is_refused_because_its_scope_would_be_gone(county: County) -> None:
    client = visitor(county.actor("office_clerk"))
    with pytest.raises(TypeError, match="render it first"):
        client.get("/streams")


def test_a_session_ends_when_the_password_is_changed_elsewhere(county: County) -> None:
    actor = county.actor("office_clerk")
    client = visitor(actor)
    assert client.get("/").status_code == 200
    Account.objects.filter(pk=actor.account).update(password_changed_at=timezone.now())
    assert client.get("/")["Location"] == "/sign-in"
    assert "account_id" not in client.session


def test_a_session_ends_when_the_account_is_closed(county: County) -> None:
    actor = county.actor("office_clerk")
    client = visitor(actor)
    Account.objects.filter(pk=actor.account).update(is_open=False)
    assert client.get("/")["Location"] == "/sign-in"


def test_whoever_has_no_post_any_more_is_told_so_and_can_leave(county: County) -> None:
    actor = county.actor("office_clerk")
    client = visitor(actor)
    Post.objects.filter(pk=actor.post).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert client.get("/findings/")["Location"] == "/act-as?next=%2Ffindings%2F"
    page = client.get("/act-as")
    assert page.status_code == 200
    assert "您现在没有职务" in page.content.decode()
    assert client.get("/password").status_code == 200
    assert client.post("/sign-out")["Location"] == "/sign-in"


def test_a_post_that_has_not_begun_is_not_acted_as(county: County) -> None:
    actor = county.actor("office_clerk")
    client = visitor(actor)
    Post.objects.filter(pk=actor.post).update(starts_on=timezone.localdate() + timedelta(days=1))
    assert client.get("/")["Location"] == "/act-as"


def test_somebody_elses_post_in_the_session_opens_nothing(county: County) -> None:
    actor, other = county.actor("unit_clerk"), county.actor("office_director")
    client = visitor(actor)
    session = client.session
    session["post_id"] = str(other.post)
    session.save()
    assert client.get("/")["Location"] == "/act-as"


def test_a_one_time_password_opens_nothing_but_its_own_change(county: County) -> None:
    actor = county.actor("system_officer")
    client = visitor(actor)
    Account.objects.filter(pk=actor.account).update(must_change_password=True)
    for address in ("/", "/people/", "/act-as"):
        assert client.get(address)["Location"] == "/password"
    page = client.get("/password").content.decode()
    assert "一次性密码" in page
    assert 'href="/people/"' not in page


def test_pages_of_signed_in_people_are_not_kept_by_browsers(county: County) -> None:
    assert visitor(county.actor("office_clerk")).get("/")["Cache-Control"] == "no-store"


def test_chinese_comes_first_whatever_the_browser_asks_for(client: Client, county: County) -> None:
    answer = client.get("/sign-in", headers={"Accept-Language": "en-US,en"})
    assert '<html lang="zh-Hans">' in answer.content.decode()


def test_the_language_is_kept_and_leads_back_to_our_own_pages_only(client: Client, county: County) -> None:
    answer = client.post("/language", {"language": "en", "next": "/sign-in?next=%2F"})
    assert answer["Location"] == "/sign-in?next=%2F"
    assert '<html lang="en">' in client.get("/sign-in").content.decode()
    assert client.post("/language", {"language": "xx", "next": "//evil.example/"})["Location"] == "/"
    assert '<html lang="en">' in client.get("/sign-in").content.decode()


def test_a_form_from_elsewhere_is_refused_with_a_page(county: County) -> None:
    client = visitor(county.actor("office_clerk"))
    client.handler.enforce_csrf_checks = True
    answer = client.post("/sign-out")
    assert answer.status_code == 403
    assert "打开得太久" in answer.content.decode()
    assert "account_id" in client.session


def test_an_unknown_host_is_a_bad_request(client: Client) -> None:
    answer = client.get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "请求有误" in answer.content.decode()


def test_a_lost_database_is_a_page_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*args: object, **kwargs: object) -> None:
        raise OperationalError("no database")

    client.cookies["sessionid"] = "x" * 32
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", lost)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()


def test_an_unknown_address_is_a_page_with_the_frame(county: County) -> None:
    answer = visitor(county.actor("office_clerk")).get("/nowhere")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert "台账" in answer.content.decode()


def test_the_menus_figures_are_kept_for_a_while_but_not_past_ones_own_act(
    county: County, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    count = desk.menu_counts
    monkeypatch.setattr(desk, "menu_counts", lambda actor, on: counted.append(str(actor.post)) or count(actor, on=on))
    settings.MENU_SECONDS = 60
    clerk, other = visitor(county.actor("office_clerk")), visitor(county.actor("office_director"))
    for address in ("/findings/", "/feedback/", "/findings/"):
        assert clerk.get(address).status_code == 200
    assert len(counted) == 1
    other.get("/findings/")
    assert len(set(counted)) == len(counted) == 2
    clerk.get("/")
    assert len(counted) == 3
    clerk.post("/findings/views/", {"name": "我的", "asked": "state=closed"})
    counted.clear()
    clerk.get("/findings/")
    assert len(counted) == 1
    clerk.get("/findings/")
    assert len(counted) == 1
    cache.clear()
    settings.MENU_SECONDS = 0
    clerk.get("/findings/")
    clerk.get("/findings/")
    assert len(counted) == 3


def test_a_session_lasts_from_the_last_page_but_reading_writes_only_once_in_a_while(
    county: County, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, begun = visitor(county.actor("office_clerk")), timezone.now()

    def at(seconds: float) -> tuple[int, int, float]:
        """Status, writes of the session, and for how long it was good after that page."""
        now = begun + timedelta(seconds=seconds)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        with CaptureQueriesContext(connection) as asked:
            status = client.get("/findings/").status_code
        wrote = sum(one["sql"].startswith('UPDATE "django_session"') for one in asked)
        kept = Session.objects.filter(pk=client.cookies["sessionid"].value).first()
        return status, wrote, (kept.expire_date - now).total_seconds() if kept else 0

    lasts, spared = settings.SESSION_COOKIE_AGE, settings.SESSION_SEEN_SECONDS
    assert spared * 30 == lasts
    assert at(0) == (200, 1, lasts)
    assert at(spared - 1) == (200, 0, lasts - spared + 1)
    assert at(spared) == (200, 1, lasts)
    assert at(spared + lasts - 1) == (200, 1, lasts)
    # A clock that was set back is believed at once.
    assert at(-spared) == (200, 1, lasts)
    assert at(-spared + lasts + 1)[0] == 302

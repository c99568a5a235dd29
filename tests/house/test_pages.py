"""Every page as every visitor: its status, no statement while it renders, no table in it, nothing undefined, clean.

The pages are visited once, for all tests; page_table.py says what should come.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.forms import ChoiceField, Form, ModelChoiceField
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from bihuan.models import Organization, Term
from tests.house.page_objects import NOBODY, VISITORS, Visited, county_to_visit
from tests.house.page_table import LINES, OF_THE_DOOR, OPTIONAL, Line
from tests.house.page_visits import Answer, Rendering, html_faults, is_own, tables_in, visit

pytestmark = pytest.mark.django_db

# One visitor is enough where everybody gets the same: that an address is not asked this way.
ONE = "office_clerk"
Answers = dict[tuple[str, str, str], Answer]


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any) -> Iterator[Answers]:
    """What everybody got everywhere, by method, address and visitor."""
    # Nothing that is done stays, so the figures beside the menu are counted once for each visitor.
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MENU_SECONDS=3600):
        visited = county_to_visit()
        yield {
            (method, line.address, who): visit(visited.clients[who], *_request(line, visited), method=method)
            for line in LINES
            for method in ("GET", "POST")
            for who in (VISITORS if (line.rest if method == "GET" else line.posted_rest) != 405 else (NOBODY, ONE))
        }
        cache.clear()
        transaction.set_rollback(True)


def _request(line: Line, visited: Visited) -> tuple[str, str]:
    return line.address.format(**visited.things), line.body.format(**visited.things)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("line", LINES, ids=lambda line: line.address)
def test_everybody_gets_what_is_theirs(line: Line, method: str, answers: Answers) -> None:
    expected = line.expected(method)
    got = {
        who: answer.status
        for (how, address, who), answer in answers.items()
        if (how, address) == (method, line.address)
    }
    wrong = {who: f"{status} instead of {expected[who]}" for who, status in got.items() if status != expected[who]}
    assert not wrong, f"{method} {line.address}"
    assert got


def faults(answers: Answers, kind: str) -> dict[str, set[str]]:
    """What is wrong, and where."""
    found: dict[str, set[str]] = {}
    for (method, address, _), answer in answers.items():
        for one in answer.wrong.get(kind, ()):
            found.setdefault(one, set()).add(f"{method} {address}")
    return found


def test_no_statement_is_sent_while_a_page_renders(answers: Answers) -> None:
    sent = {sql: where for sql, where in faults(answers, "statements").items() if OF_THE_DOOR not in sql}
    assert not sent, "ask for it in the query of the view, before it renders"


def test_no_table_reaches_a_page(answers: Answers) -> None:
    assert not faults(answers, "tables"), "put the values into a dataclass of the query"


def test_no_page_uses_what_it_was_not_given(answers: Answers) -> None:
    undefined = {name: where for name, where in faults(answers, "undefined").items() if name not in OPTIONAL}
    assert not undefined, "a misspelled name, or one that the view does not set"
    assert set(faults(answers, "undefined")) >= OPTIONAL, "no page leaves these out: take them off OPTIONAL"


def test_every_page_is_clean(answers: Answers) -> None:
    assert not faults(answers, "html")


def addresses(patterns: list[Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every address."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, above + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield one.name or "", above + str(one.pattern)


def unlisted(patterns: list[Any]) -> set[str]:
    """Addresses of the pages that the table does not name. The API has a table of its own."""
    listed = {line.name for line in LINES}
    return {
        f"{name or 'nameless'} {where}"
        for name, where in addresses(patterns)
        if name not in listed and "api/" not in where
    }


def test_every_address_stands_in_the_table() -> None:
    assert not unlisted(get_resolver().url_patterns), "say in tests/house/page_table.py who gets what there"
    names = {name for name, _ in addresses(get_resolver().url_patterns)}
    assert not {line.name for line in LINES} - names, "these are gone"
    assert {who for line in LINES for by in (line.asked, line.posted) for roles in by.values() for who in roles} <= set(
        VISITORS
    )


def test_a_planted_address_is_caught() -> None:
    from django.urls import include, path

    planted = [path("", include([path("planted/<uuid:one>/", lambda request: None, name="planted")]))]
    assert unlisted(planted) == {"planted planted/<uuid:one>/"}
    assert unlisted([path("x", lambda request: None)]) == {"nameless x"}


def test_a_planted_statement_is_caught() -> None:
    rendering = Rendering()
    with rendering.watched():
        list(Term.objects.all())
        assert not rendering.statements
        Template("{% for one in many %}{{ one }}{% endfor %}").render(Context({"many": Term.objects.all}))
    (statement,) = rendering.statements
    assert 'FROM "term"' in statement
    assert connection.execute_wrappers == []


@pytest.mark.parametrize("hidden", ["row", "many", "deep", "form", "kind"])
def test_a_planted_table_is_caught(hidden: str) -> None:
    class Chosen(Form):
        unit = ModelChoiceField(Organization.objects.none())

    planted = {
        "row": Term(), "many": Term.objects.none(), "deep": {"page": [("a", {"b": (Term(),)})]}, "form": Chosen(),
        "kind": Term,
    }[hidden]  # fmt: skip
    assert tables_in({"page": planted}, "x.html")

    class Plain(Form):
        unit = ChoiceField(choices=[("1", "a")])

    assert not tables_in({"page": {"form": Plain(), "rows": [1, "a", None]}, "request": Term()}, "x.html")


def test_a_planted_misspelling_is_caught() -> None:
    rendering = Rendering()
    template = "{{ page.titel }}{% if page.other %}{% endif %}{{ page.title }}{% include given with a=page.gone %}"
    with rendering.watched():
        given = {"page": {"title": "题"}, "given": Template("")}
        shown = Template(template).render(Context(given))
    assert rendering.undefined == ["page.titel", "page.gone"]
    assert shown == "题"
    assert engines["django"].engine.string_if_invalid == ""  # type: ignore[attr-defined]


HEAD = '<!doctype html><html lang="zh-hans"><head><title>题</title><script src="/a.js"></script></head>'
GOOD = HEAD + "<body>{}</body></html>"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; frame-ancestors 'none'"


def _page(body: str, *, policy: str = POLICY) -> HttpResponse:
    return HttpResponse(GOOD.format(body), headers={"Content-Security-Policy": policy})


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<script>go()</script>", "a script element"),
        ("<style>p{}</style>", "a style element"),
        ("<p onclick='go()'>", "code in p onclick"),
        ("<p style='color:red'>", "code in p style"),
        ("<p hx-on:click='go()'>", "code in p hx-on:click"),
        ("<a href='javascript:go()'>", "an address elsewhere"),
        ("<a href='https://example.org/'>", "an address elsewhere"),
        ("<img src='//example.org/a.png'>", "an address elsewhere"),
        ("<b id='a'></b><b id='a'></b>", "occurs twice"),
    ],
)
def test_a_planted_fault_of_a_page_is_caught(body: str, says: str) -> None:
    assert html_faults(_page("<p><a href='/findings/?state=closed#x'>台账</a></p>")) == []
    (fault,) = html_faults(_page(body))
    assert says in fault


def test_a_page_without_language_title_or_policy_is_caught() -> None:
    said = html_faults(HttpResponse("<html><title> </title></html>"))
    assert any("lang=" in one for one in said)
    assert any("no title" in one for one in said)
    assert sum("content policy" in one for one in said) == 5
    assert html_faults(_page("", policy=POLICY + "; img-src 'unsafe-inline'")) == [
        "the content policy allows what is unsafe"
    ]
    assert is_own("/a?next=https://example.org") is True

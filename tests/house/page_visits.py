"""Visiting pages as every role and writing down what is wrong with the answer; what should come is in page_table.py."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, fields, is_dataclass
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from django.db import connection, models, transaction
from django.forms import BaseForm, BaseFormSet
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.test import Client

# Django's own, or the door's: not what a view hands to its template.
NOT_THE_VIEWS = {
    "request",
    "csrf_token",
    "messages",
    "DEFAULT_MESSAGE_LEVELS",
    "block",
    "forloop",
    "True",
    "False",
    "None",
}
TABLES = (models.Model, models.QuerySet, models.Manager)
ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "srcset", "cite", "background"}
FORM = "application/x-www-form-urlencoded"
CODE_ATTRIBUTES = {"style", "srcdoc"}
CONTENT_POLICY = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
)


@dataclass
class Answer:
    """What came back: the status and, by kind, everything that is wrong with it."""

    status: int
    wrong: dict[str, list[str]] = field(default_factory=dict)


class Rendering:
    """What happens while a template renders: statements sent, tables handed over, variables that are not there."""

    def __init__(self) -> None:
        self.depth = 0
        self.statements: list[str] = []
        self.tables: list[str] = []
        self.undefined: list[str] = []

    def ask(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """An execute_wrapper: a statement sent while a template renders is written down."""
        if self.depth:
            self.statements.append(sql)
        return execute(sql, params, many, context)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch every template rendered meanwhile."""
        watch, render = self, Template.render

        def watched_render(template: Template, context: Context) -> Any:
            if not watch.depth:
                watch.tables += tables_in(context.flatten(), template.name or "")
            watch.depth += 1
            try:
                return render(template, context)
            finally:
                watch.depth -= 1

        engine = engines["django"].engine  # type: ignore[attr-defined]
        with (
            patch.object(Template, "render", watched_render),
            patch.object(engine, "string_if_invalid", _Missing(self.undefined)),
            connection.execute_wrapper(self.ask),
        ):
            yield


class _Missing(str):
    """Django's marker for a variable that is not there; it writes the name down and shows nothing."""

    __slots__ = ("names",)

    def __new__(cls, names: list[str]) -> "_Missing":
        marker = super().__new__(cls, "missing")
        marker.names = names
        return marker

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        self.names.append(str(name))
        return ""


def tables_in(given: Any, where: str, *, known: set[int] | None = None) -> list[str]:
    """Every model, queryset or manager reachable from what a view hands over."""
    known = set() if known is None else known
    if id(given) in known or isinstance(given, str | bytes | int | float | None):
        return []
    known.add(id(given))
    if isinstance(given, TABLES) or (isinstance(given, type) and issubclass(given, models.Model)):
        return [f"{where} is a {type(given).__name__}"]
    return [said for name, part in _parts(given) for said in tables_in(part, f"{where}.{name}", known=known)]


def _parts(given: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(given, Mapping):
        yield from ((str(name), part) for name, part in given.items() if name not in NOT_THE_VIEWS)
    elif isinstance(given, list | tuple | set | frozenset):
        yield from ((str(number), part) for number, part in enumerate(given))
    elif is_dataclass(given):
        yield from ((one.name, getattr(given, one.name)) for one in fields(given))
    elif isinstance(given, BaseFormSet):
        yield from (("forms", form) for form in given.forms)
    elif isinstance(given, BaseForm):
        yield "initial", given.initial
        for name, one in given.fields.items():
            yield name, {key: getattr(one, key) for key in ("choices", "queryset", "initial") if hasattr(one, key)}


class Page(HTMLParser):
    """What is wrong with an HTML page: code in it, addresses elsewhere, no language, no title."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.within: list[str] = []
        self.title = ""
        self.language = ""
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = {name: value or "" for name, value in attrs}
        self.within.append(tag)
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.wrong.append(f"a {tag} element in the page")
        if "id" in given:
            self.ids.append(given["id"])
        for name, value in given.items():
            self._attribute(tag, name, value)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith(("on", "hx-on")) or name in CODE_ATTRIBUTES:
            self.wrong.append(f"code in {tag} {name}={value!r}")
        is_address = name in ADDRESSES or name.startswith(("hx-get", "hx-post", "hx-put", "hx-delete", "xlink:"))
        if is_address and not is_own(value):
            self.wrong.append(f"an address elsewhere: {tag} {name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Collect the title."""
        if self.within and self.within[-1] == "title" and "svg" not in self.within:
            self.title += data


def is_own(address: str) -> bool:
    """Whether an address leads to this server, or nowhere else than to a picture within the page."""
    parts = urlsplit(address.strip())
    return (not parts.scheme and not parts.netloc) or parts.scheme == "data"


def html_faults(response: HttpResponse) -> list[str]:
    """What is wrong with a page as a page."""
    page = Page()
    page.feed(response.content.decode())
    wrong = list(page.wrong)
    policy = response.get("Content-Security-Policy", "")
    wrong += [f"no {part} in the content policy" for part in CONTENT_POLICY if part not in policy]
    if "unsafe" in policy:
        wrong.append("the content policy allows what is unsafe")
    if page.language not in ("zh-hans", "zh-Hans", "zh-CN", "en"):
        wrong.append(f"the page says lang={page.language!r}")
    if not page.title.strip():
        wrong.append("the page has no title")
    wrong += sorted({f"the id {one!r} occurs twice" for one in page.ids if page.ids.count(one) > 1})
    return wrong


def visit(client: Client, address: str, body: str = "", *, method: str = "GET") -> Answer:
    """Ask for a page, leave nothing behind, and say what came."""
    rendering, cookies = Rendering(), copy(client.cookies)
    with transaction.atomic():
        with rendering.watched():
            response = client.generic(method, address, body if method == "POST" else "", content_type=FORM)
        transaction.set_rollback(True)
    client.cookies = cookies
    is_page = response.get("Content-Type", "").startswith("text/html")
    wrong = {
        "statements": rendering.statements,
        "tables": rendering.tables,
        "undefined": rendering.undefined,
        "html": html_faults(response) if is_page and response.content else [],
    }
    return Answer(response.status_code, {kind: found for kind, found in wrong.items() if found})

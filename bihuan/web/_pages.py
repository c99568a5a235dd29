"""Shapes of what templates show around a query's values: crumbs, filters, columns, pages of a list. No texts here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from bihuan.queries.looks import StateLook


@dataclass(frozen=True)
class Link:
    """A crumb, an action or a step: words and an address."""

    label: str
    url: str = ""
    is_primary: bool = False


@dataclass(frozen=True)
class Look:
    """A state as a word, a shape and a tone."""

    label: str
    shape: str
    tone: str


def look(state: StateLook) -> Look:
    """A state's word, shape and tone."""
    return Look(state.label, state.shape, state.tone)


@dataclass(frozen=True)
class Refusal:
    """Something that cannot be done, and why."""

    label: str
    reason: str


@dataclass(frozen=True)
class Count:
    """How many there are of something, and the address of their rows."""

    label: str
    n: int
    url: str
    shape: str
    tone: str
    is_current: bool


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: Any
    url: str = ""


@dataclass(frozen=True)
class Column:
    """The head of a column; an address makes it sortable."""

    label: str
    url: str = ""
    direction: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Pager:
    """Where in a list we are, and the addresses before and after."""

    number: int
    count: int
    prev: str
    next: str


@dataclass(frozen=True)
class Empty:
    """What an empty page says, and what to do next."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""


def filter_of(name: str, *, label: str, choices: Sequence[tuple[str, str]], chosen: str, all_label: str) -> Filter:
    """A filter with an option for all, and one for each choice."""
    options = [("", all_label), *choices]
    return Filter(name, label, tuple(Option(value, text, value == chosen) for value, text in options))


def pager_of(request: HttpRequest, *, number: int, pages: int) -> Pager:
    """The pager of a list, with the filters kept in its addresses."""

    def address(page: int) -> str:
        if not 1 <= page <= pages:
            return ""
        kept = [(name, value) for name, value in request.GET.items() if name != "page" and value]
        return f"{request.path}?{urlencode([*kept, ('page', page)])}"

    return Pager(number, pages, address(number - 1), address(number + 1))


def page_number(request: HttpRequest) -> int:
    """The page asked for; the first when the address says nothing sensible."""
    asked = request.GET.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else 1


def safe_next(request: HttpRequest, *, otherwise: str = "/") -> str:
    """Where to go afterwards: only ever an address of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else otherwise

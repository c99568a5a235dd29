"""Every page that a role comes to by links, as every role: accessible, and no wider than a telephone.

Pages are fetched, and opened in the browser when a part of them has not been looked at yet. Every second role speaks
English.
"""

import pytest

from tests.journeys.conftest import Place
from tests.journeys.looking import Parts, kind_of, pages_below, too_wide, wrongs_of
from tests.journeys.visits import SIZES, Visitor, Visits

# A list has many things of one kind; two may differ in what can be done with them.
OF_A_KIND = 2
NARROW, WIDE = sorted(SIZES)
LANGUAGES = ("中文", "English")


def _one_of_each_role(demo: Place) -> dict[str, str]:
    """Role → account; and somebody who sees single findings of another unit only because of helping with them."""
    first = {post["role"]: person["account"] for person in reversed(demo.accounts) for post in person["posts"]}
    return {**first, "unit_clerk who helps": "caizhengban"}


def _pages(visitor: Visitor) -> dict[str, set[str]]:
    """The pages that are reached by links from the desk and the menu, with the kinds of their parts."""
    waiting, seen, counted = [("/", "the desk"), ("/act-as", "the frame"), ("/password", "the frame")], {}, {}
    while waiting:
        address, above = waiting.pop(0)
        kind = kind_of(address)
        if address in seen or counted.get(kind, 0) >= OF_A_KIND:
            continue
        answer = visitor.context.request.get(visitor.base + address)
        assert answer.status == 200, f"{above} leads to {address}, which answers {answer.status}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        counted[kind] = counted.get(kind, 0) + 1
        text = answer.text()
        seen[address] = Parts(text).kinds
        waiting += [(below, address) for below in pages_below(text, address)]
    return seen


@pytest.fixture(scope="module")
def looked_at(visits_of_demo: Visits, demo: Place) -> dict[str, list[str]]:
    """What was wrong, by role, language and page."""
    known: set[str] = set()
    wrongs: dict[str, list[str]] = {}
    for number, (role, account) in enumerate(sorted(_one_of_each_role(demo).items())):
        visitor, language = visits_of_demo.of(account), LANGUAGES[number % len(LANGUAGES)]
        visitor.open("/")
        if language == "English":
            visitor.speak(language)
        # Those with most parts first: fewer are left to open.
        for address, kinds in sorted(_pages(visitor).items(), key=lambda page: -len(page[1])):
            if not kinds <= known:
                known |= kinds
                wrongs[f"{role} {language} {address}"] = _look(visitor, address)
        if language == "English":
            visitor.speak("中文")
    return wrongs


def _look(visitor: Visitor, address: str) -> list[str]:
    assert visitor.open(address) == 200, address
    found = wrongs_of(visitor.page)
    visitor.page.set_viewport_size({"width": NARROW, "height": SIZES[NARROW]})
    found += too_wide(visitor.page)
    visitor.page.set_viewport_size({"width": WIDE, "height": SIZES[WIDE]})
    return found


def test_every_page_of_every_role_is_accessible_and_narrow_enough(looked_at, visits):
    assert {place: wrongs for place, wrongs in looked_at.items() if wrongs} == {}
    assert len(looked_at) > 2 * len(SIZES) * len(LANGUAGES)
    assert visits.faults == []

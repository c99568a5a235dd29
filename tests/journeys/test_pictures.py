"""Every main page in two roles, two languages and two widths: accessible, quiet, within the window. And their pictures.

The pictures of docs/pictures are written by: BIHUAN_PICTURES=1 make long ARGS=tests/journeys/test_pictures.py
"""

import os
from collections.abc import Callable

import pytest

from tests.cli.launcher.stage import ROOT
from tests.journeys.looking import take_picture, too_wide, wrongs_of
from tests.journeys.visits import SIZES, Visitor

PICTURES = ROOT / "docs" / "pictures"
WANTED = os.environ.get("BIHUAN_PICTURES") == "1"
NARROW, WIDE = sorted(SIZES)
OFFICE, HEAD = "zhuren", "shitang"


def _first(address: str, within: str = "main tbody td.is-title a") -> Callable[[Visitor], str]:
    """The first thing of a list."""

    def found(visitor: Visitor) -> str:
        visitor.open(address)
        return str(visitor.page.locator(within).first.get_attribute("href"))

    return found


def _fixed(address: str) -> Callable[[Visitor], str]:
    return lambda _visitor: address


def _step_of(state: str, step: str) -> Callable[[Visitor], str]:
    """The form of a step of the first finding in that state."""
    return lambda visitor: f"{_first(f'/findings/?state={state}')(visitor)}steps/{step}/"


# Who, a word for the page, and where it is.
PAGES = [
    (OFFICE, "desk", _fixed("/")),
    (OFFICE, "ledger", _fixed("/findings/")),
    (OFFICE, "nothing-found", _fixed("/findings/?q=%E6%9C%A8%E6%9C%89")),
    (OFFICE, "finding", _first("/")),
    (OFFICE, "feedback", _fixed("/feedback/")),
    (OFFICE, "bench", _first("/feedback/")),
    (OFFICE, "upload", _fixed("/feedback/upload")),
    (OFFICE, "rounds", _fixed("/rounds/")),
    (OFFICE, "round", _first("/rounds/")),
    (OFFICE, "inspection", _first("/inspections/")),
    (OFFICE, "terms", _fixed("/terms/")),
    (OFFICE, "plan", _first("/plans/")),
    (OFFICE, "statistics", _fixed("/statistics/")),
    (OFFICE, "organizations", _fixed("/organizations/")),
    (OFFICE, "missing", _fixed("/findings/0/")),
    (HEAD, "desk", _fixed("/")),
    (HEAD, "finding", _first("/findings/?state=in_progress")),
    (HEAD, "closing", _step_of("in_progress", "request_closing")),
    (HEAD, "plan", _step_of("plan_returned", "submit_plan")),
    (HEAD, "password", _fixed("/password")),
]
SHOWN = (
    (OFFICE, "desk", WIDE), (OFFICE, "ledger", WIDE), (OFFICE, "finding", WIDE), (OFFICE, "bench", WIDE),
    (OFFICE, "plan", WIDE), (OFFICE, "statistics", WIDE), (OFFICE, "organizations", WIDE),
    (HEAD, "desk", NARROW), (HEAD, "finding", NARROW),
)  # fmt: skip


def _look(visitor: Visitor, name: str, language: str, widths: tuple[int, ...]) -> dict[str, list[str]]:
    """The page in these widths, the last of which axe looks at; what is wrong, by page, language and width."""
    found = {}
    for width in widths:
        visitor.page.set_viewport_size({"width": width, "height": SIZES[width]})
        wrongs = [*too_wide(visitor.page), *(wrongs_of(visitor.page) if width == widths[-1] else [])]
        found[f"{name} {language} {width}"] = wrongs
    return {place: wrongs for place, wrongs in found.items() if wrongs}


@pytest.mark.parametrize("account", [OFFICE, HEAD])
@pytest.mark.parametrize(("language", "widths"), [("中文", (NARROW, WIDE)), ("English", (WIDE, NARROW))])
def test_the_main_pages_are_accessible_quiet_and_narrow_enough(visits, account, language, widths):
    visitor = visits.of(account)
    addresses = [(name, where(visitor)) for who, name, where in PAGES if who == account]
    if language == "English":
        visitor.speak(language)
    try:
        wrongs: dict[str, list[str]] = {}
        for name, address in addresses:
            assert visitor.open(address) == (404 if name == "missing" else 200), address
            wrongs |= _look(visitor, name, language, widths)
        assert wrongs == {}
    finally:
        visitor.page.set_viewport_size({"width": WIDE, "height": SIZES[WIDE]})
        if language == "English":
            visitor.speak("中文")


def test_the_door_is_accessible_in_both_languages(visits):
    stranger = visits.stranger()
    stranger.open("/sign-in")
    assert _look(stranger, "sign-in", "中文", (NARROW, WIDE)) == {}
    stranger.speak("English")
    assert stranger.page.locator("html").get_attribute("lang") == "en"
    assert _look(stranger, "sign-in", "English", (WIDE, NARROW)) == {}


def test_a_page_that_is_not_accessible_or_asks_elsewhere_is_noticed(visits):
    stranger = visits.stranger()
    stranger.open("/sign-in")
    stranger.page.evaluate("document.querySelector('main').append(new Image(1, 1))")
    assert any(wrong.startswith("image-alt") for wrong in wrongs_of(stranger.page))
    assert not too_wide(stranger.page)
    stranger.page.evaluate("document.querySelector('main').style.width = '3000px'")
    assert too_wide(stranger.page)
    assert visits.faults == []
    with stranger.page.expect_console_message():
        stranger.page.evaluate("fetch('http://127.0.0.1:9/').catch(() => null)")
    assert "says" in visits.faults[0]
    stranger.page.goto(f"http://localhost:{stranger.base.rpartition(':')[2]}/sign-in")
    assert any("asks elsewhere" in fault for fault in visits.faults)
    visits.faults.clear()


@pytest.mark.long
def test_pictures_for_the_readers(visits, tmp_path):
    folder = PICTURES if WANTED else tmp_path
    folder.mkdir(exist_ok=True)
    stranger = visits.stranger()
    stranger.open("/sign-in")
    take_picture(stranger.page, folder / "sign-in.png")
    for account, name, width in SHOWN:
        visitor = visits.of(account)
        address = next(where for who, what, where in PAGES if (who, what) == (account, name))(visitor)
        visitor.page.set_viewport_size({"width": width, "height": SIZES[width]})
        assert visitor.open(address) == 200
        take_picture(visitor.page, folder / (f"{name}.png" if width == WIDE else f"{name}-{width}.png"))
        visitor.page.set_viewport_size({"width": WIDE, "height": SIZES[WIDE]})
    assert len({picture.read_bytes() for picture in folder.glob("*.png")}) == len(SHOWN) + 1

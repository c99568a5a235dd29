"""Walking the guide for newcomers: somebody at a browser, the words to be read there, and pictures of what was seen."""

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.cli.launcher.stage import ROOT
from tests.journeys.looking import take_picture
from tests.journeys.visits import SIZES, Visitor, Visits

GUIDE, PICTURES = ROOT / "docs" / "guide", ROOT / "docs" / "pictures" / "guide"
WANTED = os.environ.get("BIHUAN_PICTURES") == "1"
QUOTED = re.compile(r"「([^」]+)」")
# Small enough to be read beside the text.
SIZE = {"width": 1120, "height": 700}
WIDE = {"width": 1440, "height": SIZES[1440]}
LANGUAGES = {"中文": "", "English": ".en"}
# What can be read: what is shown, what can be chosen, and what stands in a field that is empty.
READABLE = """() => [document.body.innerText, ...[...document.querySelectorAll("option")].map(one => one.textContent),
    ...[...document.querySelectorAll("[placeholder]")].map(one => one.placeholder)].join("\\n")"""


class Walk:
    """One page of the guide on its way: who sits there, what was read, which pictures were taken."""

    def __init__(self, visits: Visits, folder: Path) -> None:
        self.visits, self.folder = visits, folder
        self.read = ""
        self.visitor: Visitor

    def sit(self, account: str) -> Visitor:
        """Somebody signs in; the desk is open."""
        self.visitor = self.visits.of(account)
        self.open("/")
        return self.visitor

    def note(self) -> None:
        """Read the page."""
        self.read += self.visitor.page.evaluate(READABLE)

    def open(self, address: str) -> None:
        """Go there."""
        assert self.visitor.open(address) == 200, self.visitor.words
        self.note()

    def menu(self, label: str) -> None:
        """An entry of the menu."""
        self.open(self.visitor.menu()[label])

    def follow(self, name: str) -> None:
        """The link of that name."""
        self.visitor.follow(name)
        self.note()

    def first(self, within: str, *, words: str = "") -> None:
        """The first of these links, of those with these words."""
        links = self.visitor.page.locator(within)
        self.open(str((links.filter(has_text=words) if words else links).first.get_attribute("href")))

    def todo(self, words: str) -> None:
        """The first line of the desk that says so."""
        line = self.visitor.page.locator("main .rows-todo tbody tr").filter(has_text=words).first
        self.open(str(line.locator("td.is-title > a").first.get_attribute("href")))

    def waiting(self, label: str, kind: str) -> None:
        """A figure above the list of the desk, and the first thing of that kind behind it."""
        self.first("main .counts a", words=label)
        self.first(f"main tbody a[href^='/{kind}/']")

    def review(self) -> None:
        """The first request for closing that waits for this person."""
        self.menu("销号")
        self.first("main .counts a", words="待我审")
        self.first("main tbody a[href^='/closing/']")

    def press(self, name: str, status: int = 303) -> None:
        """The button of that name."""
        self.note()
        assert self.visitor.press(name) == status, self.visitor.words
        self.note()

    def take(self, step: str, **typed: str) -> None:
        """A step: its link, its form, its button."""
        self.follow(step)
        self.visitor.type(typed)
        self.press(step)

    def glance(self, step: str) -> None:
        """A step that is looked at and left again."""
        self.follow(step)
        self.follow("取消")

    def draft(self, deed: str) -> Locator:
        """A deed of the first draft that waits, its form open."""
        item = self.visitor.page.locator("li.draft.is-proposed").first
        item.get_by_role("link", name=deed, exact=True).click()
        expect(item.locator("form.draft-form")).to_be_visible()
        self.note()
        return item

    def drafted(self, item: Locator, button: str) -> None:
        """The form is sent, or left."""
        item.locator("form.draft-form").get_by_text(button, exact=True).click()
        expect(self.visitor.page.locator("form.draft-form")).to_have_count(0)
        # Who is quicker than the script gets the whole page, of which only a part may be there yet.
        self.visitor.page.wait_for_load_state("load")
        self.note()

    def look(self, name: str) -> None:
        """A picture in each language, of a page on which nothing has been typed."""
        page, address = self.visitor.page, self.visitor.page.url
        page.set_viewport_size(SIZE)
        for language in LANGUAGES if WANTED else ("中文",):
            if language == "English":
                self.visitor.speak(language)
                page.goto(address)
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            take_picture(page, self.folder / f"{name}{LANGUAGES[language]}.png")
        if WANTED:
            self.visitor.speak("中文")
            page.goto(address)
        page.set_viewport_size(WIDE)


def unread(walk: Walk, page: str) -> list[str]:
    """The words that a page of the guide quotes and that nobody has seen on the way."""
    quoted = QUOTED.findall((GUIDE / f"{page}.zh-CN.md").read_text(encoding="utf-8"))
    return [words for words in dict.fromkeys(quoted) if words not in walk.read]

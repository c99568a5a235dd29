"""People in the browser: each in a context of their own, every request watched, pages used by their labels."""

import re
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

SIZES = {1440: 900, 390: 844}
# Said by the browser of every answer that is not a page of success; the journeys ask for those on purpose.
_ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Visitor:
    """One person at one browser."""

    def __init__(self, browser: Browser, base: str, faults: list[str], *, width: int = 1440) -> None:
        self.base, self.faults = base, faults
        size = {"width": width, "height": SIZES[width]}
        self.context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.context.on("request", self._request)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: faults.append(f"{self.page.url}: {error.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.faults.append(f"{self.page.url} asks elsewhere: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _ANSWERED.match(message.text):
            self.faults.append(f"{self.page.url} says: {message.text}")

    def sign_in(self, account: str, password: str) -> "Visitor":
        """Sign in by the page."""
        self.open("/sign-in")
        self.type({"账号": account, "密码": password})
        self.press("登录")
        assert self.path != "/sign-in", self.words
        return self

    def open(self, address: str) -> int:
        """Go to an address of the server; return the status it answered with."""
        answer = self.page.goto(self.base + address.removeprefix(self.base))
        assert answer
        return answer.status

    def status(self, address: str) -> int:
        """The status of an address, asked for with this person's session and without leaving the page."""
        return self.context.request.get(self.base + address, max_redirects=0).status

    def fetch(self, address: str) -> bytes:
        """The bytes of an address."""
        answer = self.context.request.get(self.base + address)
        assert answer.status == 200, (address, answer.status)
        return answer.body()

    @property
    def path(self) -> str:
        """Where the page is."""
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    @property
    def heading(self) -> str:
        """The page's first heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """A field by its label, with or without the mark of an optional one."""
        place = within if within is not None else self.page.locator("main")
        return place.get_by_label(re.compile(rf"^{re.escape(label)}(\s*选填)?$"))

    def type(self, values: dict[str, str], within: Locator | None = None) -> None:
        """Fill fields by their labels; a select takes the option with these words."""
        for label, value in values.items():
            field = self.field(label, within)
            if field.evaluate("field => field.tagName") == "SELECT":
                offered = [words.strip() for words in field.locator("option").all_text_contents()]
                assert value in offered, (label, value, offered)
                field.select_option(index=offered.index(value))
            else:
                field.fill(value)

    def press(self, name: str, within: Locator | None = None) -> int:
        """Press a button that sends a form; return the status of the first answer."""
        place = within if within is not None else self.page.locator("main")
        button = place.get_by_role("button", name=name, exact=True)
        with self.page.expect_response(_is_of_a_form) as answered:
            button.click()
        self.page.wait_for_load_state()
        return answered.value.status

    def follow(self, name: str) -> None:
        """Follow the link of that name in the page's own part."""
        own = self.page.locator("main").get_by_role("link", name=name, exact=True)
        # Where we are is also a link: 反馈 the place stands before 反馈 the step.
        own.last.click()
        self.page.wait_for_load_state()

    def speak(self, language: str) -> None:
        """Press the button of the other language."""
        self.page.get_by_role("button", name=language, exact=True).click()
        self.page.wait_for_load_state()

    def menu(self) -> dict[str, str]:
        """The entries of the menu: words and addresses."""
        links = self.page.locator("header nav > ul > li > a")
        return {_without_count(link.inner_text()): str(link.get_attribute("href")) for link in links.all()}


class Visits:
    """Who is at work in this story; everybody signs in once."""

    def __init__(self, browser: Browser, base: Callable[[], str], passwords: dict[str, str]) -> None:
        self.browser, self._base, self.passwords = browser, base, passwords
        self.faults: list[str] = []
        self._known: dict[tuple[str, int], Visitor] = {}
        self.all: list[Visitor] = []

    def stranger(self, *, width: int = 1440) -> Visitor:
        """Somebody who has not signed in."""
        visitor = Visitor(self.browser, self._base(), self.faults, width=width)
        self.all.append(visitor)
        return visitor

    def of(self, account: str, *, width: int = 1440) -> Visitor:
        """The person of that account, signed in."""
        if (account, width) not in self._known:
            visitor = self.stranger(width=width)
            self._known[account, width] = visitor.sign_in(account, self.passwords[account])
        return self._known[account, width]

    def keep(self, account: str, password: str, visitor: Visitor) -> None:
        """Remember somebody who has signed in with a new password."""
        self.passwords[account] = password
        self._known[account, 1440] = visitor


def today() -> date:
    """The day at the server's door."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def open_account(officer: Visitor, person: str, account: str, posts: dict[str, str]) -> str:
    """The system officer opens an account and gives posts (role: organization); returns the one-time password."""
    officer.open("/people/new/")
    officer.type({"姓名": person, "账号": account})
    assert officer.press("开设") == 200, officer.words
    once = officer.page.locator("output").inner_text()
    officer.follow("已经记下，返回")
    for role, organization in posts.items():
        officer.follow("授予职务")
        officer.type({"职务": role, "单位": organization})
        assert officer.press("授予职务") == 302, officer.words
        assert "职务已授予" in officer.words
    return once


def first_sign_in(visits: Visits, account: str, once: str, password: str) -> Visitor:
    """Somebody new signs in with the one-time password and is led to change it before anything else."""
    visitor = visits.stranger().sign_in(account, once)
    visitor.open("/findings/")
    assert visitor.path == "/password"
    visitor.type({"原来的密码": once, "新密码": password, "再输一次新密码": password})
    assert visitor.press("修改密码") == 302, visitor.words
    assert visitor.path == "/"
    visits.keep(account, password, visitor)
    return visitor


def _is_of_a_form(answer: Response) -> bool:
    return answer.request.method == "POST"


def _without_count(words: str) -> str:
    return re.sub(r"[\d,\s]+$", "", words)

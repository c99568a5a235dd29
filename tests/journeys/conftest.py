"""The journeys' parts: the demo's county on a real server, an empty installation, and Debian's Chromium."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from bihuan.demo._categories import CATEGORIES
from tests.cli.launcher.stage import room_for_homes
from tests.cli.running import Serving, nothing_is_left
from tests.journeys.visits import Visits

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
# Two of the head's part and three on their way beside those of the documents; with one more the mass is there too.
SAMPLE = sum(len(codes.split()) for codes in CATEGORIES.values()) + 5
_FAILED = pytest.StashKey[bool]()


class Place:
    """A home with its server: started, stopped by TERM, started again."""

    def __init__(self, home: Path, *command: str, **more: str) -> None:
        self.home, self.command, self.more = home, command, more
        self.serving: Serving

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.serving = Serving(self.home, *self.command, **self.more)
        self.serving.is_ready()
        assert self.serving.health() == 200

    def stop(self) -> None:
        """Stop it by TERM: within ten seconds, with 0, and nothing of it is left."""
        assert self.serving.stop(signal.SIGTERM) == 0
        self._is_gone()

    def die(self) -> None:
        """Kill it as kill -9 does; what it had started goes by itself."""
        os.kill(self.serving.process.pid, signal.SIGKILL)
        self.serving.process.wait()
        self._is_gone()

    def _is_gone(self) -> None:
        assert nothing_is_left(self.home)
        self.serving.kill()  # closes its pipes

    @property
    def base(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self.serving.port}"

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """The demo's accounts."""
        return json.loads((self.home / "accounts.json").read_text(encoding="utf-8"))

    @property
    def tokens(self) -> dict[str, str]:
        """The demo's tokens by account."""
        return {person["account"]: person["token"] for person in self.accounts}


def placed(*command: str, **more: str) -> Iterator[Place]:
    """A place in a room of its own, as long as it is needed."""
    with room_for_homes() as folder:
        place = Place(folder / "home", *command, **more)
        try:
            place.start()
            yield place
            place.stop()
        finally:
            place.serving.kill()


@pytest.fixture(scope="session")
def demo() -> Iterator[Place]:
    """The demo's county with its sample alone, whose findings have all gone their way by actions; one for all."""
    yield from placed("demo", FINDINGS=str(SAMPLE))


@pytest.fixture(scope="module")
def empty() -> Iterator[Place]:
    """An empty installation, which knows a second name of its own."""
    yield from placed("serve", BIHUAN_HOSTS="127.0.0.1,localhost,bihuan.yunxi.test")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. One for each story: playwright's loop must not run on into tests that know nothing of it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def visits_of_demo(browser: Browser, demo: Place) -> Visits:
    """The people of the demo, each signed in once."""
    return Visits(browser, lambda: demo.base, {person["account"]: person["password"] for person in demo.accounts})


@pytest.fixture
def visits(visits_of_demo: Visits, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Visits]:
    """The people of the demo; afterwards no page has complained and none has asked elsewhere."""
    yield visits_of_demo
    look_back(visits_of_demo, request, tmp_path)


def look_back(visits: Visits, request: pytest.FixtureRequest, folder: Path) -> None:
    """Take pictures of a story that failed; of one that did not, see that no page complained."""
    if request.node.stash.get(_FAILED, False):
        for number, visitor in enumerate(visits.all):
            picture = folder / f"{number}.png"
            visitor.page.screenshot(path=picture, full_page=True)
            print(f"{picture}: {visitor.page.url}")
    else:
        assert visits.faults == []
    visits.faults.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember that a test failed, for the pictures."""
    report = yield
    if call.excinfo is not None:
        item.stash[_FAILED] = True
    return report

"""Looking at a page as it stands: what axe finds, how much wider it is than its window, of what kinds its parts are."""

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

AXE, COLORS = Axe(), 256
ONLY_WRONGS = {"resultTypes": ["violations"]}
NUMBERED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)")
# Files, and what does something as soon as it is asked for.
NOT_PAGES = re.compile(r"/(?:file|fill|export|healthz|sign-out)$|^/uploads/|^/static/|/pages/\d+$|^/api/")


def wrongs_of(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands."""
    return [
        f"{wrong['id']}: {wrong['help']} {[node['html'][:160] for node in wrong['nodes'][:3]]}"
        for wrong in AXE.run(page, options=ONLY_WRONGS).response["violations"]
    ]


def too_wide(page: Page) -> list[str]:
    """By how much the page is wider than its window."""
    more = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{more} px wider than the window"] if more > 0 else []


def take_picture(page: Page, place: Path) -> None:
    """The window as a picture of few colors, the rare ones among them: a third of the bytes."""
    # Hiding the caret would put a style into the page, which its policy refuses.
    shot = Image.open(io.BytesIO(page.screenshot(caret="initial"))).convert("RGB")
    shot.quantize(COLORS, method=Image.Quantize.MAXCOVERAGE).save(place, optimize=True)


class Parts(HTMLParser):
    """The links of a page, and the kinds of its elements: tag, classes and what a screen reader is told."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.kinds: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        told = sorted(
            name for name in given if name.startswith("aria-") or name in ("role", "type", "lang", "tabindex")
        )
        self.kinds.add(f"{tag}.{'.'.join(sorted(given.get('class', '').split()))} {told}")


def pages_below(text: str, address: str) -> Iterator[str]:
    """The pages a page leads to, without the ways to narrow, to sort and to turn a list."""
    for link in Parts(text).links:
        parts = urlsplit(urljoin(address, link))
        is_plain = not parts.query or parts.query.startswith(("before=", "draft="))
        if not parts.netloc and not NOT_PAGES.search(parts.path) and is_plain:
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def kind_of(address: str) -> str:
    """The address without its numbers: pages of one kind."""
    return NUMBERED.sub("…", address)

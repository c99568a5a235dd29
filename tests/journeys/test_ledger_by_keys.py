"""The ledger walked by the keyboard alone: rows, pages, search and help, and what is typed stays typing."""

from tests.journeys.visits import Visitor, Visits


def rows_of(visitor: Visitor) -> list[str]:
    return [link.get_attribute("href") or "" for link in visitor.page.locator("#results tbody tr td a").all()]


def at(visitor: Visitor) -> str:
    """The address of the row on which the keyboard stands."""
    return str(visitor.page.evaluate("document.activeElement.getAttribute('href')"))


def pressed(visitor: Visitor, *keys: str) -> None:
    for key in keys:
        visitor.page.keyboard.press(key)


def test_rows_and_pages_are_walked_and_one_is_opened_without_a_mouse(visits: Visits) -> None:
    office = visits.of("zhuren")
    office.open("/findings/")
    first = list(dict.fromkeys(rows_of(office)))
    pressed(office, "j")
    assert at(office) == first[0]
    pressed(office, "j", "j", "k")
    assert at(office) == first[1]
    pressed(office, "n")
    office.page.wait_for_url("**after=**")
    second = list(dict.fromkeys(rows_of(office)))
    assert not set(first) & set(second)
    pressed(office, "p")
    office.page.wait_for_url("**before=**")
    assert list(dict.fromkeys(rows_of(office))) == first
    pressed(office, "j", "j", "Enter")
    office.page.wait_for_url(f"**{first[1]}")


def test_a_slash_leads_to_the_search_where_letters_are_letters(visits: Visits) -> None:
    office = visits.of("zhuren")
    office.open("/findings/")
    pressed(office, "/", "j", "k", "?")
    box = office.page.locator(".filter-search input")
    assert box.input_value() == "jk?"
    assert not office.page.locator("#keys").get_attribute("open")
    office.open("/findings/")
    pressed(office, "?")
    assert office.page.locator("#keys").get_attribute("open") is not None
    assert "下一条、上一条" in office.page.locator("#keys").inner_text()

"""The list of findings as a query: search, filters, orders and edges, over findings of many texts, states and days."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from bihuan.models import Finding, Organization
from bihuan.queries import _offered
from bihuan.queries.acting import acting
from bihuan.queries.findings import lists, tallies
from bihuan.queries.findings.asked import asked_in, said_of
from bihuan.queries.findings.columns import COLUMNS, Speech
from bihuan.queries.findings.lists import all_findings_for, findings_for
from bihuan.queries.findings.narrowing import FindingFilters
from bihuan.queries.findings.ordering import ORDERS, SORTS, Turn, sorted_by
from bihuan.rules.access import Actor, Place
from bihuan.rules.lifecycle import FINDING
from tests.builders import TODAY, County, build_county
from tests.house.places import UNGRANTED, a_case, another_inspection, insert

pytestmark = pytest.mark.django_db

TEXTS = (
    "公务接待超标准，会议纪要缺项", "100%的村_没有公示", "会议记录事后补写",
    "𠮷林会议室闲置", "a'b\"c\\d会议", "接待公务车",
)  # fmt: skip


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """Thirty-six findings in two places, of six texts, in states and with days of many kinds; made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield built_county()
        transaction.set_rollback(True)


def built_county() -> County:
    built = build_county()
    east = built.place("east_1")
    elsewhere = another_inspection(built.inspection, unit=east.pk, unit_lo=east.lo)
    cases = []
    for key, inspection in (("education", built.inspection), ("east_1", elsewhere)):
        place = built.place(key)
        cases += [
            a_case(Place(place.lo, inspection, 1, "both", n % 6 // 5), unit=place.pk, grant=UNGRANTED)
            for n in range(18)
        ]
    actor = built.actor("office_clerk")
    insert(cases, account=actor.account, post=actor.post, round_id=built.round)
    states = [state.code for state in FINDING.states if state.code not in ("drafted", "withdrawn")]
    for n, finding in enumerate(Finding.objects.order_by("id")):
        Finding.objects.filter(pk=finding.pk).update(
            number=f"云溪〔2026〕3-{n:03}", text=TEXTS[n % len(TEXTS)], category=("", "A101", "A102", "B401")[n % 4],
            taxonomy_version="1", due_on=TODAY + timedelta(days=n % 7 - 3), given_on=TODAY - timedelta(days=n % 5),
            next_review_on=TODAY, redo_by=TODAY, state=states[n % len(states)],
        )  # fmt: skip
    return built


def reader(county: County, role: str = "office_clerk") -> Actor:
    return county.actor(role)


def numbers(actor: Actor, **narrowed: Any) -> list[str]:
    with acting(actor):
        return [row.number for row in all_findings_for(actor, filters=FindingFilters(**narrowed), on=TODAY)]


WORDS = ("会议", "公务接待", "0%的村_", "𠮷林", 'b"c\\d', "〕3-01", "接待公务", "没有此词", "__", "'--", "议室")


@pytest.mark.parametrize(("all_read", "few"), [(0, 0), (0, 1_000_000), (1_000_000, 1_000_000)])
@pytest.mark.parametrize("role", ["office_clerk", "unit_head", "township_reviewer", "team_leader", "evaluator"])
def test_a_search_finds_what_the_list_may_see_and_nothing_else(
    county: County, role: str, all_read: int, few: int
) -> None:
    actor = reader(county, role)
    as_if_it_reached(all_read, few)
    everything, by_id = set(numbers(actor)), dict(Finding.objects.values_list("pk", "number"))
    for word in WORDS:
        hold = {row.number for row in Finding.objects.all() if word in row.text or word in row.number}
        assert set(numbers(actor, query=word)) == hold & everything, word
        # Its bare answer: in a statement of the role's own the policy would hide what it should not tell.
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("select findings_with(%s, 1000)", [word])
            told = [row[0] for row in cursor.fetchall()]
            assert {by_id[one] for one in told} == hold & everything, word
            assert len(told) == len(set(told))
            cursor.execute("select findings_with(%s, 2)", [word])
            first = {by_id[row[0]] for row in cursor.fetchall()}
            assert (len(first), first - (hold & everything)) == (min(2, len(hold & everything)), set())
            found = findings_for(actor, filters=FindingFilters(query=word), on=TODAY)
            assert found.matched == len(hold & everything), word


def as_if_it_reached(all_read: int, few: int) -> None:
    """The same function, made to think that the post reaches much, a middling lot, or little."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_functiondef('findings_with'::regproc)")
        (said,) = cursor.fetchone()
        for usual, now in (("reached > 3000 ", all_read), ("reached > 20000 ", few)):
            assert usual in said
            said = said.replace(usual, f"reached > {now} ")
        cursor.execute(said)


def test_the_index_is_what_a_wide_post_searches_by(county: County) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain select id from finding where finding_grams(number || ' ' || text) @> finding_grams('会议')"
        )
        assert "finding_search" in "".join(row[0] for row in cursor.fetchall())


def test_without_a_scope_a_search_finds_nothing(county: County) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select findings_with('会议', 1000)")
        assert cursor.fetchall() == []


def test_a_common_word_is_looked_for_along_the_list(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    named = numbers(reader(county), query="会议")
    monkeypatch.setattr("bihuan.queries.findings.search.NAMED", 3)
    assert numbers(reader(county), query="会议") == named
    monkeypatch.setattr(lists, "PAGE_SIZE", 5)
    with acting(reader(county)) as actor:
        found = findings_for(actor, filters=FindingFilters(query="会议"), on=TODAY)
    assert [row.number for row in found.rows] == named[:5]
    assert (found.matched_is_least, found.counts) == (True, ())


@pytest.mark.parametrize("role", ["office_clerk", "unit_head", "township_reviewer", "team_leader"])
def test_pages_meet_at_their_edges_in_every_order(county: County, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE_SIZE", 7)
    for sort in SORTS:
        meet(reader(county, role), sort)


def meet(actor: Actor, sort: str) -> None:
    with acting(actor):
        expected = [row.id for row in all_findings_for(actor, filters=FindingFilters(), on=TODAY, sort=sort)]

        def at(**turn: Any) -> lists.FindingList:
            return findings_for(actor, filters=FindingFilters(), on=TODAY, turn=Turn(sort, **turn))

        forth, page = [], at()
        while True:
            forth += [row.id for row in page.rows]
            if not page.next or len(forth) > 99:
                break
            page = at(after=page.next)
        back, page = [], at(last=True)
        while True:
            back = [row.id for row in page.rows] + back
            if not page.previous or len(back) > 99:
                break
            page = at(before=page.previous)
        by_number = [row.id for n in range(1, at().pages + 1) for row in at(page=n).rows]
    assert forth == back == by_number == expected
    assert len(set(expected)) == len(expected) > 7


def test_the_orders_are_what_they_are_called(county: County) -> None:
    with acting(reader(county)) as actor:
        rows = {sort: list(all_findings_for(actor, filters=FindingFilters(), on=TODAY, sort=sort)) for sort in SORTS}
    states = [state.code for state in FINDING.states]
    places = {county.place(key).name: county.place(key).lo for key in ("education", "east_1")}
    keys = {
        "number": lambda row: row.number, "due": lambda row: row.due_on, "unit": lambda row: places[row.unit],
        "category": lambda row: row.category, "state": lambda row: states.index(row.state.code),
        "opened": lambda row: -row.given_on.toordinal(),
    }  # fmt: skip
    for code, key in keys.items():
        said = [key(row) for row in rows[code]]
        assert said == sorted(said), code
        assert [row.id for row in rows[f"-{code}"]] == [row.id for row in reversed(rows[code])], code


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_walks_along_an_index_under_the_policy(county: County, sort: str) -> None:
    with acting(reader(county)) as actor, connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_sort = off")
        cursor.execute("set local enable_incremental_sort = off")
        cursor.execute("set local enable_bitmapscan = off")
        first = sorted_by(Finding.objects.visible_to(actor.scope), sort=sort)
        plan = first[:5].explain()
        edge = findings_for(actor, filters=FindingFilters(), on=TODAY, turn=Turn(sort)).rows
    assert "Sort" not in plan, plan
    assert "Index Scan" in plan
    assert edge
    assert ORDERS[sort.removeprefix("-")]


def test_of_very_many_units_the_levels_above_are_offered(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(reader(county)) as actor:
        inspected = _offered.units_offered(actor)
        assert {unit.id for unit in inspected} == set(Finding.objects.values_list("unit_id", flat=True))
        monkeypatch.setattr(_offered, "MOST_UNITS", len(inspected))
        assert _offered.units_offered(actor) == inspected
        monkeypatch.setattr(_offered, "MOST_UNITS", len(inspected) - 1)
        above = _offered.units_offered(actor)
    parents = Organization.objects.exclude(children=None).order_by("lo").values_list("pk", flat=True)
    assert [unit.id for unit in above] == list(dict.fromkeys(parents))[: len(inspected) - 1]


def test_units_are_found_by_a_part_of_their_name(county: County) -> None:
    name = county.place("education").name[1:]
    with acting(reader(county)) as actor:
        filters = FindingFilters(unit_named=name)
        rows = list(all_findings_for(actor, filters=filters, on=TODAY))
        every = list(all_findings_for(actor, filters=FindingFilters(), on=TODAY))
    assert 0 < len(rows) < len(every)
    assert [row.id for row in rows] == [row.id for row in every if name in row.unit]


def test_filters_of_days_rounds_units_and_marks(county: County) -> None:
    actor = reader(county)
    everything = {row.number: row for row in Finding.objects.filter(secrecy=0)}
    rest = ("closed", "phase_done_long_term", "withdrawn", "drafted")

    def those(condition: Any) -> list[str]:
        return sorted(number for number, row in everything.items() if condition(row))

    soon = TODAY + timedelta(days=2)
    assert numbers(actor, due_from=TODAY, due_to=soon) == those(lambda row: TODAY <= row.due_on <= soon)
    within = numbers(actor, due="7")
    assert within == those(lambda row: row.state not in rest and row.due_on >= TODAY)
    east = county.place("east")
    assert numbers(actor, under=east.pk) == those(lambda row: east.lo <= row.unit_lo <= east.hi)
    assert numbers(actor, unit=east.pk) == []
    assert numbers(actor, round=county.round) == sorted(everything)
    assert numbers(actor, round=county.inspection) == []
    education, (first, second) = county.place("education").pk, sorted(everything)[:2]
    Finding.objects.filter(number=first).update(lead_unit=county.place("water").pk)
    assert numbers(actor, lead=county.place("water").pk) == [first]
    assert first not in numbers(actor, lead=education)
    assert numbers(actor, category="A1") == those(lambda row: row.category in ("A101", "A102"))
    assert numbers(actor, query="营", state="") == []
    Finding.objects.filter(number=second).update(fix_now=True)
    assert numbers(actor, mark="fix_now") == [second]
    assert numbers(actor, mark="listed") == numbers(actor, mark="no such mark") == []


def test_beyond_what_is_quickly_counted_the_list_says_at_least(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "EXACT", 10)
    monkeypatch.setattr(tallies, "EXACT", 10)
    with acting(reader(county)) as actor:
        found = findings_for(actor, filters=FindingFilters(), on=TODAY)
        narrow = findings_for(actor, filters=FindingFilters(category="B401"), on=TODAY)
    assert (found.total, found.total_is_least, found.matched_is_least, found.counts) == (10, True, True, ())
    assert (narrow.matched_is_least, narrow.total_is_least) == (False, True)
    assert sum(count.n for count in narrow.counts) == narrow.matched == len(narrow.rows)


@pytest.mark.parametrize("size", [1, 30])
def test_a_page_asks_as_often_however_much_there_is(county: County, size: int, django_assert_num_queries: Any) -> None:
    Finding.objects.filter(number__gte=f"云溪〔2026〕3-{size:03}").update(secrecy=2)
    with acting(reader(county)) as actor, django_assert_num_queries(5):
        findings_for(actor, filters=FindingFilters(query="会议"), on=TODAY)


def test_an_address_says_what_was_asked_and_nothing_more() -> None:
    said = "q=%E4%BC%9A%E8%AE%AE&state=closed&category=A1&due=7&due_from=2026-11-01&sort=-due&cols=number,state"
    assert sorted(said_of(asked_in(said)).split("&")) == sorted(said.split("&"))
    assert asked_in("due_from=nonsense&sort=x&cols=x&due=8&under=1&mark=x") == asked_in("")
    assert asked_in("due_to=2026-11-02").filters.due_to == date(2026, 11, 2)
    assert said_of(asked_in("")) == ""


@pytest.mark.parametrize("code", COLUMNS)
def test_a_line_read_for_one_column_says_what_the_whole_row_says(county: County, code: str) -> None:
    actor, say = reader(county), Speech(str.upper, lambda label: label["zh"])
    led = Finding.objects.filter(secrecy=0, unit=county.place("east_1")).order_by("pk")[:2].values("pk")
    Finding.objects.filter(pk__in=led).update(lead_unit=county.place("education"), key=True)
    with acting(actor):
        rows = list(all_findings_for(actor, filters=FindingFilters(), on=TODAY, sort="-due"))
        alone = lists.lines_of([row.id for row in rows], actor=actor, on=TODAY, columns=(code,))
        assert [line.id for line in alone] == [row.id for row in rows]
        cell = COLUMNS[code].cell
        assert [cell(line, say) for line in alone] == [cell(row, say) for row in rows]
        assert code == "round" or len({cell(row, say) for row in rows}) > 1


def test_a_sheet_holds_no_line_that_the_post_does_not_see(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PIECE", 5)
    ids = list(Finding.objects.order_by("-number").values_list("pk", flat=True))
    for role in ("office_clerk", "unit_head", "township_reviewer"):
        actor = reader(county, role)
        seen = numbers(actor)
        with acting(actor):
            lines = list(lists.lines_in_pieces(ids, actor=actor, on=TODAY, columns=("number",)))
        assert [line.number for line in lines] == sorted(seen, reverse=True), role
    assert 0 < len(seen) < len(ids)

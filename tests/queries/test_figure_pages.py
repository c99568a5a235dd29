"""The groups of figures page by page: ranked in the database they are those counted in full, in the same order."""

import random
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.actions import rounds
from bihuan.models import Assignment, FigureFlow, Inspection
from bihuan.queries.acting import acting
from bihuan.queries.statistics import figures
from bihuan.queries.statistics.figures import Asked, Figures, Group, figures_for
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.lifecycle import GIVEN
from bihuan.rules.metrics import SUM_OF_GIVEN
from tests import figure_walks as walks
from tests.builders import NOW, TODAY, County, build_county

pytestmark = pytest.mark.django_db
DAYS = (TODAY, date(2026, 3, 15))
UNITS = ("east_1", "east_2", "west_1", "west_2")


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> County:
    """Five units with findings that have walked, the last with nothing but the head's own part; two to a page."""
    monkeypatch.setattr(figures, "PAGE_SIZE", 2)
    county, chance = build_county(), random.Random(11)
    first = Inspection.objects.get(pk=county.inspection)
    second = walks.second_inspection(county, unit=UNITS[0])
    others = [
        rounds.add_inspection(
            round_id=second.round_id, unit=county.organizations[unit], team=county.organizations["team_2"],
            by=county.actor("office_director"), at=NOW,
        )
        for unit in UNITS[1:]
    ]  # fmt: skip
    inspections = [first, second, *(Inspection.objects.get(pk=one) for one in others)]
    for n, inspection in zip((2, 4, 3, 5, 2), inspections, strict=True):
        for _ in range(n):
            secrecy = 1 if inspection is inspections[-1] else chance.choice((0, 0, 1))
            walks.walk(walks.given(inspection, chance=chance, secrecy=secrecy), chance=chance)
    for one in inspections:
        Assignment.objects.create(id=new_id(NOW), post_id=county.actor("office_clerk").post, inspection=one)
    return county


def fold() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select fold_figures()")


def questions(county: County) -> list[Asked]:
    return [
        Asked(), Asked(round=county.round), Asked(kind="village"), Asked(unit_class="village"), Asked(category="A"),
        Asked(category="none"), Asked(unit=county.organizations["east_2"]), Asked(by="category"), Asked(by="class"),
    ]  # fmt: skip


def turned(actor: Actor, asked: Asked, on: date) -> list[Group]:
    """All groups as somebody sees them who turns page by page; each page says the same sums."""
    first = figures_for(actor, on=on, asked=asked, page=1)
    pages = [first, *(figures_for(actor, on=on, asked=asked, page=n) for n in range(2, first.pages + 1))]
    assert {(page.counts, page.sums, page.months, page.n_groups, page.cycles) for page in pages} == {
        (first.counts, first.sums, first.months, first.n_groups, first.cycles)
    }
    assert [page.page for page in pages] == list(range(1, first.pages + 1))
    return [group for page in pages for group in page.groups]


def check(county: County, role: str) -> None:
    actor = county.actor(role)
    with acting(actor):
        for asked in questions(county):
            for sort in ("usual", "findings"):
                said = replace(asked, sort=sort)
                for on in DAYS:
                    whole = figures_for(actor, on=on, asked=said)
                    assert turned(actor, said, on) == list(whole.groups), (role, said, on)
                    first = figures_for(actor, on=on, asked=said, page=1)
                    assert (first.counts, first.months, first.states) == (whole.counts, whole.months, whole.states)
                    assert (first.n_groups, whole.pages) == (len(whole.groups), 1)
                    numbers = [group.counts.to_rectify for group in whole.groups]
                    assert sort == "usual" or numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize("role", ["office_director", "office_clerk", "team_member", "township_reviewer"])
def test_the_pages_together_are_what_is_counted_in_full(county: County, role: str):
    check(county, role)
    fold()
    check(county, role)


def test_the_heads_own_part_gives_a_unit_its_line_for_who_was_assigned_alone(county: County):
    unit = str(county.organizations[UNITS[-1]])
    for is_folded in (False, True):
        if is_folded:
            fold()
        seen = {}
        for role in ("office_director", "office_clerk"):
            with acting(county.actor(role)) as actor:
                seen[role] = {group.key for group in turned(actor, Asked(), TODAY)}
        assert (unit in seen["office_director"], unit in seen["office_clerk"]) == (False, True)
        assert seen["office_director"] < seen["office_clerk"]


def test_a_page_beyond_the_last_is_the_last_and_below_the_first_the_first(county: County):
    with acting(county.actor("office_director")) as actor:
        pages: list[Figures] = [figures_for(actor, on=TODAY, page=n) for n in (-7, 0, 1, 2, 3, 10**40)]
    assert [page.page for page in pages] == [1, 1, 1, 2, 2, 2]
    assert pages[0].groups == pages[1].groups == pages[2].groups
    assert pages[3].groups == pages[4].groups == pages[5].groups
    assert not {group.key for group in pages[2].groups} & {group.key for group in pages[3].groups}


def test_a_page_asks_as_often_wherever_it_lies_and_reads_its_own_units_alone(county: County):
    fold()
    asked = []
    with acting(county.actor("office_director")) as actor:
        for page in (1, 2):
            with CaptureQueriesContext(connection) as sent:
                found = figures_for(actor, on=TODAY, page=page)
            asked.append(len(sent))
            named = [one["sql"] for one in sent.captured_queries if '"unit_lo" IN (' in one["sql"]]
            assert len(named) == 1, [one["sql"] for one in sent.captured_queries]
            assert len(found.groups) == min(2, found.n_groups - 2 * (page - 1)) > 0
    assert asked[0] == asked[1] <= 9


def test_who_reads_a_township_reads_the_sums_of_its_units(county: County):
    """A post that was assigned nothing is told so by the gate; then its figures come from fewer rows."""
    fold()
    reviewer = county.actor("township_reviewer")
    spared = replace(reviewer, scope=replace(reviewer.scope, has_assignments=False, has_grants=False))
    with acting(reviewer):
        rows = walks.seen(reviewer.scope)
    assert len({row.unit_id for row in rows}) > 1
    for on in DAYS:
        told = walks.summed(list(walks.truth(rows, on=on).values()))
        for asked in (Asked(), Asked(by="class"), Asked(kind="village"), Asked(unit=county.organizations["east_2"])):
            with acting(reviewer):
                usual = figures_for(reviewer, on=on, asked=asked)
            with acting(spared), CaptureQueriesContext(connection) as sent:
                found = figures_for(spared, on=on, asked=asked)
            assert (found.groups, found.counts, found.months) == (usual.groups, usual.counts, usual.months), asked
            if asked == Asked():
                assert walks.figures_told(found) == told
                assert any("'unit'" in one["sql"] for one in sent.captured_queries)


def test_what_was_given_to_a_unit_is_the_sum_of_its_states(county: County):
    fold()
    of_states, of_sums = _flows("each", GIVEN), _flows("given", (SUM_OF_GIVEN,))
    assert of_states == of_sums
    assert len(of_sums) > 10
    assert not FigureFlow.objects.filter(level="given").exclude(figure=SUM_OF_GIVEN).exists()


def _flows(level: str, figures_of: tuple[str, ...]) -> dict[tuple[object, ...], int]:
    place = ("unit_id", "unit_lo", "round_id", "kind", "unit_class", "side", "stage", "grain", "starts_on")
    found: dict[tuple[object, ...], int] = {}
    for *where, n in FigureFlow.objects.filter(level=level, secrecy=0, figure__in=figures_of).values_list(*place, "n"):
        found[tuple(where)] = found.get(tuple(where), 0) + n
    return {where: n for where, n in found.items() if n}

"""The flows behind the figures against the slow truth: after random walks, in bulk, folded, refilled, moved."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.utils import timezone

from bihuan.models import DueChange, Event, FigureFlow, Finding, Grant, Inspection, StateChange
from bihuan.queries.acting import acting
from bihuan.queries.statistics.figures import Asked, Figures, figures_for
from bihuan.queries.statistics.flows import DIMENSIONS, top_category
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.lifecycle import GIVEN
from bihuan.rules.profile import load_profile
from tests import figure_walks as walks
from tests.builders import NOW, TODAY, County, build_county
from tests.tree_deeds import move

pytestmark = pytest.mark.django_db
DAYS = (TODAY, TODAY - timedelta(days=1), date(2026, 9, 30), date(2026, 3, 15), date(2025, 12, 31), date(2025, 6, 1))
ROLES = ("office_director", "unit_head", "team_member", "township_reviewer", "guest", "evaluator")


@pytest.fixture
def county() -> County:
    """Two inspections with findings that have walked, one of them secret, some granted to who sees nothing else."""
    county = build_county()
    chance = random.Random(7)
    first = Inspection.objects.get(pk=county.inspection)
    Inspection.objects.filter(pk=first.pk).update(stage=1)
    second = walks.second_inspection(county)
    walked = [walks.given(one, chance=chance, secrecy=chance.choice((0, 0, 0, 1))) for one in [first, second] * 7]
    for one in walked:
        walks.walk(one, chance=chance)
    for role in ("guest", "unit_head"):
        for one in chance.sample(walked, 5):
            Grant.objects.create(id=new_id(NOW), post_id=county.actor(role).post, thing=one.row.pk, why="试")
    return county


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def compare(county: County, roles: tuple[str, ...] = ROLES) -> None:
    """Every role, every day, every dimension: the sums and the groups are those of the rows."""
    for role in roles:
        actor = county.actor(role)
        with acting(actor):
            rows = walks.seen(actor.scope)
        # And a day on which something changed, which counts at its end.
        for day in (*DAYS, StateChange.objects.filter(state_to__in=GIVEN).latest("at").on):
            told = walks.truth(rows, on=day)
            check(actor, rows, told, day)


def check(actor: Actor, rows: list[Finding], told: dict, day: date) -> None:
    facts = {one.pk: one for one in Inspection.objects.select_related("round", "unit")}
    values = {
        "unit": lambda row: str(row.unit_id),
        "round": lambda row: str(row.round_id),
        "kind": lambda row: facts[row.inspection_id].round.kind,
        "class": lambda row: facts[row.inspection_id].unit.organization_class,
        "category": lambda row: top_category(row.category) or "none",
    }
    # In every dimension for two days, by unit for the rest: enough to catch a day or a dimension that is counted amiss.
    for by, value_of in list(values.items())[: None if day in DAYS[::3] else 1]:
        with acting(actor):
            found = figures_for(actor, on=day, asked=Asked(by=by))
        assert walks.figures_told(found) == walks.summed(list(told.values())), (actor.role, day)
        if by == "unit":
            check_months(found, rows)
        wanted: dict[str, list] = {}
        for row in rows:
            wanted.setdefault(value_of(row), []).append(told[row.pk])
        states = {key: walks.summed(counts) for key, counts in wanted.items() if walks.summed(counts)}
        assert {group.key: group.counts.to_rectify for group in found.groups} == {
            key: sum(counts[look.code] for look in found.states) for key, counts in states.items()
        }, (actor.role, by, day)


def check_months(found: Figures, rows: list[Finding]) -> None:
    """Some of the twelve months, each as it stood at its end."""
    assert (len(found.months), found.months[-1].on) == (12, found.on)
    for month in found.months[::5]:
        whole = walks.summed(list(walks.truth(rows, on=month.on).values()))
        assert (month.done, month.overdue) == (whole["closed"], whole["overdue"]), month
        assert month.to_rectify == sum(n for code, n in whole.items() if code in GIVEN), month


def test_after_random_walks_the_figures_are_those_of_the_rows(county: County):
    assert {row.category[:1] for row in Finding.objects.all()} >= {"A", "B", "V", ""}
    assert DueChange.objects.count() > 3
    assert StateChange.objects.filter(state_to="closed").count() > 3
    compare(county)


def test_folding_changes_no_figure_and_leaves_nothing_new(county: County):
    run("select fold_figures()")
    assert not FigureFlow.objects.filter(grain="new").exists()
    assert not FigureFlow.objects.filter(n=0).exists()
    compare(county, ("office_director", "unit_head"))
    chance = random.Random(8)
    walked = walks.given(Inspection.objects.get(pk=county.inspection), chance=chance)
    walks.walk(walked, chance=chance)
    compare(county, ("office_director",))
    before = FigureFlow.objects.filter(grain="year").count()
    run("select fold_figures()")
    assert FigureFlow.objects.filter(grain="year").count() >= before
    compare(county, ("office_director",))


def test_refilled_from_nothing_the_flows_are_those_that_the_triggers_kept(county: County):
    run("select fold_figures()")
    kept = sorted(FigureFlow.objects.values_list(*_COMPARED), key=repr)
    run("select refill_figures()")
    assert sorted(FigureFlow.objects.values_list(*_COMPARED), key=repr) == kept
    assert len(kept) > 100


_COMPARED = (
    "unit_id", "unit_lo", "inspection_id", "stage", "side", "secrecy", "round_id", "kind", "unit_class", "category",
    "figure", "level", "grain", "starts_on", "n",
)  # fmt: skip


def test_rows_that_come_in_one_statement_are_counted(county: County):
    chance = random.Random(9)
    inspection = Inspection.objects.get(pk=county.inspection)
    walked = [walks.given(inspection, chance=chance) for _ in range(6)]
    changes = []
    for one in walked:
        for state in ("plan_submitted", "in_progress", "pending_review", "closed", "reopened", "closed"):
            was, one.row.state, one.at = one.row.state, state, one.at + timedelta(days=3)
            changes.append(StateChange(**walks.change_of(one.row, was, one.at)))
        one.row.save()
    StateChange.objects.bulk_create(changes)
    compare(county, ("office_director", "unit_head"))


def test_a_finding_that_changes_category_or_secrecy_takes_its_figures_along(county: County):
    run("select fold_figures()")
    for row, category in zip(Finding.objects.order_by("number"), ("D", "B103", "", "A302", "V4101"), strict=False):
        row.category, row.secrecy = category, 1 - row.secrecy
        row.save()
        StateChange.objects.filter(finding=row).update(secrecy=row.secrecy)
    compare(county, ("office_director", "unit_head", "team_member"))


def test_the_flows_follow_the_tree(county: County):
    run("select fold_figures()")
    chance = random.Random(10)
    walks.walk(
        walks.given(Inspection.objects.get(unit_id=county.organizations["east_1"]), chance=chance), chance=chance
    )
    move(county, "east_1", "west", by=county.actor("office_director"))
    move(county, "education", "east", by=county.actor("office_director"))
    assert not FigureFlow.objects.exclude(level="whole").exclude(unit_lo__in=Finding.objects.values("unit_lo")).exists()
    compare(county)


def test_due_dates_of_extensions_in_bulk_are_taken_from_the_record(county: County):
    kept = sorted(DueChange.objects.values_list("finding_id", "due_from", "due_on", "on", "at"))
    for change in DueChange.objects.all():
        event = Event.objects.create(
            id=new_id(change.at), at=change.at, via="web", actor="某人", thing="finding", thing_id=change.finding_id,
            step="grant_extension", body_digest="0" * 64,
        )  # fmt: skip
        event.body = event._meta.get_field("body").related_model.objects.create(
            event=event, before={"due_on": str(change.due_from)}, after={"due_on": str(change.due_on)}, salt="0" * 32
        )
    DueChange.objects.all().delete()
    run("select refill_figures()")
    assert sorted(DueChange.objects.values_list("finding_id", "due_from", "due_on", "on", "at")) == kept
    compare(county, ("office_director",))


def test_the_product_writes_no_flow_and_empties_none(county: County):
    with acting(county.actor("office_director")):
        for refused in ("insert into figure_flow default values", "delete from figure_flow", "select refill_figures()"):
            with pytest.raises(ProgrammingError, match="permission denied"), _savepoint():
                run(refused)


def _savepoint():
    from django.db import transaction

    return transaction.atomic()


def test_a_code_begins_with_its_top_category():
    for name in ("county",):
        taxonomy = load_profile(name).taxonomy
        for code in taxonomy.categories:
            top = taxonomy.path(code)[0].code
            assert top_category(code) == top
            with connection.cursor() as cursor:
                cursor.execute("select top_category(%s)", [code])
                assert cursor.fetchone() == (top,)


def test_statements_are_few_and_as_many_for_few_rows_as_for_many(county: County, django_assert_max_num_queries):
    actor = county.actor("office_director")
    for by in DIMENSIONS:
        with acting(actor), django_assert_max_num_queries(7):
            figures_for(actor, on=TODAY, asked=Asked(by=by))
    assert timezone.localdate(NOW) == TODAY

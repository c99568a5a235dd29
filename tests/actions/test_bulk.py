"""What is loaded in bulk is what the actions leave: the same inspection both ways, compared row by row.

Ids are compared by what they name, digests by being made again; everything else, times included, as it stands.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection, transaction

from bihuan.actions import bulk
from bihuan.actions._bulk_rows import COLUMNS
from bihuan.actions._closing_effects import closing_hash
from bihuan.actions._plan_versions import row_hash
from bihuan.actions._record import digest
from bihuan.actions.bulk import STRETCHES, WAYS, Hand, MassFile, MassInspection
from bihuan.actions.feedback import feedback_hash
from bihuan.actions.refusals import Refused
from bihuan.demo._mass import ROUNDS, Mass, Place, Team
from bihuan.models import (
    ClosingRequest,
    Event,
    EventBody,
    Feedback,
    Finding,
    Measure,
    PlanRow,
    Signature,
    StateChange,
)
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import drawn_from
from bihuan.rules.plan_content import stored
from bihuan.rules.typed import MeasureInput
from tests.actions import machine_invariants
from tests.actions.acted import Acted
from tests.builders import NOW, County, build_county

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DIGEST = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}")
NAMES_AN_EVENT = ("thing", "step", "at", "state_from")
PNG = b"\x89PNG\r\n\x1a\n"
# Which unit's inspection has come only so far.
REACHED_BY = {"approved": "finance", "drafted": "east", "left": "west", "on_site": "enterprise", "planned": "school"}
FILES = [("png", MassFile("", PNG + bytes([number]), "image/png")) for number in range(5)]
# Made in bulk of what was told; what hangs on the tree and people is made by actions in both.
TABLES = [table for table in COLUMNS if table not in ("organization", "account", "post")] + ["due_change"]


def hand(actor: Actor) -> Hand:
    """That actor as bulk is told of it."""
    return Hand(str(actor.account), str(actor.post), actor.role, f"{actor.person}（{actor.label}）")


def a_mass(county: County) -> Mass:
    """What tells of inspections in that county."""
    files = [(ending, bulk.file_of(file.content, media_type=file.media_type)) for ending, file in FILES]
    hands = {role: hand(county.actor(role)) for role in county_roles()}
    office = {
        "zhuren": hands["office_director"], "xunchaban": hands["office_clerk"], "shuji": hands["secretary"],
        "lingdao": hands["leading_group"], "jijian": hands["discipline_reviewer"],
        "zuzhibu": hands["organization_reviewer"],
    }  # fmt: skip
    team = Team(
        county.organizations["team_1"],
        tuple(hands[role] for role in ("team_leader", "deputy_leader", "liaison", "team_member")),
    )
    assert county.round
    return Mass(
        random.Random(5), NOW.date(), ZoneInfo(settings.TIME_ZONE), 0,
        {"first": (county.round, "2026年第3轮常规巡察")}, office, [team], {}, files, "云溪",
    )  # fmt: skip


def county_roles() -> tuple[str, ...]:
    """Who acts in an inspection."""
    return (
        "office_director", "office_clerk", "secretary", "leading_group", "discipline_reviewer",
        "organization_reviewer", "team_leader", "deputy_leader", "liaison", "team_member",
    )  # fmt: skip


def told(county: County) -> tuple[list[MassInspection], dict[str, MassFile]]:
    """An inspection with a finding for every way, also with plans once sent back; and one for each reach before it."""
    mass = a_mass(county)
    plan = replace(ROUNDS[0], years_ago=0, number=3, received=(80, 80))
    ways = [(way, False) for way in WAYS] + [(way, True) for way in STRETCHES]
    made = mass._inspection(plan, place_of(county, "water"), mass.teams[0], len(ways), 0, "given")
    found = tuple(
        replace(one, way=way, again=again, key=number % 3 == 0, listed=number % 4 == 0)
        for number, (one, (way, again)) in enumerate(zip(made.findings, ways, strict=True))
    )
    later = {"until": NOW.date() + timedelta(days=30)}
    others = [
        replace(mass._inspection(plan, place_of(county, unit), mass.teams[0], 3, 0, "given"), reach=reach)
        for reach, unit in REACHED_BY.items()
    ]
    others = [replace(one, findings=tuple(replace(two, way="awaiting_plan") for two in one.findings)) for one in others]
    files = {file.sha256: file for _ending, file in mass.files}
    contents, first = [replace(made, findings=found, days={**made.days, **later})], 1 + len(found)
    for one in others:
        contents.append(replace(one, first=first))
        first += len(one.findings)
    return contents, files


def place_of(county: County, unit: str) -> Place:
    """That unit with whoever acts for it."""
    row = county.place(unit)
    head, clerk = (hand(county.actor(role, organization=unit)) for role in ("unit_head", "unit_clerk"))
    return Place(row.pk, row.lo, row.name, row.organization_class, head, clerk)


@contextmanager
def a_county() -> Iterator[County]:
    """The same county each time, down to its ids; nothing of it stays."""
    with transaction.atomic(), drawn_from(random.Random(3)):
        county = build_county(at=NOW - timedelta(days=300))
        for unit in ("water", *REACHED_BY.values()):
            for role in ("unit_head", "unit_clerk"):
                county.actor(role, organization=unit)
        yield county
        transaction.set_rollback(True)


def loaded(
    contents: list[MassInspection], files: dict[str, MassFile], *, whole: bool = True, processes: int = 1
) -> bulk.Loaded:
    """Loaded in bulk."""
    done = bulk.load_inspections(contents, files=list(files.values()), whole=whole, processes=processes)
    bulk.settle()
    return done


def rows() -> dict[str, list[str]]:
    """Every row of every table as JSON, ids replaced by what they name and digests by a word, in order."""
    found = {table: _select(f'select to_jsonb(t) from "{table}" t') for table in TABLES}
    names = _names(found)

    def plain(row: dict[str, Any]) -> str:
        text = json.dumps(row, ensure_ascii=False, sort_keys=True)
        return DIGEST.sub("digest", ID.sub(lambda match: names.get(match[0], match[0]), text))

    return {table: sorted(plain(row) for row in those) for table, those in found.items()}


def _select(statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]


def _names(found: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """What each id names: by its number, else by its table and whatever it hangs on."""
    names = {row["id"]: f"<finding {row['number']}>" for row in found["finding"]}
    says: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
        ("inspection", lambda row: row["title"]), ("feedback", lambda row: row["title"]),
        ("draft", lambda row: row["position"]), ("plan", lambda row: row["version"]),
        ("plan_row", lambda row: (names[row["finding_id"]], row["version"])),
        ("measure", lambda row: (names[row["row_id"]], row["position"])),
        ("closing_request", lambda row: names[row["finding_id"]]),
        ("finding_request", lambda row: (names[row["finding_id"]], row["aim"])),
        ("upload", lambda row: (names[row["thing_id"]], row["name"], row["sha256"])),
        ("note", lambda row: (names[row["finding_id"]], row["side"])),
        ("event", lambda row: (names.get(row["thing_id"], ""), *(row[name] for name in NAMES_AN_EVENT))),
    ]  # fmt: skip
    for table, say in says:
        names |= {row["id"]: f"<{table} {say(row)}>" for row in found[table]}
    for table in TABLES:
        names |= {row["id"]: f"<{table}>" for row in found[table] if "id" in row and row["id"] not in names}
    return names


def test_inspections_loaded_in_bulk_are_what_the_actions_leave(db):
    with a_county() as county:
        contents, files = told(county)
        for content in contents:
            Acted(content, files).run()
        by_actions = rows()
    with a_county() as county:
        loaded(*told(county))
        in_bulk = rows()
        machine_invariants_hold()
        digests_hold()
    found = {table: differences(in_bulk[table], by_actions[table]) for table in TABLES}
    assert {table: both for table, both in found.items() if both != ([], [])} == {}
    # Nothing is compared with nothing.
    assert all(by_actions.values())


def differences(mine: list[str], theirs: list[str]) -> tuple[list[str], list[str]]:
    """The first rows that only one side has."""
    one, other = Counter(mine), Counter(theirs)
    return sorted((one - other).elements())[:3], sorted((other - one).elements())[:3]


def machine_invariants_hold() -> None:
    """What holds whatever people have done holds of what was loaded."""
    machine_invariants.record_tells_every_state()
    machine_invariants.every_change_has_its_event()
    machine_invariants.what_waits_is_there()
    machine_invariants.plans_are_what_their_rows_are()
    machine_invariants.clocks_start_with_the_third_signature()
    machine_invariants.what_is_decided_was_agreed_by_all()


def digests_hold() -> None:
    """Every digest is what the actions would make of the rows as they stand."""
    bodies = dict(EventBody.objects.values_list("event_id", "salt"))
    for event in Event.objects.select_related("body"):
        body = {"reason": event.body.reason, "before": event.body.before, "after": event.body.after}
        assert digest(body, salt=bodies[event.pk]) == event.body_digest
    for feedback in Feedback.objects.exclude(state="draft"):
        marks = set(Signature.objects.filter(feedback=feedback).values_list("content_hash", flat=True))
        assert marks <= {feedback_hash(feedback)}
    for row in PlanRow.objects.exclude(state="draft"):
        row.typed = stored([_measure(measure) for measure in row.measures.order_by("position")])
        assert row_hash(row) == row.content_hash
    for request in ClosingRequest.objects.select_related("finding"):
        row = PlanRow.objects.filter(finding=request.finding).exclude(state="draft").order_by("-version")[0]
        made = closing_hash(request.finding, row, claim=request.claim, criteria=request.criteria)
        assert made == request.content_hash


def _measure(row: Measure) -> MeasureInput:
    return MeasureInput(
        row.text, row.responsible_unit_id, row.person, row.due_on, row.product, tuple(row.kinds), row.helping,
        row.supervisor, row.starts_on, row.is_long_term,
    )  # fmt: skip


def test_told_in_short_the_record_still_tells_every_state_of_every_finding(db):
    with a_county() as county:
        contents, files = told(county)
        loaded(contents, files, whole=False)
        last: dict[Any, str] = {}
        for change in StateChange.objects.order_by("at", "id"):
            last[change.finding_id] = change.state_to
        assert last == dict(Finding.objects.values_list("pk", "state"))
        for finding in Finding.objects.all():
            assert Event.objects.filter(thing_id=finding.pk).count() == finding.revision
        machine_invariants.every_change_has_its_event()
        machine_invariants.clocks_start_with_the_third_signature()
        digests_hold()
        assert Measure.objects.exists()


@pytest.mark.parametrize("whole", [True, False])
def test_several_processes_load_the_same_rows(db, monkeypatch, whole):
    monkeypatch.setattr(bulk, "PART", 1)
    found = []
    for processes in (1, 3):
        with a_county() as county:
            contents, files = told(county)
            done = loaded(contents, files, whole=whole, processes=processes)
            with connection.cursor() as cursor:
                rows = {}
                for table in TABLES:
                    cursor.execute(f'select t::text from "{table}" t order by 1')
                    rows[table] = cursor.fetchall()
            found.append((done, rows))
    (one, first), (other, second) = found
    assert one == other
    assert {table: rows for table, rows in first.items() if rows != second[table]} == {}
    assert first["finding"]


def test_what_fails_in_another_process_has_not_happened(db, monkeypatch):
    monkeypatch.setattr(bulk, "PART", 1)
    with a_county() as county, pytest.MonkeyPatch.context() as patch:
        contents, files = told(county)
        patch.setitem(STRETCHES, "closed", ("work", "close"))  # type: ignore[index]
        before, counts = schema(), [Finding.objects.count(), Event.objects.count()]
        with pytest.raises(ValueError, match="close from in_progress"):
            loaded(contents, files, processes=2)
        assert schema() == before
        assert [Finding.objects.count(), Event.objects.count()] == counts


def test_an_inspection_is_the_same_whichever_was_made_before(db):
    with a_county() as county:
        mass = a_mass(county)
        mass.findings, mass.rounds = 90, dict.fromkeys([plan.key for plan in ROUNDS], mass.rounds["first"])
        mass.units = {key: [place_of(county, unit) for unit in ("water", "finance")] for key in mass.rounds}
        told_of = mass.inspections()
        forward = list(told_of)
        assert [told_of[number] for number in reversed(range(len(told_of)))] == forward[::-1]
        assert forward[2:4] == list(told_of[2:4])
        assert [one.first for one in forward[:2]] == [1, 1 + len(forward[0].findings)]
        assert forward[0].findings != forward[1].findings


def test_keys_indexes_triggers_and_forced_row_security_are_as_before(db):
    with a_county() as county:
        before = schema()
        loaded(*told(county))
        assert schema() == before


def schema() -> list[Any]:
    """Everything of the tables that the load lays aside."""
    asked = (
        "select concat(conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) from pg_constraint",
        "select indexdef from pg_indexes where schemaname = 'public'",
        "select tgrelid::regclass::text || tgname || tgenabled::text from pg_trigger where not tgisinternal",
        "select relname || relrowsecurity::text || relforcerowsecurity::text from pg_class where relkind = 'r'",
    )
    with connection.cursor() as cursor:
        found = []
        for statement in asked:
            cursor.execute(statement)
            found.append(sorted(text for (text,) in cursor.fetchall()))
    return found


def test_what_fails_halfway_has_not_happened(db):
    with a_county() as county:
        before, counts = schema(), [Finding.objects.count(), Event.objects.count()]
        (content, *_others), files = told(county)
        broken = replace(content, findings=(*content.findings[:3], replace(content.findings[3], severity="no such")))
        with pytest.raises(Exception, match="severity"):
            loaded([broken], files)
        assert schema() == before
        assert [Finding.objects.count(), Event.objects.count()] == counts


def test_a_step_that_the_table_does_not_allow_is_not_loaded(db):
    with a_county() as county, pytest.MonkeyPatch.context() as patch:
        contents, files = told(county)
        patch.setitem(STRETCHES, "closed", ("work", "close"))  # type: ignore[index]
        with pytest.raises(ValueError, match="close from in_progress"):
            loaded(contents, files)


def test_commits_wait_for_the_disk_again_before_the_figures_are_settled(db):
    def waits() -> str:
        with connection.cursor() as cursor:
            cursor.execute("show synchronous_commit")
            return cursor.fetchone()[0]

    before = waits()
    with bulk.without_waiting():
        assert waits() == "off"
    assert waits() == before


def test_a_database_with_anything_in_it_is_refused(db):
    bulk.refuse_unless_empty()
    build_county()
    with pytest.raises(Refused, match="空的数据库"):
        bulk.refuse_unless_empty()


def test_a_disk_with_too_little_room_is_refused(tmp_path, monkeypatch):
    bulk.refuse_without_room(1_000, place=tmp_path)
    monkeypatch.setattr("bihuan.actions.bulk.shutil.disk_usage", lambda _place: type("", (), {"free": 10**8})())
    with pytest.raises(Refused, match="磁盘空间不足"):
        bulk.refuse_without_room(1_000, place=tmp_path)

"""The second lock as the migrations left it: equal to the function, on every table, for a role without powers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from bihuan.models._policies import (
    OWN,
    PLACED,
    RECORD,
    ROLE,
    WITHOUT_POLICY,
    WITHOUT_POLICY_PREFIXES,
    policy_sql,
)
from scripts.freeze_policies import GRANTS
from tests.copies import connected, copied

pytestmark = pytest.mark.django_db

# What the function decides, as the catalog shows it; each is compared row by row.
SHOWN = {
    "policies": "select tablename, policyname, permissive, roles::text, cmd, qual, with_check from pg_policies",
    "row security": "select relname, relrowsecurity, relforcerowsecurity from pg_class"
    " where relnamespace = 'public'::regnamespace and relkind = 'r'",
    "rights": "select c.relname, a.grantee::regrole::text, a.privilege_type from pg_class c,"
    " aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'S')",
    "triggers": "select tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled from pg_trigger"
    " where not tgisinternal and tgrelid::regclass::text not like 'procrastinate%'",
    "functions": "select proname, pg_get_functiondef(oid), proacl::text from pg_proc"
    " where pronamespace = 'public'::regnamespace and proname not like 'procrastinate%'",
    "places": "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
    " where contype = 'f' and conname like '%\\_place' or conname in ('upload_content', 'file_content_is_its_hash')",
}
TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')"
UNLOCKED = (
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    " and not (relrowsecurity and relforcerowsecurity)"
)


def rows(database: Any, query: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in database.execute(query)), key=repr)


@pytest.fixture(scope="module")
def made_anew(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A copy of the tables, stripped of the second lock, to which the function is then applied."""
    with django_db_blocker.unblock(), copied("policies") as name, connected(name) as scratch:
        strip(scratch)
        for statement in (*GRANTS, *policy_sql()):
            scratch.execute(statement)
        yield scratch


def strip(scratch: Any) -> None:
    """Take every policy, right, trigger, function and place off the copy."""
    drops = [
        f"drop policy {policy} on {table}"
        for table, policy in rows(scratch, "select tablename, policyname from pg_policies")
    ]
    for (table,) in rows(scratch, TABLES):
        drops += [f"alter table {table} disable row level security", f"alter table {table} no force row level security"]
        drops += [f"revoke all on {table} from {ROLE}", f"grant all on {table} to bihuan_owner"]
    drops += [f"drop trigger {name} on {table}" for table, name in rows(scratch, TRIGGERS)]
    # The index of the search goes with the function that makes its keys.
    drops += [f"drop function {name} cascade" for (name,) in rows(scratch, FUNCTIONS)]
    drops += [f"alter table {table} drop constraint {name}" for table, name, _ in rows(scratch, SHOWN["places"])]
    for statement in drops:
        scratch.execute(statement)


TRIGGERS = (
    "select tgrelid::regclass::text, tgname from pg_trigger"
    " where not tgisinternal and tgrelid::regclass::text not like 'procrastinate%'"
)
FUNCTIONS = (
    "select oid::regprocedure::text from pg_proc"
    " where pronamespace = 'public'::regnamespace and proname not like 'procrastinate%'"
)


@pytest.fixture
def database() -> Iterator[Any]:
    """The migrated database."""
    with connection.cursor() as cursor:
        yield cursor


def fetched(cursor: Any, query: str) -> list[tuple[Any, ...]]:
    cursor.execute(query)
    return sorted((tuple(row) for row in cursor.fetchall()), key=repr)


@pytest.mark.parametrize("part", SHOWN)
def test_the_migrated_database_is_what_the_function_makes(part: str, made_anew: Any, database: Any) -> None:
    migrated, made = fetched(database, SHOWN[part]), rows(made_anew, SHOWN[part])
    assert made, f"the function makes no {part}: this comparison would hold of anything"
    missing, surplus = set(made) - set(migrated), set(migrated) - set(made)
    said = (
        f"freeze the difference as a new migration: scripts/freeze_policies.py.\nmissing {missing}\nsurplus {surplus}"
    )
    assert not missing | surplus, said


def without_lock(unlocked: list[str]) -> set[str]:
    """Tables without forced row security that nobody has given a reason for."""
    listed = set(WITHOUT_POLICY)
    return {name for name in unlocked if name not in listed and not name.startswith(tuple(WITHOUT_POLICY_PREFIXES))}


def test_every_table_has_the_lock_or_a_reason(database: Any) -> None:
    open_tables = without_lock([name for (name,) in fetched(database, UNLOCKED)])
    said = f"{open_tables}: add them to PLACED in models/_policies.py, or to WITHOUT_POLICY with a reason"
    assert not open_tables, said


def test_a_table_without_a_policy_is_caught(database: Any) -> None:
    database.execute("create table planted (id uuid primary key)")
    assert without_lock([name for (name,) in fetched(database, UNLOCKED)]) == {"planted"}
    database.execute("alter table planted enable row level security")
    assert without_lock([name for (name,) in fetched(database, UNLOCKED)]) == {"planted"}, "enabled is not forced"


def test_nothing_is_excused_that_is_not_there_or_is_locked(database: Any) -> None:
    unlocked = {name for (name,) in fetched(database, UNLOCKED)}
    assert set(WITHOUT_POLICY) <= unlocked
    assert all(any(name.startswith(prefix) for name in unlocked) for prefix in WITHOUT_POLICY_PREFIXES)
    assert all(len(reason) > 10 for reason in {**WITHOUT_POLICY, **WITHOUT_POLICY_PREFIXES}.values())


def test_no_view_lends_the_rights_of_its_owner(database: Any) -> None:
    assert not fetched(database, TABLES.replace("('r', 'p', 'v', 'm')", "('v', 'm')"))


def test_every_business_row_names_its_key_alike_in_both_locks() -> None:
    placed = {one.table: one.key for one in PLACED}
    models = {
        model._meta.db_table: model._meta.get_field(model.grant_key).column
        for model in apps.get_app_config("bihuan").get_models()
        if hasattr(model, "grant_key")
    }
    assert placed == models


def test_locked_tables_have_their_policies_by_command_and_none_for_all(database: Any) -> None:
    found: dict[str, set[str]] = {}
    for table, command in fetched(database, f"select tablename, cmd from pg_policies where '{ROLE}' = any(roles)"):
        found.setdefault(table, set()).add(command)
    changing = {"SELECT", "INSERT", "UPDATE"}
    wanted = {one.table: changing - ({"UPDATE"} if one.frozen else set()) for one in PLACED}
    wanted |= {table: {"SELECT", "INSERT"} for table in ("event", "event_body", "file_content")}
    wanted |= {table: {"SELECT", "INSERT", *map(str.upper, rights)} for table, rights in OWN.items()}
    assert found == wanted
    assert set(RECORD) <= set(found)
    others = "select distinct unnest(roles)::text from pg_policies"
    assert fetched(database, others) == [("bihuan_app",), ("bihuan_owner",)]


def test_the_role_of_the_product_has_no_powers(database: Any) -> None:
    powers = (
        "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication from pg_roles where rolname = '{}'"
    )
    assert fetched(database, powers.format(ROLE)) == [(False,) * 5]
    ((is_super, bypasses, *_rest),) = fetched(database, powers.format("bihuan_owner"))
    assert (is_super, bypasses) == (False, False)
    assert not fetched(database, f"select relname from pg_class where relowner = '{ROLE}'::regrole")
    assert not fetched(database, f"select proname from pg_proc where proowner = '{ROLE}'::regrole")
    above = f"select rolname from pg_roles where rolname not in ('{ROLE}') and pg_has_role('{ROLE}', oid, 'MEMBER')"
    assert not fetched(database, above)
    assert not fetched(database, f"select 1 where has_schema_privilege('{ROLE}', 'public', 'CREATE')")


def test_nothing_of_the_business_can_be_deleted_or_emptied_by_the_product(database: Any) -> None:
    tables = [one.table for one in PLACED] + ["event", "event_body", "file_content"]
    held = [
        (table, right)
        for table in tables
        for right in ("DELETE", "TRUNCATE")
        if fetched(database, f"select 1 where has_table_privilege('{ROLE}', '{table}', '{right}')")
    ]
    assert not held


def test_definers_fix_their_search_path(database: Any) -> None:
    query = (
        "select proname, coalesce(array_to_string(proconfig, ','), '') from pg_proc where prosecdef"
        " and pronamespace = 'public'::regnamespace"
    )
    found = fetched(database, query)
    assert [name for name, _ in found] == [
        "due_change_flows",
        "feedback_digest",
        "finding_moves_flows",
        "findings_with",
        "fold_figures",
        "forget_old_exports",
        "inspection_facts",
        "open_feedback",
        "state_change_flows",
    ]
    assert all("search_path=public" in configuration for _, configuration in found)

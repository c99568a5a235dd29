"""A database as an earlier release left it, brought up to date: nothing that people entered is lost.

Rows are put in with the tables of that day, not with those of today.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from bihuan.models import Evidence, FileContent, Finding, Measure, Plan, PlanRow, Upload, Verdict
from bihuan.rules.identifiers import new_id
from tests.builders import NOW, TODAY
from tests.copies import apart, connected

BEFORE_THE_CHAIN = ("bihuan", "0002_policies")
SHARED, OTHER = "公示照片".encode(), "整改台账".encode()


@contextmanager
def an_empty_database() -> Iterator[str]:
    """Django works on a database without tables, in every thread."""
    usual = connection.settings_dict["NAME"]
    name = f"{usual}_migrations_{os.getpid()}"
    connection.close()
    with connected("postgres") as server:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        with connected("postgres") as server:
            server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def migrated_to(target: tuple[str, str] | None) -> Any:
    """The models of that day, after bringing the database there; None: the newest."""
    executor = MigrationExecutor(connection)
    targets = [target] if target else executor.loader.graph.leaf_nodes()
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


class Entered:
    """What people had entered before: two findings of one feedback, plans, verdicts, uploads, evidence."""

    def __init__(self, apps: Any) -> None:
        self.model = lambda name: apps.get_model("bihuan", name)
        self.unit = self.put("Organization", name="教育局", organization_class="department", lo=1, hi=10)
        self.account = self.put("Account", person="某人", name="moren", password="!", password_changed_at=NOW)
        self.post = self.put(
            "Post", account=self.account, role="unit_head", organization=self.unit, starts_on=date(2021, 9, 1)
        )
        term = self.put("Term", name="第十四届", starts_on=date(2021, 9, 1), ends_on=date(2026, 12, 31))
        self.round = self.put(
            "Round", term=term, office_word="云溪", year=2026, number=3, kind="regular", profile="county",
            starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 20), **self.place(None),
        )  # fmt: skip
        self.inspection = self._inspection()
        self.at = self.place(self.inspection)
        self.document = self.upload(b"the feedback", "反馈意见.txt")
        self.feedback = self.put(
            "Feedback", audience="leadership", title="反馈", state="given", received_on=TODAY, upload=self.document,
            **self.at,
        )  # fmt: skip
        self.findings = [self._finding(number) for number in (1, 2)]
        self.plans = [
            self._plan(self.findings[0], 1, "returned"), self._plan(self.findings[0], 2, "approved"),
            self._plan(self.findings[1], 1, "submitted"),
        ]  # fmt: skip
        self.measures = [self._measure(plan) for plan in self.plans]
        self.evidence = [self._evidence(self.measures[1], SHARED), self._evidence(self.measures[1], OTHER)]
        self.again = self._evidence(self.measures[1], SHARED)
        self.verdicts = [
            self._verdict(self.plans[0], "return", "discipline_reviewer"),
            self._verdict(self.plans[1], "agree", "discipline_reviewer"),
        ]

    def put(self, table: str, /, **given: Any) -> Any:
        """One row with an id of its own."""
        return self.model(table).objects.create(id=new_id(NOW), **given)

    def place(self, inspection: Any) -> dict[str, Any]:
        return {"unit": self.unit, "unit_lo": 1, "inspection": inspection, "stage": 1}

    def upload(self, content: bytes, name: str) -> Any:
        return self.put(
            "Upload", thing_id=new_id(NOW), name=name, media_type="text/plain", size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), content=content, uploaded_by=self.account, uploaded_at=NOW,
            **self.at,
        )  # fmt: skip

    def _inspection(self) -> Any:
        fresh, model = new_id(NOW), self.model("Inspection")
        known = {field.name for field in model._meta.get_fields()}
        given = {
            "title": "教育局", "team": self.unit, "office_word": "云溪", "year": 2026, "round_number": 3,
            "round": self.round, "round_id": self.round.pk, "profile": "county", "state": "fed_back",
        }  # fmt: skip
        kept = {name: value for name, value in given.items() if name in known}
        return model.objects.create(id=fresh, **kept, **(self.place(None) | {"inspection_id": fresh}))

    def _finding(self, number: int) -> Any:
        return self.put(
            "Finding", number=f"云溪〔2026〕3-{number}", feedback=self.feedback, round_id=self.round.pk,
            text="一件事。",
            typed_by_hand=True, state="in_progress", given_on=TODAY, due_on=TODAY + timedelta(days=60), changed_at=NOW,
            **self.at,
        )  # fmt: skip

    def _plan(self, finding: Any, version: int, state: str) -> Any:
        return self.put(
            "Plan", finding=finding, version=version, state=state, content_hash=str(version) * 64, submitted_at=NOW,
            **self.at,
        )  # fmt: skip

    def _measure(self, plan: Any) -> Any:
        return self.put(
            "Measure", finding=plan.finding, plan=plan, position=1, text=f"措施 {plan.version}", person="某人",
            responsible_unit=self.unit, due_on=TODAY, product="照片", **self.at,
        )  # fmt: skip

    def _evidence(self, measure: Any, content: bytes) -> Any:
        upload = self.upload(content, "佐证.txt")
        return self.put(
            "Evidence", finding=measure.finding, measure=measure, upload=upload, proves="已公示", account=self.account,
            at=NOW, **self.at,
        )  # fmt: skip

    def _verdict(self, plan: Any, verdict: str, role: str) -> Any:
        return self.put(
            "Verdict", finding=plan.finding, plan=plan, role=role, account=self.account, post=self.post,
            verdict=verdict, opinion="请写明由谁公示", content_hash=plan.content_hash, at=NOW, **self.at,
        )  # fmt: skip


@pytest.fixture(scope="module")
def brought_up_to_date(django_db_setup: None, django_db_blocker: Any) -> Iterator[Entered]:
    """The old rows, in the tables of today."""
    with django_db_blocker.unblock(), an_empty_database():
        entered = Entered(migrated_to(BEFORE_THE_CHAIN))
        apart(lambda: migrated_to(None))
        yield entered


def test_every_row_of_a_plan_is_there_and_belongs_to_a_version(brought_up_to_date: Entered) -> None:
    old = brought_up_to_date
    rows = {row.pk: row for row in PlanRow.objects.select_related("plan")}
    assert set(rows) == {plan.pk for plan in old.plans}
    for plan in old.plans:
        row = rows[plan.pk]
        kept = (row.finding_id, row.version, row.state, row.content_hash, row.submitted_at, row.side)
        assert kept == (plan.finding_id, plan.version, plan.state, plan.content_hash, NOW, "both")
        assert (row.plan.version, row.plan.feedback_id, row.plan.side) == (plan.version, old.feedback.pk, "both")
    versions = dict(Plan.objects.values_list("version", "state"))
    assert versions == {1: "submitted", 2: "approved"}, "a version waits as long as one of its rows does"
    assert all(plan.content_hash and plan.submitted_at for plan in Plan.objects.all())


def test_measures_and_verdicts_hang_where_they_did(brought_up_to_date: Entered) -> None:
    old = brought_up_to_date
    assert dict(Measure.objects.values_list("pk", "row_id")) == {one.pk: one.plan_id for one in old.measures}
    assert set(Measure.objects.values_list("text", flat=True)) == {"措施 1", "措施 2"}
    verdicts = {(one.pk, one.plan_row_id, one.verdict, one.content_hash) for one in Verdict.objects.all()}
    assert verdicts == {(one.pk, one.plan_id, one.verdict, one.content_hash) for one in old.verdicts}


def test_every_file_has_its_bytes_and_each_content_is_kept_once(brought_up_to_date: Entered) -> None:
    old = brought_up_to_date
    uploads = {upload.pk: upload for upload in Upload.objects.all()}
    assert set(uploads) == {one.upload_id for one in (*old.evidence, old.again)} | {old.document.pk}
    for upload in uploads.values():
        content = bytes(FileContent.objects.get(pk=upload.sha256).content)
        assert hashlib.sha256(content).hexdigest() == upload.sha256
        assert len(content) == upload.size
    assert FileContent.objects.count() == 3
    assert set(Evidence.objects.values_list("pk", "measure_id")) == {
        (one.pk, one.measure_id) for one in (*old.evidence, old.again)
    }


def test_findings_are_as_they_were(brought_up_to_date: Entered) -> None:
    old = brought_up_to_date
    found = {row.pk: (row.number, row.text, row.state, row.due_on, row.revision) for row in Finding.objects.all()}
    assert found == {row.pk: (row.number, row.text, row.state, row.due_on, row.revision) for row in old.findings}


def test_the_new_tables_are_locked_there_too(brought_up_to_date: Entered) -> None:
    locked = "select relname from pg_class where relforcerowsecurity and relrowsecurity and relname = any(%s)"
    with connection.cursor() as cursor:
        cursor.execute(locked, [["plan", "plan_row", "progress", "note", "file_content"]])
        assert len(cursor.fetchall()) == 5
        cursor.execute(
            "select count(*) from pg_policies where tablename = 'plan_row' and policyname like 'plan\\_row%'"
        )
        assert cursor.fetchone() == (4,)

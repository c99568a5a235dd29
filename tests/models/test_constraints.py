"""Each constraint of the tables holds: a copy of a good row goes in, the same copy with one wrong value does not.

The wrong values stand in violations.py; a constraint without a line there fails here.
"""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from bihuan.actions import findings, plans
from bihuan.models import (
    CalendarDay,
    DueChange,
    EventBody,
    Finding,
    FindingUnit,
    Grant,
    Intake,
    LedgerExport,
    LedgerForm,
    LedgerImport,
    LedgerImportRow,
    Post,
    SavedView,
    ScanPage,
)
from bihuan.models._policies import PLACED
from bihuan.models._visibility import placed_like
from bihuan.rules.identifiers import new_id
from bihuan.rules.plan_content import RowContent
from tests.builders import NOW, TODAY, build_county
from tests.models.violations import BESIDE_THE_KEY, FRESH, VIOLATIONS, Violation
from tests.paths import a_finding

pytestmark = pytest.mark.django_db

MODELS = {model.__name__: model for model in apps.get_app_config("bihuan").get_models()}
CONSTRAINTS = {
    constraint.name: (model, constraint) for model in MODELS.values() for constraint in model._meta.constraints
}
UNIQUE_FIELDS = [
    (model.__name__, field.name)
    for model in MODELS.values()
    for field in model._meta.local_fields
    if field.unique and not field.primary_key
]


@pytest.fixture(scope="module", autouse=True)
def rows_of_every_table(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A county in which every table has a row, reached by actions, in a transaction around those of the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_rows()
        yield
        transaction.set_rollback(True)


def build_rows() -> None:
    path = a_finding(build_county(), "reopened")
    path.request_closing()
    finding = Finding.objects.get(pk=path.finding)
    worked_on, another = Finding.objects.filter(feedback_id=path.feedback, state="awaiting_plan").order_by("number")[:2]
    path.finding = worked_on.pk
    path.approve_plan()
    path.take("unit_clerk", "report_progress", progress="已逐校核对")
    path.do("office_clerk", findings.write_note, finding=worked_on.pk, text="请留意")
    path.do("unit_clerk", plans.fill_row, finding=another.pk, content=RowContent(causes="监管责任没有压实"))
    FindingUnit.objects.create(
        id=new_id(NOW), finding=finding, helper_id=path.county.organizations["finance"], **placed_like(finding)
    )
    Grant.objects.create(id=new_id(NOW), post_id=path.county.actor("guest").post, thing=finding.pk, why="试")
    CalendarDay.objects.create(day=TODAY, is_workday=True, name="试")
    build_figures(finding)
    post = Post.objects.first()
    Intake.objects.create(
        id=new_id(NOW), thing_id=new_id(NOW), audience="leadership", title="试", name="试.txt", size=3, sha256="0" * 64,
        content=b"abc", account_id=post.account_id, post=post, sent_at=NOW, finished_at=NOW, fault="damaged",
        **(placed_like(finding) | {"stage": 0}),
    )  # fmt: skip
    ScanPage.objects.create(id=new_id(NOW), thing_id=finding.feedback_id, number=1, **placed_like(finding))
    brought = LedgerImport.objects.create(
        id=new_id(NOW), round_id=finding.round_id, name="试.xlsx", size=3, sha256="0" * 64, content=b"abc",
        account_id=post.account_id, post=post, sent_at=NOW, checked_at=NOW, n_checked=1, **placed_like(finding),
    )  # fmt: skip
    LedgerImportRow.objects.create(
        id=new_id(NOW), ledger_import=brought, check_number=1, position=1, sheet="台账", row=3, source="资金没有附件",
        text_from=0, text_length=6, target_id=finding.inspection_id, outcome="unchanged", finding=finding, seen=1,
        **(placed_like(finding) | {"inspection_id": None}),
    )  # fmt: skip
    drafted = finding
    drafted.pk, drafted.number, drafted.draft, drafted.typed_by_hand = new_id(NOW), "未送达", None, True
    drafted.state, drafted.stage, drafted.given_on, drafted.due_on = "drafted", 0, None, None
    drafted.save(force_insert=True)


def build_figures(finding: Finding) -> None:
    """What the ledger and the figures keep beside the findings; the flows are the triggers' own, folded."""
    post = Post.objects.first()
    SavedView.objects.create(id=new_id(NOW), post=post, name="试", saved_at=NOW)
    LedgerForm.objects.create(
        id=new_id(NOW), post=post, name="试", file_name="试.xlsx", content=b"abc", sheet="一", head_from=1, head_to=1,
        columns={"1": "order"}, saved_at=NOW,
    )  # fmt: skip
    LedgerExport.objects.create(
        id=new_id(NOW), account_id=post.account_id, post=post, asked_at=NOW, on=TODAY, finished_at=NOW, until=NOW
    )
    DueChange.objects.create(
        id=new_id(NOW), finding=finding, due_from=TODAY, due_on=TODAY, on=TODAY, at=NOW, **placed_like(finding)
    )
    with connection.cursor() as cursor:
        cursor.execute("select fold_figures()")


def stored_row(violation: Violation) -> Any:
    """The row of which a copy is made."""
    row = MODELS[violation.model]._default_manager.filter(**violation.of).order_by("pk").first()
    assert row is not None, f"no row of {violation.model} like {violation.of}"
    return row


def good_row(violation: Violation) -> Any:
    """A copy of a stored row under a new identity, with whatever must be unique made so."""
    row = stored_row(violation)
    for name, value in FRESH[violation.model](row).items():
        setattr(row, name, value)
    row._state.adding = True
    return row


def insert(row: Any) -> None:
    with transaction.atomic():
        row.save(force_insert=True)
        connection.check_constraints()


def broken_constraint(row: Any) -> str:
    """The name of the constraint that refuses the row."""
    with pytest.raises(IntegrityError) as refusal:
        insert(row)
    return refusal.value.__cause__.diag.constraint_name or ""  # type: ignore[union-attr]


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_constraint_refuses_its_violation(name: str) -> None:
    violation = VIOLATIONS[name]
    row, original = good_row(violation), stored_row(violation)
    for field, value in violation.wrong.items():
        setattr(row, field, value(original) if callable(value) else value)
    assert broken_constraint(row) == name.split(":", maxsplit=1)[0]


@pytest.mark.parametrize(
    "name", sorted({(one.model, *sorted(one.of.items())) for one in VIOLATIONS.values()}, key=repr)
)
def test_without_the_violation_the_row_goes_in(name: Any) -> None:
    model, *of = name
    with transaction.atomic():
        insert(good_row(Violation(model, {}, dict(of))))
        transaction.set_rollback(True)


def test_every_constraint_has_its_violation() -> None:
    broken = {name.split(":")[0]: violation for name, violation in VIOLATIONS.items()}
    missing = set(CONSTRAINTS) - set(broken) - set(BESIDE_THE_KEY)
    assert not missing, f"write down in tests/models/violations.py what breaks {missing}"
    assert not (set(broken) | set(BESIDE_THE_KEY)) - set(CONSTRAINTS)
    assert all(MODELS[violation.model] is CONSTRAINTS[name][0] for name, violation in broken.items())


@pytest.mark.parametrize(("model", "field"), UNIQUE_FIELDS)
def test_a_unique_field_is_unique(model: str, field: str) -> None:
    row, stored = good_row(Violation(model, {})), MODELS[model]._default_manager.order_by("pk").first()
    attribute = MODELS[model]._meta.get_field(field).attname
    if getattr(stored, attribute) is None:
        stored = MODELS[model]._default_manager.exclude(**{field: None}).first()
    setattr(row, attribute, getattr(stored, attribute))
    assert attribute in broken_constraint(row)


@pytest.mark.parametrize("placed", PLACED, ids=lambda placed: placed.table)
def test_a_place_is_that_of_its_unit(placed: Any) -> None:
    model = next(model for model in MODELS.values() if model._meta.db_table == placed.table)
    row = good_row(Violation(model.__name__, {}))
    row.unit_lo += 1
    assert broken_constraint(row) == f"{placed.table}_place"


def test_a_draft_is_of_the_inspection_of_its_feedback() -> None:
    row = good_row(Violation("Draft", {}))
    row.inspection_id = new_id(NOW)
    assert broken_constraint(row) == "draft_place"


def test_what_stands_beside_the_key_is_refused_by_the_key() -> None:
    for name, primary in BESIDE_THE_KEY.items():
        model, constraint = CONSTRAINTS[name]
        assert isinstance(constraint, models.UniqueConstraint)
        assert model._meta.pk.name in constraint.fields
        row = model._default_manager.first()
        row._state.adding = True
        assert broken_constraint(row) == primary


def test_an_event_has_one_body() -> None:
    body = EventBody.objects.first()
    assert broken_constraint(body) == "event_body_pkey"

"""The bytes of files: kept once, read only through an upload that one sees; that others have them is not told."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.models import FileContent, Finding, Upload
from bihuan.queries.acting import acting, reaching
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import EvidenceInput
from bihuan.rules.vocabulary import ROLES
from tests.builders import NOW, TODAY, build_county
from tests.paths import TEXT, Path, a_finding

pytestmark = pytest.mark.django_db

TO_THE_HEAD = TEXT.replace("党组", "主要负责人").encode()
REFUSED, NO_SUCH_CONTENT = "42501", "23503"


@pytest.fixture(scope="module")
def filed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """Files of every kind of sight: a feedback given, evidence, the head's own part, a reopening's ground."""
    with django_db_blocker.unblock(), transaction.atomic():
        path = a_finding(build_county(), "reopened")
        finding = path.finding
        path.upload(audience="head", content=TO_THE_HEAD)
        path.finding = finding
        yield path
        transaction.set_rollback(True)


def contents_seen(actor: Actor) -> set[str]:
    """The hashes whose bytes the application role gets for that actor, by SQL that knows nothing of scopes."""
    with reaching(actor.scope), connection.cursor() as cursor:
        cursor.execute("select sha256 from file_content")
        return {sha256 for (sha256,) in cursor.fetchall()}


def test_bytes_are_seen_through_uploads_alone(filed: Path) -> None:
    everything = set(FileContent.objects.values_list("sha256", flat=True))
    assert len(everything) >= 4
    seen = {}
    for role in ROLES:
        actor = filed.county.actor(role)
        seen[role] = contents_seen(actor)
        assert seen[role] == set(Upload.objects.visible_to(actor.scope).values_list("sha256", flat=True)), role
        stranger = replace(actor, scope=replace(actor.scope, post=new_id(NOW), lo=0, hi=-1))
        assert contents_seen(stranger) == set()
    assert seen["discipline_reviewer"] == everything
    assert set() < seen["unit_head"] < everything
    readers_of_heads_part = {role for role in ROLES if hashlib.sha256(TO_THE_HEAD).hexdigest() in seen[role]}
    assert not readers_of_heads_part & {"unit_head", "unit_leader", "unit_clerk", "township_reviewer"}
    assert seen["system_officer"] == seen["audit_officer"] == set()


def test_who_hands_in_what_another_has_notices_nothing(filed: Path) -> None:
    """The unit hands in, of all files, the one that is not yet its to know: as with any other, and nothing else."""
    unit_head = filed.county.actor("unit_head")
    measure, hidden = filed.evidence()[0].measure, hashlib.sha256(TO_THE_HEAD).hexdigest()
    assert hidden not in contents_seen(unit_head)
    rows_before = FileContent.objects.count()
    ends = [
        filed.take("unit_head", "add_evidence", evidence=(EvidenceInput(measure, "佐证.txt", content, "", TODAY),))
        for content in (b"nobody has this", TO_THE_HEAD)
    ]
    assert [(end.state, end.number) for end in ends] == [(ends[0].state, ends[0].number)] * 2
    assert ends[1].revision == ends[0].revision + 1
    assert FileContent.objects.count() == rows_before + 1, "one copy for each content"
    own = Upload.objects.filter(sha256=hidden, thing_id=filed.finding)
    assert own.count() == 1
    assert bytes(FileContent.objects.get(pk=hidden).content) == TO_THE_HEAD
    with acting(unit_head):
        others = Upload.objects.filter(sha256=hidden).exclude(pk__in=own)
        assert not others.exists(), "its own copy opens nobody else's upload"


def test_an_upload_names_bytes_that_are_there(filed: Path) -> None:
    upload = Upload.objects.first()
    upload.pk, upload.sha256, upload._state.adding = new_id(NOW), "f" * 64, True
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        upload.save(force_insert=True)
    assert refusal.value.__cause__.sqlstate == NO_SUCH_CONTENT  # type: ignore[union-attr]


@pytest.mark.parametrize("statement", ["update file_content set content = ''", "delete from file_content"])
def test_bytes_are_changed_by_nobody(filed: Path, statement: str) -> None:
    with (
        pytest.raises(DatabaseError) as refusal,
        acting(filed.county.actor("office_director")),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert refusal.value.__cause__.sqlstate == REFUSED  # type: ignore[union-attr]


def test_the_bytes_of_what_is_withdrawn_or_ungiven_stay_hidden(filed: Path) -> None:
    """Before the three signatures the document itself is no file of the unit's."""
    path = Path(filed.county)
    with transaction.atomic():
        secret = TEXT.replace("双减", "减负").encode()
        path.upload(content=secret)
        path.confirm_all()
        sha256 = hashlib.sha256(secret).hexdigest()
        for role in ("unit_head", "unit_leader", "unit_clerk"):
            assert sha256 not in contents_seen(path.county.actor(role))
        path.give()
        assert sha256 in contents_seen(path.county.actor("unit_clerk"))
        assert Finding.objects.get(pk=path.finding).stage == 1
        transaction.set_rollback(True)


def test_bytes_are_those_of_their_hash(filed: Path) -> None:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        FileContent.objects.create(sha256="f" * 64, content=b"something else")
    assert "file_content_is_its_hash" in str(refusal.value)


def test_nobody_puts_other_bytes_under_a_hash() -> None:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into file_content (sha256, content) values (%s, %s)", ["0" * 64, b"something else"])
    assert refusal.value.__cause__.sqlstate == "23514"  # type: ignore[union-attr]

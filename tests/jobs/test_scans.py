"""A scan is recognized page by page in the background: what a killed worker had done is not done again."""

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from bihuan.actions import intakes
from bihuan.actions.intakes import MOST_BEGUN, Sent
from bihuan.engines.reading import Unreadable
from bihuan.engines.reading.formats.scanned_pages import ScannedPage
from bihuan.engines.reading.scans import recognizing
from bihuan.jobs.intakes import read_intake
from bihuan.models import Draft, Feedback, Intake, ScanPage
from bihuan.rules.vocabulary import SECRECY_HEAD
from tests.builders import build_county
from tests.copies import apart, committing
from tests.engines import scan_files
from tests.engines.quick_scans import Quick, pictures, words_on
from tests.jobs.killing import killed_while
from tests.paths import Path

PAGES = 4


@pytest.fixture(scope="module")
def letter() -> bytes:
    return scan_files.scanned_letter()


@pytest.fixture
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    with django_db_blocker.unblock(), committing("scans"):
        yield apart(_county)


def _county() -> Path:
    with transaction.atomic():
        return Path(build_county())


def send(path: Path, content: bytes) -> dict[str, str]:
    """The scan sent and committed, of the head's own part; its job."""
    files = [Sent("扫描.pdf", len(content), lambda: content)]
    (intake,) = apart(
        lambda: path.do("liaison", intakes.send, inspection=path.county.inspection, audience="head", files=files)
    )
    actor = path.county.actor("liaison")
    return {"account": str(actor.account), "post": str(actor.post), "intake": str(intake)}


def numbers() -> list[int]:
    return sorted(ScanPage.objects.filter(found__isnull=False).values_list("number", flat=True))


def test_a_worker_killed_between_two_pages_leaves_the_first_to_the_next(county: Path, letter: bytes) -> None:
    job = send(county, letter)
    killed_while(read_intake, job, recognizing.Recognizer, "page", 2)
    row = Intake.objects.get()
    assert (row.n_recognized, row.n_pages, row.finished_at) == (1, 2, None)
    assert (numbers(), Feedback.objects.count()) == ([1], 0)
    asked, usual = [], recognizing.Recognizer.page

    def noted(self: Any, number: int) -> ScannedPage:
        asked.append((number, connection.in_atomic_block))
        return usual(self, number)

    recognizing.Recognizer.page = noted  # type: ignore[method-assign]
    try:
        apart(lambda: read_intake(**job))
    finally:
        recognizing.Recognizer.page = usual  # type: ignore[method-assign]
    assert asked == [(2, False)]
    row.refresh_from_db()
    assert (row.feedback_id, row.n_recognized, row.n_pages, row.content) == (row.thing_id, 2, 2, None)
    assert numbers() == [1, 2]
    assert set(ScanPage.objects.values_list("thing_id", "secrecy", "stage")) == {(row.thing_id, SECRECY_HEAD, 0)}
    levels = Draft.objects.order_by("position").values_list("level", flat=True)
    assert list(levels) == ["一、(一)", "一、(二)", "二、(一)", "二、(二)"]
    doubted = Draft.objects.get(level="二、(一)")
    assert any("扫描得不清楚" in doubt for doubt in doubted.doubts)


def seen(number: int, *, troubled: Collection[int] = ()) -> ScannedPage:
    if number in troubled:
        return ScannedPage(number, problem="damaged")
    return words_on(number, f"（{number}）第{number}页写着防汛物资账实不符。")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> type[Quick]:
    monkeypatch.setattr(recognizing, "Recognizer", Quick)
    monkeypatch.setattr(Quick, "seen", seen, raising=False)
    monkeypatch.setattr(Quick, "asked", [])
    return Quick


def _break_off(job: dict[str, str], quick: type[Quick]) -> None:
    """Kill the worker on one page as often as is borne; the run that kept the page before counts as the first."""
    for _ in range(1, MOST_BEGUN):
        killed_while(read_intake, job, quick, "page", 1)


def test_a_scan_that_goes_on_is_never_given_up_and_one_that_does_not_is(county: Path, quick: type[Quick]) -> None:
    job = send(county, pictures(PAGES))
    for done in range(MOST_BEGUN):
        killed_while(read_intake, job, quick, "page", 2)
        assert numbers() == list(range(1, done + 2))
    _break_off(job, quick)
    apart(lambda: read_intake(**job))
    assert Intake.objects.get().fault == "broke_off"


def test_a_page_that_could_not_be_recognized_is_told_and_tried_anew_when_asked(
    county: Path, quick: type[Quick]
) -> None:
    job = send(county, pictures(PAGES))
    quick.seen = partial(seen, troubled=range(1, PAGES + 1))
    apart(lambda: read_intake(**job))
    row = Intake.objects.get()
    assert row.fault == "damaged"
    quick.seen = partial(seen, troubled=[3])
    apart(lambda: county.do("liaison", intakes.try_again, intake=row.pk))
    apart(lambda: read_intake(**job))
    assert quick.asked == [*range(1, PAGES + 1)] * 2
    text = Feedback.objects.get().upload.text
    assert [number for number in range(1, PAGES + 1) if f"第{number}页" in text] == [1, 2, 4]
    assert ScanPage.objects.get(number=3).found["problem"] == "damaged"


def test_a_long_scan_lets_other_work_have_its_turn(
    county: Path, quick: type[Quick], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intakes, "TURN", 0)
    job = send(county, pictures(PAGES))
    for done in range(1, PAGES + 1):
        assert waiting() == done
        apart(lambda: read_intake(**job))
        assert numbers() == list(range(1, done + 1))
    assert (waiting(), quick.asked) == (PAGES, [1, 2, 3, 4])
    assert Intake.objects.get().feedback_id == Feedback.objects.get().pk


def waiting() -> int:
    """How often somebody was asked to read a file."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'read_intake'")
        (count,) = cursor.fetchone()
    return int(count)


def test_what_was_recognized_of_a_file_that_is_put_away_is_gone(county: Path, quick: type[Quick]) -> None:
    job = send(county, pictures(PAGES))
    killed_while(read_intake, job, quick, "page", 2)
    _break_off(job, quick)
    apart(lambda: read_intake(**job))
    assert numbers() == [1]
    row = Intake.objects.get()
    apart(lambda: county.do("liaison", intakes.put_away, intake=row.pk))
    assert numbers() == []


def test_why_pages_cannot_be_recognized_is_told_in_its_own_words(
    county: Path, quick: type[Quick], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_many(_content: bytes) -> tuple[int, ...]:
        raise Unreadable("too_large", "扫描件超过 500 页，识别不完。请分成几份后再试。")

    job = send(county, pictures(PAGES))
    monkeypatch.setattr(recognizing, "unread_pages", too_many)
    apart(lambda: read_intake(**job))
    row = Intake.objects.get()
    assert (row.fault, row.said) == ("too_large", "扫描件超过 500 页，识别不完。请分成几份后再试。")

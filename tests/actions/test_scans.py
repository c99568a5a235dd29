"""Recognized pages: kept once for a file, at its place; nothing is kept for a file that is at its end."""

import pytest

from bihuan.actions import feedback, intakes
from bihuan.actions.feedback import ToRecognize
from bihuan.actions.intakes import Sent
from bihuan.actions.refusals import Unknown, Unreadable
from bihuan.engines.reading.scans import Progress
from bihuan.models import Feedback, Intake, ScanPage
from bihuan.rules.vocabulary import SECRECY_HEAD
from tests.builders import build_county
from tests.engines.quick_scans import pictures, words_on
from tests.paths import Path

pytestmark = pytest.mark.django_db
PLACE = ("unit_id", "unit_lo", "inspection_id", "stage", "side", "secrecy", "thing_id")


def sent(path: Path) -> Intake:
    """A scan on its way, of the head's own part."""
    content = pictures(2)
    files = [Sent("扫描.pdf", len(content), lambda: content)]
    (made,) = path.do("liaison", intakes.send, inspection=path.county.inspection, audience="head", files=files)
    return Intake.objects.get(pk=made)


def keep(path: Path, row: Intake, words: str, *, role: str = "liaison") -> None:
    path.do(role, intakes.keep_recognized, intake=row.pk, page=words_on(1, words), progress=Progress(n_done=1, n_all=2))


def test_a_page_is_kept_once_at_the_place_of_its_file() -> None:
    path = Path(build_county())
    row = sent(path)
    path.do("liaison", intakes.begin_reading, intake=row.pk)
    keep(path, row, "甲")
    keep(path, row, "乙")
    page = ScanPage.objects.get()
    row.refresh_from_db()
    assert page.found["lines"][0]["text"] == "乙"
    assert [getattr(page, name) for name in PLACE] == [getattr(row, name) for name in PLACE]
    assert page.secrecy == SECRECY_HEAD
    assert (row.n_recognized, row.n_pages, row.n_begun) == (1, 2, 1)
    begun = path.do("liaison", intakes.begin_reading, intake=row.pk)
    assert begun.pages == {1: words_on(1, "乙")}


def test_who_does_not_see_the_file_keeps_nothing_for_it() -> None:
    path = Path(build_county())
    row = sent(path)
    with pytest.raises(Unknown):
        keep(path, row, "甲", role="unit_head")
    assert not ScanPage.objects.exists()


def test_a_worker_that_comes_too_late_changes_nothing() -> None:
    path = Path(build_county())
    row = sent(path)
    path.do("liaison", intakes.refuse, intake=row.pk, fault=Unreadable("damaged", "文件损坏。"))
    keep(path, row, "甲")
    row.refresh_from_db()
    assert (row.n_recognized, row.n_pages, ScanPage.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(("waits", "refusal"), [(True, ToRecognize), (False, Unreadable)])
def test_nobody_waits_for_recognition_and_who_cannot_is_told_what_to_do(waits: bool, refusal: type[Exception]) -> None:
    """The page sends such a file on its way; a program is told that it is a scan."""
    path = Path(build_county())
    with pytest.raises(refusal):
        path.do(
            "liaison", feedback.upload_feedback, inspection=path.county.inspection, audience="leadership", title="",
            name="扫描.pdf", content=pictures(1), waits=waits,
        )  # fmt: skip
    assert not Feedback.objects.exists()


def test_a_long_scan_that_still_goes_on_is_not_begun_a_second_time() -> None:
    path = Path(build_county())
    row = sent(path)
    path.minutes += 180
    path.do("liaison", intakes.begin_reading, intake=row.pk)
    assert sent(path).same_as == row.thing_id
    path.minutes += 180
    assert sent(path).same_as is None, "nobody has heard of it for hours"

"""Pages of scans as they were recognized: kept with the file on its way, one by one, and then with its upload.

What recognizes them is the reading engine; a page is kept once, and recognized anew only where nobody could read it.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from bihuan.engines.reading.scans import ScannedPage
from bihuan.models import Intake, ScanPage
from bihuan.models._visibility import placed_like
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id


def keep_page(row: Intake, page: ScannedPage, *, at: datetime) -> None:
    """Keep a page with the file; one that another worker kept meanwhile is the same."""
    ScanPage.objects.update_or_create(
        thing_id=row.thing_id, number=page.number, defaults={"found": page.to_json()},
        create_defaults={"id": new_id(at), "found": page.to_json(), **placed_like(row)},
    )  # fmt: skip


def forget_pages(things: Iterable[UUID], *, by: Actor) -> None:
    """What was recognized of files that nobody will read."""
    ScanPage.objects.visible_to(by.scope).filter(thing_id__in=things).update(found=None)


def forget_problems(thing: UUID, *, by: Actor) -> None:
    """Pages that could not be recognized are tried anew."""
    mine = ScanPage.objects.visible_to(by.scope).filter(thing_id=thing)
    mine.exclude(found__problem="").update(found=None)

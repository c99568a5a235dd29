"""Several people act at the same instant, each on a connection of their own, over a county that is committed."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any
from uuid import UUID

from django.db import transaction

from bihuan.actions import drafts
from bihuan.models import Finding
from bihuan.queries.acting import acting
from bihuan.rules.access import Actor
from tests.builders import build_county
from tests.copies import apart, on_own_connection
from tests.paths import Path


def committed_county() -> Path:
    """A county at work, made on a connection of its own."""
    return apart(_a_county_at_work)


def _a_county_at_work() -> Path:
    with transaction.atomic():
        path = Path(build_county())
    path.upload()
    path.confirm_all()
    path.give()
    return path


def drafted(path: Path, count: int) -> UUID:
    """One more feedback with so many drafts typed by hand; its id."""
    path.upload(content=f"关于巡察县教育局党组的反馈意见\n\n第 {path.minutes} 份。\n".encode())
    for number in range(count):
        path.do("liaison", drafts.add_draft_by_hand, feedback=path.feedback, text=f"第 {number} 件事没有做好。")
    assert path.feedback
    return path.feedback


def given(path: Path, count: int) -> list[UUID]:
    """So many more findings, drafted by hand, confirmed, and given; in order of their numbers."""
    of = drafted(path, count)
    path.confirm_all()
    path.give()
    found = Finding.objects.filter(feedback_id=of, typed_by_hand=True).order_by("number")
    return list(found.values_list("pk", flat=True))


def at_once(deeds: Sequence[Callable[[Barrier], Any]]) -> list[Any]:
    """Run the deeds in threads that wait for each other at the barrier; results or exceptions, in order."""
    barrier = Barrier(len(deeds), timeout=30)

    def run(deed: Callable[[Barrier], Any]) -> Any:
        try:
            return on_own_connection(lambda: deed(barrier))()
        except Exception as problem:
            barrier.abort()
            return problem

    with ThreadPoolExecutor(len(deeds)) as people:
        return list(people.map(run, deeds))


def person(actor: Actor, act: Callable[..., Any], at: datetime, **given: Any) -> Callable[[Barrier], Any]:
    """The act as that person takes it, in a transaction of their own, once everybody is ready."""

    def deed(barrier: Barrier) -> Any:
        with acting(actor):
            barrier.wait()
            return act(by=actor, at=at, **given)

    return deed

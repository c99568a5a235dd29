"""Terms with their register, and the holidays of the work calendar.

What the register becomes when the tree changes is in _register.py.
"""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from bihuan.actions._mandate import one_at_a_time, only
from bihuan.actions._record import write_event
from bihuan.actions._register import enter_all
from bihuan.actions._tree import hold_tree
from bihuan.actions.refusals import Refused, Unknown
from bihuan.models import CalendarDay, Term
from bihuan.rules.access import KEEPS_REGISTER, Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_

FIRST_WEEKEND_DAY = 5


def create_term(*, name: str, starts_on: date, ends_on: date, by: Actor, at: datetime) -> UUID:
    """A term of the committee, with the register of the tree as it stands. Returns its id.

    Raises NotYours, Refused (name empty or taken, days the wrong way round, days of another term).
    """
    only(KEEPS_REGISTER, by=by)
    one_at_a_time("terms")
    name = name.strip()
    if not name:
        raise Refused(Objection("name_missing", N_("请填写届次名称。"), "name"))
    if ends_on <= starts_on:
        raise Refused(Objection("days_reversed", N_("结束日期应在开始日期之后，请改正。"), "ends_on"))
    if Term.objects.filter(name=name).exists():
        raise Refused(Objection("name_taken", N_("已经有同名的届次，请换一个名称。"), "name"))
    other = Term.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other is not None:
        raise Refused(
            Objection("days_taken", N_("与“%(name)s”的起止重叠，请改正。"), "starts_on", values={"name": other.name})
        )
    term = Term(id=new_id(at), name=name, starts_on=starts_on, ends_on=ends_on)
    term.save(force_insert=True)
    after = {"name": name, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    write_event(thing="term", thing_id=term.pk, step="create", by=by, at=at, after=after)
    register_term(term.pk, at=at, by=by)
    return term.pk


def register_term(term: UUID, *, at: datetime, by: Actor) -> int:
    """Enter every inspectable organization that the term's register lacks, from its first day on; how many.

    Raises NotYours, Unknown.
    """
    only(KEEPS_REGISTER, by=by)
    hold_tree()
    row = Term.objects.filter(pk=term).first()
    if row is None:
        raise Unknown("term", term)
    entered = enter_all(row, at=at)
    if entered:
        write_event(thing="term", thing_id=row.pk, step="enroll", by=by, at=at, after={"entered": entered})
    return entered


def fill_calendar(*, at: datetime, by: Actor | None = None) -> int:
    """Enter the decreed holidays and make-up days that the calendar lacks; how many. Nothing to do: nothing written.

    `by` None: the job that brings a database up to date. A day entered provisionally is replaced by the decreed one.
    """
    if by is not None:
        only((*KEEPS_REGISTER, "system_officer"), by=by)
    one_at_a_time("calendar")
    decreed_before = set(CalendarDay.objects.filter(provisional=False).values_list("day", flat=True))
    lacking = [row for row in _decreed() if row.day not in decreed_before]
    if not lacking:
        return 0
    CalendarDay.objects.bulk_create(
        lacking,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "name", "provisional"],
    )
    days = [row.day for row in lacking]
    after = {"from": min(days).isoformat(), "through": max(days).isoformat(), "days": len(days)}
    write_event(thing="calendar_day", thing_id=new_id(at), step="add", by=by, at=at, via="job", actor="", after=after)
    return len(lacking)


def _decreed() -> Iterator[CalendarDay]:
    """Days that are not what their weekday says, as the State Council's notices have them (2004 on)."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    for decreed, is_workday in ((holidays, False), (workdays, True)):
        for day, english in decreed.items():
            if (day.weekday() < FIRST_WEEKEND_DAY) is not is_workday:
                yield CalendarDay(day=day, is_workday=is_workday, name=Holiday(english).chinese)

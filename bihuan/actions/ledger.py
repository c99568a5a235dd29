"""What a post does with its ledger: keeps views and forms, takes rows out as a sheet. Taking out is on the record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from bihuan.actions._record import write_event
from bihuan.actions.refusals import Refused, Unknown
from bihuan.models import LedgerExport, LedgerForm, SavedView
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_

LONGEST_NAME, LONGEST_ASKED = 40, 2000
MOST_VIEWS, MOST_FORMS, LONGEST_FILE = 50, 30, 200
# How long a file is kept for who asked for it.
KEPT = timedelta(days=3)


def save_view(*, name: str, asked: str, is_shared: bool, by: Actor, at: datetime) -> UUID:
    """Keep what an address asks for under a name; a name of one's own is written over. Refused: no name, too many."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or len(asked) > LONGEST_ASKED:
        raise Refused(Objection("view_name_missing", N_("请给视图起一个名字，不超过四十个字。"), "name"))
    own = SavedView.objects.visible_to(by.scope).filter(post_id=by.post)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        raise Refused(Objection("views_too_many", N_("已经存了五十个视图。请先删去不用的。"), "name"))
    row, _ = SavedView.objects.update_or_create(
        post_id=by.post, name=name, defaults={"asked": asked, "is_shared": is_shared, "saved_at": at},
        create_defaults={"id": new_id(at), "asked": asked, "is_shared": is_shared, "saved_at": at},
    )  # fmt: skip
    return row.pk


def remove_view(view: UUID, *, by: Actor) -> None:
    """Forget a view of one's own. Raises Unknown for any other."""
    n, _ = SavedView.objects.visible_to(by.scope).filter(pk=view, post_id=by.post).delete()
    if not n:
        raise Unknown("saved_view", view)


@dataclass(frozen=True)
class FormGiven:
    """A form as a post keeps it: the file and its head, and the code of the ledger's column for each place in it."""

    name: str
    file_name: str
    content: bytes
    sheet: str
    head_from: int
    head_to: int
    columns: Mapping[int, str]


def keep_form(given: FormGiven, *, by: Actor, at: datetime) -> UUID:
    """Keep somebody's empty table; a name that is taken gets a number. Refused: too many."""
    own = LedgerForm.objects.visible_to(by.scope).filter(post_id=by.post)
    names = set(own.values_list("name", flat=True))
    if len(names) >= MOST_FORMS:
        raise Refused(Objection("forms_too_many", N_("已经存了三十张表样。请先删去不用的。"), "file"))
    name = _free_name(" ".join(given.name.split())[: LONGEST_NAME - 3], names)
    row = LedgerForm.objects.create(
        id=new_id(at), post_id=by.post, name=name, file_name=given.file_name[:LONGEST_FILE], content=given.content,
        sheet=given.sheet, head_from=given.head_from, head_to=given.head_to, columns=_kept(given.columns), saved_at=at,
    )  # fmt: skip
    return row.pk


def _free_name(name: str, taken: Collection[str]) -> str:
    name = name or "表样"
    return next(one for one in (name, *(f"{name} {n}" for n in range(2, MOST_FORMS + 2))) if one not in taken)


def change_form(
    form: UUID,
    *,
    name: str,
    columns: Mapping[int, str],
    head: tuple[int, int],
    is_shared: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Correct a form of one's own: its name, where its head stands, what fills which column. Refused: no name."""
    own = LedgerForm.objects.visible_to(by.scope).filter(post_id=by.post)
    if not own.filter(pk=form).exists():
        raise Unknown("ledger_form", form)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(Objection("form_name_missing", N_("请给表样起一个名字，不超过四十个字。"), "name"))
    if own.filter(name=name).exclude(pk=form).exists():
        raise Refused(Objection("form_name_taken", N_("已经有一张表样叫这个名字。请换一个名字。"), "name"))
    own.filter(pk=form).update(
        name=name, columns=_kept(columns), head_from=head[0], head_to=head[1], is_shared=is_shared, saved_at=at
    )


def remove_form(form: UUID, *, by: Actor) -> None:
    """Forget a form of one's own. Raises Unknown for any other."""
    n, _ = LedgerForm.objects.visible_to(by.scope).filter(pk=form, post_id=by.post).delete()
    if not n:
        raise Unknown("ledger_form", form)


def _kept(columns: Mapping[int, str]) -> dict[str, str]:
    return {str(place): code for place, code in sorted(columns.items()) if code}


def record_export(*, asked: str, n: int, by: Actor, at: datetime, form: str = "") -> None:
    """Rows were taken out at once: who, when, by which filter, how many, into whose form."""
    said = {"asked": asked, "rows": n} | ({"form": form} if form else {})
    write_event(thing="ledger_export", thing_id=new_id(at), step="export", by=by, at=at, after=said)


def record_lists(*, plan: UUID, n: int, by: Actor, at: datetime) -> None:
    """The lists of a plan were taken out: who, when, of which version (or feedback), how many findings."""
    write_event(
        thing="plan_lists", thing_id=new_id(at), step="export", by=by, at=at, after={"plan": str(plan), "rows": n}
    )


def ask_export(*, asked: str, language: str, by: Actor, at: datetime, on: date) -> UUID:
    """Have a sheet written in the background. Returns the id by which it is found again."""
    if len(asked) > LONGEST_ASKED:
        raise Refused(Objection("asked_too_long", N_("条件太长。请减少条件后再导出。"), "asked"))
    row = LedgerExport.objects.create(
        id=new_id(at), account_id=by.account, post_id=by.post, asked=asked, asked_at=at, on=on, language=language
    )
    write_event(thing="ledger_export", thing_id=row.pk, step="export", by=by, at=at, after={"asked": asked})
    app.configure_task("write_ledger_export").defer(account=str(by.account), post=str(by.post), export=str(row.pk))
    return row.pk


@dataclass(frozen=True)
class Begun:
    """What a sheet is to hold, as it was asked for."""

    asked: str
    on: date
    language: str
    asked_at: datetime


def begin_export(export: UUID, *, by: Actor) -> Begun | None:
    """Take up the writing, also again after a worker was lost. None when it is written already."""
    row = _export(export, by)
    if row.finished_at:
        return None
    LedgerExport.objects.filter(pk=row.pk).update(n_written=0, n_rows=None)
    return Begun(row.asked, row.on, row.language, row.asked_at)


def tell_progress(export: UUID, *, n_written: int, n_rows: int, by: Actor) -> None:
    """How far the writing is."""
    LedgerExport.objects.visible_to(by.scope).filter(pk=export).update(n_written=n_written, n_rows=n_rows)


def finish_export(export: UUID, *, content: bytes | None, by: Actor, at: datetime) -> None:
    """The file is there, for a time; or, without content, it could not be written."""
    row = _export(export, by)
    row.content, row.size, row.finished_at = content, len(content or b""), at
    row.has_failed, row.until = content is None, at + KEPT
    row.save(update_fields=["content", "size", "finished_at", "has_failed", "until"])


def forget_old_exports() -> int:
    """Remove the files whose time is over; that they were asked for stays on the record. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("select forget_old_exports()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _export(export: UUID, by: Actor) -> LedgerExport:
    row = LedgerExport.objects.visible_to(by.scope).defer("content").filter(pk=export).first()
    if row is None:
        raise Unknown("ledger_export", export)
    return row

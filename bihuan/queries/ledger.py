"""The views, forms and exports that a post has; a view or form of another's that is shared is found by its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.models import LedgerExport, LedgerForm, SavedView
from bihuan.rules.access import Actor

SHOWN_EXPORTS = 30


@dataclass(frozen=True)
class ViewRow:
    """One saved view: the questions of the address that it stands for."""

    id: UUID
    name: str
    asked: str
    is_shared: bool
    is_mine: bool


@dataclass(frozen=True)
class FormRow:
    """One form: where its head stands, and which column of the ledger fills which place of it."""

    id: UUID
    name: str
    file_name: str
    sheet: str
    head_from: int
    head_to: int
    columns: Mapping[int, str]
    is_shared: bool
    is_mine: bool


@dataclass(frozen=True)
class FormFile:
    """A form with the bytes of its empty table."""

    row: FormRow
    content: bytes


@dataclass(frozen=True)
class ExportRow:
    """One export: how far it is, and whether its file is still there."""

    id: UUID
    asked: str
    asked_at: datetime
    n_rows: int | None
    n_written: int
    is_finished: bool
    has_failed: bool
    is_there: bool
    size: int
    until: datetime | None


@dataclass(frozen=True)
class ExportFile:
    """The bytes of a finished export."""

    content: bytes
    asked_at: datetime


def views_of(actor: Actor) -> tuple[ViewRow, ...]:
    """The post's own views, by name."""
    own = SavedView.objects.visible_to(actor.scope).filter(post_id=actor.post).order_by("name")
    return tuple(_view(row, actor) for row in own)


def view_for(actor: Actor, *, view: UUID) -> ViewRow | None:
    """A view of one's own, or a shared one; what it shows is what the actor may see."""
    row = SavedView.objects.visible_to(actor.scope).filter(pk=view).first()
    return _view(row, actor) if row else None


def forms_of(actor: Actor) -> tuple[FormRow, ...]:
    """The post's own forms, by name, without their files."""
    own = LedgerForm.objects.visible_to(actor.scope).filter(post_id=actor.post).defer("content").order_by("name")
    return tuple(_form(row, actor) for row in own)


def form_for(actor: Actor, *, form: UUID) -> FormFile | None:
    """A form of one's own, or a shared one, with its file; what it is filled with is what the actor may see."""
    row = LedgerForm.objects.visible_to(actor.scope).filter(pk=form).first()
    return FormFile(_form(row, actor), bytes(row.content)) if row else None


def _form(row: LedgerForm, actor: Actor) -> FormRow:
    columns = {int(place): code for place, code in row.columns.items()}
    return FormRow(
        row.pk, row.name, row.file_name, row.sheet, row.head_from, row.head_to, columns, row.is_shared,
        row.post_id == actor.post,
    )  # fmt: skip


def exports_of(actor: Actor, *, at: datetime) -> tuple[ExportRow, ...]:
    """What the post asked for, the latest first."""
    rows = LedgerExport.objects.visible_to(actor.scope).defer("content").order_by("-asked_at")[:SHOWN_EXPORTS]
    return tuple(
        ExportRow(
            id=row.pk,
            asked=row.asked,
            asked_at=row.asked_at,
            n_rows=row.n_rows,
            n_written=row.n_written,
            is_finished=row.finished_at is not None,
            has_failed=row.has_failed,
            is_there=bool(row.size and row.until and row.until > at),
            size=row.size,
            until=row.until,
        )
        for row in rows
    )


def export_file(actor: Actor, *, export: UUID, at: datetime) -> ExportFile | None:
    """The file of an export of one's own, while it is kept."""
    row = LedgerExport.objects.visible_to(actor.scope).filter(pk=export, until__gt=at).first()
    return ExportFile(bytes(row.content), row.asked_at) if row and row.content else None


def _view(row: SavedView, actor: Actor) -> ViewRow:
    return ViewRow(row.pk, row.name, row.asked, row.is_shared, row.post_id == actor.post)

"""`bihuan progress add|list`, `finding note` and `finding mark`: what was done, what is remarked, what stands out."""

import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import answered
from bihuan.cli.options import LOOK, As, AsJson, Day, Key, Opinion, Seen
from bihuan.cli.usage import Command
from bihuan.cli.words import USAGE, _, show, show_json, show_table, tell

progress = typer.Typer(help=_("进展：填报，列表。"), **LOOK)
LIGHTS = ("", "overdue", "soon", "near")
QUIET = (0, 7, 15, 30)
MARKS = ("fix_now", "listed", "key")


@progress.command("add", cls=Command, help=_("填报进展：做了什么、到了哪一步。不写日期就是今天。"))
def add_progress(
    key: Key,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    measure: Annotated[int | None, typer.Option(help=_("第几条措施；不写是整条问题。"), min=1)] = None,
    done_on: Day = None,
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Report what was done."""
    from bihuan.cli import findings

    days = {"done_on": done_on.date()} if done_on else {}
    typed = findings.Typed(texts={"progress": text}, days=days, measure=measure or 0)
    return findings.step_command(key, "report_progress", typed=typed, seen=seen, as_post=as_post, as_json=as_json)


@progress.command("list", cls=Command, help=_("列出整改中的问题和最近一次进展。"))
def list_progress(
    light: Annotated[str, typer.Option(help=_("只要这种时限：overdue、soon 或 near。"))] = "",
    quiet: Annotated[int, typer.Option(help=_("只要这么多天没有进展的：7、15 或 30。"))] = 0,
    page: Annotated[int, typer.Option(help=_("第几页。"), min=1)] = 1,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """List what moves and what does not."""
    if light not in LIGHTS or quiet not in QUIET:
        tell(_("--light 请写 overdue、soon 或 near；--quiet 请写 7、15 或 30。"))
        return USAGE

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            from bihuan.queries.progress import ProgressFilters, progress_for

            filters = ProgressFilters(light=light, quiet=quiet)
            found = progress_for(actor, filters=filters, on=timezone.localdate(at), page=page)
        if as_json:
            show_json(asdict(found))
            return
        heads = (_("编号"), _("问题"), _("单位"), _("时限"), "", _("最近进展"))
        show_table(heads, [
            (row.number, row.title, row.lead_unit or row.unit, str(row.due_on or ""), _(row.light.label),
             f"{row.last_on or ''} {row.last_text[:30]}".strip())
            for row in found.rows
        ])  # fmt: skip
        said = _("第 {page} 页，共 {pages} 页；符合的 {matched} 条，看得到的共 {total} 条。")
        tell(said.format(page=found.page, pages=found.pages, matched=found.matched, total=found.everything))

    return answered(work, as_json=as_json)


def note_finding(
    key: Key, text: Annotated[str, typer.Argument(metavar="TEXT")], as_json: AsJson = False, as_post: As = ""
) -> int:
    """Write a remark that only one's own side reads."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from bihuan.actions.findings import write_note
            from bihuan.cli.findings import page_of

            note = write_note(finding=page_of(key, actor, at).id, text=text, by=actor, at=at)
        if as_json:
            show_json({"note": str(note)})
            return
        show(str(note))
        tell(_("已保存，只有本方人员看得到。"))

    return answered(work, as_json=as_json)


def mark_finding(
    key: Key,
    mark: Annotated[list[str] | None, typer.Option(help=_("要有的标记：fix_now、listed、key，可多次。"))] = None,
    reason: Opinion = "",
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Set the marks to exactly those named."""
    from bihuan.cli import findings

    if set(mark or ()) - set(MARKS):
        tell(_("标记请写 fix_now、listed 或 key。"))
        return USAGE
    typed = findings.Typed(texts={"reason": reason}, days={}, marks=tuple(mark or ()))
    return findings.step_command(key, "mark", typed=typed, seen=seen, as_post=as_post, as_json=as_json)

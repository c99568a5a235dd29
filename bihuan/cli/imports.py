"""`bihuan import check|apply`: a ledger from elsewhere, checked without a word written; then brought in whole."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import CannotRead, Malformed, answered
from bihuan.cli.measures import units_by_name
from bihuan.cli.options import LOOK, As, AsJson
from bihuan.cli.usage import Command
from bihuan.cli.words import DONE, NO, _, show, show_json, show_table, tell
from bihuan.rules.import_columns import OUTCOMES, TARGETS

if TYPE_CHECKING:
    from bihuan.queries.imports import FaultRow, Preview
    from bihuan.rules.access import Actor

imports = typer.Typer(help=_("导入台账：先核对，再写入。"), **LOOK)
File = Annotated[Path, typer.Argument(metavar="FILE")]
Round = Annotated[str, typer.Option("--round", help=_("导入到哪一轮，写法如：云溪〔2026〕3。"))]
Unit = Annotated[str, typer.Option(help=_("整份台账只有一个单位、没有单位列时，写这个单位的全称。"))]
Sheet = Annotated[str, typer.Option(help=_("只读这个工作表；不写时，表头相同的工作表一起读。"))]
HeadRow = Annotated[int, typer.Option(min=0, help=_("表头在第几行；不写时自动找。"))]
SHOWN = 200


@imports.command(
    "check",
    cls=Command,
    help=_("核对台账：一次列出全部错误的单元格；没有错误时，列出新增、变化、冲突各有几行。不写入。"),
)
def check_ledger(
    file: File,
    of_round: Round,
    unit: Unit = "",
    sheet: Sheet = "",
    head_row: HeadRow = 0,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Check, writing nothing; the code is 1 where something is wrong."""
    faulty: list[bool] = []

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            given = {"round_id": _round(of_round, actor), "only": _unit(unit), "sheet": sheet, "row": head_row}
            found = _previewed(file, given, actor, at)
            faulty.append(bool(found.fault or found.n_faults))
            _say(found, as_json=as_json)

    code = answered(work, as_json=as_json)
    return NO if code == DONE and faulty[0] else code


@imports.command("apply", cls=Command, help=_("核对并写入台账：全部写入，或一条也不写。"))
def apply_ledger(
    file: File,
    of_round: Round,
    unit: Unit = "",
    sheet: Sheet = "",
    head_row: HeadRow = 0,
    sender: Annotated[str, typer.Option(help=_("台账是谁送来的，用来记住列的选择。"))] = "",
    skip_conflicts: Annotated[
        bool, typer.Option("--skip-conflicts", help=_("跳过与现有记录冲突的行，写入其余的行。"))
    ] = False,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Bring it in, as the page does."""

    def deed(actor: "Actor", at: datetime) -> None:
        from django.utils import timezone

        from bihuan.actions import imports as acts
        from bihuan.queries.imports import choices_for

        key = acts.send(
            round_id=_round(of_round, actor), name=file.name, content=_bytes_of(file), sender=sender, only=_unit(unit),
            sheet=sheet, head_row=head_row, by=actor, at=at,
        )  # fmt: skip
        acts.check(key, by=actor, at=at)
        found = choices_for(key, actor=actor)
        _is_there(sheet, found.sheets if found else ())
        done = acts.apply(key, skip_conflicts=skip_conflicts, by=actor, at=at, on=timezone.localdate(at))
        if as_json:
            show_json({
                "import": str(key), "feedback": [str(one) for one in done.feedback], "drafts": done.drafts,
                "reported": done.reported, "skipped": done.skipped,
            })  # fmt: skip
            return
        said = _("已写入：新增草稿 {drafts} 条，填报进展 {reported} 条，跳过 {skipped} 行。新增的请在认定台逐条认定。")
        show(said.format(drafts=done.drafts, reported=done.reported, skipped=done.skipped))

    return _done(deed, as_post=as_post, as_json=as_json)


def _done(deed: "Callable[[Actor, datetime], None]", *, as_post: str, as_json: bool) -> int:
    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            deed(actor, at)

    return answered(work, as_json=as_json)


def _previewed(file: Path, given: Mapping[str, Any], actor: "Actor", at: datetime) -> "Preview":
    from django.utils import timezone

    from bihuan.queries.imports import NO_HEAD, NotALedger, previewed

    try:
        found = previewed(_bytes_of(file), **given, actor=actor, on=timezone.localdate(at))
    except NotALedger as fault:
        raise CannotRead(f"{file}：{_(fault.reason)}") from fault
    _is_there(given["sheet"], found.sheets)
    if found.fault == NO_HEAD:
        said = _("{file}：没有找到表头。请用 --head-row 写明表头在第几行，或检查是否选错了文件。").format(file=file)
        names = _("工作表有：{names}。").format(names="、".join(found.sheets)) if len(found.sheets) > 1 else ""
        raise CannotRead(said + names)
    return found


def _is_there(sheet: str, known: Sequence[str]) -> None:
    if sheet and known and sheet not in known:
        said = _("{option} 没有“{value}”。请写：{known}")
        raise Malformed(said.format(option="--sheet", value=sheet, known="、".join(known)))


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise CannotRead(_("读不了 {file}：{why}").format(file=file, why=fault.strerror)) from fault


def _round(name: str, actor: "Actor") -> UUID:
    from bihuan.queries.imports import rounds_for

    rounds = {said: key for key, said in rounds_for(actor)}
    if name not in rounds:
        said = _("{option} 没有“{value}”。请写：{known}")
        raise Malformed(said.format(option="--round", value=name, known="、".join(rounds)))
    return rounds[name]


def _unit(name: str) -> UUID | None:
    if not name:
        return None
    units = units_by_name()
    if name not in units:
        raise Malformed(_("没有单位“{name}”。请写全称，见 organization tree。").format(name=name))
    return units[name]


def _say(found: "Preview", *, as_json: bool) -> None:
    if as_json:
        show_json(_values(found))
        return
    for column in found.columns:
        if column.code:
            show(f"{column.label} → {_(TARGETS[column.code])}")
    if found.faults:
        show("")
        rows = [_line(fault, has_sheets=len(found.taken) > 1) for fault in found.faults[:SHOWN]]
        show_table((_("单元格"), _("原来写的"), _("怎样改"), _("是不是")), rows)
    if unused := [column.label for column in found.columns if not column.code]:
        tell(_("没有用到的列：{names}").format(names="、".join(unused)))
    if len(found.sheets) > 1:
        tell(_("工作表：{names}；读了：{taken}").format(names="、".join(found.sheets), taken="、".join(found.taken)))
    tell(_summary(found))


def _line(fault: "FaultRow", *, has_sheets: bool) -> list[str]:
    """As the page says it: the sheet where several are read, and where to look for a row that was there before."""
    from bihuan.queries.imports import FAULTS, TWICE

    near = [_("见 {cell}").format(cell=one) for one in fault.near] if fault.code in TWICE else fault.near
    cell = f"{fault.sheet}!{fault.cell}" if has_sheets else fault.cell
    return [cell, fault.was[:30], _(FAULTS[fault.code]), "、".join(near)]


def _summary(found: "Preview") -> str:
    from bihuan.queries.imports import NO_TEXT

    if found.fault == NO_TEXT:
        return _("没有哪一列像问题内容。请核对 --sheet 和 --head-row，或在网页“导入台账”里选列。")
    if found.fault:
        return _("没有哪一列像被巡察单位。整份台账只有一个单位的，请用 --unit 写明；否则在网页“导入台账”里选列。")
    if found.n_faults:
        said = _("核对 {rows} 行，{faults} 处要改；没有写入任何内容。")
        return said.format(rows=found.n_rows, faults=found.n_faults)
    counts = "，".join(
        f"{_(label)} {found.outcomes[code]}" for code, label in OUTCOMES.items() if found.outcomes.get(code)
    )
    return _("核对 {rows} 行，没有错误：{counts}。没有写入任何内容。").format(rows=found.n_rows, counts=counts)


def _values(found: "Preview") -> dict[str, Any]:
    from bihuan.engines.reading.ledgers import FAULTS

    return {
        "columns": [
            {"column": one.place + 1, "label": one.label, "taken_for": one.code, "why": one.why}
            for one in found.columns
        ],
        "sheets": list(found.sheets), "sheets_read": list(found.taken),
        "rows": found.n_rows, "left_out": found.n_left_out, "fault": found.fault, "n_faults": found.n_faults,
        "counts": dict(found.counts), "outcomes": dict(found.outcomes),
        "faults": [
            {
                "sheet": one.sheet, "cell": one.cell, "code": one.code, "was": one.was, "message": _(FAULTS[one.code]),
                "near": list(one.near),
            }
            for one in found.faults
        ],
    }  # fmt: skip

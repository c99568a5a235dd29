"""`bihuan feedback list|show|upload|drafts|approve|give|sign`: from the document to T0; drafts.py adds what is done to
drafts.
"""

import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import answered, worded
from bihuan.cli.files import content_of
from bihuan.cli.options import LOOK, As, AsJson, Day, Key, Seen
from bihuan.cli.usage import Command
from bihuan.cli.words import DONE, UNREADABLE, USAGE, _, show, show_json, show_table, tell
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import AUDIENCES

if TYPE_CHECKING:
    from bihuan.queries.drafts import DraftRow
    from bihuan.queries.feedback import FeedbackPage

feedback = typer.Typer(help=_("反馈意见：上传，认定问题，审批，反馈，签收。"), **LOOK)
SHORT = 40


@feedback.command("list", cls=Command, help=_("列出看得到的反馈意见。"))
def list_feedback(as_json: AsJson = False, as_post: As = "") -> int:
    """List feedback."""

    def work() -> None:
        with signed_in(os.environ, as_post, at=datetime.now(UTC)) as actor:
            from bihuan.queries.feedback import feedback_for

            rows = feedback_for(actor)
        if as_json:
            show_json([asdict(row) for row in rows])
            return
        heads = (_("内部标识"), _("标题"), _("单位"), _("反馈对象"), _("状态"), _("待认定"), _("已认定"), _("签收日期"))
        show_table(heads, [
            (str(row.id), row.title, row.unit, _(row.audience), _(row.state.label), str(row.drafts),
             str(row.findings), str(row.received_on or "")) for row in rows
        ])  # fmt: skip

    return answered(work, as_json=as_json)


@feedback.command("show", cls=Command, help=_("看一份反馈意见：状态，三方签收，期限，可以办理的步骤。"))
def show_feedback(key: Key, as_json: AsJson = False, as_post: As = "") -> int:
    """Show one feedback."""

    def work() -> None:
        with signed_in(os.environ, as_post, at=datetime.now(UTC)) as actor:
            found = page_of(key, actor, with_hints=as_json)
        if as_json:
            show_json(asdict(found))
            return
        for name, value in _facts(found):
            show(f"{name}：{value}")

    return answered(work, as_json=as_json)


def page_of(key: str, actor: Actor, *, with_hints: bool = False) -> "FeedbackPage":
    """The feedback of that id. Raises Unknown, for what is no id too."""
    from bihuan.actions.refusals import Unknown
    from bihuan.queries.feedback import feedback_page

    try:
        found = feedback_page(UUID(key), actor=actor, with_hints=with_hints)
    except ValueError:
        found = None
    if found is None:
        raise Unknown("feedback", key)
    return found


def _facts(found: "FeedbackPage") -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (_("标题"), found.title),
        (_("单位"), found.unit),
        (_("反馈对象"), _(found.audience)),
        (_("状态"), _(found.state.label)),
        (_("版次"), found.revision),
        *((_(deed.label), f"{deed.actor} {_minute(deed.at)}") for deed in found.deeds),
    ]
    if found.state.code != "draft":
        facts += [
            (_(row.role), f"{row.person} {row.signed_on}" if row.is_signed else _("等待签收"))
            for row in found.signatures
        ]
    if found.received_on:
        facts.append((_("起算日（三方签收）"), found.received_on))
    if found.plan_due_on:
        notes = (found.plan_due_basis, _("暂定") if found.plan_due_provisional else "")
        facts.append((_("方案报送期限"), "  ".join([str(found.plan_due_on), *(note for note in notes if note)])))
    facts += [(_("可以办理"), f"{step.code} {_(step.label)}") for step in found.steps if not step.objection]
    facts += [
        (_("不能办理"), f"{step.code} {_(step.label)}：{worded(step.objection)}")
        for step in found.steps
        if step.objection
    ]
    return facts


def _minute(at: datetime) -> str:
    from django.utils import timezone

    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


@feedback.command("upload", cls=Command, help=_("上传反馈意见的原件，可一次几个；读出的问题成为草稿。"))
def upload_feedback(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    inspection: Annotated[str, typer.Option(help=_("巡察对象的编号，或被巡察单位的全称。"))] = "",
    audience: Annotated[str, typer.Option(help=_("反馈给谁：leadership 领导班子，head 主要负责人。"))] = "leadership",
    title: Annotated[str, typer.Option(help=_("标题；不写就用文件名。"))] = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Upload documents; a bad one does not stop the others."""
    if audience not in AUDIENCES:
        tell(_("反馈对象请写 leadership 或 head。"))
        return USAGE
    codes = [
        _upload(file, inspection=inspection, audience=audience, title=title, as_json=as_json, as_post=as_post)
        for file in files
    ]
    return max(codes, default=DONE)


def _upload(file: Path, *, inspection: str, audience: str, title: str, as_json: bool, as_post: str) -> int:
    unreadable: list[str] = []

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from bihuan.actions import feedback as acts
            from bihuan.actions.refusals import Unreadable

            place = _inspection(inspection, actor)
            try:
                done = acts.upload_feedback(
                    inspection=place, audience=audience, title=title, name=file.name, content=content_of(file),
                    by=actor, at=at,
                )  # fmt: skip
            except Unreadable:
                unreadable.append(file.name)
                raise
        said = _("读出 {n} 条，请对照原文逐条认定。") if done.drafts else _(
            "文件已保存，没有读出问题。请核对是不是传错了文件，或者手工补录。"
        )  # fmt: skip
        message = said.format(n=done.drafts)
        if as_json:
            show_json({"file": file.name, **asdict(done), "message": message})
        else:
            show(f"{done.feedback}\t{done.drafts}\t{file.name}")
            tell(f"{file.name}：{message}")

    code = answered(work, as_json=as_json)
    return UNREADABLE if unreadable else code


def _inspection(wanted: str, actor: Actor) -> UUID:
    from bihuan.actions.refusals import NotYours, Refused
    from bihuan.queries.feedback import inspections_to_feed_back
    from bihuan.rules.typed import Objection

    choices = inspections_to_feed_back(actor)
    if not choices:
        raise NotYours(
            Objection("not_yours", _("没有您可以上传反馈意见的巡察对象；由巡察办、巡察组组长或联络员上传。"))
        )
    found = [one.id for one in choices if wanted in ("", str(one.id), one.title, one.unit)]
    if len(found) != 1:
        names = "；".join(f"{one.id} {one.title}" for one in choices)
        said = _("请用 --inspection 指明巡察对象，可选：{choices}").format(choices=names)
        raise Refused(Objection("inspection_unclear", said, "inspection"))
    return found[0]


@feedback.command("drafts", cls=Command, help=_("列出一份反馈意见的草稿：序号、状态、分类、内容、存疑。"))
def list_drafts(
    key: Key,
    state: Annotated[str, typer.Option(help=_("只要这个状态：proposed、confirmed、dropped。"))] = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """List the drafts of one feedback."""
    from bihuan.rules.lifecycle import DRAFT

    states = [one.code for one in DRAFT.states]
    if state and state not in states:
        tell(_("没有状态 {state}。请写：{states}").format(state=state, states="、".join(states)))
        return USAGE

    def work() -> None:
        with signed_in(os.environ, as_post, at=datetime.now(UTC)) as actor:
            found = page_of(key, actor, with_hints=True)
        rows = [row for row in found.drafts if state in ("", row.state.code)]
        if as_json:
            show_json([asdict(row) for row in rows])
            return
        heads = (_("序号"), _("状态"), _("版次"), _("分类"), _("问题"), _("存疑"), _("相似问题"))
        show_table(heads, [_line(row) for row in rows])

    return answered(work, as_json=as_json)


def _line(row: "DraftRow") -> tuple[str, ...]:
    text = " ".join(row.text.split())
    return (
        str(row.position), row.number or _(row.state.label), str(row.revision), row.description.category or "—",
        text if len(text) <= SHORT else f"{text[:SHORT]}…", "；".join(row.doubts),
        "；".join(f"{one.number} {one.likeness:.0%} {_(one.state.label)}" for one in row.like),
    )  # fmt: skip


def _step(key: str, code: str, *, seen: int | None, as_json: bool, as_post: str, signed_on: Day = None) -> int:
    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            from bihuan.actions import feedback as acts

            deeds: dict[str, Callable[..., None]] = {"approve": acts.approve, "give": acts.give, "sign": acts.sign}
            on = timezone.localdate(at)
            more = {"signed_on": signed_on.date() if signed_on else None, "on": on} if code == "sign" else {}
            deeds[code](feedback=page_of(key, actor).id, by=actor, at=at, seen=seen, **more)
            found = page_of(key, actor)
        if as_json:
            show_json(asdict(found))
            return
        show(f"{found.id} {_(found.state.label)} {found.revision}")
        tell(_("三方都已签收，问题已送达，开始计时。") if found.received_on else _("已办理。"))

    return answered(work, as_json=as_json)


@feedback.command("approve", cls=Command, help=_("审批：此后不能再增减问题。"))
def approve_feedback(key: Key, seen: Seen = None, as_json: AsJson = False, as_post: As = "") -> int:
    """Approve."""
    return _step(key, "approve", seen=seen, as_json=as_json, as_post=as_post)


@feedback.command("give", cls=Command, help=_("反馈：由三方签收。"))
def give_feedback(key: Key, seen: Seen = None, as_json: AsJson = False, as_post: As = "") -> int:
    """Give."""
    return _step(key, "give", seen=seen, as_json=as_json, as_post=as_post)


@feedback.command("sign", cls=Command, help=_("签收；三方都签收以后问题送达单位，开始计时。"))
def sign_feedback(key: Key, signed_on: Day = None, seen: Seen = None, as_json: AsJson = False, as_post: As = "") -> int:
    """Sign the receipt."""
    return _step(key, "sign", seen=seen, as_json=as_json, as_post=as_post, signed_on=signed_on)

"""`bihuan feedback correct|confirm|split|join|drop|add`: drafts named by their number in the feedback, or by id.

`bihuan finding describe` says the same of a finding as `correct` of a draft.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import Malformed, answered
from bihuan.cli.feedback import feedback, page_of
from bihuan.cli.options import As, AsJson, Key, Seen
from bihuan.cli.usage import Command
from bihuan.cli.words import _, show, show_json, tell
from bihuan.rules.access import Actor
from bihuan.rules.amounts import yuan_of
from bihuan.rules.typed import Description, Objection
from bihuan.rules.vocabulary import MARKS

if TYPE_CHECKING:
    from bihuan.queries.drafts import DescriptionRow, DraftRow
    from bihuan.queries.feedback import FeedbackPage
    from bihuan.queries.findings.page import FindingPage

Number = Annotated[str, typer.Argument(metavar="DRAFT")]
Text = Annotated[str | None, typer.Option(help=_("问题内容；不写就不改。"))]
Category = Annotated[str | None, typer.Option(help=_("问题分类，第三级的代码，如 A302。"))]
Severity = Annotated[str | None, typer.Option(help=_("轻重：prominent、key、ordinary、slight。"))]
Commonality = Annotated[
    str | None, typer.Option(help=_("individual 个性、common 共性、systemic 系统性、sectoral 行业性。"))
]
Amount = Annotated[str | None, typer.Option(help=_("涉及金额，单位是元。"))]
Mark = Annotated[list[str] | None, typer.Option(help=_("标记：fix_now、listed、key，可多次；none 表示都去掉。"))]
Lead = Annotated[str | None, typer.Option(help=_("责任单位的全称：被巡察单位或它的下属单位。"))]
Helping = Annotated[list[str] | None, typer.Option(help=_("配合单位的全称，可多次；none 表示都去掉。"))]
NOTHING = "none"


@dataclass(frozen=True)
class Said:
    """What the options say of a draft; None: nothing said, so that it stays as it is."""

    text: str | None = None
    category: str | None = None
    severity: str | None = None
    commonality: str | None = None
    amount: str | None = None
    marks: list[str] | None = None
    lead: str | None = None
    helping: list[str] | None = None


@feedback.command("correct", cls=Command, help=_("修改一条草稿：文字、分类、轻重、标记、金额、单位；没写的不变。"))
def correct_draft(
    key: Key, draft: Number, text: Text = None, category: Category = None, severity: Severity = None,
    commonality: Commonality = None, amount: Amount = None, mark: Mark = None, lead_unit: Lead = None,
    helping_unit: Helping = None, seen: Seen = None, as_json: AsJson = False, as_post: As = "",
) -> int:  # fmt: skip
    """Correct a draft."""
    said = Said(text, category, severity, commonality, amount, mark, lead_unit, helping_unit)

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import drafts as acts

        row = draft_named(page, draft)
        given = _description(said, row)
        acts.correct_draft(draft=row.id, text=said.text, description=given, by=by, at=at, seen=seen)
        return {"draft": str(row.id)}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)


@feedback.command("confirm", cls=Command, help=_("认定草稿为问题，可一次几条；--all 认定全部有分类的。"))
def confirm_drafts(
    key: Key,
    drafts: Annotated[list[str] | None, typer.Argument(metavar="DRAFT...")] = None,
    every: Annotated[bool, typer.Option("--all", help=_("全部有分类的；没有分类的留着。"))] = False,
    text: Text = None, category: Category = None, severity: Severity = None, commonality: Commonality = None,
    amount: Amount = None, mark: Mark = None, lead_unit: Lead = None, helping_unit: Helping = None,
    seen: Seen = None, as_json: AsJson = False, as_post: As = "",
) -> int:  # fmt: skip
    """Confirm drafts: all that are named, or none."""
    said = Said(text, category, severity, commonality, amount, mark, lead_unit, helping_unit)

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import drafts as acts

        rows = _named(page, drafts or [], every=every)
        if len(rows) > 1 and (seen is not None or text is not None):
            raise Malformed(_("--seen 和 --text 只能用于一条草稿。"))
        made = [
            acts.confirm_draft(draft=row.id, text=text, description=_description(said, row), by=by, at=at, seen=seen)
            for row in rows
        ]
        left = sum(row.state.code == "proposed" for row in page.drafts) - len(made)
        if every and left:
            tell(_("{n} 条没有分类，没有认定。").format(n=left))
        return {"findings": [str(one) for one in made]}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)


def _named(page: "FeedbackPage", wanted: list[str], *, every: bool) -> list["DraftRow"]:
    if every == bool(wanted):
        raise Malformed(_("请写草稿的序号，或者写 --all。"))
    if every:
        return [row for row in page.drafts if row.state.code == "proposed" and row.description.category]
    return [draft_named(page, one) for one in wanted]


@feedback.command("split", cls=Command, help=_("拆分一条草稿：每个 --part 是一条的内容。"))
def split_draft(
    key: Key,
    draft: Number,
    part: Annotated[list[str], typer.Option(help=_("拆出的一条的内容，两次以上。"))],
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Split a draft."""

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import drafts as acts

        made = acts.split_draft(draft=draft_named(page, draft).id, texts=part, by=by, at=at, seen=seen)
        return {"drafts": [str(one) for one in made]}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)


@feedback.command("join", cls=Command, help=_("把另一条草稿并入这一条；不写 --with 就是后面一条。"))
def join_draft(
    key: Key,
    draft: Number,
    other: Annotated[str, typer.Option("--with", help=_("把哪一条并进来，写它的序号。"), metavar="DRAFT")] = "",
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Join a draft into another."""

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import drafts as acts

        row = draft_named(page, draft)
        with_ = draft_named(page, other).id if other else None
        acts.join_draft(draft=row.id, other=with_, by=by, at=at, seen=seen)
        return {"draft": str(row.id)}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)


@feedback.command("drop", cls=Command, help=_("去掉一条草稿，要写理由，或者写明它是什么。"))
def drop_draft(
    key: Key,
    draft: Number,
    reason: Annotated[str, typer.Option(help=_("去掉的理由。"))] = "",
    kind: Annotated[
        str,
        typer.Option(help=_("它是什么：achievement、heading、demand、background、duplicate。")),
    ] = "",
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Drop a draft."""

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import drafts as acts

        row = draft_named(page, draft)
        acts.drop_draft(draft=row.id, reason=reason, kind=kind, by=by, at=at, seen=seen)
        return {"draft": str(row.id)}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)


@feedback.command("add", cls=Command, help=_("手工补录一条草稿。"))
def add_draft(
    key: Key,
    text: Annotated[str, typer.Option(help=_("问题内容。"))],
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Add a draft by hand."""

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import drafts as acts

        return {"draft": str(acts.add_draft_by_hand(feedback=page.id, text=text, by=by, at=at))}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)


def describe_finding(
    key: Key, category: Category = None, severity: Severity = None, commonality: Commonality = None,
    amount: Amount = None, mark: Mark = None, lead_unit: Lead = None, helping_unit: Helping = None,
    seen: Seen = None, as_json: AsJson = False, as_post: As = "",
) -> int:  # fmt: skip
    """Say what a finding is beside its text, before the feedback is approved."""
    from bihuan.cli import findings

    said = Said(None, category, severity, commonality, amount, mark, lead_unit, helping_unit)

    def described(page: "FindingPage") -> Description | None:
        now = page.category[-1].code if page.category else ""
        return _with(said, page, category=now, marks={name: name in page.marks for name in MARKS})

    typed = findings.Typed(texts={}, days={}, description=described)
    return findings.step_command(key, "describe", typed=typed, seen=seen, as_post=as_post, as_json=as_json)


def on_feedback(
    key: str, deed: Callable[["FeedbackPage", Actor, datetime], dict[str, Any]], *, as_json: bool, as_post: str
) -> int:
    """Do one deed on the feedback of that id and say what came of it."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            done = deed(page_of(key, actor), actor, at)
        if as_json:
            show_json(done)
            return
        for name, value in done.items():
            for one in value if isinstance(value, list) else [value]:
                show(f"{name}\t{one}")
        tell(_("已办理。"))

    return answered(work, as_json=as_json)


def draft_named(page: "FeedbackPage", wanted: str) -> "DraftRow":
    """The draft of that number in the feedback, or of that id. Raises Unknown."""
    from bihuan.actions.refusals import Unknown

    found = next((row for row in page.drafts if wanted in (str(row.position), str(row.id))), None)
    if found is None:
        raise Unknown("draft", wanted)
    return found


def _description(said: Said, row: "DraftRow") -> Description | None:
    """The draft's description with what the options say; None when they say nothing of it."""
    now = row.description
    marks = {"fix_now": now.fix_now, "listed": now.listed, "key": now.key}
    return _with(said, now, category=now.category, marks=marks)


def _with(
    said: Said, now: "DescriptionRow | FindingPage", *, category: str, marks: Mapping[str, bool]
) -> Description | None:
    """What stands now with what the options say; None when they say nothing of it."""
    if said == Said(text=said.text):
        return None
    given = Description(
        category=category, severity=now.severity, commonality=now.commonality, amount=now.amount,
        lead_unit=now.lead_unit.id if now.lead_unit else None,
        helping_units=tuple(unit.id for unit in now.helping_units), **marks,
    )  # fmt: skip
    words = {"category": said.category, "severity": said.severity, "commonality": said.commonality}
    changes: dict[str, Any] = {name: word for name, word in words.items() if word is not None}
    if said.amount is not None:
        changes["amount"] = _amount(said.amount)
    if said.marks is not None:
        changes |= _marks(said.marks)
    return replace(given, **changes, **_units(said))


def _amount(text: str) -> Decimal | None:
    try:
        return yuan_of(text)
    except ValueError:
        raise Malformed(_("--amount 请写成 865000 或 865000.50 的样子，单位是元。")) from None


def _marks(wanted: list[str]) -> Mapping[str, bool]:
    unknown = [mark for mark in wanted if mark not in (*MARKS, NOTHING)]
    if unknown:
        raise Malformed(_("没有标记 {mark}。请写 fix_now、listed、key 或 none。").format(mark=unknown[0]))
    return {name: name in wanted for name in MARKS}


def _units(said: Said) -> dict[str, Any]:
    if said.lead is None and said.helping is None:
        return {}
    from bihuan.queries.organizations import organization_choices

    choices = organization_choices()
    known = {choice.name: choice.id for choice in choices} | {str(choice.id): choice.id for choice in choices}
    units: dict[str, Any] = {}
    if said.lead is not None:
        units["lead_unit"] = _unit(said.lead, known, "lead_unit")
    if said.helping is not None:
        units["helping_units"] = tuple(_unit(one, known, "helping_units") for one in said.helping if one != NOTHING)
    return units


def _unit(wanted: str, known: Mapping[str, UUID], where: str) -> UUID:
    from bihuan.actions.refusals import Refused

    if wanted not in known:
        message = _("没有单位“{name}”。请写全称，见 organization tree。").format(name=wanted)
        raise Refused(Objection("organization_unknown", message, where))
    return known[wanted]

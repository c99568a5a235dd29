"""`bihuan feedback undo|categorize|read-again`: deeds of the bench; those on one draft are in drafts.py."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bihuan.cli.drafts import draft_named, on_feedback
from bihuan.cli.feedback import feedback
from bihuan.cli.options import As, AsJson, Key
from bihuan.cli.usage import Command
from bihuan.cli.words import _
from bihuan.rules.access import Actor

if TYPE_CHECKING:
    from bihuan.queries.feedback import FeedbackPage


@feedback.command("undo", cls=Command, help=_("撤销您在这份反馈上的上一步：认定、修改、拆分、合并、去掉。"))
def undo_last(key: Key, as_json: AsJson = False, as_post: As = "") -> int:
    """Take back the last deed."""

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import bench

        done = bench.undo_last(feedback=page.id, by=by, at=at)
        return {"step": done.step, "drafts": [str(one) for one in done.drafts]}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)


@feedback.command("categorize", cls=Command, help=_("给几条草稿定同一个分类，不认定。"))
def categorize_drafts(
    key: Key,
    drafts: Annotated[list[str], typer.Argument(metavar="DRAFT...")],
    category: Annotated[str, typer.Option(help=_("问题分类，第三级的代码，如 A302。"))],
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """One category for several drafts."""

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import bench

        rows = [draft_named(page, one) for one in drafts]
        chosen = [(row.id, row.revision) for row in rows]
        done = bench.categorize_drafts(feedback=page.id, drafts=chosen, category=category, by=by, at=at)
        return {"drafts": [str(one) for one in done]}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)


@feedback.command("read-again", cls=Command, help=_("按反馈意见重读文件，只补没有读出来的。"))
def read_again(key: Key, as_json: AsJson = False, as_post: As = "") -> int:
    """Read the document as a feedback."""

    def deed(page: "FeedbackPage", by: Actor, at: datetime) -> dict[str, Any]:
        from bihuan.actions import bench

        return {"items": bench.read_again(feedback=page.id, by=by, at=at)}

    return on_feedback(key, deed, as_json=as_json, as_post=as_post)

"""`bihuan extension request|decide`: a later date is asked for by the unit's head and decided by a second person."""

from datetime import datetime
from typing import Annotated

import typer

from bihuan.cli.decisions import decide_command
from bihuan.cli.options import LOOK, As, AsJson, Decision, Key, Opinion, Seen
from bihuan.cli.usage import Command
from bihuan.cli.words import _

extension = typer.Typer(help=_("延期：申请，批准或不同意。"), **LOOK)
DECISIONS = {"grant": "grant_extension", "refuse": "refuse_extension"}


@extension.command("request", cls=Command, help=_("申请延期，写明延到哪一天和理由。批准以前时限不变。"))
def request_extension(
    key: Key,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=_("延期到哪一天。"))],
    reason: Opinion = "",
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Ask for a later date."""
    from bihuan.cli import findings

    typed = findings.Typed(texts={"reason": reason}, days={"until": until.date()})
    return findings.step_command(key, "request_extension", typed=typed, seen=seen, as_post=as_post, as_json=as_json)


@extension.command("decide", cls=Command, help=_("对延期申请作决定：grant 批准，refuse 不同意。"))
def decide_extension(
    key: Key,
    decision: Decision,
    reason: Opinion = "",
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Decide on an extension."""
    return decide_command(key, decision, steps=DECISIONS, reason=reason, seen=seen, as_json=as_json, as_post=as_post)

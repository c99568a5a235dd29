"""`bihuan reopening request|decide`: a closed finding is opened again by a second person, with ground and evidence."""

from typing import Annotated

import typer

from bihuan.cli.decisions import decide_command
from bihuan.cli.options import LOOK, As, AsJson, Decision, Key, Opinion, Seen
from bihuan.cli.usage import Command
from bihuan.cli.words import _

reopening = typer.Typer(help=_("重启：申请，批准或不同意。"), **LOOK)
DECISIONS = {"grant": "approve_reopening", "refuse": "refuse_reopening"}


@reopening.command("request", cls=Command, help=_("申请重启已销号的问题，写明依据和理由，附材料。"))
def request_reopening(
    key: Key,
    ground: Annotated[str, typer.Option(help=_("重启的依据，代码见 docs/interfaces.md。"))] = "",
    reason: Opinion = "",
    file: Annotated[list[str] | None, typer.Option(help=_("材料：文件[|证明什么[|日期]]，可多次。"))] = None,
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Ask for reopening."""
    from bihuan.cli import findings

    typed = findings.Typed(texts={"ground": ground, "reason": reason}, days={}, files=tuple(file or ()))
    return findings.step_command(key, "request_reopening", typed=typed, seen=seen, as_post=as_post, as_json=as_json)


@reopening.command("decide", cls=Command, help=_("对重启申请作决定：grant 批准，refuse 不同意。"))
def decide_reopening(
    key: Key,
    decision: Decision,
    reason: Opinion = "",
    seen: Seen = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Decide on a reopening."""
    return decide_command(key, decision, steps=DECISIONS, reason=reason, seen=seen, as_json=as_json, as_post=as_post)

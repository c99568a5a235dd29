"""`bihuan evidence add`: files that prove measures, each with what it proves and the day it stands for."""

import typer

from bihuan.cli.options import LOOK, As, AsJson, Files, Key, Seen
from bihuan.cli.usage import Command
from bihuan.cli.words import _

evidence = typer.Typer(help=_("佐证：补交。"), **LOOK)


@evidence.callback()
def group() -> None:
    """Keep `add` a command of its own: typer would make a single command the group itself."""


@evidence.command("add", cls=Command, help=_("补交佐证。措施序号见 finding show；送审期间补交，各方要重新审核。"))
def add_evidence(key: Key, evidence: Files = None, seen: Seen = None, as_json: AsJson = False, as_post: As = "") -> int:
    """Hand in files."""
    from bihuan.cli import findings

    typed = findings.Typed(texts={}, days={}, evidence=tuple(evidence or ()))
    return findings.step_command(key, "add_evidence", typed=typed, seen=seen, as_post=as_post, as_json=as_json)

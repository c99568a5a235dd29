"""A request decided by a second person: grant or refuse. extensions.py and reopening.py say which steps these are."""

from collections.abc import Mapping

from bihuan.cli.words import USAGE, _, tell


def decide_command(
    key: str, decision: str, *, steps: Mapping[str, str], reason: str, seen: int | None, as_json: bool, as_post: str
) -> int:
    """Take the step that stands for the decision; `steps` has one for grant and one for refuse."""
    from bihuan.cli import findings

    if decision not in steps:
        tell(_("请写 grant（批准）或 refuse（不同意）。"))
        return USAGE
    typed = findings.Typed(texts={"reason": reason}, days={})
    return findings.step_command(key, steps[decision], typed=typed, seen=seen, as_post=as_post, as_json=as_json)

"""What the command says of itself and of a wrong call, in the language in use; typer alone speaks English only."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from bihuan.cli.words import _, spoken

_HELP_IN_CHINESE = (
    ("Usage: ", "用法："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("Arguments:", "参数："),
    ("Show this message and exit.", "显示本说明。"),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]…"),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
)
_REASONS_IN_CHINESE = (
    (r"valid integer", "须是整数"),
    (r"greater than or equal to (\S+)", "不能小于 {0}"),
    (r"less than or equal to (\S+)", "不能大于 {0}"),
    (r"('[^']*') does not match the formats", "{0} 不是日期，应写成 2026-11-22 这样"),
    (r"No such command ('[^']*')", "没有命令 {0}"),
    (r"unexpected extra arguments?(?:\(s\))? \((.*)\)", "多出了参数 {0}"),
)


class Command(TyperCommand):
    """A command whose help is in the language in use."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return _worded(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands whose help is in the language in use."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return _worded(super().get_help(ctx))


def _worded(text: str) -> str:
    if spoken() == "zh":
        for english, chinese in _HELP_IN_CHINESE:
            text = text.replace(english, chinese)
    return text


def sentence(error: TyperException) -> str:
    """What is wrong with the call and how to put it right."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return error.format_message()
    wordings = {
        "NoSuchOption": _("没有 {what} 这个选项。请用 {command} --help 查看可用的选项。"),
        "MissingParameter": _("还缺 {what}。请补上，或用 {command} --help 查看用法。"),
        "BadParameter": _("{what} 的值不能用：{message}。请改正后再试。"),
        "BadOptionUsage": _("选项 {what} 后面须跟一个值。请补上，或用 {command} --help 查看用法。"),
    }
    fallback = _("命令写得不对：{message}。请用 {command} --help 查看用法。")
    context = getattr(error, "ctx", None)
    return wordings.get(kind, fallback).format(
        what=_what(error), message=_reason(error), command=context.command_path if context else "bihuan"
    )


def _what(error: TyperException) -> str:
    if name := getattr(error, "option_name", None):
        return str(name)
    if hint := getattr(error, "param_hint", None):
        return hint if isinstance(hint, str) else " / ".join(hint)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    is_option = parameter.param_type_name == "option"
    return str(max(parameter.opts, key=len) if is_option else parameter.metavar or parameter.name)


def _reason(error: TyperException) -> str:
    """The message without its full stop; the commonest of typer's are put into Chinese."""
    said = error.message.rstrip("。.")
    if spoken() != "zh":
        return said
    for pattern, chinese in _REASONS_IN_CHINESE:
        if found := re.search(pattern, said):
            return chinese.format(*found.groups())
    return said

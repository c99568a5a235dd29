"""Answers to the criteria of closing as options say them: CODE=TEXT, or a JSON file of the same shape as in the API."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from bihuan.cli.answers import CannotRead, Malformed
from bihuan.cli.words import _
from bihuan.rules.typed import CriterionAnswer


def answers_of(
    *, met: Sequence[str] = (), not_applicable: Sequence[str] = (), cited: Sequence[str] = (), file: str = ""
) -> tuple[CriterionAnswer, ...]:
    """The answers in the order given. Raises Malformed, CannotRead."""
    files: dict[str, list[UUID]] = {}
    for text in cited:
        code, key = _pair(text, "--cite", _("标准代码=佐证编号"))
        files.setdefault(code, []).append(_id(key))
    said = [*_of_file(file)] if file else []
    for texts, option, applies in ((met, "--met", True), (not_applicable, "--not-applicable", False)):
        for text in texts:
            code, words = _pair(text, option, _("标准代码=说明"))
            said.append(CriterionAnswer(code, applies, words, tuple(files.pop(code, ()))))
    if files:
        raise Malformed(_("--cite 里的“{code}”没有对应的 --met，请补上。").format(code=next(iter(files))))
    return tuple(said)


def _pair(text: str, option: str, shape: str) -> tuple[str, str]:
    code, equals, rest = text.partition("=")
    if not equals or not code.strip():
        raise Malformed(_("{option} 请写成“{shape}”。").format(option=option, shape=shape))
    return code.strip(), rest.strip()


def _id(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Malformed(_("“{text}”不是佐证编号。请照 finding show --json 里的编号写。").format(text=text)) from None


def _of_file(name: str) -> Sequence[CriterionAnswer]:
    try:
        content = json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        said = _("读不了文件 {path}（{why}）。请核对路径和权限。")
        raise CannotRead(said.format(path=name, why=error.strerror)) from error
    except ValueError:
        raise CannotRead(_("文件 {path} 不是 UTF-8 的 JSON，请改正后再交。").format(path=name)) from None
    if not isinstance(content, list) or not all(isinstance(one, dict) and one.get("code") for one in content):
        shape = '[{"code": "…", "applies": true, "text": "…", "evidence": []}]'
        raise Malformed(_("--criteria 的文件请写成 {shape}。").format(shape=shape))
    return [_answer(one) for one in content]


def _answer(one: dict[str, Any]) -> CriterionAnswer:
    cited = tuple(_id(key) for key in one.get("evidence") or ())
    return CriterionAnswer(str(one["code"]), one.get("applies") is not False, str(one.get("text") or ""), cited)

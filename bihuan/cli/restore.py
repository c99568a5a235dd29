"""`bihuan restore`: damaged text made readable, as the text itself or as JSON with every change and its place.

Needs no database and loads no Django. Data goes to stdout, words to stderr.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from bihuan.cli.words import DONE, UNREADABLE, USAGE, _, show_json, tell
from bihuan.engines.reading import Unreadable
from bihuan.engines.reading.restore import Restored, restore_file
from bihuan.rules.vocabulary import N_

_AT_ONCE = 2000
RULES = {
    "pinyin": N_("拼音注音"),
    "simplify": N_("繁体转简体"),
    "shift": N_("错位的字节"),
    "lost": N_("缺失的字"),
    "punctuation": N_("标点和数字"),
    "spaces": N_("多余的空格"),
    "linebreak": N_("句中断行"),
    "html": N_("网页标签"),
    "boilerplate": N_("网页导航和版权信息"),
}


def restore_command(file: Path, *, as_json: bool, to: Path | None) -> int:
    """Restore one text file and print it; returns the exit code (0, 2 usage, 3 unreadable)."""
    if to is not None and (wrong := _wrong_target(to, file)):
        return _refuse(wrong)
    name = _name(file)
    try:
        restored = restore_file(file)
    except Unreadable as error:
        if as_json:
            show_json({"file": name, "error": {"code": error.code, "message": error.message}})
        tell(f"{name}：{error.message}")
        return UNREADABLE
    if to is not None and (wrong := _not_written(to, restored)):
        return _refuse(wrong)
    if as_json:
        _write(_json(name, restored))
    elif to is None:
        _write([restored.text])
    if not as_json or to is not None:
        _tell(name, restored)
    return DONE


def _wrong_target(to: Path, file: Path) -> str:
    if to.suffix.lower() != ".txt":
        return _("--to 后面请写一个以 .txt 结尾的文件名。")
    if to.exists() and file.exists() and to.samefile(file):
        return _("--to 不能是原文件。原文件要保留，请另写一个文件名。")
    return ""


def _not_written(to: Path, restored: Restored) -> str:
    try:
        to.write_bytes(restored.text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        said = _("写不进 {name}：请检查文件夹是否存在、是否可写，以及文件是否正被打开。（{why}）")
        return said.format(name=_name(to), why=error.strerror)
    return ""


def _name(file: Path) -> str:
    return os.fsencode(file).decode("utf-8", "replace")


def _refuse(sentence: str) -> int:
    tell(sentence)
    return USAGE


def _write(pieces: Iterator[str] | list[str]) -> None:
    """Data as it is: no line end is added to a text and none is changed."""
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _json(name: str, restored: Restored) -> Iterator[str]:
    """One line of JSON, piece by piece: a large text has a million changes."""

    head = f'"file": {_told(name)}, "encoding": {_told(restored.encoding)}, "text": {_told(restored.text)}'
    yield f'{{{head}, "changes": ['
    changes = map(_change, restored.changes.plain())
    begun = ""
    while some := list(islice(changes, _AT_ONCE)):
        yield begun + ", ".join(some)
        begun = ", "
    yield "]}\n"


def _change(plain: tuple[int, int, str, str, str, float, bool]) -> str:
    start, end, before, after, rule, confidence, applied = plain
    said = f'"before": {_word(before)}, "after": {_word(after)}, "rule": "{rule}", "confidence": {confidence}'
    return f'{{"span": [{start}, {end}], {said}, "applied": {"true" if applied else "false"}}}'


def _told(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


_word = lru_cache(maxsize=10_000)(_told)


def _tell(name: str, restored: Restored) -> None:
    """In words: how many changes were made, how many are only proposed, by rule."""
    counts = Counter((rule, applied) for *_, rule, _confidence, applied in restored.changes.plain())
    made = _counted(counts, applied=True)
    tell(_("{name}：编码 {encoding}。").format(name=name, encoding=restored.encoding))
    tell(_("已修复：{made}。").format(made=made) if made else _("没有修复任何内容。"))
    if offered := _counted(counts, applied=False):
        tell(_("待人工确认，没有改动：{offered}。用 --json 看每一处。").format(offered=offered))


def _counted(counts: Counter[tuple[str, bool]], *, applied: bool) -> str:
    parts = (f"{_(label)} {counts[rule, applied]}" for rule, label in RULES.items() if counts[rule, applied])
    return _("，").join(parts)

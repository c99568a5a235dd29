"""Traditional characters made Simplified: in texts and lines that are Traditional; a lone one is only proposed."""

from collections.abc import Iterable, Iterator

from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import Draft, Edit
from bihuan.engines.reading.shapes import Span

_FEW, _SHARE = 4, 0.3
_LINE_FEW, _LINE_SHARE = 2, 0.5


def simplify(draft: Draft, untouched: Iterable[Span] = (), *, was_noted: bool = False) -> None:
    """Change each Traditional character where the text, or its line, is Traditional; leave what waits as a whole."""
    text = draft.current
    traditional = letters.traditional()
    if not letters.has_traditional(text):
        return
    made = letters.simplified(text)
    waiting = sorted(untouched)
    taken = []
    if _is_traditional(text, few=1 if was_noted else _FEW, share=_SHARE):
        taken = list(_differences(text, made, 0, len(text)))
    else:
        for begin, end in _lines(text):
            line = text[begin:end]
            if not letters.has_traditional(line):
                continue
            if _is_traditional(line, few=_LINE_FEW, share=_LINE_SHARE):
                taken += _differences(text, made, begin, end)
            else:
                for edit in _differences(text, made, begin, end):
                    if text[edit.start] in traditional:
                        draft.offer(edit._replace(confidence=0.6))
    draft.put(_outside(taken, waiting))


def _is_traditional(text: str, *, few: int, share: float) -> bool:
    yes = sum(map(letters.traditional().__contains__, text))
    if yes < few:
        return False
    return yes >= share * (yes + sum(map(letters.simplified_only().__contains__, text)))


def _lines(text: str) -> Iterator[Span]:
    begin = 0
    for line in text.splitlines(keepends=True):
        yield begin, begin + len(line)
        begin += len(line)


def _differences(text: str, made: str, begin: int, end: int) -> Iterator[Edit]:
    for at in range(begin, end):
        if text[at] != made[at]:
            yield Edit(at, at + 1, made[at], "simplify")


def _outside(edits: Iterable[Edit], waiting: list[Span]) -> Iterator[Edit]:
    at = 0
    for edit in edits:
        while at < len(waiting) and waiting[at][1] <= edit.start:
            at += 1
        if at == len(waiting) or edit.start < waiting[at][0]:
            yield edit

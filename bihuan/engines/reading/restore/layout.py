"""Stray spaces inside Chinese, and lines broken inside sentences. Spaces and breaks that people set stay.

Both are proposals, but where a text is so full of them that nobody can have meant it.
"""

import re
from collections.abc import Iterator

from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import Draft, Edit
from bihuan.engines.reading.restore.pairs import Pairs
from bihuan.engines.reading.shapes import Span

# The rare sign first and what stands before it looked back for: so each is found many times faster.
_HIDDEN = re.compile(
    rf"[\u200b\u2060\ufeff\u00ad](?<=[{letters.HAN}，。、；：].)[\u200b\u2060\ufeff\u00ad]*(?=[{letters.HAN}，。、；：])"
)
_SPACE = re.compile(rf"[ \u00a0\u3000](?<=[{letters.HAN}].)(?=[{letters.HAN}])")
_BY_NUMBER = re.compile(rf"[ \u00a0](?:(?<=\d.)(?=[{letters.HAN}])|(?<=[{letters.HAN}].)(?=\d))")
_RUNNING = re.compile(r"[，,。；;、]")
_LONG = 20
_MANY_SPACES, _SPACED, _SPLIT = 10, 0.03, 0.6
_WRAPPED = 4
_MARKED = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十百]{1,3}[)）、.．]|[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十百]{1,3}"
    r"|[（(]?\d{1,3}[)）、.．]|[①-⑳]|[-—●■◆○·*•])"
)


def spaces(draft: Draft, pairs: Pairs) -> None:
    """Take hidden characters out; take spaces out of texts and lines full of them; propose the others."""
    draft.put(Edit(*one.span(), "", "spaces") for one in _HIDDEN.finditer(draft.current))
    text = draft.current
    if not _SPACE.search(text) and not _BY_NUMBER.search(text):
        return
    running = [line for line in _lines(text) if _is_running(text[slice(*line)])]
    found = [one.start() for line in running for one in _SPACE.finditer(text, *line)]
    split = [at for at in found if pairs.count(text[at - 1] + text[at + 1])]
    is_full = len(found) >= _MANY_SPACES and len(split) >= _SPLIT * len(found) and _is_dense(text, running, len(found))
    sure = set(found) if is_full else {at for line in running for at in _spaced_out(text, line)}
    for at in found:
        if at not in sure:
            draft.offer(Edit(at, at + 1, "", "spaces", 0.85 if at in set(split) else 0.5))
    for one in _BY_NUMBER.finditer(text):
        draft.offer(Edit(*one.span(), "", "spaces", 0.3))
    draft.put(Edit(at, at + 1, "", "spaces", 0.97) for at in sorted(sure))


def _is_dense(text: str, running: list[Span], many: int) -> bool:
    return many >= _SPACED * (sum(len(letters.IS_HAN.findall(text, *line)) for line in running) or 1)


def _lines(text: str) -> Iterator[Span]:
    return (one.span() for one in re.finditer(r"[^\r\n]+", text))


def _is_running(line: str) -> bool:
    return "\t" not in line and bool(_RUNNING.search(line)) and len(line) >= _LONG


def _spaced_out(text: str, line: Span) -> list[int]:
    """The spaces of a line of which every other character is one."""
    found = [one.start() for one in _SPACE.finditer(text, *line)]
    neighbors = len(letters.IS_HAN.findall(text, *line)) if found else 0
    return found if neighbors >= _LONG and len(found) >= 0.6 * neighbors else []


def linebreaks(draft: Draft, pairs: Pairs) -> None:
    """Join lines that only the width of a page divides; propose to join where a sentence goes on."""
    text = draft.current
    lines = list(_lines(text))
    broken = [at for at in range(len(lines) - 1) if _goes_on(text, lines[at], lines[at + 1])]
    known = {at for at in broken if pairs.count(text[lines[at][1] - 1] + text[_first_word(text, lines[at + 1])])}
    sure = _wrapped(broken, lines, known)
    made = []
    for at in broken:
        before, after = lines[at], lines[at + 1]
        edit = Edit(before[1], _first_word(text, after), "", "linebreak")
        if at in sure:
            made.append(edit._replace(confidence=0.97))
        else:
            draft.offer(edit._replace(confidence=0.85 if at in known else 0.6))
    draft.put(made)


def _first_word(text: str, line: Span) -> int:
    begin = line[0]
    while text[begin] in " \u3000\u00a0":
        begin += 1
    return begin


def _goes_on(text: str, before: Span, after: Span) -> bool:
    """Whether a sentence of the one line goes on in the next, which begins no item of a list."""
    if not letters.IS_HAN.match(text[before[1] - 1]):
        return False
    first, second = text[slice(*before)], text[slice(*after)].lstrip(" \u3000\u00a0")
    if text[before[1] : after[0]] not in {"\n", "\r\n", "\r"} or not second or after[0] + 1 < _first_word(text, after):
        return False
    if not (_is_running(first) and letters.IS_HAN.match(second[0])):
        return False
    if _MARKED.match(first) and "。" not in first:
        return False
    return not _MARKED.match(second) and bool(_RUNNING.search(second)) and not _is_cut(first, second)


def _is_cut(first: str, second: str) -> bool:
    """Whether a quotation begun in the one line finds no end in the other: something is missing between them."""
    is_open = first.rfind("“") > first.rfind("”")
    return is_open and (second.find("”") < 0 or 0 <= second.find("“") < second.find("”"))


def _wrapped(broken: list[int], lines: list[Span], known: set[int]) -> set[int]:
    """Breaks that come again and again at the same width, and mostly divide words; the rows of a list do not."""
    sure: set[int] = set()
    run: list[int] = []
    for at in broken:
        begin, end = lines[at]
        if not run or at != run[-1] + 1 or abs(end - begin - (lines[run[0]][1] - lines[run[0]][0])) > 1:
            run = []
        run.append(at)
        if len(run) >= _WRAPPED and 2 * len(known.intersection(run)) >= len(run):
            sure.update(run)
    return sure

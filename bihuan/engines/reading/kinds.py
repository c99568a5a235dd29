"""Decides the kind of a document before anything is read out of it: a document of kind other never has an item.

Using the right words is not enough; no item is looked at here. The words stand in kinds.toml and kind_signs.toml,
the learned weights in kinds.json and, of all that is said (kind_pairs.py), in kind_pairs.json.
"""

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from bihuan.engines.reading import kind_pairs
from bihuan.engines.reading.content import Table
from bihuan.engines.reading.items.announced import is_announced
from bihuan.engines.reading.kind_signs import signs_of
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.markers import Line
from bihuan.engines.reading.words import lexicon
from bihuan.engines.reading.words.seeking import seeker

Signs = dict[str, float]

KINDS = ("feedback", "plan", "notice", "statistics", "ledger", "other")
_WORDS = "kinds"
_HEAD_LINES = 12
_LONGEST_TITLE = 60
_LONGEST_LEADER = 90
_TITLE_WEIGHT = 3
_ENOUGH = 4
_ENOUGH_UNTITLED = 5
_CHARACTERS_PER_DONE = 160
_HEAD = 6_000
_TAIL = 3_000
_MATTER = re.compile("巡察|巡视")
# An office's own paper need not say once more of what it is the feedback.
_BARE = re.compile("反馈(意见|问题)(书|稿|清单)?$")
_VERSION = re.compile(r"\((?![^()]*(?:巡察|巡视))[^()]{1,24}\)$")
_SPACES = re.compile(r"\s")
_NUMBER = re.compile(
    r"[\d.,%‰/:<>≥≤+ \-—–~约近余多无零○〇一二三四五六七八九十百千万亿]*"
    r"[元个项条件次人户份名家大小类方面位起页天日月年第\d/]*$"
)
_WORDY = 9
_SUM = re.compile(
    r"(?:问题|整改|完成|办结|销号|率|建议|制度|资金)[^,。;\d\n]{0,10}[\d.]+(?:余|多)?(?:个|项|条|件|次|人|%|万?元|亿元)"
)
_SUMS = 4
_FOREIGN = re.compile(
    "审计|内控|消防|安全(生产|检查|隐患|管理)|隐患|环(保|境)(督察|检查|问题)|督察反馈|食品|卫生检查|质量(检查|问题)|信访|投诉|体检|评估反馈|学风|教学检查|统计督察"
)
_FORMULAS = 8
_FOR_RULES = 0.5
_FOR_NAMED = 2.0
_FOR_MEASURES = 1.5  # where a table of findings has a column for them
_ENOUGH_WRONG = 0.4
_FOR_OTHER = 0.2
_FOR_OTHER_TITLE = 4.0
_SHORT = 150  # too little to tell by, where no inspection is spoken of
_FOR_SILENT = 0.5  # for other, where no inspection is spoken of
_PAIRS = 2  # how much more the pairs say than the signs


def kind_of(
    mirror: str, lines: Sequence[Line], tables: Sequence[Table] = (), *, has_table: bool = False,
    has_measures: bool = False,
) -> str:  # fmt: skip
    """The kind of a document; `has_table` and `has_measures` tell of a table of findings and its columns.

    Title, formulas, lines, columns and the pairs of characters are weighed together with what the rules say. A paper
    that speaks of no inspection is other where it is short, or its head names another sort of paper, or of inspection.
    """
    titles = titles_of(mirror, lines, tables[0].span[0] if tables else len(mirror))
    is_other, is_silent = _is_other(titles), not _MATTER.search(mirror)
    is_ours = has_measures or any(map(_BARE.search, titles))
    if is_silent and (is_other or _is_foreign(titles) or (len(mirror) < _SHORT and not is_ours)):
        return "other"
    signs, ruled = _signs(mirror, lines, tables, titles, has_table=has_table, has_measures=has_measures)
    by_signs, by_pairs = scores_of(signs), kind_pairs.scores_of(mirror)
    scores = {kind: by_signs[kind] + _PAIRS * by_pairs[kind] for kind in KINDS}
    scores["other"] += _FOR_OTHER + (_FOR_OTHER_TITLE if is_other else 0)
    scores["other"] += _FOR_SILENT if is_silent and not is_ours else 0
    if ruled != "other":
        scores[ruled] += _FOR_NAMED if f"named {ruled}" in signs else _FOR_RULES
        scores[ruled] += _FOR_MEASURES if has_measures else 0
        # What is called a feedback, and tells nothing of rectification, is no ledger of it.
        scores["ledger"] -= _FOR_MEASURES if "named feedback" in signs and not has_measures else 0
    if "named feedback" in signs and not is_other and _opens(mirror):
        scores["feedback"] += _FOR_NAMED
    kind = max(KINDS, key=lambda kind: scores[kind])
    if kind == "other" and not is_other and is_announced(mirror, [line.span for line in lines]):
        return "feedback"
    return kind


def _is_foreign(titles: Sequence[str]) -> bool:
    """The head names another sort of inspection: an audit, safety, fire, food."""
    return any(map(_FOREIGN.search, titles))


def borne_out(kind: str, mirror: str, findings: Sequence[str]) -> str:
    """The kind, or what the paper is when what was found in it does not bear it out.

    News of a feedback tells none: enough of what is found must say that something is wrong, not appeal or advise. A
    notice that tells sums and not one finding is statistics.
    """
    if kind == "notice" and not findings and len(_SUM.findall(mirror)) >= _SUMS:
        return "statistics"
    if kind != "feedback" or (findings and _opens(mirror)):
        return kind
    wrong = sum(1 for words in findings if _tells_wrong(words))
    return kind if findings and wrong >= len(findings) * _ENOUGH_WRONG else "other"


def _tells_wrong(words: str) -> bool:
    """Its title says what is wrong, or what stands behind the title does so with figures."""
    if sections.is_imperative(words):
        return False
    title = sections.title_of(words)
    rest = words[len(title) :]
    return sections.is_negative(title.replace("问题", "")) or (
        any(character.isdigit() for character in rest) and sections.is_negative(rest)
    )


def learnable(mirror: str, lines: Sequence[Line], tables: Sequence[Table], with_findings: Sequence[bool]) -> Signs:
    """What the weights are learned from: the signs of a document, `with_findings` as in `kind_of`."""
    titles = titles_of(mirror, lines, tables[0].span[0] if tables else len(mirror))
    return _signs(mirror, lines, tables, titles, has_table=with_findings[0], has_measures=with_findings[1])[0]


def scores_of(signs: Signs) -> dict[str, float]:
    """How much the signs speak for each kind, in natural logarithms."""
    weights = _weights()
    scores = [float(one) for one in weights["bias"]]
    for name, value in signs.items():
        if row := weights["rows"].get(name):
            scores = [score + weight * value for score, weight in zip(scores, row, strict=True)]
    return {kind: score / 100 for kind, score in zip(weights["kinds"], scores, strict=True)}


@cache
def _weights() -> dict[str, Any]:
    return json.loads(resources.files("bihuan.engines.reading.words").joinpath("kinds.json").read_text("utf-8"))  # type: ignore[no-any-return]


def _signs(
    mirror: str, lines: Sequence[Line], tables: Sequence[Table], titles: Sequence[str], *, has_table: bool,
    has_measures: bool,
) -> tuple[Signs, str]:  # fmt: skip
    """The signs, those of the rules among them, and the kind that the rules alone would say."""
    signs = signs_of(mirror, lines, titles, tables)
    named = _named(titles)
    is_other = _is_other(titles)
    told = {"has_table": has_table, "has_measures": has_measures, "named other": is_other}
    signs |= {name: 1.0 for name, is_so in told.items() if is_so}
    if named:
        signs[f"named {named}"] = 1.0
    for name in ("plan", "notice", "other", "feedback"):
        signs[f"formula {name}"] = min(1.0, _weight(mirror, name) / _FORMULAS)
    if is_other:
        return signs, "other"
    wordy, counted = _rows_of(mirror, tables)
    if named:
        return signs, _checked(mirror, lines, named, wordy, counted, has_table=has_table, has_measures=has_measures)
    return signs, _untitled(mirror, lines, wordy, counted, has_table=has_table, has_measures=has_measures)


def titles_of(mirror: str, lines: Sequence[Line], before: int) -> list[str]:
    """The short lines at the head, before the first number and table; one broken over two is also tried joined.

    Lines of a web page around the title (navigation, source, date, size of type) are passed over.
    """
    heads: list[str] = []
    for line in (line for line in lines[:_HEAD_LINES] if line.span[0] < before):
        text = _SPACES.sub("", mirror[line.span[0] : line.span[1]])
        if not heads and (_search("navigation", text) or len(text) > _LONGEST_LEADER) and not _names(text):
            continue
        if line.markers or len(text) > _LONGEST_TITLE or text.endswith(("。", ";")) or text.count(",") > 1:
            break
        heads.append(_VERSION.sub("", text))
    return heads + [
        first + second for first, second in itertools.pairwise(heads) if len(first + second) <= _LONGEST_LEADER
    ]


def _names(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and bool(_named([_VERSION.sub("", text)]))


@lru_cache(maxsize=256)
def _search(name: str, text: str) -> bool:
    return bool(lexicon.says("titles", name, _WORDS)(text))


def _is_other(titles: Sequence[str]) -> bool:
    told = [title for title in titles[:_HEAD_LINES] if not title.endswith(":")]
    is_spoken = any(map(_is_spoken, told))
    return not is_spoken and any(_search("other", title) and not _search("passed_on", title) for title in told)


def _is_spoken(title: str) -> bool:
    """A feedback document may be called a note of what was said: 向…反馈…谈话记录."""
    return _search("feedback", title) and title.endswith(("记录", "摘要", "要点", "讲话稿", "反馈稿"))


def _named(titles: Sequence[str]) -> str:
    """The kind a title names; of several titles the first that names one, of several kinds the more special."""
    for title in titles:
        if title.endswith(":") or not re.search("巡察|巡视|整改|反馈|问题|台账|统计|方案", title):
            continue
        for kind in ("plan", "statistics", "ledger", "notice", "feedback", "notice_perhaps"):
            if _search(kind, title) and not (kind == "ledger" and _search("feedback", title) and "整改" not in title):
                return kind
    return ""


def _checked(
    mirror: str, lines: Sequence[Line], named: str, wordy: int, counted: int, *, has_table: bool, has_measures: bool
) -> str:
    if named == "ledger" or (named == "statistics" and wordy > counted and has_measures):
        return "ledger" if has_table or wordy else ("statistics" if counted else "other")
    if named == "notice" and counted > max(wordy, 1) and not has_measures and len(mirror) < _HEAD:
        return "statistics"
    if named == "notice_perhaps":
        return _by_body(mirror)
    if named == "feedback":
        if has_measures:
            return "ledger"
        return "feedback" if _is_feedback(mirror, lines, titled=True, has_table=has_table) else "other"
    return named


def _by_body(mirror: str) -> str:
    """Plan, notice or other for a title that speaks of rectification and leaves open what it is."""
    plan, notice, other = (_weight(mirror, name) for name in ("plan", "notice", "other"))
    if max(plan, notice) <= other + 1:
        return "other"
    return "plan" if plan > notice else "notice"


def _untitled(
    mirror: str, lines: Sequence[Line], wordy: int, counted: int, *, has_table: bool, has_measures: bool
) -> str:
    if has_measures and wordy > 1 and _weight(mirror, "other") < _TITLE_WEIGHT:
        return "ledger"
    if _is_feedback(mirror, lines, titled=False, has_table=has_table):
        return "feedback"
    if counted >= _ENOUGH and counted > wordy:
        return "statistics"
    if _weight(mirror, "other") >= _TITLE_WEIGHT:
        return "other"
    plan, notice = _weight(mirror, "plan"), _weight(mirror, "notice")
    done = len(lexicon.pattern("often", "done", _WORDS).findall(mirror[:_HEAD]))
    if notice >= _TITLE_WEIGHT and done * _CHARACTERS_PER_DONE >= min(len(mirror), _HEAD):
        return "notice"
    if max(plan, notice) < _ENOUGH_UNTITLED:
        return "other"
    return "plan" if plan > notice else "notice"


def _is_feedback(mirror: str, lines: Sequence[Line], *, titled: bool, has_table: bool) -> bool:
    formulas = _weight(mirror, "feedback")
    if not titled and (formulas < _TITLE_WEIGHT + 2 or not _opens(mirror)):
        return False
    headed = 1 if _has_problem_heading(mirror, lines) else 0
    weight = (_TITLE_WEIGHT if titled else 0) + formulas + headed + (2 if has_table else 0)
    return weight >= _ENOUGH and weight > _weight(mirror, "other")


def _opens(mirror: str) -> bool:
    """The head announces a feedback (现将……反馈如下), or is called a record of what was said in one."""
    head = mirror[:_HEAD]
    return bool(lexicon.weighted("feedback", _WORDS)[0][0].search(head)) or _is_spoken(head.split("\n", 1)[0].strip())


@lru_cache(maxsize=16)
def _weight(mirror: str, name: str) -> int:
    """Each formula counts once; the head and the tail of a long text are enough."""
    stretches = (mirror,) if len(mirror) <= _HEAD + _TAIL else (mirror[:_HEAD], mirror[-_TAIL:])
    found = lexicon.weighted(name, _WORDS)
    return sum(weight for words, weight in found if any(map(seeker(words), stretches)))


def _rows_of(mirror: str, tables: Sequence[Table]) -> tuple[int, int]:
    """How many rows hold a cell of many words that says something is wrong, and how many mostly numbers."""
    wordy = counted = 0
    for table in tables:
        for row in table.rows[1:400]:
            cells = [text for cell in dict.fromkeys(row) if (text := _SPACES.sub("", mirror[slice(*cell)]))]
            numbers = sum(1 for cell in cells[1:] if _NUMBER.match(cell))
            if numbers >= 2 and numbers * 2 >= len(cells) - 1:
                counted += 1
            elif any(len(cell) >= _WORDY and sections.is_negative(cell) for cell in cells):
                wordy += 1
    return wordy, counted


def _has_problem_heading(mirror: str, lines: Sequence[Line]) -> bool:
    titles = [sections.title_of(mirror[start : min(end, start + _LONGEST_TITLE)]) for start, end in _entries(lines)]
    wrong = [title for title in titles if sections.is_negative(title) and not sections.is_imperative(title)]
    return len(wrong) > 1 or any(sections.role_of(title) == "problem" for title in titles)


def _entries(lines: Sequence[Line]) -> Iterator[Span]:
    """Short lines, and what stands behind each number of a line."""
    for line in lines:
        if not line.markers and line.span[1] - line.span[0] <= _LONGEST_TITLE:
            yield line.span
        ends = [marker.start for marker in line.markers[1:]] + [line.span[1]]
        for marker, end in zip(line.markers, ends, strict=True) if line.markers else ():
            yield marker.end, end

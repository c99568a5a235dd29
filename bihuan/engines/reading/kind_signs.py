"""What about a document speaks for its kind, as named numbers between 0 and 1; which kind it is, `kinds` weighs.

Groups of plain words stand in kind_signs.toml; here they are counted, and the lines and columns measured.
"""

import math
import operator
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.markers import Line
from bihuan.engines.reading.words import lexicon

HEAD = 6_000
TAIL = 3_000
_WORDS = "kind_signs"
_OPENING = 700
_CLOSING = 320
_LINES = 90
_LONGEST_TITLE = 60
_LONGEST_LABEL = 12
_WORDY = 10
_MANY = math.log(9)
_DENSE = math.log(11)
_SHORTEST_SENTENCE = 8
_STOP = re.compile(r"[。;!?\n]+")
_COUNTED = re.compile(r"[\d一二三四五六七八九十两百千万半](?![是、要年月日方则])")
_LABEL = re.compile(r"[\n。;】\]\s][【\[(]?([一-龥]{2,8})(?=[】\])]?[:】])")
_SEPARATORS = tuple(
    (sign, re.compile(words))
    for sign, words in (
        ("\t", r"\t"),
        ("/", r" ?/ ?"),
        ("|", r" ?\| ?"),
        ("", r"\s+"),
        ("、", "、"),
        (",", ","),
        (";", ";"),
    )
)
_FEWEST_CELLS = 4
_FEWEST_ROWS = 3
_BRACKETED = re.compile(r"\([^()]*\)$|[:》”]+$")
_NUMBER = re.compile(r"[\d.,%/+\- ~约近余多无—○〇零一二三四五六七八九十百千万亿元个项条件次人户份名家]+")
_ROLES = {
    "problem": "问题|表现|病灶|症结|事项|毛病|指出|反馈|原话|隐患",
    "measure": "措施|举措|办法|做法|怎么|要点|处方|对策|任务|打算|动作",
    "result": "结果|成效|情况|进展|效果|见效|成果|弄成|现在|疗效|答",
    "state": "状态|完成|进度|销号|弄完|改没改|是否|评定|验收",
    "who": "责任|牵头|负责|领导|单位|部门|科室|配合|谁|人$|主治|经办",
    "when": "时限|期限|时间|日期|啥时|何时|完工|疗程",
    "aim": "目标|标准|要求",
    "amount": "数|率|比|占|合计|应|已|未|排名|名次|户|件|金额|分值|得分|满意",
    "number": "序号|编号|号|代码|编码",
    "organization": "单位|乡镇|村|企业|科室|学院|支部|名称|部门|街道|公司|组别",
}
_NAMED = {role: re.compile(words) for role, words in _ROLES.items()}


def signs_of(mirror: str, lines: Sequence[Line], titles: Sequence[str], tables: Sequence[Table]) -> dict[str, float]:
    """All signs that are not zero, by name."""
    told = _told(mirror)
    first = next((line.span[0] for line in lines if line.span[1] - line.span[0] > _LONGEST_TITLE // 2), 0)
    parts = {
        "title": "\n".join(titles),
        "opening": mirror[:_OPENING] if first < _OPENING // 2 else mirror[first : first + _OPENING],
        "closing": mirror[-_CLOSING:],
        "body": told,
    }
    found: dict[str, float] = {}
    for part, words in parts.items():
        found |= _counted(part, words)
    for name, group in lexicon.groups("ending", _WORDS):
        if any(_BRACKETED.sub("", title).endswith(group) for title in titles):
            found[f"ending {name}"] = 1.0
    found |= _of_lines(mirror, lines)
    found |= _of_labels(told)
    found |= _of_sentences(told)
    found |= _of_columns(mirror, lines, tables)
    found["length"] = min(1.0, math.log(1 + len(mirror) / 300) / _MANY)
    found["titled"] = float(bool(titles))
    return {name: value for name, value in found.items() if value}


def _told(mirror: str) -> str:
    return mirror if len(mirror) <= HEAD + TAIL else mirror[:HEAD] + mirror[-TAIL:]


def _counted(part: str, words: str) -> dict[str, float]:
    found: dict[str, float] = {}
    told = lexicon.counter(part, _WORDS)(words)
    thousands = max(len(words), 400) / 1000
    for name, _ in lexicon.groups(part, _WORDS):
        if name not in told:
            continue
        count = told[name]
        if part == "body":
            found[f"body {name}"] = min(1.0, math.log(1 + count) / _MANY / 2)
            found[f"dense {name}"] = min(1.0, math.log(1 + count / thousands) / _DENSE)
        else:
            found[f"{part} {name}"] = 1.0
    return found


def _of_lines(mirror: str, lines: Sequence[Line]) -> dict[str, float]:
    """What share of the numbered entries, and of all lines, say that something is wrong, demand, have done."""
    looked = lines[:_LINES]
    entries = [mirror[span[0] : min(span[1], span[0] + 160)] for line in looked for span in _entries(line)]
    wordy = [mirror[slice(*line.span)] for line in looked if line.span[1] - line.span[0] >= _WORDY]
    found = {
        "entries": min(1.0, math.log(1 + len(entries)) / _MANY / 2),
        "numbered lines": _share(bool(line.markers) for line in looked),
        "lines of prose": _share(text.endswith("。") for text in wordy),
        "long lines": _share(len(text) > 120 for text in wordy),
        "short lines": _share(line.span[1] - line.span[0] < 30 for line in looked),
    }
    for name, texts in (("entries", entries), ("lines", wordy)):
        heads = [sections.title_of(text)[:80] for text in texts]
        found[f"{name} wrong"] = _share(map(sections.is_negative, heads))
        found[f"{name} demand"] = _share(map(sections.is_imperative, heads))
        found[f"{name} done"] = _share("已" in text or "完成" in text or "了" in text for text in texts)
        found[f"{name} counted"] = _share(any(map(str.isdigit, text)) for text in texts)
        found[f"{name} to come"] = _share("将" in text or "要" in text or "前完成" in text for text in texts)
        found[f"{name} about"] = _share(text.startswith(("关于", "针对", "对于", "“")) for text in texts)
    return found


def _share(answers: Iterable[bool]) -> float:
    told = list(answers)
    return sum(told) / len(told) if told else 0.0


def _entries(line: Line) -> Iterator[Span]:
    ends = [marker.start for marker in line.markers[1:]] + [line.span[1]]
    for marker, end in zip(line.markers, ends, strict=True) if line.markers else ():
        yield marker.end, end


def _of_sentences(text: str) -> dict[str, float]:
    """What share of the sentences, and of those with figures, say what; a letter without numbers is told by them."""
    sentences = [one for one in _STOP.split(text) if len(one) >= _SHORTEST_SENTENCE]
    if not sentences:
        return {}
    counted = [bool(_COUNTED.search(one)) for one in sentences]
    found = {"sentences counted": sum(counted) / len(sentences)}
    said = {name: [bool(words.search(one)) for one in sentences] for name, words in lexicon.either("sentence", _WORDS)}
    alone = [
        wrong and not (done or later or asked)
        for wrong, done, later, asked in zip(said["wrong"], said["done"], said["to_come"], said["asked"], strict=True)
    ]
    found["sentences wrong alone"] = sum(alone) / len(alone)
    found["figures wrong alone"] = sum(map(operator.and_, alone, counted)) / len(alone)
    mended = list(map(operator.and_, said["wrong"], said["done"]))
    found["sentences mended"] = sum(mended) / len(mended)
    for name, told in said.items():
        found[f"sentences {name}"] = sum(told) / len(told)
        found[f"figures {name}"] = sum(map(operator.and_, told, counted)) / len(told)
    return found


def _of_labels(told: str) -> dict[str, float]:
    """Labels that come again and again are those of entries: what they name."""
    counted = Counter(found[1] for found in _LABEL.finditer("\n" + told))
    found: dict[str, float] = {}
    for label, count in counted.items():
        if count > 1:
            found["labels"] = max(found.get("labels", 0.0), min(1.0, math.log(count) / _MANY))
            for role, words in _NAMED.items():
                if words.search(label):
                    found[f"label {role}"] = 1.0
    return found


def _of_columns(mirror: str, lines: Sequence[Line], tables: Sequence[Table]) -> dict[str, float]:
    """What the columns of tables, and of lines written as rows, are called, and what stands in them."""
    rows = [[mirror[slice(*cell)] for cell in dict.fromkeys(row)] for table in tables for row in table.rows[:60]]
    drawn = [] if rows else _drawn([mirror[slice(*line.span)] for line in lines[:_LINES]])
    found = {"tables": float(bool(tables)), "drawn": min(1.0, len(drawn) / 8)}
    rows = rows or drawn
    if len(rows) < _FEWEST_ROWS:
        return found
    named = [cell.strip() for row in rows[:3] for cell in row if len(cell.strip()) <= _LONGEST_LABEL]
    roles = {role for role, words in _NAMED.items() if any(words.search(cell) for cell in named)}
    found |= {f"column {role}": 1.0 for role in roles}
    found["columns planned"] = float("measure" in roles and not roles & {"result", "state"})
    found["columns named wrong"] = float("problem" in roles and not roles & {"measure", "result", "state"})
    found["columns told"] = float("problem" in roles and bool(roles & {"result", "state"}))
    cells = [cell.strip() for row in rows[1:] for cell in row[1:] if cell.strip()]
    found["cells of numbers"] = _share(bool(_NUMBER.fullmatch(cell)) for cell in cells)
    found["cells of words"] = _share(len(cell) >= _WORDY for cell in cells)
    found["rows wrong"] = _share(
        any(len(cell) >= _WORDY - 2 and sections.is_negative(cell) for cell in row) for row in rows[1:]
    )
    return found


def _drawn(lines: Sequence[str]) -> list[list[str]]:
    """Lines written as rows of a table, by the separator that cuts most of them into cells."""
    best: list[list[str]] = []
    for sign, separator in _SEPARATORS:
        parted = [line for line in lines if not sign or line.count(sign) >= _FEWEST_CELLS - 1]
        rows = [cells for line in parted if len(cells := separator.split(line)) >= _FEWEST_CELLS]
        widths = Counter(map(len, rows)).most_common(1)
        rows = [cells for cells in rows if abs(len(cells) - widths[0][0]) <= 1]
        if len(rows) > max(len(best), _FEWEST_ROWS - 1) and sum(len("".join(cells)) < 120 for cells in rows) > 2:
            best = rows
    return best

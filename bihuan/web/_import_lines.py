"""What the pages of imports show of a ledger: its state, faults by their cells, columns with reasons, rows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from bihuan.actions.refusals import Unreadable
from bihuan.queries import imports as queries
from bihuan.queries.imports import LONGEST_SHEET, ColumnRow, ImportRow, PreviewRow
from bihuan.rules.form_words import reason_of
from bihuan.rules.import_columns import CHANGED, CONFLICT, NEW, OUTCOMES, TARGETS, UNCHANGED
from bihuan.rules.vocabulary import N_
from bihuan.web import _pages, words

MOST_FAULTS, AT_A_GLANCE = 300, 20
LOOKS = {
    queries.WAITING: _pages.Look(N_("排队中"), "○", "open"),
    queries.READING: _pages.Look(N_("正在核对"), "◔", "wait"),
    queries.REFUSED: _pages.Look(N_("还不能核对"), "×", "back"),
    queries.FAULTY: _pages.Look(N_("有错误"), "×", "back"),
    queries.READY: _pages.Look(N_("可以写入"), "●", "done"),
    queries.NOTHING: _pages.Look(N_("没有可以写入的"), "○", "open"),
    queries.APPLIED: _pages.Look(N_("已写入"), "●", "done"),
}
LEFT_LOOK = _pages.Look(N_("没有人接着核对"), "×", "back")
OUTCOME_LOOKS = {NEW: ("●", "done"), CHANGED: ("◔", "wait"), UNCHANGED: ("○", "open"), CONFLICT: ("×", "back")}


def look(row: ImportRow) -> _pages.Look:
    """Its state; what its sender left unchecked waits for nobody but who reads the page."""
    return LEFT_LOOK if row.left_by and row.state in queries.RUNNING else LOOKS[row.state]


def summary(row: ImportRow) -> str:
    """How it is, in a sentence."""
    preview = row.preview
    if row.state == queries.FAULTY:
        said = ngettext("核对 %(rows)s 行，%(n)s 处要改。", "核对 %(rows)s 行，%(n)s 处要改。", preview.n_faults)
        return said % {"rows": preview.n_rows, "n": preview.n_faults}
    if preview.outcomes:
        parts = [f"{words.label(label)} {preview.outcomes[code]}" for code, label in OUTCOMES.items()
                 if preview.outcomes.get(code)]  # fmt: skip
        return gettext("，").join(parts)
    return fault(row)


def fault(row: ImportRow) -> str:
    """Why it could not be checked; empty where it could."""
    if not row.preview.fault:
        return ""
    if row.preview.fault in queries.WITHOUT:
        return words.label(queries.WITHOUT[row.preview.fault])
    return Unreadable(row.preview.fault, row.said).said(words.label)


def facts(row: ImportRow) -> list[_pages.Fact]:
    """Where it is for, who sent it, and where its rows stand."""
    left_out = row.preview.n_left_out
    told = summary(row) if row.preview.n_rows else ""
    return [
        _pages.Fact(N_("轮次"), row.round),
        _pages.Fact(N_("送来的单位"), row.sender),
        *([_pages.Fact(N_("读的工作表"), gettext("、").join(row.preview.taken))] if has_sheets(row) else []),
        _pages.Fact(N_("数据行数"), row.preview.n_rows),
        *([_pages.Fact(N_("核对结果"), told)] if told else []),
        *([_pages.Fact(N_("没有算作数据的行（备注、合计等）"), left_out)] if left_out else []),
    ]


def has_sheets(row: ImportRow) -> bool:
    """Whether there is a choice of sheets, and some were read."""
    return len(row.preview.sheets) > 1 and bool(row.preview.taken)


def sheets(row: ImportRow, *, chosen: str) -> list[dict[str, Any]]:
    """The sheets that a person may choose among; none where there is but one."""
    names = row.preview.sheets if len(row.preview.sheets) > 1 else ()
    return [{"name": name, "selected": name[:LONGEST_SHEET] == chosen[:LONGEST_SHEET]} for name in names]


def kinds(row: ImportRow) -> list[dict[str, Any]]:
    """How many faults of each kind, the most first; nothing where they are seen at a glance."""
    if row.preview.n_faults <= AT_A_GLANCE:
        return []
    counts = sorted(row.preview.counts.items(), key=lambda one: -one[1])
    return [{"said": words.label(queries.FAULTS[code]), "n": n} for code, n in counts]


def faults(row: ImportRow) -> list[dict[str, Any]]:
    """The first faults in the order of the file."""
    has_sheets, place = len(row.preview.taken) > 1, gettext("见 %(cell)s")
    return [
        {
            "cell": f"{one.sheet}!{one.cell}" if has_sheets else one.cell,
            "was": one.was,
            "said": words.label(queries.FAULTS[one.code]),
            "near": [place % {"cell": near} for near in one.near] if one.code in queries.TWICE else one.near,
        }
        for one in row.preview.faults[:MOST_FAULTS]
    ]


def counts(row: ImportRow, *, address: str, outcome: str) -> list[_pages.Count]:
    """How many rows of each outcome, each with the address of its rows."""
    found = row.preview.outcomes
    if not found:
        return []
    every = _pages.Count(N_("全部"), sum(found.values()), address, "", "open", not outcome)
    return [
        every,
        *(
            _pages.Count(label, found.get(code, 0), f"{address}?outcome={code}", *OUTCOME_LOOKS[code], code == outcome)
            for code, label in OUTCOMES.items()
        ),
    ]


def columns(row: ImportRow, *, typed: Mapping[int, str] | None = None) -> list[dict[str, Any]]:
    """Each column of the file with what it is taken for, and why; `typed`: what a person said just now."""
    taken = {one.place: one.code if typed is None else typed.get(one.place, "") for one in row.preview.columns}
    return [
        {
            "label": one.label,
            "field": f"column-{one.place}",
            "options": [
                {"code": "", "label": N_("不导入，只留在原行里"), "selected": not taken[one.place]},
                *(
                    {"code": code, "label": label, "selected": code == taken[one.place]}
                    for code, label in TARGETS.items()
                ),
            ],
            "why": _why(one),
        }
        for one in row.preview.columns
    ]


def _why(one: ColumnRow) -> str:
    if one.why == queries.CHOSEN:
        return gettext("由人选定")
    if not one.why:
        return gettext("没有相近的列")
    return words.label(reason_of(one.why, word=one.word, name=TARGETS[one.code])) % {"word": one.word}


def row_line(one: PreviewRow, *, has_sheets: bool) -> dict[str, Any]:
    """One row of the file; of which sheet, where several are read."""
    shape, tone = OUTCOME_LOOKS[one.outcome]
    return {
        "row": one.row,
        "sheet": one.sheet if has_sheets else "",
        "unit": one.unit,
        "text": one.text,
        "state": _pages.Look(OUTCOMES[one.outcome], shape, tone),
        "number": one.number,
        "url": f"/findings/{one.finding}/" if one.finding else "",
        "like": {
            "url": f"/findings/{one.like.id}/",
            "number": one.like.number,
            "percent": round(one.like.likeness * 100),
            "words": one.like.words,
        }
        if one.like
        else None,
        "said": [
            {
                "label": words.label(TARGETS.get(each.column, "")),
                "why": words.label(queries.WHY.get(each.column, "")),
                "here": each.here,
                "there": each.there,
            }
            for each in one.differences
        ],
    }

"""Somebody's own empty table filled from the ledger: what each of its heads may mean, and the rows put below them.

What a head means is proposed from profiles/form_words.toml, for a person to correct. The engine is loaded late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from bihuan.engines import writing
from bihuan.queries.findings.columns import IN_SHEETS, Speech
from bihuan.queries.findings.lines import Line
from bihuan.queries.findings.sheets import cells_of
from bihuan.queries.ledger import FormFile
from bihuan.rules.form_words import SAME, Proposal, candidates, form_words, proposed, reason_of
from bihuan.rules.vocabulary import N_

NotAForm = writing.NotAForm
# A form is opened as a whole: so many rows go into one.
MOST_ROWS = 5_000
FAULTS: Mapping[str, str] = {
    "too_large": N_("表样太大。请只留空表，去掉图片和多余的工作表后再上传。"),
    "locked": N_("表样加了密码，或者是旧格式 .xls。请去掉密码，另存为 .xlsx 后再上传。"),
    "macros": N_("表样里有宏。请另存为不带宏的 .xlsx 后再上传。"),
    "wrong_type": N_("这不是 .xlsx 表格。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"),
    "damaged": N_("这个表格打不开，可能已经损坏。请用 Excel 或 WPS 重新另存为 .xlsx 后再上传。"),
    "no_head": N_("没有找到表头。请确认表里有一行列名，或者写明表头在第几行。"),
}


@dataclass(frozen=True)
class FormColumn:
    """One column of a form: its place, its head, which column of the ledger is proposed, and why."""

    place: int
    label: str
    code: str
    why: str
    word: str
    is_doubtful: bool = False


@dataclass(frozen=True)
class FormReading:
    """An empty table as it was read."""

    sheet: str
    head_from: int
    head_to: int
    columns: tuple[FormColumn, ...]
    loses_pictures: bool


def read_form(content: bytes, *, row: int = 0, sheet: str = "") -> FormReading:
    """Where the head stands and what its columns may mean; `row`: where a person says it stands. Raises NotAForm."""
    from bihuan.engines.writing.forms import head_of

    words = form_words()
    head = head_of(content, knows=_is_known, row=row, sheet=sheet)
    means = proposed([label for _place, label in head.columns], words=words)
    columns = tuple(_column(place, label, one) for (place, label), one in zip(head.columns, means, strict=True))
    return FormReading(head.sheet, head.top, head.bottom, columns, writing.loses_pictures(content))


def _column(place: int, label: str, means: Proposal | None) -> FormColumn:
    if means is None:
        return FormColumn(place, label, "", "", "")
    why = reason_of(means.why, word=means.word, name=IN_SHEETS[means.code].label)
    return FormColumn(place, label, means.code, why, means.word, means.why != SAME)


def _is_known(label: str) -> bool:
    found = candidates(label, words=form_words())
    return bool(found) and found[0].why == SAME


def name_of(file_name: str) -> str:
    """What a form is called until somebody says otherwise."""
    return PurePath(file_name.replace("\\", "/")).stem


def filled(form: FormFile, *, rows: Sequence[Line], say: Speech) -> bytes:
    """The form with the rows below its head, in the columns that were mapped. Raises NotAForm."""
    from bihuan.engines.writing.filled import fill_form

    places = sorted(form.row.columns)
    cells = cells_of([form.row.columns[place] for place in places], say=say)
    values = [[cell(row) for cell in cells] for row in rows]
    return fill_form(
        form.content, sheet=form.row.sheet, first=form.row.head_to + 1, places=places, rows=values
    )  # fmt: skip

"""What the reading of a ledger takes and gives: its layout, what is known of the county, checked rows, faults.

Plain values; nothing here looks into a file.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bihuan.rules.vocabulary import N_

_NO_LETTER = re.compile(r"[\W_]+")
_MARKS = re.compile(r"[\s，。、；：（）“”《》,.;:()-]+")

# What is wrong, and what would be right; `near` is said behind it where something is.
FAULTS = {
    "unit_missing": N_("没有写单位，请写本轮被巡察单位的全称。"),
    "unit_unknown": N_("没有这个单位，请写本轮被巡察单位的全称。"),
    "unit_elsewhere": N_("这个单位不在本轮巡察范围内，请核对轮次或单位。"),
    "text_missing": N_("没有写问题内容，请补上，或删去这一行。"),
    "text_too_long": N_("问题内容太长，最多 2 万字，请精简或拆成几行。"),
    "category_unknown": N_("没有这个分类，请写末级分类的名称或代码。"),
    "category_too_wide": N_("这是上级分类，请写它下面的末级分类。"),
    "severity_unknown": N_("不认识的轻重，请写突出、重点、一般或轻微。"),
    "commonality_unknown": N_("不认识，请写个性、共性、系统性或行业性。"),
    "mark_unknown": N_("应写是或否。"),
    "state_unknown": N_("不认识的整改状态，请写已完成、基本完成、正在整改、未完成或长期坚持。"),
    "day_unreadable": N_("认不出是哪一天，请写成 2026-03-01 这样。"),
    "day_impossible": N_("没有这一天，请核对年月日。"),
    "due_before_given": N_("时限早于反馈签收日，请核对两个日期。"),
    "amount_unreadable": N_("不是金额，请只写数字，可带万元、亿元。"),
    "amount_negative": N_("金额不能是负数，请核对。"),
    "amount_too_large": N_("金额过大，请核对单位是元还是万元。"),
    "lead_unknown": N_("没有这个单位，请写责任单位的全称。"),
    "lead_elsewhere": N_("责任单位只能是被巡察单位或它的下属单位，请核对。"),
    "helping_unknown": N_("没有这个配合单位，请写全称，几个单位用顿号分开。"),
    "number_unknown": N_("本轮没有这个编号的问题；新问题请留空，编号由系统给。"),
    "number_elsewhere": N_("这个编号是另一个单位的问题，请核对单位或编号。"),
    "number_twice": N_("这个编号前面已经写过，请合并成一行。"),
    "row_twice": N_("这个单位的同一问题前面已经写过，请删去重复的一行。"),
    "cell_error": N_("单元格里是公式的错误值，请在 Excel 里改正后再导入。"),
    "cell_not_saved": N_("公式没有保存结果，请在 Excel 里打开并保存后再导入。"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """An organization by its key, with its bounds in the tree; `is_inspected` in the round that is imported into."""

    key: str
    name: str
    lo: int
    hi: int
    is_inspected: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the county knows: units by their names, long and short, categories by code, units of findings by number.

    `wide`: categories that have others below them. `only`: the unit of all rows where the ledger has no such column.
    """

    units: Mapping[str, Unit]
    categories: Mapping[str, str]
    wide: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    only: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its place from 0, its words, what it is taken for, why, and by which word."""

    place: int
    label: str
    code: str = ""
    why: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows of a ledger stand: the sheets that share its head, the head's last row in each, the columns."""

    sheets: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]

    @property
    def places(self) -> dict[str, int]:
        """The place of each column that is taken for something."""
        return {column.code: column.place for column in self.columns if column.code}

    def label_of(self, code: str) -> str:
        """The words above the column that is taken for this; nothing where none is."""
        return next((column.label for column in self.columns if column.code == code), "")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: where it is, what stands there, and what it may have been meant for."""

    sheet: str
    row: int
    column: int
    code: str
    was: str
    near: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """The cell as a spreadsheet names it."""
        return f"{place_name(self.column)}{self.row}"


@dataclass(slots=True)
class LedgerRow:
    """One row without a fault, as it was understood; `cells` are those of the file. Units are told by their keys.

    Its place comes first, last what is worked out of its text; between them what the cells give.
    """

    sheet: str
    row: int
    cells: list[str]
    unit: str = ""
    number: str = ""
    text: str = ""
    category: str = ""
    severity: str = ""
    commonality: str = ""
    fix_now: bool | None = None
    listed: bool | None = None
    key: bool | None = None
    amount: Decimal | None = None
    lead: str = ""
    helping: tuple[str, ...] = ()
    given: date | None = None
    due: date | None = None
    state: str = ""
    progress: str = ""
    progress_on: date | None = None
    alike: str = ""


def alike(text: str) -> str:
    """The letters and figures of a text in one width and case, so that the same words are the same text."""
    bare = _MARKS.sub("", text)
    if bare.isalnum() and unicodedata.is_normalized("NFKC", bare):
        return bare.casefold()
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()


def place_name(column: int) -> str:
    """The letters of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name

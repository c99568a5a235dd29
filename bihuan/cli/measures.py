"""Measures and rows of a plan as options and files say them: five parts and more by name, or JSON as in the API."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from bihuan.cli.answers import CannotRead, Malformed
from bihuan.cli.words import _
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import MeasureInput, Objection

MEASURE_PARTS = 5
TEXTS = ("text", "person", "product", "helping", "supervisor")
DAYS = ("due_on", "starts_on")
ROW_KEYS = {"finding", "seen", *(field.name for field in fields(RowContent))}
MEASURE_KEYS = {field.name for field in fields(MeasureInput)}


def measure_of(text: str, *, units: Mapping[str, UUID], number: int) -> MeasureInput:
    """One --measure: 内容|单位|责任人|日期|成果, then by name kinds=, helping=, supervisor=, starts_on=, long_term."""
    parts = [part.strip() for part in text.split("|")]
    shape = _("--measure 请写成“内容|单位|责任人|日期|成果”，五段，用竖线隔开。")
    if len(parts) < MEASURE_PARTS:
        raise Malformed(shape)
    content, unit, person, due_on, product = parts[:MEASURE_PARTS]
    more: dict[str, Any] = {}
    for part in parts[MEASURE_PARTS:]:
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if part == "long_term":
            more["is_long_term"] = True
        elif equals and name in ("helping", "supervisor"):
            more[name] = value
        elif equals and name == "kinds":
            more["kinds"] = tuple(kind.strip() for kind in value.split(",") if kind.strip())
        elif equals and name == "starts_on":
            more["starts_on"] = _day(value, "--measure")
        else:
            raise Malformed(shape + _("再往后可以写 kinds=、helping=、supervisor=、starts_on= 和 long_term。"))
    return MeasureInput(content, _unit(unit, units, number), person, _day(due_on, "--measure"), product, **more)


def rows_of(name: str, *, units: Mapping[str, UUID]) -> list[tuple[str, int | None, RowContent]]:
    """Rows of a JSON file: finding, revision seen (None: not said), content. Raises CannotRead, Malformed, Refused."""
    try:
        content = json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        said = _("读不了文件 {path}（{why}）。请核对路径和权限。")
        raise CannotRead(said.format(path=name, why=error.strerror)) from error
    except (ValueError, RecursionError):
        raise CannotRead(_("文件 {path} 不是 UTF-8 的 JSON。").format(path=name)) from None
    rows = [content] if isinstance(content, dict) else content
    if not isinstance(rows, list) or not rows:
        raise _wrong("")
    return [_row(row, units, number) for number, row in enumerate(rows, 1)]


def _row(row: Any, units: Mapping[str, UUID], number: int) -> tuple[str, int | None, RowContent]:
    where = str(number)
    if not isinstance(row, dict) or set(row) - ROW_KEYS or not isinstance(row.get("measures", []), list):
        raise _wrong(where)
    seen = row.get("seen")
    if not (seen is None or (isinstance(seen, int) and not isinstance(seen, bool))):
        raise _wrong(f"{where}.seen")
    measures = tuple(
        _measure(one, units, place, f"{where}.measures.{place}") for place, one in enumerate(row.get("measures", []), 1)
    )
    said = {key: _text(row.get(key, ""), f"{where}.{key}") for key in ("finding", "causes", "goal", "leader")}
    key = said.pop("finding")
    return key, seen, RowContent(**said, head_leads=_flag(row.get("head_leads"), where), measures=measures)


def _measure(one: Any, units: Mapping[str, UUID], number: int, where: str) -> MeasureInput:
    if not isinstance(one, dict) or set(one) - MEASURE_KEYS or not isinstance(one.get("kinds", []), list):
        raise _wrong(where)
    given: dict[str, Any] = {key: _text(one.get(key, ""), f"{where}.{key}") for key in TEXTS}
    given |= {key: _day(_text(one.get(key) or "", f"{where}.{key}"), f"{where}.{key}") for key in DAYS}
    unit = _text(one.get("unit") or "", f"{where}.unit")
    kinds = tuple(_text(kind, f"{where}.kinds") for kind in one.get("kinds", []))
    return MeasureInput(
        **given, unit=_unit(unit, units, number), kinds=kinds, is_long_term=_flag(one.get("is_long_term"), where)
    )


def _text(value: Any, where: str) -> str:
    """What a table can keep: no NUL, no half of a character."""
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _wrong(where)
    return value


def _flag(value: Any, where: str) -> bool:
    if value not in (None, True, False):
        raise _wrong(where)
    return bool(value)


def _wrong(where: str) -> Malformed:
    shape = '[{"finding": "…", "causes": "…", "goal": "…", "leader": "…", "measures": [{"text": "…", "unit": "…", …}]}]'
    said = _("--from 的文件请写成 {shape}。").format(shape=shape)
    return Malformed(said + (_("不对的地方：{where}。").format(where=where) if where else ""))


def _unit(unit: str, units: Mapping[str, UUID], number: int) -> UUID | None:
    if unit and unit not in units:
        from bihuan.actions.refusals import Refused

        said = _("第 {number} 条措施的责任单位“{unit}”找不到。请写单位全称，见 bihuan organization tree。")
        raise Refused(Objection("unit_unknown", said.format(number=number, unit=unit), f"measures.{number}.unit"))
    return units.get(unit)


def _day(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        said = _("{option} 里的“{text}”不是日期。请写成 2026-11-22 这样。")
        raise Malformed(said.format(option=option, text=text)) from None


def units_by_name() -> dict[str, UUID]:
    """Every unit by its full name and by its id."""
    from bihuan.queries.organizations import organization_choices

    choices = organization_choices()
    return {str(choice.id): choice.id for choice in choices} | {choice.name: choice.id for choice in choices}

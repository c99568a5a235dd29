"""`bihuan plan match`: a later document beside the ledger, printed: what has no pair first, then pairs. No writing."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bihuan.cli.answers import CannotRead
from bihuan.cli.words import _, show, tell
from bihuan.engines.reading import Unreadable, read_file

if TYPE_CHECKING:
    from bihuan.queries.plans.matching import LedgerRow, MatchedPair, Matching
    from bihuan.queries.plans.said import SaidItem
    from bihuan.rules.access import Actor

WORDS = 40


def matched(file: str, feedback: UUID, *, actor: "Actor", on: date) -> "Matching":
    """The file beside the ledger. Raises CannotRead, Unknown."""
    from bihuan.actions.refusals import Unknown
    from bihuan.queries.plans.matching import matching
    from bihuan.queries.plans.said import said_in

    try:
        reading = read_file(Path(file))
    except Unreadable as error:
        raise CannotRead(f"{file}：{error.message}") from error
    found = matching(feedback, document=said_in(reading, name=Path(file).name), actor=actor, on=on)
    if found is None:
        raise Unknown("feedback", feedback)
    return found


def values(found: "Matching") -> dict[str, Any]:
    """The answer for programs."""
    return {
        "file": found.document.name, "kind": found.document.kind, "feedback": str(found.feedback),
        "pairs": [_pair(pair) for pair in found.pairs],
        "not_in_document": [{"finding": str(row.id), "number": row.number} for row in found.unnamed],
        "not_in_ledger": [_item(item) for item in found.beyond],
    }  # fmt: skip


def _pair(pair: "MatchedPair") -> dict[str, Any]:
    return {
        "finding": str(pair.row.id), "number": pair.row.number, "likeness": pair.why.likeness,
        "same_number": pair.why.same_number,
        "shared": [{"document": one, "ledger": other} for one, other in pair.why.shared],
        "said": _item(pair.item),
        "parts": [{"part": part.code, "said": part.said, "standing": part.standing} for part in pair.parts],
    }  # fmt: skip


def _item(item: "SaidItem") -> dict[str, Any]:
    return {
        "item": item.position, "level": item.level, "text": item.words, "causes": item.causes, "goal": item.goal,
        "leader": item.leader, "measures": [measure.text for measure in item.measures],
        "responsible": list(item.responsible), "deadline": list(item.deadline), "results": list(item.results),
        "state": item.state, "doubts": list(item.doubts),
    }  # fmt: skip


def show_matching(found: "Matching") -> None:
    """The answer for people."""
    show(f"{found.document.name} {_(found.document.kind_label)}")
    if found.names_another_unit:
        show(_("文件写的单位是“{said}”，台账是“{unit}”，请核对。").format(said=found.document.unit, unit=found.unit))
    for row in found.unnamed:
        show(f"{_('文件里没有')}：{row.number} {row.title}")
    for item in found.beyond:
        show(f"{_('台账里没有')}：{item.position} {item.level} {_short(item.words)}")
    for pair in found.pairs:
        _show_pair(pair.row, pair)
    said = _("对上 {pairs} 条；文件里没有 {unnamed} 条；台账里没有 {beyond} 条。")
    tell(said.format(pairs=len(found.pairs), unnamed=len(found.unnamed), beyond=len(found.beyond)))


def _show_pair(row: "LedgerRow", pair: "MatchedPair") -> None:
    why = _("编号相同") if pair.why.same_number and not pair.why.shared else f"{round(pair.why.likeness * 100)}%"
    show("")
    show(f"{row.number} {row.title} {_(row.state.label)}")
    show(f"  ↔ {pair.item.position} {pair.item.level} {_short(pair.item.words)}（{why}）")
    if pair.why.shared:
        shared = "、".join(one if one == other else f"{one}—{other}" for one, other in pair.why.shared)
        show(f"  {_('相同的词')}：{shared}")
    item = pair.item
    for name, value in ((_("原因分析"), item.causes), (_("整改目标"), item.goal), (_("牵头领导"), item.leader)):
        if value:
            show(f"  {name}：{value}")
    for number, measure in enumerate(item.measures, 1):
        show(f"  {_('措施 {number}').format(number=number)}：{measure.text}")
    for name, values_ in ((_("责任"), item.responsible), (_("时限"), item.deadline), (_("整改结果"), item.results)):
        if values_:
            show(f"  {name}：{'；'.join(values_)}")
    if item.state_label:
        show(f"  {_('状态')}：{_(item.state_label)}")


def _short(words: str) -> str:
    return words if len(words) <= WORDS else f"{words[:WORDS]}…"

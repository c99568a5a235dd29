"""What the system itself can tell of a request for closing: facts beside the unit's words, for the reviewers to weigh.

A check refuses nothing: what a rule refuses stands in rules/needs.py.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from bihuan.queries.findings.page import FindingPage
from bihuan.queries.findings.parts import AnswerRow, EvidenceRow, MeasureRow
from bihuan.rules.vocabulary import N_

LIST_MARK = "、"


@dataclass(frozen=True)
class SystemCheck:
    """One thing looked at: what should hold, whether it does, and which measures, criteria or files do not."""

    code: str
    label: str
    holds: bool
    found: tuple[str, ...] = ()


def checks_of(
    finding: FindingPage, *, answers: tuple[AnswerRow, ...], claim: str, asked_on: date
) -> tuple[SystemCheck, ...]:
    """Every check in order; `asked_on` is the day of the request."""
    measures = finding.measures
    files = [item for measure in measures for item in measure.evidence]
    undone = [one for one in measures if one.due_on > asked_on and not one.is_long_term]
    late = [one for one in measures if one.due_on < asked_on and not _before(one, one.due_on)]
    met = [number for number, one in enumerate(answers, 1) if one.applies and not one.evidence]
    checks = [
        _check("evidence", N_("每条措施都有佐证"), _numbers(one for one in measures if not one.evidence)),
        _check("in_time", N_("到期的措施，佐证都在时限内交齐"), _numbers(late)),
        _check("after_feedback", N_("佐证的日期都在反馈之后"), _names(one for one in files if one.is_before_feedback)),
        _check("dated", N_("佐证都写明日期和证明什么"), _names(one for one in files if not (one.dated and one.proves))),
        _check("apart", N_("没有一份文件用于几条措施"), _repeated(files)),
    ]
    if claim == "done":
        checks.append(_check("due", N_("措施全部到期"), _numbers(undone)))
        checks.append(_check("cited", N_("达到的标准都引用了佐证"), tuple(map(str, met))))
    return tuple(checks)


def _check(code: str, label: str, found: tuple[str, ...]) -> SystemCheck:
    return SystemCheck(code, label, not found, found)


def _numbers(measures: Iterable[MeasureRow]) -> tuple[str, ...]:
    return tuple(str(one.position) for one in measures)


def _names(files: Iterable[EvidenceRow]) -> tuple[str, ...]:
    return tuple(one.name for one in files)


def _before(measure: MeasureRow, day: date) -> bool:
    return any(timezone.localdate(one.at) <= day for one in measure.evidence)


def _repeated(files: Iterable[EvidenceRow]) -> tuple[str, ...]:
    every = list(files)
    often = {sha256 for sha256, n in Counter(one.sha256 for one in every).items() if n > 1}
    return tuple(sorted({one.name for one in every if one.sha256 in often}))

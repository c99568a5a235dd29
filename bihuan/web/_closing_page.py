"""The list of closings and one request as templates show them: values and addresses made of the query's values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from bihuan.queries.closing.checks import LIST_MARK, SystemCheck
from bihuan.queries.closing.lists import ClosingFilters, ClosingLine, ClosingList
from bihuan.queries.closing.page import ClosingPage, PastRequest
from bihuan.queries.closing.signers import Given, Signer
from bihuan.rules.vocabulary import N_, VERDICTS
from bihuan.web import _finding_page, words
from bihuan.web import _finding_parts as parts
from bihuan.web._pages import Count, Fact, Link, Look, Refusal, look

CLOSINGS = "/closing/"
SHAPES = {"agreed": "●", "void": "↺", "returned": "↩", "missing": "○"}
TONES = {"agreed": "done", "void": "wait", "returned": "back", "missing": "open"}
BY_NUMBER = ("evidence", "in_time", "due")
# What the form of this page does itself; other steps are links to their own pages.
DECIDED_HERE = ("agree_closing", "close", "accept_long_term", "return_closing")


@dataclass(frozen=True)
class Mark:
    """Where one signer stands, small enough for a list."""

    label: str
    note: str
    shape: str
    tone: str


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    number: str
    title: str
    unit: str
    claim: str
    state: Look
    marks: tuple[Mark, ...]
    asked_at: datetime
    days: str
    url: str


@dataclass(frozen=True)
class Opinion:
    """What one signer said, about which content."""

    role_label: str
    label: str
    shape: str
    tone: str
    person: str
    at: datetime | None
    reason: str
    points: tuple[str, ...]
    content_hash: str
    is_present: bool


@dataclass(frozen=True)
class Past:
    """Another request of the same finding."""

    claim: str
    state: Look
    person: str
    at: datetime
    opinions: tuple[Opinion, ...]
    url: str


@dataclass(frozen=True)
class Checked:
    """One thing that the system looked at."""

    label: str
    note: str
    is_met: bool


def address(request: object) -> str:
    """The page of a request."""
    return f"{CLOSINGS}{request}/"


def list_url(filters: ClosingFilters, **changed: str) -> str:
    """The address of the list with its filters, some of them changed."""
    asked = {
        "box": filters.box, "q": filters.query, "unit": str(filters.unit or ""), "round": str(filters.round or ""),
        "claim": filters.claim,
    }  # fmt: skip
    kept = {name: value for name, value in (asked | changed).items() if value}
    return f"{CLOSINGS}?{urlencode(kept)}" if kept else CLOSINGS


def counts(found: ClosingList) -> tuple[Count, ...]:
    """All, then each part of the list: every figure leads to its rows."""
    chosen = found.filters.box
    everything = sum(count.n for count in found.counts if count.code != "mine")
    first = Count(gettext("全部"), everything, list_url(found.filters, box=""), "", "open", not chosen)
    rest = (
        Count(one.label, one.n, list_url(found.filters, box=one.code), *_box_look(one.code), one.code == chosen)
        for one in found.counts
    )
    return (first, *rest)


def _box_look(code: str) -> tuple[str, str]:
    looks = {
        "mine": ("▲", "wait"), "review": ("◔", "wait"), "returned": ("↩", "back"), "closed": ("●", "done"),
        "long_term": ("◉", "long"), "withdrawn": ("×", "gone"),
    }  # fmt: skip
    return looks[code]


def line(row: ClosingLine) -> Line:
    """One line of the list."""
    days = ngettext("%(n)s 天", "%(n)s 天", row.days) % {"n": row.days} if row.state.code == "open" else ""
    return Line(
        row.number, row.title, row.unit, row.claim_label, look(row.state), tuple(map(_mark, row.signers)),
        row.asked_at, days, address(row.id),
    )  # fmt: skip


def _mark(signer: Signer) -> Mark:
    note = " ".join(filter(None, (words.label(signer.stands_label), signer.person)))
    return Mark(signer.label, note, SHAPES[signer.stands], TONES[signer.stands])


def closing_context(found: ClosingPage, on: date) -> dict[str, Any]:
    """The whole page of a request."""
    finding = found.finding
    return {
        "title": finding.title,
        "number": finding.number,
        "crumbs": (Link(gettext("销号"), CLOSINGS), Link(finding.number)),
        "state": look(found.state),
        "actions": (Link(N_("看这条问题"), _finding_page.address(finding.id)),),
        "steps": _steps(found),
        "refused": _refused(found),
        "claim": found.claim_label,
        "text": finding.text,
        "finding_url": _finding_page.address(finding.id),
        "plan": parts.version(finding.plan, sees_whole=False) if finding.plan else None,
        "measures": _finding_page.measures(finding, on),
        "answers": [
            parts.Answer(words.either(one.label), one.applies, one.text, parts.files(one.evidence))
            for one in found.answers
        ],
        "checks": tuple(map(_checked, found.checks)),
        "signers": tuple(map(_signer, found.signers)),
        "verdicts": _history(found),
        "others": tuple(map(_past, found.others)),
        "facts": _facts(found),
        "queue": _queue(found),
        "sheet": _sheet(found, on),
        "deciding": _deciding(found),
    }  # fmt: skip


def _refused(found: ClosingPage) -> tuple[Refusal, ...]:
    """What the actor's own steps wait for; whose the other steps are stands on the finding's page."""
    mine = [step for step in found.refused if step.objection.code != "not_yours"]
    return tuple(Refusal(step.label, words.say(step.objection)) for step in mine)


def _steps(found: ClosingPage) -> tuple[Link, ...]:
    at = _finding_page.address(found.finding.id)
    rest = [step for step in found.permitted if step.code not in DECIDED_HERE]
    return tuple(Link(step.label, f"{at}steps/{step.code}/", step.code == "approve_reopening") for step in rest)


def _deciding(found: ClosingPage) -> dict[str, str] | None:
    """The words on the two buttons; None when the actor decides nothing here now."""
    labels = {step.code: step.label for step in found.permitted}
    agree, back = labels.get(found.agree_step, ""), labels.get("return_closing", "")
    return {"agree": agree, "back": back} if agree or back else None


def _facts(found: ClosingPage) -> tuple[Fact, ...]:
    finding = found.finding
    unit = urlencode({"unit": finding.unit_id})
    every = (
        (N_("申请事由"), words.label(found.claim_label), ""),
        (N_("申请人"), found.person, ""),
        (N_("被巡察单位"), finding.unit, f"{CLOSINGS}?{unit}"),
        (N_("整改时限"), str(finding.due_on or ""), ""),
        (N_("剩余事项"), finding.remains, ""),
        (N_("阶段目标"), finding.stage_goals, ""),
        (N_("下次复核日期"), str(finding.next_review_on or ""), ""),
        (N_("内容校验码"), found.content_hash, ""),
    )
    return tuple(Fact(label, value, url) for label, value, url in every if value)


def _checked(check: SystemCheck) -> Checked:
    note = LIST_MARK.join(check.found)
    if check.code in BY_NUMBER and note:
        note = gettext("第 %(numbers)s 条措施不符") % {"numbers": note}
    elif check.code == "cited" and note:
        note = gettext("第 %(numbers)s 条标准没有引用") % {"numbers": note}
    return Checked(check.label, note, check.holds)


def _signer(signer: Signer) -> Opinion:
    return Opinion(
        signer.label, signer.stands_label, SHAPES[signer.stands], TONES[signer.stands], signer.person, signer.at,
        signer.opinion, tuple(map(words.either, signer.points)), signer.content_hash, signer.stands != "void",
    )  # fmt: skip


def _given(row: Given) -> Opinion:
    tone = "back" if row.verdict == "return" else "done"
    shape = "↩" if row.verdict == "return" else "●"
    return Opinion(
        row.label, VERDICTS[row.verdict], shape, tone, row.person, row.at, row.opinion,
        tuple(map(words.either, row.points)), row.content_hash, row.is_present,
    )  # fmt: skip


def _history(found: ClosingPage) -> tuple[Opinion, ...]:
    """Every verdict in order, where that is more than the last one of each signer."""
    last = sum(1 for signer in found.signers if signer.person)
    return tuple(map(_given, found.verdicts)) if len(found.verdicts) > last else ()


def _past(row: PastRequest) -> Past:
    return Past(row.claim_label, look(row.state), row.person, row.at, tuple(map(_given, row.verdicts)), address(row.id))


def _queue(found: ClosingPage) -> dict[str, Any]:
    """Where this request stands among those that wait for one's own signature."""
    near = found.neighbors
    place = gettext("待我审第 %(place)s 条，共 %(count)s 条") % {"place": near.place, "count": near.count}
    return {
        "label": place if near.place else "",
        "n": near.count,
        "before": address(near.before) if near.before else "",
        "after": address(near.after) if near.after else "",
    }


def _sheet(found: ClosingPage, on: date) -> dict[str, Any]:
    """The approval sheet that is printed and filed."""
    finding = found.finding
    return {
        "facts": (
            Fact(N_("问题编号"), finding.number), Fact(N_("被巡察单位"), finding.unit),
            Fact(N_("申请事由"), words.label(found.claim_label)), Fact(N_("申请人"), found.person),
            Fact(N_("申请日期"), _on_paper(timezone.localdate(found.at))),
            Fact(N_("整改时限"), _on_paper(finding.due_on)),
        ),
        "text": finding.text,
        "measures": [(one.text, _names(item.name for item in one.evidence)) for one in finding.measures],
        "answers": [
            (words.either(one.label), one.applies, one.text, _names(item.name for item in one.evidence))
            for one in found.answers
        ],
        "signers": tuple(map(_signed, found.signers)),
        "content_hash": found.content_hash,
        "printed_on": _on_paper(on),
    }  # fmt: skip


@dataclass(frozen=True)
class Signed:
    """One line for a signature on paper: empty until the present content is signed."""

    role_label: str
    label: str
    reason: str
    person: str
    day: str


def _signed(signer: Signer) -> Signed:
    if signer.stands not in ("agreed", "returned") or signer.at is None:
        return Signed(signer.label, "", "", "", "")
    day = _on_paper(timezone.localdate(signer.at))
    return Signed(signer.label, signer.stands_label, signer.opinion, signer.person, day)


def _on_paper(day: date | None) -> str:
    """A day as papers write it."""
    if day is None:
        return ""
    return gettext("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}


def _names(names: Iterable[str]) -> str:
    return LIST_MARK.join(names)

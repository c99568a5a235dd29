"""A plan as templates show it: the three lists' rows, verdicts, shares, versions, addresses. No texts of rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from bihuan.queries.plans.comparison import FieldCompared, RowCompared
from bihuan.queries.plans.lists import PlanLine
from bihuan.queries.plans.parts import Gap, PartyVerdict, PlanAct, PlanPage, PlanRowView, PlanVersion
from bihuan.rules.vocabulary import N_
from bihuan.rules.wording import Piece
from bihuan.web import words
from bihuan.web._pages import Fact, Link, Look, Refusal, look

ALL = "/plans/"


@dataclass(frozen=True)
class Line:
    """One plan in the list."""

    title: str
    url: str
    unit: str
    audience_label: str
    is_apart: bool
    version: int
    state_label: str
    state_shape: str
    state_tone: str
    due_on: date | None
    due_label: str
    is_overdue: bool
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Measure:
    """One measure as the lists print it."""

    position: int
    text: str
    kinds: tuple[str, ...]
    unit: str
    helping: str
    person: str
    supervisor: str
    starts_on: date | None
    due_on: date | None
    is_long_term: bool
    product: str


@dataclass(frozen=True)
class Party:
    """What one party said, or that it is still to say something."""

    role_label: str
    verdict_label: str
    is_return: bool
    is_open: bool
    person: str
    at: datetime | None
    opinion: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One finding with what the plan says of it."""

    id: str
    anchor: str
    number: str
    title: str
    quote: str
    specifics: str
    category: tuple[str, ...]
    commonality: str
    units: str
    answers: str
    state: Look
    version: int
    is_written: bool
    causes: str
    goal: str
    leader: str
    head_leads: bool
    measures: tuple[Measure, ...]
    span: int
    verdicts: tuple[Party, ...]
    waits_for: tuple[str, ...]
    redo_by: date | None
    lacks: str
    is_mine: bool
    why_not_mine: str
    fill_url: str
    finding_url: str


@dataclass(frozen=True)
class Version:
    """One version in the list of versions."""

    label: str
    url: str
    state: Look
    at: datetime | None
    rows: int
    compare_url: str
    review_url: str
    is_current: bool


@dataclass(frozen=True)
class Share:
    """How the rows fall on the head and on other leaders."""

    rows: int
    head: int
    is_lacking: bool
    sole_leader: str
    leaders: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Missing:
    """A finding without a row."""

    number: str
    title: str
    url: str


@dataclass(frozen=True)
class Mark:
    """A stretch of compared text."""

    kind: str
    text: str


@dataclass(frozen=True)
class Compared:
    """One field of two versions."""

    label: str
    is_changed: bool
    pieces: tuple[Mark, ...]


@dataclass(frozen=True)
class ComparedMeasure:
    """One measure of two versions: `fate` is gone, added or kept."""

    before: int | None
    after: int | None
    fate: str
    fields: tuple[Compared, ...]


@dataclass(frozen=True)
class ComparedRow:
    """One finding of two versions."""

    anchor: str
    number: str
    title: str
    before: int
    after: int
    is_changed: bool
    fields: tuple[Compared, ...]
    measures: tuple[ComparedMeasure, ...]


def address(key: object) -> str:
    """The page of a feedback's plan, or of one version."""
    return f"{ALL}{key}/"


def fill_url(finding: object) -> str:
    """The form of one row."""
    return f"{ALL}rows/{finding}/"


def compare_url(found: PlanPage) -> str:
    """The version that is shown with the one before it; empty where there is none."""
    before = [one for one in found.versions if found.shown and one.version < found.shown.version]
    return _compare(found.shown, before[0]) if before and found.shown else ""


def _compare(after: PlanVersion, before: PlanVersion) -> str:
    return f"{address(after.id)}compare?{urlencode({'before': before.id})}"


def line(found: PlanLine, on: date) -> Line:
    """A row of the list."""
    near = words.due(found.due_on, on=on)
    shows = found.is_overdue or (found.to_write > 0 and not near.is_overdue)
    return Line(
        found.title, address(found.feedback), found.unit, found.audience_label, found.audience == "head",
        found.version, found.state.label, found.state.shape, found.state.tone, found.due_on,
        near.label if shows else "", found.is_overdue,
        (found.findings, found.to_write, found.waiting, found.returned, found.approved),
    )  # fmt: skip


def act(found: PlanPage, code: str) -> PlanAct:
    """The act of that code; where several versions wait, the first of them."""
    return next(one for one in found.acts if one.code == code)


def plan_context(found: PlanPage) -> dict[str, Any]:
    """The whole page of a plan."""
    rows = tuple(row(one) for one in found.rows)
    title = gettext("整改方案")
    shown = gettext("第 %(version)s 版") % {"version": found.shown.version} if found.shown else ""
    return {
        "title": found.title,
        "crumbs": (
            Link(gettext("方案"), ALL), Link(title, address(found.feedback) if shown else ""),
            *((Link(shown),) if shown else ()),
        ),
        "state": look(found.state),
        "due_label": "",
        "is_overdue": found.is_overdue,
        "tags": (),
        "actions": (Link(gettext("与文件对照"), f"{address(found.feedback)}matching/"),),
        "steps": tuple(_steps(found)),
        "refused": tuple(Refusal(one.label, words.say(one.objection)) for one in found.acts if one.objection),
        "unit": found.unit,
        "is_apart": found.audience == "head",
        "version_label": shown,
        "export_url": f"{address(found.shown.id if found.shown else found.feedback)}export" if found.rows else "",
        "rows": rows,
        "gaps": tuple(gap(one) for one in found.gaps) if not found.shown else (),
        "share": share(found),
        "versions": tuple(_version(one, found) for one in found.versions),
        "facts": _facts(found),
    }  # fmt: skip


def _steps(found: PlanPage) -> list[Link]:
    urls = {
        "fill": _first_to_fill(found),
        "submit": f"{address(found.feedback)}submit",
    }
    open_acts = [one for one in found.acts if one.objection is None]
    links = []
    for one in open_acts:
        url = urls.get(one.code) or f"{address(one.plan)}review"
        many = one.code == "review" and len([other for other in open_acts if other.code == "review"]) > 1
        label = gettext("审核第 %(version)s 版") % {"version": one.version} if many else one.label
        links.append((one.code, label, url))
    primary = _primary(found, [code for code, _label, _url in links])
    return [Link(label, url, code == primary) for code, label, url in links]


def _primary(found: PlanPage, codes: Sequence[str]) -> str:
    """Handing in stands out once nothing is missing; before that, writing."""
    if "review" in codes:
        return "review"
    is_whole = not found.gaps and not any(one.lacks for one in found.rows)
    return "submit" if "submit" in codes and is_whole else "fill"


def _first_to_fill(found: PlanPage) -> str:
    """The first finding without a row, else the first incomplete one, else the first that may be written."""
    lacking = [gap.finding for gap in found.gaps] + [one.finding for one in found.rows if one.lacks]
    lacking += [one.finding for one in found.rows if one.may_fill]
    return fill_url(lacking[0]) if lacking else ""


def _version(one: PlanVersion, found: PlanPage) -> Version:
    before = [other for other in found.versions if other.version < one.version]
    reviews = {act.plan for act in found.acts if act.code == "review" and act.objection is None}
    return Version(
        gettext("第 %(version)s 版") % {"version": one.version}, address(one.id),
        look(one.state), one.submitted_at, one.rows,
        _compare(one, before[0]) if before else "", f"{address(one.id)}review" if one.id in reviews else "",
        found.shown is not None and found.shown.id == one.id,
    )  # fmt: skip


def _facts(found: PlanPage) -> tuple[Fact, ...]:
    basis = gettext("（暂定）") if found.due_provisional else ""
    every = (
        (N_("被巡察单位"), found.unit, ""),
        (N_("反馈对象"), words.label(found.audience_label), ""),
        (N_("反馈意见"), found.title, f"/feedback/{found.feedback}/"),
        (N_("签收日期"), found.received_on, ""),
        (N_("报送期限"), f"{found.due_on}{basis}" if found.due_on else "", ""),
        (N_("时限依据"), found.due_basis, ""),
        (N_("内容校验值"), found.shown.content_hash[:16] if found.shown and found.shown.content_hash else "", ""),
    )
    return tuple(Fact(label, str(value), url) for label, value, url in every if value)


def gap(found: Gap) -> Missing:
    """A finding that has no row."""
    return Missing(found.number, found.title, fill_url(found.finding))


def share(found: PlanPage) -> Share:
    """How the rows fall on leaders."""
    one = found.share
    leaders = tuple((leader.leader, leader.rows) for leader in one.leaders)
    return Share(one.rows, one.head, one.is_lacking, one.sole_leader, leaders)


def row(found: PlanRowView) -> Row:
    """One finding with what the plan says of it."""
    key = str(found.finding)
    return Row(
        id=key, anchor=f"row-{key}", number=found.number, title=found.title, quote=found.quote,
        specifics=found.specifics, category=tuple(words.either(step.label) for step in found.category[:2]),
        commonality=found.commonality_label, units="、".join(found.units), answers=found.answers,
        state=look(found.state), version=found.version,
        is_written=found.id is not None, causes=found.causes, goal=found.goal, leader=found.leader,
        head_leads=found.head_leads, measures=tuple(_measure(one) for one in found.measures),
        span=max(1, len(found.measures)), verdicts=tuple(_party(one) for one in found.verdicts),
        waits_for=found.waits_for, redo_by=found.redo_by, lacks=words.say(found.lacks) if found.lacks else "",
        is_mine=found.is_mine_to_decide, why_not_mine=words.say(found.undecidable) if found.undecidable else "",
        fill_url=fill_url(found.finding) if found.may_fill else "", finding_url=f"/findings/{found.finding}/",
    )  # fmt: skip


def _measure(one: Any) -> Measure:
    return Measure(
        one.position, one.text, one.kind_labels, one.unit, one.helping, one.person, one.supervisor, one.starts_on,
        one.due_on, one.is_long_term, one.product,
    )  # fmt: skip


def _party(one: PartyVerdict) -> Party:
    return Party(
        one.role_label, one.verdict_label, one.verdict == "return", not one.verdict, one.person, one.at, one.opinion,
        one.fault_labels,
    )  # fmt: skip


def compared(found: RowCompared, *, only_changed: bool) -> ComparedRow:
    """One finding of two versions; unless all is asked for, what did not change is left out."""
    measures = tuple(
        ComparedMeasure(
            one.before, one.after, "gone" if one.after is None else "added" if one.before is None else "kept",
            _fields(one.fields, only_changed),
        )
        for one in found.measures
    )  # fmt: skip
    return ComparedRow(
        f"row-{found.finding}", found.number, found.title, found.before, found.after, found.is_changed,
        _fields(found.fields, only_changed), tuple(one for one in measures if one.fields),
    )  # fmt: skip


def _fields(fields: Sequence[FieldCompared], only_changed: bool) -> tuple[Compared, ...]:
    return tuple(
        Compared(field.label, field.is_changed, tuple(_mark(piece) for piece in field.pieces))
        for field in fields
        if field.pieces and (field.is_changed or not only_changed)
    )


def _mark(piece: Piece) -> Mark:
    return Mark(piece.kind, piece.text)

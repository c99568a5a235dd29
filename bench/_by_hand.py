"""The rows of each page by one statement that somebody wrote by hand: the owner's, with the scope in WHERE.

Counts stop where the page's do; the figures beside the menu belong to the desk alone, elsewhere they are kept.
"""

from datetime import date, timedelta
from uuid import UUID

from bench._readers import Reader
from bihuan.queries._bounded import MOST
from bihuan.queries.findings.lists import PAGE_SIZE
from bihuan.queries.findings.tallies import EXACT
from bihuan.rules.lifecycle import UNFINISHED

WORKED_ON = ("in_progress", "returned", "reopened", "basically_done")
NEAR_DAYS, CHANGED_DAYS = 15, 7
ROW = (
    "f.id, f.number, f.text, f.category, f.state, f.due_on, f.given_on, f.revision, f.fix_now, f.listed, f.key,"
    " u.name as unit, l.name as lead, i.profile, i.year, i.round_number, i.office_word"
)
BESIDE = (
    "join organization u on u.id = f.unit_id left join organization l on l.id = f.lead_unit_id"
    " left join inspection i on i.id = f.inspection_id"
)


def whole(**parts: str) -> str:
    """Several questions as one statement with one row."""
    return "select " + ", ".join(f"({question}) as {name}" for name, question in parts.items())


def rows(question: str) -> str:
    """All rows of a question as one value."""
    return f"select json_agg(r) from ({question}) r"


def menu(reader: Reader, on: date) -> dict[str, str]:
    """The figures beside the menu."""
    seen = f"from finding f where {reader.where()}"
    asked = {
        "overdue": f"{seen} and f.state in {listed(UNFINISHED)} and f.due_on < '{on}'",
        "waiting": f"{seen} and ({waits(reader, on)})",
    }
    return {name: f"select count(*) from (select 1 {rest} limit {MOST}) few" for name, rest in asked.items()}


def ledger(reader: Reader, *, narrowed: str = "true", order: str = "f.number", counted: int = EXACT) -> str:
    """A page of the ledger: rows, counts by state, how many there are at all, and rounds."""
    seen = reader.where()
    page = f"select {ROW} from finding f {BESIDE} where {seen} and {narrowed} order by {order} limit {PAGE_SIZE}"
    few = f"select f.state from finding f where {seen} and {narrowed} limit {counted + 1}"
    return whole(
        page=rows(page),
        counts=rows(f"select state, count(*) from ({few}) few group by state"),
        seen=f"select count(*) from (select 1 from finding f where {seen} limit {EXACT + 1}) known",
        rounds=rows(
            "select distinct i.round_id, i.office_word, i.year, i.round_number from inspection i"
            f" where {reader.where('i')}"
        ),
    )


def statistics(reader: Reader, on: date) -> str:
    """Every figure of a day by unit, and how they grew by month."""
    seen = f"from figure_flow f where {reader.where()}"
    year, month = on.replace(month=1, day=1), on.replace(day=1)
    until = (
        f"((f.grain = 'year' and f.starts_on < '{year}')"
        f" or (f.grain = 'month' and f.starts_on >= '{year}' and f.starts_on < '{month}')"
        f" or (f.grain = 'day' and f.starts_on >= '{month}' and f.starts_on <= '{on}')"
        f" or (f.grain = 'new' and f.starts_on <= '{on}'))"
    )
    since = (
        f"f.starts_on > '{month - timedelta(days=366)}' and f.starts_on <= '{on}' and (f.grain = 'new'"
        f" or (f.grain = 'month' and f.starts_on < '{month}') or (f.grain = 'day' and f.starts_on >= '{month}'))"
    )
    return whole(
        by_unit=rows(
            "select u.name, u.lo, s.figure, s.n from"
            f" (select f.unit_id, f.figure, sum(f.n) as n {seen} and {until} and {_level(reader, 'unit')}"
            " group by f.unit_id, f.figure) s"
            " join organization u on u.id = s.unit_id order by u.lo"
        ),
        by_month=rows(
            f"select date_trunc('month', f.starts_on) as month, f.figure, sum(f.n) {seen} and {since}"
            f" and {_level(reader, 'whole')} group by 1, 2"
        ),
        rounds=rows(
            "select distinct i.round_id, i.office_word, i.year, i.round_number from inspection i"
            f" where {reader.where('i')}"
        ),
    )


def _level(reader: Reader, summed: str) -> str:
    """The sums of the whole tree where all of it is seen."""
    if reader.actor.role != "office_director":
        return "f.level = 'each'"
    return f"(f.level = '{summed}' or f.level = 'each' and (f.secrecy > 0 or f.grain = 'new'))"


def finding(reader: Reader, one: UUID) -> str:
    """Everything about one finding."""
    tables = ("finding_unit", "plan_row", "measure", "progress", "note", "verdict", "finding_request")
    of_it = {
        table: rows(f"select t.* from {table} t where t.finding_id = '{one}' and {reader.where('t', key='finding_id')}")
        for table in (*tables, "closing_request")
    }
    evidence = (
        "select t.*, p.name, p.size from evidence t join upload p on p.id = t.upload_id"
        f" where t.finding_id = '{one}' and {reader.where('t', key='finding_id')}"
    )
    events = (
        "select e.at, e.actor, e.step, b.reason, b.after from event_place t join event e on e.id = t.event_id"
        f" join event_body b on b.event_id = e.id where t.thing_id = '{one}' and {reader.where('t', key='thing_id')}"
    )
    return whole(
        one=rows(f"select f.*, {ROW.partition(', u.name')[0]} from finding f {BESIDE} where f.id = '{one}'"
                 f" and {reader.where()}"),
        evidence=rows(evidence),
        events=rows(events),
        **of_it,
    )  # fmt: skip


def desk(reader: Reader, on: date) -> str:
    """What waits, what is near its date, what changed in seven days."""
    seen = f"from finding f where {reader.where()}"
    waiting = f"select {ROW} from finding f {BESIDE} where {reader.where()} and ({waits(reader, on)})"
    since = on - timedelta(days=CHANGED_DAYS)
    changed = (
        "from event_place t join event e on e.id = t.event_id"
        f" where {reader.where('t', key='thing_id')} and e.at >= '{since}' and e.account_id <> '{reader.actor.account}'"
    )
    latest = (
        f"select t.thing_id, max(e.at) as last {changed} and e.thing in ('finding', 'feedback', 'inspection')"
        " group by t.thing_id order by last desc limit 12"
    )
    lights = (
        "select f.due_on, count(*)"
        f" {seen} and f.state in {listed(UNFINISHED)} and f.due_on <= '{on + timedelta(days=NEAR_DAYS * 2)}'"
    )
    return whole(
        waiting_rows=rows(f"{waiting} order by f.due_on, f.number limit {PAGE_SIZE}"),
        by_state=rows(f"select f.state, count(*) {seen} and ({waits(reader, on)}) group by f.state"),
        lights=rows(f"{lights} group by f.due_on"),
        n_changed=f"select count(distinct e.thing_id) {changed} and e.thing = 'finding'",
        changes=rows(
            "select c.thing_id, c.last, a.step, a.actor, a.at, a.reason"
            f" from ({latest}) c cross join lateral (select e.step, e.actor, e.at, b.reason from event e"
            " join event_body b on b.event_id = e.id where e.thing_id = c.thing_id order by e.at desc limit 3) a"
        ),
        **menu(reader, on),
    )


def waits(reader: Reader, on: date) -> str:
    """What waits for the post, as the lifecycle has it for its role."""
    review = f"f.state = 'phase_done_long_term' and f.next_review_on <= '{on + timedelta(days=NEAR_DAYS)}'"
    unit = reader.actor.organization
    if reader.actor.role == "unit_clerk":
        beside = f"h.finding_id = f.id and h.helper_id = '{unit}' and h.side = 'both'"
        helps = f"exists (select 1 from finding_unit h where {beside})"
        own = listed((*WORKED_ON, "plan_returned", "awaiting_plan"))
        return (
            f"f.unit_id = '{unit}' and (f.state in {own} or ({review}))"
            f" or (f.lead_unit_id = '{unit}' or {helps}) and (f.state in {listed(WORKED_ON)} or ({review}))"
        )
    if reader.actor.role == "township_reviewer":
        villages = "select v.id from inspection v where v.profile = 'village'"
        turn = _turn("closing_request", "open", ("township_reviewer",))
        return f"f.state = 'pending_review' and f.inspection_id in ({villages}) and {turn}"
    before = ("discipline_reviewer", "organization_reviewer")
    return (
        f"f.state = 'plan_submitted' and {_agreed('plan_row', 'submitted', before)}"
        f" or f.state = 'pending_review' and {_agreed('closing_request', 'open', before)}"
        f" or f.state in {listed(UNFINISHED)} and {_asked('extend')} or {_asked('withdraw')}"
        f" or f.state = 'closed' and {_asked('reopen')} or ({review})"
    )


def _agreed(about: str, state: str, roles: tuple[str, ...]) -> str:
    return " and ".join(f"exists ({_verdicts(about, state)} and v.role = '{role}')" for role in roles)


def _turn(about: str, state: str, roles: tuple[str, ...]) -> str:
    return " and ".join(f"not exists ({_verdicts(about, state)} and v.role = '{role}')" for role in roles)


def _verdicts(about: str, state: str) -> str:
    return (
        f"select 1 from verdict v join {about} a on a.id = v.{about}_id where v.finding_id = f.id"
        f" and a.state = '{state}' and v.verdict = 'agree' and v.content_hash = a.content_hash"
    )


def _asked(aim: str) -> str:
    return (
        f"exists (select 1 from finding_request q where q.finding_id = f.id and q.aim = '{aim}' and q.state = 'open')"
    )


def listed(codes: tuple[str, ...]) -> str:
    """Codes as SQL has a list."""
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"

"""The flows behind the figures as SQL (decision 0013): triggers that keep them, and functions that fold and refill.

Migrations hold the frozen output; a house test compares both. Everything runs as the owner: the product's role may
read the flows under the one policy form and write none. Words in angle brackets are filled in by _filled.
"""

from collections.abc import Mapping

from bihuan.rules.lifecycle import GIVEN, UNFINISHED
from bihuan.rules.metrics import CYCLE_DAYS, CYCLES, OVERDUE, SUM_OF_GIVEN

DEFINER = "security definer set search_path = public"
_MOVED = ("category", "unit_id", "inspection_id", "stage", "side", "secrecy")

# The round, its kind, and the class that the register of its term gave the unit when the team left.
_FACTS = """
  select i.id as inspection_id, r.id as round_id, r.kind, coalesce(
    (select e.organization_class from register_entry e where e.term_id = r.term_id and e.organization_id = i.unit_id
     order by e.starts_on > coalesce(i.leaves_on, r.ends_on),
       abs(e.starts_on - coalesce(i.leaves_on, r.ends_on)) limit 1),
    o.organization_class) as unit_class
  from inspection i join round r on r.id = i.round_id join organization o on o.id = i.unit_id
"""
# What each change of state adds: to states, to the overdue from the day after the due date, and at a first closing.
_OF_CHANGES = """
  select f.id as finding_id, flow.figure, flow.day, flow.n
  from <changes> c join finding f on f.id = c.finding_id
  left join lateral (
    select d.due_from from due_change d where d.finding_id = f.id and d.at > c.at order by d.at limit 1
  ) moved on true
  left join lateral (
    select c."on" - f.given_on as days where c.state_to = 'closed' and not exists (
      select 1 from state_change e where e.finding_id = f.id and e.state_to = 'closed' and (e.at, e.id) < (c.at, c.id))
  ) first on true
  cross join lateral (values
    (case when c.state_from in <given> then c.state_from end, c."on", -1),
    (case when c.state_to in <given> then c.state_to end, c."on", 1),
    (case when (c.state_from in <unfinished>) <> (c.state_to in <unfinished>) then '<overdue>' end,
     greatest(c."on", coalesce(moved.due_from, f.due_on) + 1),
     case when c.state_to in <unfinished> then 1 else -1 end),
    (case when first.days is not null then '<cycle_days>' end, c."on", first.days),
    (case when first.days is not null then <cycle> end, c."on", 1)
  ) as flow (figure, day, n)
  where flow.figure is not null<of_change>
"""
_OF_DUE_CHANGES = """
  select d.finding_id, '<overdue>', greatest(d."on", moved.due + 1), moved.n
  from due_change d
  cross join lateral (values (d.due_from, -1), (d.due_on, 1)) as moved (due, n)
  where (
    select c.state_to from state_change c where c.finding_id = d.finding_id and c.at <= d.at
    order by c.at desc, c.event_id desc limit 1) in <unfinished><of_due_change>
"""
_OF_ONE_DUE_CHANGE = """
  select new.id as finding_id, '<overdue>' as figure, greatest(<new_day>, moved.due + 1) as day, moved.n
  from (values (old.due_on, -1), (new.due_on, 1)) as moved (due, n)
"""
_COLUMNS = (
    "id, unit_id, unit_lo, inspection_id, stage, side, secrecy, round_id, kind, unit_class, category, figure, level,"
    " grain, starts_on, n"
)
_INSERT = """
  insert into figure_flow (<columns>)
  select gen_random_uuid(), <place>, x.round_id, coalesce(x.kind, ''), coalesce(x.unit_class, ''),
    top_category(f.category), flow.figure, 'each', 'new', flow.day, <sign>sum(flow.n)
  from (<flows>) flow join finding f on f.id = flow.finding_id
  left join (<facts>) x on x.inspection_id = f.inspection_id
  group by <place>, x.round_id, x.kind, x.unit_class, top_category(f.category), flow.figure, flow.day;
"""
# What is new, into its day, month and year, at each level; what is not ordinary is summed at none but its own.
# A month is the sum of its days, a year of its months. Written in the order in which it is read: what a post reads
# lies together.
_LEVELS = """
  with grown as (<grown>),
  root as (select id, lo from organization where parent_id is null order by lo limit 1),
<sums>
  insert into figure_flow (<columns>)
  select <id>, g.unit_id, g.unit_lo, <kept>, g.level, g.grain, g.starts_on, g.n
  from (<spans>) g
  where g.n <> 0
  order by g.level, g.unit_lo, g.grain, g.starts_on
"""
_SUM = """
  <name> as (
    select <named>, <day> as starts_on, min(<lo>) as unit_lo, sum(n) as n from <above>
    group by <columns_summed>)
"""
_SPAN = "select *, '<level>' as level, '<span>' as grain from <name>"
_KEPT = ("inspection_id", "stage", "side", "secrecy", "round_id", "kind", "unit_class", "category", "figure")
# What a level leaves out, or says instead.
_INSTEAD: Mapping[str, Mapping[str, str]] = {
    "each": {},
    "given": {"inspection_id": "null::uuid", "category": "''", "figure": "'<sum_of_given>'"},
    "unit": {
        "inspection_id": "null::uuid", "round_id": "null::uuid", "kind": "''", "unit_class": "''", "category": "''",
    },
    "whole": {"inspection_id": "null::uuid", "unit_id": "root.id", "unit_lo": "root.lo"},
}  # fmt: skip
_SUMMED = {"each": "true", "given": "secrecy = 0 and figure in <given>", "unit": "secrecy = 0", "whole": "secrecy = 0"}
_SPANS = ("day", "month", "year")
_GROWN = """
    select <place>, x.round_id, coalesce(x.kind, '') as kind, coalesce(x.unit_class, '') as unit_class,
      top_category(f.category) as category, flow.figure, flow.day as starts_on, sum(flow.n) as n
    from (<flows>) flow join finding f on f.id = flow.finding_id
    left join (select * from inspection_facts()) x on x.inspection_id = f.inspection_id
    group by <place>, x.round_id, x.kind, x.unit_class, top_category(f.category), flow.figure, flow.day
"""
_GONE = "delete from figure_flow where grain = 'new' returning *"
_MERGED = """
  on conflict (unit_id, inspection_id, round_id, kind, unit_class, stage, side, secrecy, category, figure, level, grain,
    starts_on) where not grain = 'new' do update set n = figure_flow.n + excluded.n;
  delete from figure_flow where n = 0;
"""
# Filled anew, the same figures have the same ids: what they are summed for, hashed.
_SAME_ID = "md5(row(g.unit_id, <kept>, g.level, g.grain, g.starts_on)::text)::uuid"
_KEEP_DUE = """
  insert into due_change (id, finding_id, due_from, due_on, "on", at, unit_id, unit_lo, inspection_id, stage, side,
    secrecy)
"""
# Extensions that came in bulk, or before there was this table, stand in the record.
_FROM_THE_RECORD = """
  select md5(e.id::text)::uuid, f.id, (b.before ->> 'due_on')::date, (b.after ->> 'due_on')::date, <event_day>, e.at,
    <place>
  from event e join event_body b on b.event_id = e.id join finding f on f.id = e.thing_id
  where e.step = 'grant_extension' and b.before ->> 'due_on' <> b.after ->> 'due_on'
  and not exists (select 1 from due_change d where d.finding_id = f.id and d.at = e.at);
"""
_DUE = """
  values (gen_random_uuid(), new.id, old.due_on, new.due_on, <new_day>, new.changed_at, <new_place>);
  if old.state in <unfinished> then
<insert>
  end if;
"""
# A change of the tree writes rows of many units too: one at a time, and nobody waits for anybody in a ring.
_HOLD = "\n  perform pg_advisory_xact_lock(hashtext('bihuan'), hashtext('organization tree'));"
_REFILLED = """
  lock table figure_flow in exclusive mode;
  truncate figure_flow;
"""


def _levels(grown: str, *, row_id: str) -> str:
    """The rows of every level and span, summed from what has grown."""
    sums, spans = [], []
    for level, instead in _INSTEAD.items():
        named = ", ".join(f"{instead.get(name, name)} as {name}" for name in ("unit_id", *_KEPT))
        lo, above = instead.get("unit_lo", "unit_lo"), f"grown cross join root where {_SUMMED[level]}"
        for span in _SPANS:
            day = "starts_on" if span == "day" else f"date_trunc('{span}', starts_on)::date"
            sums.append(_filled(_SUM, name=f"{level}_{span}", named=named, day=day, lo=lo, above=above).rstrip())
            spans.append(_filled(_SPAN, name=f"{level}_{span}", level=level, span=span))
            named, lo, above = ", ".join(("unit_id", *_KEPT)), "unit_lo", f"{level}_{span}"
    kept = ", ".join(f"g.{name}" for name in _KEPT)
    return _filled(_LEVELS, grown=grown, id=row_id, sums=",".join(sums), spans=" union all ".join(spans), kept=kept)


def _listed(codes: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


def _cycle() -> str:
    bounded = " ".join(f"when first.days <= {one.most} then '{one.code}'" for one in CYCLES if one.most is not None)
    return f"case {bounded} else '{CYCLES[-1].code}' end"


def _place(row: str) -> str:
    return ", ".join(
        f"{row}.{column}" for column in ("unit_id", "unit_lo", "inspection_id", "stage", "side", "secrecy")
    )


def _filled(text: str, **words: str) -> str:
    """The text with its words in angle brackets filled in; those of the caller first, which may hold others."""
    known = {
        "columns": _COLUMNS, "facts": _FACTS, "given": _listed(GIVEN), "unfinished": _listed(UNFINISHED),
        "overdue": OVERDUE, "sum_of_given": SUM_OF_GIVEN,
        "columns_summed": ", ".join(map(str, range(1, len(_KEPT) + 3))),  # the unit, what is kept, and the day
        "cycle_days": CYCLE_DAYS, "cycle": _cycle(), "changes": "state_change", "of_change": "",
        "of_due_change": "", "place": _place("f"), "new_place": _place("new"), "sign": "",
        "new_day": "(new.changed_at at time zone 'Asia/Shanghai')::date",
        "event_day": "(e.at at time zone 'Asia/Shanghai')::date",
    }  # fmt: skip
    for word, said in (*words.items(), *known.items()):
        text = text.replace(f"<{word}>", said)
    return text


def _function(name: str, body: str, *, returns: str = "trigger") -> str:
    end = "\n  return null;\nend" if returns == "trigger" else "\nend"
    return f"create function {name}() returns {returns} language plpgsql {DEFINER} as $$\nbegin{body.rstrip()}{end} $$"


def figures_sql() -> list[str]:
    """Functions and triggers in order; the tables and their policies stand before."""
    every = f"{_OF_CHANGES}  union all{_OF_DUE_CHANGES}"
    of_one = _filled(every, of_change=" and c.finding_id = new.id", of_due_change=" and d.finding_id = new.id")
    of_new = _filled(_OF_CHANGES, changes="new_changes")
    away = _filled(_INSERT, flows=of_one, sign="-")
    for column in (*_MOVED, "unit_lo"):
        away = away.replace(f"f.{column}", f"old.{column}")
    old, new = (", ".join(f"{side}.{column}" for column in _MOVED) for side in ("old", "new"))
    refilled = _HOLD + _filled(_REFILLED + _KEEP_DUE + _FROM_THE_RECORD)
    refilled += _levels(_filled(_GROWN, flows=_filled(every)), row_id=_SAME_ID) + ";\n"
    folded = _HOLD + _levels(_GONE, row_id="gen_random_uuid()") + _MERGED
    return [
        "revoke insert on figure_flow, due_change from bihuan_app",
        # Every code begins with its top category: one letter, or V and a digit (a test holds it of every taxonomy).
        "create function top_category(code text) returns text language sql immutable strict parallel safe as"
        " $$ select left(code, case when code like 'V%' then 2 else 1 end) $$",
        "create function inspection_facts() returns table (inspection_id uuid, round_id uuid, kind text,"
        f" unit_class text) language sql stable {DEFINER} rows 1000 as $${_FACTS}$$",
        _function("state_change_flows", _filled(_INSERT, flows=of_new)),
        _function(
            "due_change_flows",
            _filled(_KEEP_DUE + _DUE, insert=_filled(_INSERT, flows=_filled(_OF_ONE_DUE_CHANGE))),
        ),
        _function("finding_moves_flows", away + _filled(_INSERT, flows=of_one)),
        "create trigger state_change_flows after insert on state_change referencing new table as new_changes"
        " for each statement execute function state_change_flows()",
        "create trigger finding_due_change after update of due_on on finding for each row when"
        " (old.due_on is not null and new.due_on is distinct from old.due_on) execute function due_change_flows()",
        f"create trigger finding_moves_flows after update of {', '.join(_MOVED)} on finding for each row when"
        f" (old.given_on is not null and ({old}) is distinct from ({new})) execute function finding_moves_flows()",
        _function("fold_figures", folded, returns="void"),
        f"create function refill_figures() returns void language plpgsql set search_path = public"
        f" set work_mem = '256MB' as $$\nbegin{refilled}end $$",
        "revoke execute on function refill_figures() from public, bihuan_app",
    ]

"""The one policy form as SQL (decision 0004). Migrations hold its frozen output; a house test compares both.

The range compares with inline settings, so that the planner can estimate it; assignments and grants are arrays, so
that an OR becomes a union of index scans. Unset settings are empty strings and match nothing.
"""

from dataclasses import dataclass

from bihuan.models._search import search_sql
from bihuan.models._statistics import figures_sql

ROLE = "bihuan_app"
POST = "nullif(current_setting('app.post', true), '')::uuid"
LO = "nullif(current_setting('app.lo', true), '')::int"
HI = "nullif(current_setting('app.hi', true), '')::int"
STAGE = "nullif(current_setting('app.stage', true), '')::smallint"
SIDE = "current_setting('app.side', true)"
READS_RECORD = "current_setting('app.reads_record', true) = 'on'"

MINE = f"array(select a.inspection_id from assignment a where a.post_id = {POST})"
GRANTED = f"array(select g.thing from sight_grant g where g.post_id = {POST} and (g.until is null or g.until >= now()))"


@dataclass(frozen=True)
class Placed:
    """A table with the one form: `key` is the column that grants name; the application changes no `frozen` row.

    Its place follows the tree; where `belongs_to` names a table, the row of that table that it points at, of which it
    has the columns `alike`.
    """

    table: str
    key: str = "id"
    frozen: bool = False
    belongs_to: str = ""
    alike: str = "unit_id, unit_lo"


PLACED = (
    Placed("round"),
    Placed("inspection"),
    Placed("upload", "thing_id", frozen=True),
    Placed("feedback"),
    Placed("signature", "feedback_id", frozen=True),
    Placed("draft", "feedback_id", belongs_to="feedback", alike="unit_id, unit_lo, inspection_id"),
    Placed("finding"),
    Placed("finding_unit", "finding_id"),
    Placed("state_change", "finding_id", frozen=True),
    Placed("finding_request", "finding_id"),
    Placed("plan", "feedback_id"),
    Placed("plan_row", "finding_id"),
    Placed("measure", "finding_id", frozen=True),
    Placed("progress", "finding_id", frozen=True),
    Placed("note", "finding_id", frozen=True),
    Placed("evidence", "finding_id", frozen=True),
    Placed("closing_request", "finding_id"),
    Placed("verdict", "finding_id", frozen=True),
    Placed("event_place", "thing_id", frozen=True),
    Placed("figure_flow", frozen=True),
    Placed("due_change", "finding_id", frozen=True),
    Placed("intake", "thing_id"),
    Placed("scan_page", "thing_id"),
    Placed("ledger_import"),
    Placed("ledger_import_row", "ledger_import_id", frozen=True, belongs_to="ledger_import"),
)
# What a post keeps for itself, and which of the own rows it may change or remove.
OWN = {"saved_view": ("update", "delete"), "ledger_export": ("update",), "ledger_form": ("update", "delete")}
SHARED = ("saved_view", "ledger_form")
RECORD = ("event", "event_body", "event_place")

WITHOUT_POLICY = {
    "organization": "the tree itself is no secret within the system; scopes are computed from it before any post acts",
    "account": "sign-in finds an account before any post acts; only its own person and the system officer list it",
    "post": "act-as finds a person's posts before any post acts; holds no business data",
    "assignment": "read by the policies themselves; holds two ids",
    "sight_grant": "read by the policies themselves; holds ids and an end",
    "term": "a name and two dates, the same for everybody",
    "register_entry": "names and classes of organizations, as public as the tree",
    "calendar_day": "public holidays",
    "counter": "last numbers of series, no content",
    "django_session": "opaque keys; written before any post acts",
    "django_migrations": "names of migrations",
}
WITHOUT_POLICY_PREFIXES = {"procrastinate_": "job names and ids only: tasks take ids as their only arguments"}


def condition(key: str) -> str:
    """The one form: by range, by assignment, or by grant (the column `key`)."""
    # The same as `stage >= :stage and side in ('both', :side)`, but nearly every row is decided without a setting.
    open_to = f"(stage = 1 or {STAGE} = 0) and (side = 'both' or side = {SIDE})"
    return (
        f"(unit_lo between {LO} and {HI} and {open_to} and secrecy = 0)"
        f" or (inspection_id = any({MINE}) and {open_to} and secrecy <= 1)"
        f" or ({key} = any({GRANTED}) and {open_to} and secrecy <= 2)"
    )


def _owner(table: str) -> list[str]:
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy {table}_owner on {table} for all to bihuan_owner using (true) with check (true)",
    ]


def placed_sql(placed: Placed) -> list[str]:
    """Policies of one business table: one per command; nobody deletes; the place follows the tree."""
    table, form, owner = placed.table, condition(placed.key), placed.belongs_to
    follows = f"({owner}_id, {placed.alike}) references {owner} (id, {placed.alike})" if owner else ""
    statements = _owner(table)
    statements += [
        f"create policy {table}_select on {table} for select to {ROLE} using ({form})",
        f"create policy {table}_insert on {table} for insert to {ROLE} with check ({form})",
        f"revoke {'update, ' if placed.frozen else ''}delete, truncate on {table} from {ROLE}",
        f"alter table {table} add constraint {table}_place foreign key"
        f" {follows or '(unit_id, unit_lo) references organization (id, lo)'} on update cascade",
    ]
    if not placed.frozen:
        statements.append(
            f"create policy {table}_update on {table} for update to {ROLE} using ({form}) with check ({form})"
        )
    return statements


FORGET_EXPORTS = """
create function forget_old_exports() returns bigint language sql security definer set search_path = public as $$
  with gone as (
    update ledger_export set content = null where until < now() and content is not null returning 1
  )
  select count(*) from gone
$$
"""


def own_sql() -> list[str]:
    """What is a post's own: seen and changed by it alone; a shared view or form is read by whoever acts as a post."""
    statements = []
    for table, rights in OWN.items():
        mine = f"post_id = {POST}"
        read = f"{mine} or (is_shared and {POST} is not null)" if table in SHARED else mine
        withheld = ", ".join(right for right in ("update", "delete", "truncate") if right not in rights)
        statements += [
            *_owner(table),
            f"create policy {table}_select on {table} for select to {ROLE} using ({read})",
            f"create policy {table}_insert on {table} for insert to {ROLE} with check ({mine})",
            f"create policy {table}_update on {table} for update to {ROLE} using ({mine}) with check ({mine})",
            f"revoke {withheld} on {table} from {ROLE}",
        ]
        if "delete" in rights:
            statements.append(f"create policy {table}_delete on {table} for delete to {ROLE} using ({mine})")
    return [*statements, FORGET_EXPORTS.strip()]


def find_sql() -> list[str]:
    """Searching findings: the second lock repeated where its own index would be out of reach (decision 0012)."""
    return search_sql(condition("id"), place=f"unit_lo between {LO} and {HI}", mine=MINE)


def record_sql() -> list[str]:
    """The record: insert and read only, for every role in use; headers for the auditor, bodies by place."""
    seen = "exists (select 1 from event_place p where p.event_id = {0})"
    statements = [*_owner("event"), *_owner("event_body")]
    statements += [
        f"create policy event_select on event for select to {ROLE} using ({READS_RECORD} or {seen.format('event.id')})",
        f"create policy event_insert on event for insert to {ROLE} with check (true)",
        f"create policy event_body_select on event_body for select to {ROLE}"
        f" using ({seen.format('event_body.event_id')})",
        f"create policy event_body_insert on event_body for insert to {ROLE} with check (true)",
        # Foreign keys to the event lock it as its owner, which takes the privilege to update: the trigger refuses it.
        "revoke update, delete, truncate on event, event_body from bihuan_app",
        "revoke delete, truncate on event, event_body from bihuan_owner",
        "revoke delete, truncate on event_place, state_change from bihuan_owner",
        "create function record_is_append_only() returns trigger language plpgsql as"
        " $$ begin raise exception 'the record is append-only' using errcode = '42501'; end $$",
    ]
    for table in ("event", "event_body"):
        statements += [
            f"create trigger {table}_append_only before update or delete on {table}"
            " for each row execute function record_is_append_only()",
            f"create trigger {table}_no_truncate before truncate on {table}"
            " for each statement execute function record_is_append_only()",
        ]
    return statements


def content_sql() -> list[str]:
    """The bytes of files: kept once for each content, seen through an upload that is seen, changed by nobody."""
    return [
        *_owner("file_content"),
        f"create policy file_content_select on file_content for select to {ROLE}"
        " using (exists (select 1 from upload u where u.sha256 = file_content.sha256))",
        f"create policy file_content_insert on file_content for insert to {ROLE} with check (true)",
        "revoke update, delete, truncate on file_content from bihuan_app",
        # Nobody puts other bytes under a hash before their owner does.
        "alter table file_content add constraint file_content_is_its_hash"
        " check (sha256 = encode(sha256(content), 'hex'))",
        "alter table upload add constraint upload_content foreign key (sha256) references file_content (sha256)",
    ]


OPEN_FEEDBACK = """
create function open_feedback(wanted uuid) returns date language plpgsql security definer set search_path = public as $$
declare day date;
begin
  if (select count(distinct role) from signature where feedback_id = wanted) <> 3 then
    raise exception 'three receipt signatures are needed' using errcode = '42501';
  end if;
  select max(signed_on) into day from signature where feedback_id = wanted;
  update feedback set received_on = day where id = wanted and state = 'given' and received_on is null;
  if not found then
    raise exception 'the feedback is not given, or was opened before' using errcode = '42501';
  end if;
  update finding set stage = 1, given_on = day where feedback_id = wanted and state = 'drafted';
  update finding_unit set stage = 1 where finding_id in (select id from finding where feedback_id = wanted);
  update upload set stage = 1 where id = (select upload_id from feedback where id = wanted);
  update scan_page set stage = 1 where thing_id = wanted;
  update inspection set stage = 1 where id = (select inspection_id from feedback where id = wanted);
  return day;
end $$
"""
FEEDBACK_DIGEST = """
create function feedback_digest(wanted uuid) returns text language sql stable security definer
set search_path = public as $$
  select encode(
    sha256(convert_to(coalesce(string_agg(number || ':' || text, chr(10) order by number), ''), 'UTF8')), 'hex')
  from finding where feedback_id = wanted and state <> 'withdrawn'
$$
"""


def function_sql() -> list[str]:
    """Two deeds that reach further than the one who asks: opening what three have signed, and its digest.

    The third signer may be the unit's head, who sees nothing before this very deed; both check or hide on their own.
    """
    return [OPEN_FEEDBACK.strip(), FEEDBACK_DIGEST.strip()]


HANDED_IN = {
    "plan": ("feedback_id", "version", "content_hash", "submitted_at"),
    "plan_row": (
        "plan_id", "finding_id", "version", "causes", "goal", "leader", "head_leads", "typed", "content_hash",
        "submitted_at",
    ),
}  # fmt: skip


def frozen_sql() -> list[str]:
    """What a unit has handed in is never written again: neither the version nor what its rows say."""
    statements = [
        "create function handed_in_is_frozen() returns trigger language plpgsql as"
        " $$ begin raise exception 'what was handed in is not changed' using errcode = '42501'; end $$"
    ]
    for table, columns in HANDED_IN.items():
        old, new = (", ".join(f"{side}.{column}" for column in columns) for side in ("old", "new"))
        statements.append(
            f"create trigger {table}_frozen before update on {table} for each row"
            f" when (old.state <> 'draft' and ({old}) is distinct from ({new}))"
            " execute function handed_in_is_frozen()"
        )
    return statements


def policy_sql() -> list[str]:
    """Every statement of the second lock, in order."""
    statements = [line for placed in PLACED for line in placed_sql(placed)]
    statements += [*own_sql(), *find_sql(), *figures_sql()]
    return [*statements, *frozen_sql(), *content_sql(), *record_sql(), *function_sql()]

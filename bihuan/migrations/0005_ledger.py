"""Saved views and exports of the ledger, the search of findings and the orders of the list (decision 0012)."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = [
    "alter table saved_view enable row level security",
    "alter table saved_view force row level security",
    "create policy saved_view_owner on saved_view for all to bihuan_owner using (true) with check (true)",
    "create policy saved_view_select on saved_view for select to bihuan_app using (post_id = nullif(current_setting('app.post', true), '')::uuid or (is_shared and nullif(current_setting('app.post', true), '')::uuid is not null))",
    "create policy saved_view_insert on saved_view for insert to bihuan_app with check (post_id = nullif(current_setting('app.post', true), '')::uuid)",
    "create policy saved_view_update on saved_view for update to bihuan_app using (post_id = nullif(current_setting('app.post', true), '')::uuid) with check (post_id = nullif(current_setting('app.post', true), '')::uuid)",
    "revoke truncate on saved_view from bihuan_app",
    "create policy saved_view_delete on saved_view for delete to bihuan_app using (post_id = nullif(current_setting('app.post', true), '')::uuid)",
    "alter table ledger_export enable row level security",
    "alter table ledger_export force row level security",
    "create policy ledger_export_owner on ledger_export for all to bihuan_owner using (true) with check (true)",
    "create policy ledger_export_select on ledger_export for select to bihuan_app using (post_id = nullif(current_setting('app.post', true), '')::uuid)",
    "create policy ledger_export_insert on ledger_export for insert to bihuan_app with check (post_id = nullif(current_setting('app.post', true), '')::uuid)",
    "create policy ledger_export_update on ledger_export for update to bihuan_app using (post_id = nullif(current_setting('app.post', true), '')::uuid) with check (post_id = nullif(current_setting('app.post', true), '')::uuid)",
    "revoke delete, truncate on ledger_export from bihuan_app",
    "create function forget_old_exports() returns bigint language sql security definer set search_path = public as $$\n  with gone as (\n    update ledger_export set content = null where until < now() and content is not null returning 1\n  )\n  select count(*) from gone\n$$",
    "create function finding_grams(said text) returns int[] language sql immutable strict parallel safe cost 5000\nas $$\n  select coalesce(array_agg((ascii(one) << 15) # ascii(two)), '{}')\n  from (select string_to_array(said, null) as letters) t, unnest(t.letters, t.letters[2:]) as pair(one, two)\n  where two is not null\n$$",
    "create function findings_with(wanted text, most int) returns setof uuid language plpgsql stable security definer\nset search_path = public set work_mem = '64MB' as $$\ndeclare reached bigint;\nbegin\n  if length(wanted) < 2 then\n    return;\n  end if;\n  reached := (select count(*) from (select 1 from finding where unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int limit 60000 + 1) few)\n    + (select count(*) from (select 1 from finding where inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) limit 60000 + 1) few);\n  if reached <= 60000 then\n    return query select id from finding\n      where (position(wanted in text) > 0 or position(wanted in number) > 0) and ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2)) limit most;\n  else\n    return query select id from finding\n      where finding_grams(number || ' ' || text) @> finding_grams(wanted)\n      and (position(wanted in text) > 0 or position(wanted in number) > 0) and ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2)) limit most;\n  end if;\nend $$",
    "create index finding_search on finding using gin (finding_grams(number || ' ' || text))",
    "create index finding_by_due on finding ((case when due_on is null then '9999-12-31'::date else due_on end), number)",
    "create index finding_by_given on finding ((case when given_on is null then '9999-12-31'::date else given_on end), number)",
    "create index finding_by_state on finding ((case state when 'drafted' then 0 when 'awaiting_plan' then 1 when 'plan_submitted' then 2 when 'plan_returned' then 3 when 'in_progress' then 4 when 'basically_done' then 5 when 'pending_review' then 6 when 'returned' then 7 when 'closed' then 8 when 'phase_done_long_term' then 9 when 'reopened' then 10 when 'withdrawn' then 11 else 99 end), number)",
    "create index finding_by_unit on finding (unit_lo, number)",
    "create index finding_by_category on finding (category, number)",
]


class Migration(migrations.Migration):
    dependencies = [("bihuan", "0004_chain_policies")]
    operations = [
        migrations.CreateModel(
            name="LedgerExport",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("asked", models.CharField(blank=True, max_length=2000)),
                ("asked_at", models.DateTimeField()),
                ("on", models.DateField()),
                ("language", models.CharField(max_length=8)),
                ("n_rows", models.IntegerField(null=True)),
                ("n_written", models.IntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("has_failed", models.BooleanField(default=False)),
                ("content", models.BinaryField(null=True)),
                ("size", models.IntegerField(default=0)),
                ("until", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.account"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.post"),
                ),
            ],
            options={
                "db_table": "ledger_export",
                "indexes": [models.Index(fields=["post", "asked_at"], name="ledger_export_post")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("content", None),
                            models.Q(("finished_at__isnull", False), ("until__isnull", False)),
                            _connector="OR",
                        ),
                        name="ledger_export_file_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("asked", models.CharField(blank=True, max_length=2000)),
                ("is_shared", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.post"),
                ),
            ],
            options={
                "db_table": "saved_view",
                "constraints": [models.UniqueConstraint(fields=("post", "name"), name="saved_view_name")],
            },
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]

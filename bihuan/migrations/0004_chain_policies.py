"""Policies of the tables of 0003, and the plan versions of rows that were there before (decision 0010)."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = [
    "insert into plan (id, feedback_id, version, state, content_hash, submitted_at, revision, unit_id, unit_lo, inspection_id, stage, side, secrecy) select gen_random_uuid(), f.feedback_id, r.version, case when bool_or(r.state = 'submitted') then 'submitted' when bool_or(r.state = 'returned') then 'returned' else 'approved' end, encode(sha256(convert_to(string_agg(r.content_hash, ' ' order by f.number), 'UTF8')), 'hex'), max(r.submitted_at), 1, b.unit_id, b.unit_lo, b.inspection_id, b.stage, 'both', b.secrecy from plan_row r join finding f on f.id = r.finding_id join feedback b on b.id = f.feedback_id group by f.feedback_id, r.version, b.unit_id, b.unit_lo, b.inspection_id, b.stage, b.secrecy",
    "update plan_row r set plan_id = p.id from finding f join plan p on p.feedback_id = f.feedback_id where f.id = r.finding_id and p.version = r.version",
    "set constraints all immediate",
    "alter table plan_row alter column plan_id set not null",
    "alter policy plan_owner on plan_row rename to plan_row_owner",
    "alter policy plan_select on plan_row rename to plan_row_select",
    "alter policy plan_insert on plan_row rename to plan_row_insert",
    "alter policy plan_update on plan_row rename to plan_row_update",
    "alter table plan_row rename constraint plan_place to plan_row_place",
    "alter table plan enable row level security",
    "alter table plan force row level security",
    "create policy plan_owner on plan for all to bihuan_owner using (true) with check (true)",
    "create policy plan_select on plan for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (feedback_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy plan_insert on plan for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (feedback_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke delete, truncate on plan from bihuan_app",
    "alter table plan add constraint plan_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
    "create policy plan_update on plan for update to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (feedback_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2)) with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (feedback_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "alter table progress enable row level security",
    "alter table progress force row level security",
    "create policy progress_owner on progress for all to bihuan_owner using (true) with check (true)",
    "create policy progress_select on progress for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (finding_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy progress_insert on progress for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (finding_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke update, delete, truncate on progress from bihuan_app",
    "alter table progress add constraint progress_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
    "alter table note enable row level security",
    "alter table note force row level security",
    "create policy note_owner on note for all to bihuan_owner using (true) with check (true)",
    "create policy note_select on note for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (finding_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy note_insert on note for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (finding_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke update, delete, truncate on note from bihuan_app",
    "alter table note add constraint note_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
    "create function handed_in_is_frozen() returns trigger language plpgsql as $$ begin raise exception 'what was handed in is not changed' using errcode = '42501'; end $$",
    "create trigger plan_frozen before update on plan for each row when (old.state <> 'draft' and (old.feedback_id, old.version, old.content_hash, old.submitted_at) is distinct from (new.feedback_id, new.version, new.content_hash, new.submitted_at)) execute function handed_in_is_frozen()",
    "create trigger plan_row_frozen before update on plan_row for each row when (old.state <> 'draft' and (old.plan_id, old.finding_id, old.version, old.causes, old.goal, old.leader, old.head_leads, old.typed, old.content_hash, old.submitted_at) is distinct from (new.plan_id, new.finding_id, new.version, new.causes, new.goal, new.leader, new.head_leads, new.typed, new.content_hash, new.submitted_at)) execute function handed_in_is_frozen()",
    "alter table file_content enable row level security",
    "alter table file_content force row level security",
    "create policy file_content_owner on file_content for all to bihuan_owner using (true) with check (true)",
    "create policy file_content_select on file_content for select to bihuan_app using (exists (select 1 from upload u where u.sha256 = file_content.sha256))",
    "create policy file_content_insert on file_content for insert to bihuan_app with check (true)",
    "revoke update, delete, truncate on file_content from bihuan_app",
    "alter table file_content add constraint file_content_is_its_hash check (sha256 = encode(sha256(content), 'hex'))",
    "alter table upload add constraint upload_content foreign key (sha256) references file_content (sha256)",
]


class Migration(migrations.Migration):
    dependencies = [("bihuan", "0003_chain")]
    operations = [
        migrations.RunSQL(
            FROZEN,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "planrow",
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="bihuan.plan"
                    ),
                )
            ],
        )
    ]

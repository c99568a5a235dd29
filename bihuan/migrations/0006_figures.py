"""Flows behind the figures and moved due dates, their policies and triggers (decision 0013)."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = [
    "alter table figure_flow enable row level security",
    "alter table figure_flow force row level security",
    "create policy figure_flow_owner on figure_flow for all to bihuan_owner using (true) with check (true)",
    "create policy figure_flow_select on figure_flow for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy figure_flow_insert on figure_flow for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke update, delete, truncate on figure_flow from bihuan_app",
    "alter table figure_flow add constraint figure_flow_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
    "alter table due_change enable row level security",
    "alter table due_change force row level security",
    "create policy due_change_owner on due_change for all to bihuan_owner using (true) with check (true)",
    "create policy due_change_select on due_change for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (finding_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy due_change_insert on due_change for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (finding_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke update, delete, truncate on due_change from bihuan_app",
    "alter table due_change add constraint due_change_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
    "revoke insert on figure_flow, due_change from bihuan_app",
    "create function top_category(code text) returns text language sql immutable strict parallel safe as $$ select left(code, case when code like 'V%' then 2 else 1 end) $$",
    "create function inspection_facts() returns table (inspection_id uuid, round_id uuid, kind text, unit_class text) language sql stable security definer set search_path = public rows 1000 as $$\n  select i.id as inspection_id, r.id as round_id, r.kind, coalesce(\n    (select e.organization_class from register_entry e where e.term_id = r.term_id and e.organization_id = i.unit_id\n     order by e.starts_on > coalesce(i.leaves_on, r.ends_on),\n       abs(e.starts_on - coalesce(i.leaves_on, r.ends_on)) limit 1),\n    o.organization_class) as unit_class\n  from inspection i join round r on r.id = i.round_id join organization o on o.id = i.unit_id\n$$",
    "create function state_change_flows() returns trigger language plpgsql security definer set search_path = public as $$\nbegin\n  insert into figure_flow (id, unit_id, unit_lo, inspection_id, stage, side, secrecy, round_id, kind, unit_class, category, figure, level, grain, starts_on, n)\n  select gen_random_uuid(), f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy, x.round_id, coalesce(x.kind, ''), coalesce(x.unit_class, ''),\n    top_category(f.category), flow.figure, 'each', 'new', flow.day, sum(flow.n)\n  from (\n  select f.id as finding_id, flow.figure, flow.day, flow.n\n  from new_changes c join finding f on f.id = c.finding_id\n  left join lateral (\n    select d.due_from from due_change d where d.finding_id = f.id and d.at > c.at order by d.at limit 1\n  ) moved on true\n  left join lateral (\n    select c.\"on\" - f.given_on as days where c.state_to = 'closed' and not exists (\n      select 1 from state_change e where e.finding_id = f.id and e.state_to = 'closed' and (e.at, e.id) < (c.at, c.id))\n  ) first on true\n  cross join lateral (values\n    (case when c.state_from in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'closed', 'phase_done_long_term', 'reopened') then c.state_from end, c.\"on\", -1),\n    (case when c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'closed', 'phase_done_long_term', 'reopened') then c.state_to end, c.\"on\", 1),\n    (case when (c.state_from in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')) <> (c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')) then 'overdue' end,\n     greatest(c.\"on\", coalesce(moved.due_from, f.due_on) + 1),\n     case when c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened') then 1 else -1 end),\n    (case when first.days is not null then 'cycle_days' end, c.\"on\", first.days),\n    (case when first.days is not null then case when first.days <= 30 then 'cycle_30' when first.days <= 60 then 'cycle_60' when first.days <= 90 then 'cycle_90' when first.days <= 180 then 'cycle_180' else 'cycle_more' end end, c.\"on\", 1)\n  ) as flow (figure, day, n)\n  where flow.figure is not null\n) flow join finding f on f.id = flow.finding_id\n  left join (\n  select i.id as inspection_id, r.id as round_id, r.kind, coalesce(\n    (select e.organization_class from register_entry e where e.term_id = r.term_id and e.organization_id = i.unit_id\n     order by e.starts_on > coalesce(i.leaves_on, r.ends_on),\n       abs(e.starts_on - coalesce(i.leaves_on, r.ends_on)) limit 1),\n    o.organization_class) as unit_class\n  from inspection i join round r on r.id = i.round_id join organization o on o.id = i.unit_id\n) x on x.inspection_id = f.inspection_id\n  group by f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy, x.round_id, x.kind, x.unit_class, top_category(f.category), flow.figure, flow.day;\n  return null;\nend $$",
    "create function due_change_flows() returns trigger language plpgsql security definer set search_path = public as $$\nbegin\n  insert into due_change (id, finding_id, due_from, due_on, \"on\", at, unit_id, unit_lo, inspection_id, stage, side,\n    secrecy)\n\n  values (gen_random_uuid(), new.id, old.due_on, new.due_on, (new.changed_at at time zone 'Asia/Shanghai')::date, new.changed_at, new.unit_id, new.unit_lo, new.inspection_id, new.stage, new.side, new.secrecy);\n  if old.state in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened') then\n\n  insert into figure_flow (id, unit_id, unit_lo, inspection_id, stage, side, secrecy, round_id, kind, unit_class, category, figure, level, grain, starts_on, n)\n  select gen_random_uuid(), f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy, x.round_id, coalesce(x.kind, ''), coalesce(x.unit_class, ''),\n    top_category(f.category), flow.figure, 'each', 'new', flow.day, sum(flow.n)\n  from (\n  select new.id as finding_id, 'overdue' as figure, greatest((new.changed_at at time zone 'Asia/Shanghai')::date, moved.due + 1) as day, moved.n\n  from (values (old.due_on, -1), (new.due_on, 1)) as moved (due, n)\n) flow join finding f on f.id = flow.finding_id\n  left join (\n  select i.id as inspection_id, r.id as round_id, r.kind, coalesce(\n    (select e.organization_class from register_entry e where e.term_id = r.term_id and e.organization_id = i.unit_id\n     order by e.starts_on > coalesce(i.leaves_on, r.ends_on),\n       abs(e.starts_on - coalesce(i.leaves_on, r.ends_on)) limit 1),\n    o.organization_class) as unit_class\n  from inspection i join round r on r.id = i.round_id join organization o on o.id = i.unit_id\n) x on x.inspection_id = f.inspection_id\n  group by f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy, x.round_id, x.kind, x.unit_class, top_category(f.category), flow.figure, flow.day;\n\n  end if;\n  return null;\nend $$",
    "create function finding_moves_flows() returns trigger language plpgsql security definer set search_path = public as $$\nbegin\n  insert into figure_flow (id, unit_id, unit_lo, inspection_id, stage, side, secrecy, round_id, kind, unit_class, category, figure, level, grain, starts_on, n)\n  select gen_random_uuid(), old.unit_id, old.unit_lo, old.inspection_id, old.stage, old.side, old.secrecy, x.round_id, coalesce(x.kind, ''), coalesce(x.unit_class, ''),\n    top_category(old.category), flow.figure, 'each', 'new', flow.day, -sum(flow.n)\n  from (\n  select f.id as finding_id, flow.figure, flow.day, flow.n\n  from state_change c join finding f on f.id = c.finding_id\n  left join lateral (\n    select d.due_from from due_change d where d.finding_id = f.id and d.at > c.at order by d.at limit 1\n  ) moved on true\n  left join lateral (\n    select c.\"on\" - f.given_on as days where c.state_to = 'closed' and not exists (\n      select 1 from state_change e where e.finding_id = f.id and e.state_to = 'closed' and (e.at, e.id) < (c.at, c.id))\n  ) first on true\n  cross join lateral (values\n    (case when c.state_from in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'closed', 'phase_done_long_term', 'reopened') then c.state_from end, c.\"on\", -1),\n    (case when c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'closed', 'phase_done_long_term', 'reopened') then c.state_to end, c.\"on\", 1),\n    (case when (c.state_from in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')) <> (c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')) then 'overdue' end,\n     greatest(c.\"on\", coalesce(moved.due_from, f.due_on) + 1),\n     case when c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened') then 1 else -1 end),\n    (case when first.days is not null then 'cycle_days' end, c.\"on\", first.days),\n    (case when first.days is not null then case when first.days <= 30 then 'cycle_30' when first.days <= 60 then 'cycle_60' when first.days <= 90 then 'cycle_90' when first.days <= 180 then 'cycle_180' else 'cycle_more' end end, c.\"on\", 1)\n  ) as flow (figure, day, n)\n  where flow.figure is not null and c.finding_id = new.id\n  union all\n  select d.finding_id, 'overdue', greatest(d.\"on\", moved.due + 1), moved.n\n  from due_change d\n  cross join lateral (values (d.due_from, -1), (d.due_on, 1)) as moved (due, n)\n  where (\n    select c.state_to from state_change c where c.finding_id = d.finding_id and c.at <= d.at\n    order by c.at desc, c.event_id desc limit 1) in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened') and d.finding_id = new.id\n) flow join finding f on f.id = flow.finding_id\n  left join (\n  select i.id as inspection_id, r.id as round_id, r.kind, coalesce(\n    (select e.organization_class from register_entry e where e.term_id = r.term_id and e.organization_id = i.unit_id\n     order by e.starts_on > coalesce(i.leaves_on, r.ends_on),\n       abs(e.starts_on - coalesce(i.leaves_on, r.ends_on)) limit 1),\n    o.organization_class) as unit_class\n  from inspection i join round r on r.id = i.round_id join organization o on o.id = i.unit_id\n) x on x.inspection_id = old.inspection_id\n  group by old.unit_id, old.unit_lo, old.inspection_id, old.stage, old.side, old.secrecy, x.round_id, x.kind, x.unit_class, top_category(old.category), flow.figure, flow.day;\n\n  insert into figure_flow (id, unit_id, unit_lo, inspection_id, stage, side, secrecy, round_id, kind, unit_class, category, figure, level, grain, starts_on, n)\n  select gen_random_uuid(), f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy, x.round_id, coalesce(x.kind, ''), coalesce(x.unit_class, ''),\n    top_category(f.category), flow.figure, 'each', 'new', flow.day, sum(flow.n)\n  from (\n  select f.id as finding_id, flow.figure, flow.day, flow.n\n  from state_change c join finding f on f.id = c.finding_id\n  left join lateral (\n    select d.due_from from due_change d where d.finding_id = f.id and d.at > c.at order by d.at limit 1\n  ) moved on true\n  left join lateral (\n    select c.\"on\" - f.given_on as days where c.state_to = 'closed' and not exists (\n      select 1 from state_change e where e.finding_id = f.id and e.state_to = 'closed' and (e.at, e.id) < (c.at, c.id))\n  ) first on true\n  cross join lateral (values\n    (case when c.state_from in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'closed', 'phase_done_long_term', 'reopened') then c.state_from end, c.\"on\", -1),\n    (case when c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'closed', 'phase_done_long_term', 'reopened') then c.state_to end, c.\"on\", 1),\n    (case when (c.state_from in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')) <> (c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')) then 'overdue' end,\n     greatest(c.\"on\", coalesce(moved.due_from, f.due_on) + 1),\n     case when c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened') then 1 else -1 end),\n    (case when first.days is not null then 'cycle_days' end, c.\"on\", first.days),\n    (case when first.days is not null then case when first.days <= 30 then 'cycle_30' when first.days <= 60 then 'cycle_60' when first.days <= 90 then 'cycle_90' when first.days <= 180 then 'cycle_180' else 'cycle_more' end end, c.\"on\", 1)\n  ) as flow (figure, day, n)\n  where flow.figure is not null and c.finding_id = new.id\n  union all\n  select d.finding_id, 'overdue', greatest(d.\"on\", moved.due + 1), moved.n\n  from due_change d\n  cross join lateral (values (d.due_from, -1), (d.due_on, 1)) as moved (due, n)\n  where (\n    select c.state_to from state_change c where c.finding_id = d.finding_id and c.at <= d.at\n    order by c.at desc, c.event_id desc limit 1) in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened') and d.finding_id = new.id\n) flow join finding f on f.id = flow.finding_id\n  left join (\n  select i.id as inspection_id, r.id as round_id, r.kind, coalesce(\n    (select e.organization_class from register_entry e where e.term_id = r.term_id and e.organization_id = i.unit_id\n     order by e.starts_on > coalesce(i.leaves_on, r.ends_on),\n       abs(e.starts_on - coalesce(i.leaves_on, r.ends_on)) limit 1),\n    o.organization_class) as unit_class\n  from inspection i join round r on r.id = i.round_id join organization o on o.id = i.unit_id\n) x on x.inspection_id = f.inspection_id\n  group by f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy, x.round_id, x.kind, x.unit_class, top_category(f.category), flow.figure, flow.day;\n  return null;\nend $$",
    "create trigger state_change_flows after insert on state_change referencing new table as new_changes for each statement execute function state_change_flows()",
    "create trigger finding_due_change after update of due_on on finding for each row when (old.due_on is not null and new.due_on is distinct from old.due_on) execute function due_change_flows()",
    "create trigger finding_moves_flows after update of category, unit_id, inspection_id, stage, side, secrecy on finding for each row when (old.given_on is not null and (old.category, old.unit_id, old.inspection_id, old.stage, old.side, old.secrecy) is distinct from (new.category, new.unit_id, new.inspection_id, new.stage, new.side, new.secrecy)) execute function finding_moves_flows()",
    "create function fold_figures() returns void language plpgsql security definer set search_path = public as $$\nbegin\n  perform pg_advisory_xact_lock(hashtext('bihuan'), hashtext('organization tree'));\n  with gone as (delete from figure_flow where grain = 'new' returning *)\n\n  insert into figure_flow (id, unit_id, unit_lo, inspection_id, stage, side, secrecy, round_id, kind, unit_class, category, figure, level, grain, starts_on, n)\n  select gen_random_uuid(), place.unit_id, min(place.unit_lo), place.inspection_id, g.stage, g.side, g.secrecy,\n    place.round_id, place.kind, place.unit_class, place.category, g.figure, place.level, span.grain, span.starts_on,\n    sum(g.n)\n  from (select * from gone) g\n  cross join (select id, lo from organization where parent_id is null order by lo limit 1) root\n  cross join lateral (values\n    ('each', g.unit_id, g.unit_lo, g.inspection_id, g.round_id, g.kind, g.unit_class, g.category),\n    ('unit', g.unit_id, g.unit_lo, null, null, '', '', ''),\n    ('whole', root.id, root.lo, null, g.round_id, g.kind, g.unit_class, g.category)\n  ) as place (level, unit_id, unit_lo, inspection_id, round_id, kind, unit_class, category)\n  cross join lateral (values ('day', g.starts_on), ('month', date_trunc('month', g.starts_on)::date),\n    ('year', date_trunc('year', g.starts_on)::date)) as span (grain, starts_on)\n  where place.level = 'each' or g.secrecy = 0\n  group by place.unit_id, place.inspection_id, g.stage, g.side, g.secrecy, place.round_id, place.kind,\n    place.unit_class, place.category, g.figure, place.level, span.grain, span.starts_on\n  having sum(g.n) <> 0\n\n  on conflict (unit_id, inspection_id, round_id, kind, unit_class, stage, side, secrecy, category, figure, level, grain,\n    starts_on) where not grain = 'new' do update set n = figure_flow.n + excluded.n;\n  delete from figure_flow where n = 0;\nend $$",
    "create function refill_figures() returns void language plpgsql set search_path = public set work_mem = '256MB' as $$\nbegin\n  perform pg_advisory_xact_lock(hashtext('bihuan'), hashtext('organization tree'));\n  lock table figure_flow in exclusive mode;\n  truncate figure_flow;\n\n  insert into due_change (id, finding_id, due_from, due_on, \"on\", at, unit_id, unit_lo, inspection_id, stage, side,\n    secrecy)\n\n  select gen_random_uuid(), f.id, (b.before ->> 'due_on')::date, (b.after ->> 'due_on')::date, (e.at at time zone 'Asia/Shanghai')::date, e.at,\n    f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy\n  from event e join event_body b on b.event_id = e.id join finding f on f.id = e.thing_id\n  where e.step = 'grant_extension' and b.before ->> 'due_on' <> b.after ->> 'due_on'\n  and not exists (select 1 from due_change d where d.finding_id = f.id and d.at = e.at);\n\n  insert into figure_flow (id, unit_id, unit_lo, inspection_id, stage, side, secrecy, round_id, kind, unit_class, category, figure, level, grain, starts_on, n)\n  select gen_random_uuid(), place.unit_id, min(place.unit_lo), place.inspection_id, g.stage, g.side, g.secrecy,\n    place.round_id, place.kind, place.unit_class, place.category, g.figure, place.level, span.grain, span.starts_on,\n    sum(g.n)\n  from (\n    select f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy, x.round_id, coalesce(x.kind, '') as kind, coalesce(x.unit_class, '') as unit_class,\n      top_category(f.category) as category, flow.figure, flow.day as starts_on, sum(flow.n) as n\n    from (\n  select f.id as finding_id, flow.figure, flow.day, flow.n\n  from state_change c join finding f on f.id = c.finding_id\n  left join lateral (\n    select d.due_from from due_change d where d.finding_id = f.id and d.at > c.at order by d.at limit 1\n  ) moved on true\n  left join lateral (\n    select c.\"on\" - f.given_on as days where c.state_to = 'closed' and not exists (\n      select 1 from state_change e where e.finding_id = f.id and e.state_to = 'closed' and (e.at, e.id) < (c.at, c.id))\n  ) first on true\n  cross join lateral (values\n    (case when c.state_from in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'closed', 'phase_done_long_term', 'reopened') then c.state_from end, c.\"on\", -1),\n    (case when c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'closed', 'phase_done_long_term', 'reopened') then c.state_to end, c.\"on\", 1),\n    (case when (c.state_from in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')) <> (c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')) then 'overdue' end,\n     greatest(c.\"on\", coalesce(moved.due_from, f.due_on) + 1),\n     case when c.state_to in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened') then 1 else -1 end),\n    (case when first.days is not null then 'cycle_days' end, c.\"on\", first.days),\n    (case when first.days is not null then case when first.days <= 30 then 'cycle_30' when first.days <= 60 then 'cycle_60' when first.days <= 90 then 'cycle_90' when first.days <= 180 then 'cycle_180' else 'cycle_more' end end, c.\"on\", 1)\n  ) as flow (figure, day, n)\n  where flow.figure is not null\n  union all\n  select d.finding_id, 'overdue', greatest(d.\"on\", moved.due + 1), moved.n\n  from due_change d\n  cross join lateral (values (d.due_from, -1), (d.due_on, 1)) as moved (due, n)\n  where (\n    select c.state_to from state_change c where c.finding_id = d.finding_id and c.at <= d.at\n    order by c.at desc, c.event_id desc limit 1) in ('awaiting_plan', 'plan_submitted', 'plan_returned', 'in_progress', 'basically_done', 'pending_review', 'returned', 'reopened')\n) flow join finding f on f.id = flow.finding_id\n    left join (select * from inspection_facts()) x on x.inspection_id = f.inspection_id\n    group by f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy, x.round_id, x.kind, x.unit_class, top_category(f.category), flow.figure, flow.day\n) g\n  cross join (select id, lo from organization where parent_id is null order by lo limit 1) root\n  cross join lateral (values\n    ('each', g.unit_id, g.unit_lo, g.inspection_id, g.round_id, g.kind, g.unit_class, g.category),\n    ('unit', g.unit_id, g.unit_lo, null, null, '', '', ''),\n    ('whole', root.id, root.lo, null, g.round_id, g.kind, g.unit_class, g.category)\n  ) as place (level, unit_id, unit_lo, inspection_id, round_id, kind, unit_class, category)\n  cross join lateral (values ('day', g.starts_on), ('month', date_trunc('month', g.starts_on)::date),\n    ('year', date_trunc('year', g.starts_on)::date)) as span (grain, starts_on)\n  where place.level = 'each' or g.secrecy = 0\n  group by place.unit_id, place.inspection_id, g.stage, g.side, g.secrecy, place.round_id, place.kind,\n    place.unit_class, place.category, g.figure, place.level, span.grain, span.starts_on\n  having sum(g.n) <> 0\n;\nend $$",
    "revoke execute on function refill_figures() from public, bihuan_app",
    "select refill_figures()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("bihuan", "0005_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="DueChange",
            fields=[
                ("unit_lo", models.IntegerField()),
                ("stage", models.SmallIntegerField(default=0)),
                ("side", models.CharField(default="both", max_length=8)),
                ("secrecy", models.SmallIntegerField(default=0)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("due_from", models.DateField()),
                ("due_on", models.DateField()),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="due_changes", to="bihuan.finding"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.inspection"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.organization"
                    ),
                ),
            ],
            options={
                "db_table": "due_change",
                "indexes": [models.Index(fields=["finding", "at"], name="due_change_finding")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stage__in", (0, 1))), name="due_change_stage"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ("both", "office", "unit"))), name="due_change_side"
                    ),
                    models.CheckConstraint(condition=models.Q(("secrecy__range", (0, 2))), name="due_change_secrecy"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureFlow",
            fields=[
                ("unit_lo", models.IntegerField()),
                ("stage", models.SmallIntegerField(default=0)),
                ("side", models.CharField(default="both", max_length=8)),
                ("secrecy", models.SmallIntegerField(default=0)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("round_id", models.UUIDField(null=True)),
                ("kind", models.CharField(blank=True, max_length=32)),
                ("unit_class", models.CharField(blank=True, max_length=32)),
                ("category", models.CharField(blank=True, max_length=16)),
                ("figure", models.CharField(max_length=24)),
                ("level", models.CharField(default="each", max_length=8)),
                ("grain", models.CharField(max_length=8)),
                ("starts_on", models.DateField()),
                ("n", models.BigIntegerField()),
                (
                    "inspection",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bihuan.inspection",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bihuan.organization",
                    ),
                ),
            ],
            options={
                "db_table": "figure_flow",
                "indexes": [
                    models.Index(fields=["unit_lo"], name="figure_flow_lo"),
                    models.Index(fields=["level", "grain", "starts_on"], name="figure_flow_day"),
                    models.Index(
                        condition=models.Q(("level", "each"), ("secrecy__gt", 0)),
                        fields=["grain"],
                        name="figure_flow_secret",
                    ),
                    models.Index(condition=models.Q(("n", 0)), fields=["id"], name="figure_flow_nothing"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stage__in", (0, 1))), name="figure_flow_stage"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ("both", "office", "unit"))), name="figure_flow_side"
                    ),
                    models.CheckConstraint(condition=models.Q(("secrecy__range", (0, 2))), name="figure_flow_secrecy"),
                    models.CheckConstraint(
                        condition=models.Q(("grain__in", ("new", "day", "month", "year"))), name="figure_flow_grain"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ("each", "unit", "whole"))), name="figure_flow_level"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level", "each"), ("secrecy", 0), _connector="OR"),
                        name="figure_flow_summed_is_ordinary",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("grain", "new"), _negated=True),
                        fields=(
                            "unit",
                            "inspection",
                            "round_id",
                            "kind",
                            "unit_class",
                            "stage",
                            "side",
                            "secrecy",
                            "category",
                            "figure",
                            "level",
                            "grain",
                            "starts_on",
                        ),
                        name="figure_flow_folded_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]

"""Pages of scans as they were recognized, with the file on its way and then with its upload (decision 0024)."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = [
    "alter table scan_page enable row level security",
    "alter table scan_page force row level security",
    "create policy scan_page_owner on scan_page for all to bihuan_owner using (true) with check (true)",
    "create policy scan_page_select on scan_page for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (thing_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy scan_page_insert on scan_page for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (thing_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke delete, truncate on scan_page from bihuan_app",
    "alter table scan_page add constraint scan_page_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
    "create policy scan_page_update on scan_page for update to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (thing_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2)) with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (thing_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create or replace function open_feedback(wanted uuid) returns date language plpgsql security definer set search_path = public as $$\ndeclare day date;\nbegin\n  if (select count(distinct role) from signature where feedback_id = wanted) <> 3 then\n    raise exception 'three receipt signatures are needed' using errcode = '42501';\n  end if;\n  select max(signed_on) into day from signature where feedback_id = wanted;\n  update feedback set received_on = day where id = wanted and state = 'given' and received_on is null;\n  if not found then\n    raise exception 'the feedback is not given, or was opened before' using errcode = '42501';\n  end if;\n  update finding set stage = 1, given_on = day where feedback_id = wanted and state = 'drafted';\n  update finding_unit set stage = 1 where finding_id in (select id from finding where feedback_id = wanted);\n  update upload set stage = 1 where id = (select upload_id from feedback where id = wanted);\n  update scan_page set stage = 1 where thing_id = wanted;\n  update inspection set stage = 1 where id = (select inspection_id from feedback where id = wanted);\n  return day;\nend $$",
]


class Migration(migrations.Migration):
    dependencies = [("bihuan", "0013_imports")]
    operations = [
        migrations.AddField("intake", "n_pages", models.IntegerField(default=0)),
        migrations.AddField("intake", "n_recognized", models.IntegerField(default=0)),
        migrations.AddConstraint(
            "intake",
            models.CheckConstraint(
                condition=models.Q(("n_recognized__gte", 0), ("n_recognized__lte", models.F("n_pages"))),
                name="intake_recognized_of_pages",
            ),
        ),
        migrations.CreateModel(
            name="ScanPage",
            fields=[
                ("unit_lo", models.IntegerField()),
                ("stage", models.SmallIntegerField(default=0)),
                ("side", models.CharField(default="both", max_length=8)),
                ("secrecy", models.SmallIntegerField(default=0)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("thing_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("found", models.JSONField(null=True)),
                (
                    "inspection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bihuan.inspection",
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
                "db_table": "scan_page",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stage__in", (0, 1))), name="scan_page_stage"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ("both", "office", "unit"))), name="scan_page_side"
                    ),
                    models.CheckConstraint(condition=models.Q(("secrecy__range", (0, 2))), name="scan_page_secrecy"),
                    models.UniqueConstraint(fields=("thing_id", "number"), name="scan_page_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="scan_page_from_one"),
                ],
            },
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]

"""Files on their way: sent, waiting to be read, read or refused (decision 0018)."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = [
    "alter table intake enable row level security",
    "alter table intake force row level security",
    "create policy intake_owner on intake for all to bihuan_owner using (true) with check (true)",
    "create policy intake_select on intake for select to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (thing_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "create policy intake_insert on intake for insert to bihuan_app with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (thing_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
    "revoke delete, truncate on intake from bihuan_app",
    "alter table intake add constraint intake_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
    "create policy intake_update on intake for update to bihuan_app using ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (thing_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2)) with check ((unit_lo between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy = 0) or (inspection_id = any(array(select a.inspection_id from assignment a where a.post_id = nullif(current_setting('app.post', true), '')::uuid)) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 1) or (thing_id = any(array(select g.thing from sight_grant g where g.post_id = nullif(current_setting('app.post', true), '')::uuid and (g.until is null or g.until >= now()))) and (stage = 1 or nullif(current_setting('app.stage', true), '')::smallint = 0) and (side = 'both' or side = current_setting('app.side', true)) and secrecy <= 2))",
]


class Migration(migrations.Migration):
    dependencies = [
        ("bihuan", "0010_by_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("unit_lo", models.IntegerField()),
                ("stage", models.SmallIntegerField(default=0)),
                ("side", models.CharField(default="both", max_length=8)),
                ("secrecy", models.SmallIntegerField(default=0)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("thing_id", models.UUIDField()),
                ("audience", models.CharField(max_length=16)),
                ("title", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField(null=True)),
                ("sent_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("n_begun", models.IntegerField(default=0)),
                ("n_done", models.IntegerField(default=0)),
                ("n_all", models.IntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("same_as", models.UUIDField(null=True)),
                ("fault", models.CharField(blank=True, max_length=40)),
                ("said", models.TextField(blank=True)),
                ("ending", models.CharField(blank=True, max_length=20)),
                ("put_away_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.account"
                    ),
                ),
                (
                    "feedback",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.feedback"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.inspection"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.post"
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
                "db_table": "intake",
                "indexes": [
                    models.Index(condition=models.Q(("put_away_at", None)), fields=["post"], name="intake_in_sight")
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stage__in", (0, 1))), name="intake_stage"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ("both", "office", "unit"))), name="intake_side"
                    ),
                    models.CheckConstraint(condition=models.Q(("secrecy__range", (0, 2))), name="intake_secrecy"),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", {"head": "主要负责人", "leadership": "领导班子"})),
                        name="intake_audience",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fault", ""), ("feedback", None), ("finished_at", None)),
                            models.Q(("fault", ""), ("feedback__isnull", False), ("finished_at__isnull", False)),
                            models.Q(
                                ("feedback", None),
                                ("finished_at__isnull", False),
                                models.Q(("fault", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="intake_one_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at__isnull", False), ("content__isnull", False), _connector="OR"),
                        name="intake_waits_with_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("feedback", None), ("content", None), _connector="OR"),
                        name="intake_read_holds_none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("put_away_at", None),
                            models.Q(("content", None), ("finished_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="intake_put_away_ended",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]

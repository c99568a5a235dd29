"""Forms that others send to be filled from the ledger: the empty table, its head, and which column fills which."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = [
    "alter table ledger_form enable row level security",
    "alter table ledger_form force row level security",
    "create policy ledger_form_owner on ledger_form for all to bihuan_owner using (true) with check (true)",
    "create policy ledger_form_select on ledger_form for select to bihuan_app using (post_id = nullif(current_setting('app.post', true), '')::uuid or (is_shared and nullif(current_setting('app.post', true), '')::uuid is not null))",
    "create policy ledger_form_insert on ledger_form for insert to bihuan_app with check (post_id = nullif(current_setting('app.post', true), '')::uuid)",
    "create policy ledger_form_update on ledger_form for update to bihuan_app using (post_id = nullif(current_setting('app.post', true), '')::uuid) with check (post_id = nullif(current_setting('app.post', true), '')::uuid)",
    "revoke truncate on ledger_form from bihuan_app",
    "create policy ledger_form_delete on ledger_form for delete to bihuan_app using (post_id = nullif(current_setting('app.post', true), '')::uuid)",
]


class Migration(migrations.Migration):
    dependencies = [("bihuan", "0011_intakes")]
    operations = [
        migrations.CreateModel(
            name="LedgerForm",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("sheet", models.CharField(max_length=31)),
                ("head_from", models.SmallIntegerField()),
                ("head_to", models.SmallIntegerField()),
                ("columns", models.JSONField(default=dict)),
                ("is_shared", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bihuan.post"),
                ),
            ],
            options={
                "db_table": "ledger_form",
                "constraints": [
                    models.UniqueConstraint(fields=("post", "name"), name="ledger_form_name"),
                    models.CheckConstraint(
                        condition=models.Q(("head_from__gte", 1), ("head_to__gte", models.F("head_from"))),
                        name="ledger_form_head",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]

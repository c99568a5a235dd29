"""Rows of ledgers by one key for import, unit and place, without indexes nobody asks; drafts by that of their place."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = [
    "alter table ledger_import_row drop constraint ledger_import_row_place",
    "alter table ledger_import_row add constraint ledger_import_row_place foreign key (ledger_import_id, unit_id, unit_lo) references ledger_import (id, unit_id, unit_lo) on update cascade",
]
BACK = [
    "alter table ledger_import_row drop constraint ledger_import_row_place",
    "alter table ledger_import_row add constraint ledger_import_row_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
]
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("bihuan", "0014_scans")]
    operations = [
        migrations.AddConstraint(
            "ledgerimport", models.UniqueConstraint(fields=("id", "unit", "unit_lo"), name="ledger_import_of_rows")
        ),
        migrations.RunSQL(FROZEN, BACK),
        migrations.AlterField(
            "ledgerimportrow",
            "ledger_import",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=PROTECT, related_name="rows", to="bihuan.ledgerimport"
            ),
        ),
        migrations.AlterField(
            "ledgerimportrow",
            "unit",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=PROTECT, related_name="+", to="bihuan.organization"
            ),
        ),
        migrations.AlterField(
            "ledgerimportrow",
            "inspection",
            models.ForeignKey(
                db_index=False, null=True, on_delete=PROTECT, related_name="+", to="bihuan.inspection"
            ),
        ),
        migrations.AlterField(
            "ledgerimportrow",
            "lead_unit",
            models.ForeignKey(
                db_index=False, null=True, on_delete=PROTECT, related_name="+", to="bihuan.organization"
            ),
        ),
        migrations.AlterField(
            "draft",
            "unit",
            models.ForeignKey(db_constraint=False, on_delete=PROTECT, related_name="+", to="bihuan.organization"),
        ),
    ]

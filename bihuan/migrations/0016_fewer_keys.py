"""A draft has one key for its feedback, unit, place and inspection; rows of ledgers hold no keys of what they tell of."""

import django.db.models.deletion
from django.db import migrations, models

OF_FEEDBACK = [
    "alter table draft drop constraint draft_place",
    "alter table draft add constraint draft_place foreign key (feedback_id, unit_id, unit_lo, inspection_id) references feedback (id, unit_id, unit_lo, inspection_id) on update cascade",
]
OF_THE_TREE = [
    "alter table draft drop constraint draft_place",
    "alter table draft add constraint draft_place foreign key (unit_id, unit_lo) references organization (id, lo) on update cascade",
]
PROTECT = django.db.models.deletion.PROTECT


def told_of(model, **more):
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=PROTECT, related_name="+", to=f"bihuan.{model}", **more
    )


class Migration(migrations.Migration):
    dependencies = [("bihuan", "0015_lighter_rows")]
    operations = [
        migrations.AddConstraint(
            "feedback",
            models.UniqueConstraint(fields=("id", "unit", "unit_lo", "inspection"), name="feedback_of_drafts"),
        ),
        migrations.RunSQL(OF_FEEDBACK, OF_THE_TREE),
        migrations.AlterField(
            "draft",
            "feedback",
            models.ForeignKey(db_constraint=False, on_delete=PROTECT, related_name="drafts", to="bihuan.feedback"),
        ),
        migrations.AlterField(
            "draft",
            "inspection",
            models.ForeignKey(db_constraint=False, on_delete=PROTECT, related_name="+", to="bihuan.inspection"),
        ),
        migrations.AlterField("ledgerimportrow", "inspection", told_of("inspection", null=True)),
        migrations.AlterField("ledgerimportrow", "lead_unit", told_of("organization", null=True)),
        migrations.AlterField("ledgerimportrow", "target", told_of("inspection")),
        migrations.AlterField("ledgerimportrow", "finding", told_of("finding", null=True)),
        migrations.AddConstraint(
            "ledgerimportrow",
            models.CheckConstraint(condition=models.Q(("inspection", None)), name="ledger_import_row_of_many"),
        ),
    ]

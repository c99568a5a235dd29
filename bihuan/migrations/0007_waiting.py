"""The nearest of a state are found without reading all of it (decision 0015)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bihuan", "0006_figures")]

    operations = [
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["state", "due_on", "number"], name="finding_state_due"),
        ),
    ]

"""Planted breaches of the rules on doors, each seen caught."""

from tests.house import rules_doors as rules
from tests.house.source import Plant

CLEAN = {"bihuan/web/findings.py": "from bihuan.queries import findings\nrows = findings.rows_for(post)\n"}
COMMAND = {"bihuan/__init__.py": "", "bihuan/cli/__init__.py": "", "bihuan/cli/__main__.py": "def main(): ...\n"}

PLANTS = (
    *(
        Plant(
            rules.doors_do_not_reach_for_tables, keeps=CLEAN, breaks={f"bihuan/{door}/x.py": text}, says=word, name=text
        )
        for door, text, word in (
            ("web", "rows = Finding.objects.all()\n", "objects"),
            ("api", "rows = Finding._default_manager\n", "_default_manager"),
            ("cli", "rows = apps.get_model('bihuan', 'Finding')\n", "get_model"),
            ("jobs", "from x import get_user_model\nwho = get_user_model()\n", "get_user_model"),
            ("demo", "rows = finding.measure_set\n", "measure_set"),
            ("web", "manager = getattr(row, '_default_manager')\n", "_default_manager"),
        )
    ),
    Plant(
        rules.doors_do_not_reach_for_tables,
        keeps={"bihuan/web/templates/x.html": "{% for row in page.rows %}{% endfor %}"},
        breaks={"bihuan/web/templates/x.html": "{% for row in finding.measure_set.all %}{% endfor %}"},
        says="put the rows into the query's dataclass",
        name="template",
    ),
    *(
        Plant(
            rules.no_signals,
            keeps={"bihuan/models/x.py": "import psycopg\npsycopg.connect('')\n"},
            breaks={"bihuan/models/x.py": text},
            says="no signals",
            name=text[:40],
        )
        for text in (
            "from django.db.models.signals import post_save\n",
            "from django.dispatch import receiver\n",
            "import x\n@x.receiver(1)\ndef f(): ...\n",
            "from django.db.models import signals\nsignals.post_save.connect(f)\n",
            "from django.db.backends.signals import connection_created\n",
        )
    ),
    Plant(
        rules.no_save_overrides,
        keeps={"bihuan/models/x.py": "class Finding:\n    def __str__(self): ...\n"},
        breaks={"bihuan/models/x.py": "class Finding:\n    def save(self): ...\n"},
        says="may not override save",
    ),
    Plant(
        rules.no_generic_keys,
        keeps={"bihuan/models/x.py": "from django.db import models\nx = models.ForeignKey\n"},
        breaks={"bihuan/models/x.py": "from django.contrib.contenttypes.fields import GenericForeignKey\n"},
        says="a column of its own",
    ),
    Plant(
        rules.no_admin,
        keeps={"bihuan/config/settings.py": "INSTALLED_APPS = ['bihuan']\n"},
        breaks={"bihuan/config/settings.py": "INSTALLED_APPS = ['django.contrib.admin', 'bihuan']\n"},
        says="no admin",
    ),
    Plant(
        rules.no_admin, breaks={"bihuan/web/x.py": "from django.contrib import admin\n"}, says="no admin", name="import"
    ),
    *(
        Plant(
            rules.the_command_starts_without_django,
            keeps=COMMAND,
            breaks={name: "import django.http\n"},
            says="importing it loads django",
            name=name,
        )
        for name in ("bihuan/cli/__init__.py", "bihuan/cli/__main__.py")
    ),
)

"""Writes what the policy function makes as a migration with frozen SQL; arguments: NUMBER_NAME AFTER.

Needs DJANGO_SETTINGS_MODULE=bihuan.config.settings.
Run it when _policies.py has changed, then edit the new migration down to the difference.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from bihuan.models._policies import policy_sql  # noqa: E402 - models load only after setup

GRANTS = (
    "alter default privileges in schema public grant select, insert, update, delete on tables to bihuan_app",
    "alter default privileges in schema public grant usage, select on sequences to bihuan_app",
    "alter default privileges in schema public grant execute on functions to bihuan_app",
    "grant usage on schema public to bihuan_app",
    "grant select, insert, update, delete on all tables in schema public to bihuan_app",
    "grant usage, select on all sequences in schema public to bihuan_app",
    "revoke all on django_migrations from bihuan_app",
    "grant select on django_migrations to bihuan_app",
)


def main(name: str, after: str) -> None:
    """Write bihuan/migrations/NAME.py that depends on the migration AFTER."""
    lines = [
        '"""Rights and row security of every table, frozen from models/_policies.py (decision 0004)."""',
        "",
        "from django.db import migrations",
        "",
        "FROZEN = [",
        *[f"    {json.dumps(statement)}," for statement in (*GRANTS, *policy_sql())],
        "]",
        "",
        "",
        "class Migration(migrations.Migration):",
        f'    dependencies = [("bihuan", "{after}")]',
        "    operations = [migrations.RunSQL(FROZEN, migrations.RunSQL.noop)]",
        "",
    ]
    Path(f"bihuan/migrations/{name}.py").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])

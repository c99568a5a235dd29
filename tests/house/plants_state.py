"""Planted breaches of the rule on states, each seen caught."""

from tests.house import rules_state as rules
from tests.house.source import Plant

MODEL = "from django.db import models\nclass Finding(models.Model):\n    state = models.TextField()\n"
READS = (
    "def f(finding, rows):\n    if finding.state == 'closed':\n        return Row(state=finding.state)\n"
    "    sql('UPDATE finding SET note = %s WHERE state = %s')\n"
    "    return rows.filter(state='closed')\n"
)

PLANTS = tuple(
    Plant(
        rules.only_the_step_assigns_a_state,
        keeps={
            "bihuan/models/findings.py": MODEL,
            "bihuan/actions/findings.py": READS,
            "bihuan/actions/_step.py": "def f(thing, to):\n    thing.state = to\n",
        },
        breaks={"bihuan/actions/findings.py": f"def f(finding, rows):\n    {text}\n"},
        says="take a step through actions/_step.py",
        name=text,
    )
    for text in (
        "finding.state = 'closed'",
        "finding.state, x = 'closed', 1",
        "setattr(finding, 'state', 'closed')",
        "rows.update(state='closed')",
        "rows.create(text='', state='closed')",
        "rows.update_or_create(id=1, defaults={'state': 'closed'})",
        "rows.bulk_update(found, ['state'])",
        "Finding(text='', state='closed')",
        "cursor.execute('UPDATE finding SET note = %s, state = %s WHERE id = %s')",
    )
)

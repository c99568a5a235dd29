"""A county of one account in place of the demo's: quick, counted, and slow half-way when PAUSE is set."""

import json
import os
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from uuid import uuid4


def fill(*, seed: int, findings: int, on: date, accounts_file: Path) -> None:
    """Commit one account; the file with it comes last."""
    from bihuan.models import Account

    row = Account.objects.create(
        id=uuid4(), person="王某", name=f"seed{seed}", password="!", password_changed_at=datetime.now(UTC)
    )
    with (accounts_file.parent / "fills").open("a", encoding="utf-8") as count:
        count.write(f"{findings} {on}\n")
    time.sleep(float(os.environ.get("PAUSE", "0")))
    post = {"id": str(uuid4()), "role": "unit_clerk", "organization": "某局"}
    accounts_file.write_text(
        json.dumps([{"name": row.person, "account": row.name, "password": "pw", "token": "t", "posts": [post]}]),
        encoding="utf-8",
    )


county = ModuleType("bihuan.demo.county")
county.fill = fill  # type: ignore[attr-defined]
sys.modules[county.__name__] = county

"""`bihuan organization tree`: the tree as it stands today. changes.py changes it."""

import os
from dataclasses import asdict
from datetime import UTC, datetime

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import answered
from bihuan.cli.words import _, show, show_json


def tree_command(*, as_post: str, as_json: bool) -> int:
    """List the tree, indented by depth."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            from bihuan.queries.organizations import organization_tree

            tree = organization_tree(by=actor, on=timezone.localdate(at))
        if as_json:
            show_json(asdict(tree))
            return
        for row in tree.rows:
            show(f"{'　' * row.depth}{row.name}（{_(row.class_label)}）")

    return answered(work, as_json=as_json)

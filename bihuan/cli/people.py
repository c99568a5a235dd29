"""`bihuan people list`: accounts and posts, for whoever keeps the people. changes.py changes them."""

import os
from dataclasses import asdict
from datetime import UTC, datetime

from bihuan.cli.accounts import NotSignedIn, signed_in
from bihuan.cli.answers import answered
from bihuan.cli.words import _, show_json, show_table, tell


def list_command(*, as_post: str, as_json: bool, page: int) -> int:
    """List one page of people with the posts they hold today."""

    def work() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            from bihuan.queries.people import people_for

            found = people_for(actor, on=timezone.localdate(at), number=page)
        if found is None:
            raise NotSignedIn(_("人员名册由系统管理员查看，这个职务看不到。"))
        if as_json:
            show_json(asdict(found))
            return
        rows = [
            (
                row.person,
                row.name,
                _(row.look[0]),
                "；".join(f"{post.organization} {_(post.role_label)}".strip() for post in row.posts),
            )
            for row in found.rows
        ]
        show_table((_("姓名"), _("账号"), _("账号状态"), _("职务")), rows)
        tell(
            _("第 {page} 页，共 {pages} 页；共 {total} 人。").format(
                page=found.number, pages=found.pages, total=found.total
            )
        )

    return answered(work, as_json=as_json)

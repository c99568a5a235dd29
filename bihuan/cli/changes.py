"""`bihuan organization add|rename|move|merge|end` and `bihuan people add|give-post|end-post`: changes by those who may.

An organization is named by its full name or its id; the same actions as on the pages, so the same refusals.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bihuan.cli.accounts import signed_in
from bihuan.cli.answers import answered
from bihuan.cli.words import _, show, show_json, tell
from bihuan.rules.vocabulary import N_

if TYPE_CHECKING:
    from bihuan.rules.access import Actor


def organization_command(deed: str, *, which: dict[str, str], as_post: str, as_json: bool, **given: Any) -> int:
    """Do one deed of actions/organizations.py; `which` maps its arguments to organizations as named by the person."""

    def work(by: "Actor", at: datetime, on: date) -> dict[str, Any]:
        from bihuan.actions import organizations

        ids = {name: _organization(wanted, by=by, on=on) for name, wanted in which.items()}
        first = [ids.pop("organization")] if "organization" in ids else []
        made = getattr(organizations, deed)(*first, **ids, **given, by=by, at=at)
        return {"organization": str(made or (first[0] if first else ""))}

    return _changed(work, as_post=as_post, as_json=as_json)


def add_account_command(person: str, name: str, *, as_post: str, as_json: bool) -> int:
    """Open an account; its one-time password is told once."""

    def work(by: "Actor", at: datetime, _on: date) -> dict[str, Any]:
        from bihuan.actions import people

        made = people.create_account(person=person, name=name, by=by, at=at)
        return {"account": str(made.account), "password": made.secret}

    return _changed(work, as_post=as_post, as_json=as_json)


def give_post_command(
    account: str, role: str, *, organization: str, starts_on: date, ends_on: date | None, as_post: str, as_json: bool
) -> int:
    """Give an account a post; officers' posts name no organization."""

    def work(by: "Actor", at: datetime, on: date) -> dict[str, Any]:
        from bihuan.actions import people
        from bihuan.queries.people import account_by_name

        found = account_by_name(account)
        if found is None:
            raise _refused("account_unknown", N_("没有账号 %(name)s，或已停用。请核对账号。"), account)
        where = _organization(organization, by=by, on=on) if organization else None
        post = people.give_post(
            account=found.id, role=role, organization=where, starts_on=starts_on, ends_on=ends_on, by=by, at=at
        )
        return {"post": str(post)}

    return _changed(work, as_post=as_post, as_json=as_json)


def end_post_command(post: UUID, *, ends_on: date, as_post: str, as_json: bool) -> int:
    """Let a post end with a day."""

    def work(by: "Actor", at: datetime, _on: date) -> dict[str, Any]:
        from bihuan.actions import people

        people.end_post(post=post, ends_on=ends_on, by=by, at=at)
        return {"post": str(post)}

    return _changed(work, as_post=as_post, as_json=as_json)


def _changed(work: Callable[["Actor", datetime, date], dict[str, Any]], *, as_post: str, as_json: bool) -> int:
    def change() -> None:
        at = datetime.now(UTC)
        with signed_in(os.environ, as_post, at=at) as actor:
            from django.utils import timezone

            done = work(actor, at, timezone.localdate(at))
        if as_json:
            show_json(done)
            return
        for name, value in done.items():
            show(f"{name}\t{value}")
        tell(_("已办好。"))

    return answered(change, as_json=as_json)


def _organization(wanted: str, *, by: "Actor", on: date) -> UUID:
    from bihuan.queries.organizations import organization_tree

    rows = organization_tree(by=by, on=on).rows
    found = [row.id for row in rows if wanted in (row.name, str(row.id))]
    if len(found) != 1:
        several = N_("有几个单位都叫“%(name)s”，请改用编号。")
        none = N_("没有单位“%(name)s”。请写全称，见 organization tree。")
        raise _refused("organization_unknown", several if found else none, wanted)
    return found[0]


def _refused(code: str, message: str, name: str) -> Exception:
    from bihuan.actions.refusals import Refused
    from bihuan.rules.typed import Objection

    return Refused(Objection(code, message, values={"name": name}))

"""Organizations and people loaded in bulk, with the acts that made them as organizations.py and people.py tell them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.actions._bulk_content import Hand, MassOrganization, MassPerson
from bihuan.actions._bulk_record import Record, said

SHORT_LENGTH = 40


def put_organizations(
    record: Record, organizations: Sequence[MassOrganization], present: Mapping[UUID, Any], *, by: Hand, at: datetime
) -> None:
    """Those that are not there yet, each with the act that made it."""
    for one in organizations:
        if one.id in present:
            continue
        parent, short_name = str(one.parent) if one.parent else None, one.name[:SHORT_LENGTH]
        record.rows.put(
            "organization", str(one.id), one.name, short_name, one.organization_class, parent, one.lo, one.hi, None,
            None, 1,
        )  # fmt: skip
        shown = {"name": one.name, "short_name": short_name, "class": one.organization_class, "parent": parent or "",
                 "ended_on": "", "merged_into": ""}  # fmt: skip
        record.event("organization", str(one.id), "create", at=at, by=by, after=said(**shown))


def put_people(record: Record, people: Sequence[MassPerson], *, password: str, by: Hand, at: datetime) -> None:
    """Accounts and posts, with the acts that opened and gave them."""
    for one in people:
        account, post, organization = str(one.id), str(one.post), str(one.organization)
        record.rows.put("account", account, one.person, one.name, password, at, False, "", True, 2)
        record.rows.put("post", post, account, one.role, organization, one.starts_on, None)
        after = said(name=one.name, person=one.person)
        record.event("account", account, "create_account", at=at, by=by, after=after)
        given = {"account": account, "role": one.role, "organization": organization, "from": str(one.starts_on),
                 "to": None}  # fmt: skip
        record.event("post", post, "give_post", at=at, by=by, after=said(**given))

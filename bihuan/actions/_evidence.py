"""Keep a file as evidence, tied to a measure or to a reopening request."""

from datetime import datetime
from uuid import UUID

from bihuan.actions._uploads import keep_upload
from bihuan.models import Evidence, Finding, FindingRequest
from bihuan.models._visibility import placed_like
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import EvidenceInput


def keep_evidence(
    finding: Finding, item: EvidenceInput, *, by: Actor, at: datetime, measure: UUID | None = None,
    request: FindingRequest | None = None,
) -> str:  # fmt: skip
    """Store one file; returns its name. Raises Unreadable."""
    upload = keep_upload(
        finding, thing=finding.pk, name=item.name, content=item.content, by=by, at=at, side="office" if request else ""
    )  # fmt: skip
    side = {"side": "office"} if request else {}
    Evidence.objects.create(
        id=new_id(at), finding=finding, measure_id=measure, request=request, upload=upload, proves=item.proves.strip(),
        dated=item.dated, account_id=by.account, at=at, **(placed_like(finding) | side),
    )  # fmt: skip
    return upload.name

"""What waits beside the drafts of the bench: repairs to accept or leave, drafts chosen for one category."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.queries._draft_choices import DraftChoices
from bihuan.queries._paper import OF_TYPING, OfferRow
from bihuan.queries.feedback import FeedbackPage
from bihuan.rules.vocabulary import REPAIR_RULES
from bihuan.web._draft_forms import grouped
from bihuan.web._forms import PlainForm

AROUND = 8
# Blanks and line ends as signs that can be seen.
_SEEN = str.maketrans({"\n": "↵", " ": "␣", "\u3000": "□", "\t": "⇥"})


@dataclass(frozen=True)
class Offer:
    """One repair that waits, with the words around it; `place` is where it stands in the document."""

    place: str
    left: str
    before: str
    after: str
    right: str
    value: str
    rule_label: str
    percent: int
    is_of_words: bool


def offers_by_draft(found: FeedbackPage) -> dict[UUID, tuple[Offer, ...]]:
    """The repairs that wait on each draft, in the order of the document."""
    by_draft: dict[UUID, list[Offer]] = defaultdict(list)
    for row in found.paper.offers if found.paper else ():
        by_draft[row.draft].append(_offer(found.text, row))
    return {draft: tuple(offers) for draft, offers in by_draft.items()}


def _offer(text: str, row: OfferRow) -> Offer:
    (start, end), repair = row.repair.span, row.repair
    return Offer(
        place=f"{start}-{end}", left=text[max(0, start - AROUND) : start], before=repair.before.translate(_SEEN),
        after=repair.after.translate(_SEEN), right=text[end : end + AROUND], value=repair.after,
        rule_label=REPAIR_RULES[repair.rule], percent=round(repair.confidence * 100),
        is_of_words=repair.rule not in OF_TYPING,
    )  # fmt: skip


class BulkForm(PlainForm):
    """One category for the drafts that were chosen."""

    category = forms.ChoiceField(label=_("问题分类"))

    def __init__(self, *args: Any, choices: DraftChoices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["category"].choices = grouped(choices.categories)


@dataclass(frozen=True)
class Bulk:
    """The drafts chosen for one category: the values to send, their numbers in words, the form."""

    url: str
    picked: tuple[str, ...]
    numbers: str
    form: BulkForm
    error: str


def bulk_of(found: FeedbackPage, opened: Any, *, url: str) -> Bulk | None:
    """The form for the chosen drafts that are still open; None where there is none."""
    chosen = {value.partition(":")[0] for value in opened.picked}
    rows = [row for row in found.drafts if str(row.id) in chosen and row.state.code == "proposed"]
    if not rows or found.choices is None:
        return None
    return Bulk(
        url=url, picked=tuple(f"{row.id}:{row.revision}" for row in rows),
        numbers="、".join(str(row.position) for row in rows),
        form=BulkForm(choices=found.choices, initial={"category": opened.category}), error=opened.error,
    )  # fmt: skip

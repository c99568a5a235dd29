"""Categories that the words of a draft speak for: proposed with their reason, set by nobody but a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bihuan.engines.similarity import indicated
from bihuan.models import Draft
from bihuan.rules.category_words import category_words
from bihuan.rules.profile import Taxonomy


@dataclass(frozen=True)
class CategoryHint:
    """A category of the lowest level, its words by language, and the words of the draft that speak for it."""

    code: str
    labels: Mapping[str, str]
    words: tuple[str, ...]


def category_hints(
    drafts: Sequence[Draft], *, taxonomy: Taxonomy, with_villages: bool
) -> dict[UUID, tuple[CategoryHint, ...]]:
    """Up to as many as the file of words says for each draft; none where the taxonomy is not the one it is for."""
    said = category_words()
    if said.taxonomy != taxonomy.name:
        return {}
    lowest = taxonomy.lowest
    by = {
        code: words
        for code, words in said.words.items()
        if code in lowest and (with_villages or not any(category.overlay for category in taxonomy.path(code)))
    }
    texts = [draft.text for draft in drafts]
    found = indicated(texts, by=by, most=said.best, fewest_letters=said.fewest_letters)
    return {
        draft.pk: tuple(CategoryHint(one.code, dict(taxonomy.categories[one.code].label), one.words) for one in each)
        for draft, each in zip(drafts, found, strict=True)
    }

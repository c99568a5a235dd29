"""Words that speak for a category, from profiles/category_words.toml; how a text is searched is an engine's to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from bihuan.rules.profile import packaged_text
from bihuan.rules.profile_table import Table
from bihuan.rules.time_limits import Certainty

FILE = "category_words.toml"


@dataclass(frozen=True)
class CategoryWords:
    """The words of each category of one taxonomy, how many are proposed, and from how many letters on."""

    taxonomy: str
    source: str
    certainty: Certainty
    best: int
    fewest_letters: int
    words: Mapping[str, tuple[str, ...]]


def parse_category_words(text: str, *, file: str = FILE) -> CategoryWords:
    """The words as a file gives them. ProfileInvalid names the file, the key and what is wrong."""
    root = Table.of_text(text, file=file)
    table = root.table("words")
    found = CategoryWords(
        taxonomy=root.text("taxonomy"), source=root.text("source"),
        certainty=Certainty(root.choice("certainty", among=Certainty)), best=root.integer("best"),
        fewest_letters=root.integer("fewest_letters"),
        words=MappingProxyType({code: table.words(code) for code in table.values}),
    )  # fmt: skip
    root.text("version")
    root.day("effective_from")
    root.refuse_the_rest()
    return found


@cache
def category_words() -> CategoryWords:
    """Those that came with the product."""
    return parse_category_words(packaged_text(FILE))

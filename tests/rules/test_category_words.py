"""Words that speak for categories: whole for the packaged taxonomy, and how often they are right; wrong files."""

from importlib import resources

import pytest

from bihuan.demo._categories import CATEGORIES
from bihuan.engines.reading import read_bytes
from bihuan.engines.similarity import indicated
from bihuan.rules.category_words import category_words, parse_category_words
from bihuan.rules.profile import load_profile, packaged_text
from bihuan.rules.profile_table import ProfileInvalid

FILE = "category_words.toml"


def test_every_lowest_class_of_the_packaged_taxonomy_has_words_and_no_other_code_has() -> None:
    said, taxonomy = category_words(), load_profile("county").taxonomy
    assert said.taxonomy == taxonomy.name
    assert set(said.words) == taxonomy.lowest
    assert (said.certainty, said.best) == ("D", 3)
    assert said.source
    assert all(len(word) >= 2 for words in said.words.values() for word in words)


def test_of_findings_by_another_hand_most_get_the_category_that_was_given_to_them() -> None:
    """The demo's documents and categories were there before the words: of 90, 70 get proposals, 60 the right one."""
    said = category_words()
    by = {code: words for code, words in said.words.items() if not code.startswith("V")}
    given, found = [], []
    for name, codes in CATEGORIES.items():
        read = read_bytes((resources.files("bihuan") / "demo" / "documents" / name).read_bytes(), name=name)
        texts = ["".join(read.text[start:end] for start, end in (one.finding, *one.more)) for one in read.items]
        given += codes.split()
        found += indicated(texts, by=by, most=said.best, fewest_letters=said.fewest_letters)
    right = sum(code in {one.code for one in proposed} for code, proposed in zip(given, found, strict=True))
    assert len(given) == 90
    assert right >= 60
    assert right / sum(map(bool, found)) >= 0.85


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('certainty = "D"', 'certainty = "X"', "certainty"),
        ("best = 3", "best = 0", "best"),
        ("best = 3", "bset = 3", "best"),
        ('C404 = ["换届"', 'C404 = []\nC404b = ["换届"', "C404"),
    ],
)
def test_a_wrong_file_is_refused_by_its_key(before: str, after: str, said: str) -> None:
    text = packaged_text(FILE)
    assert text.count(before) == 1
    with pytest.raises(ProfileInvalid, match=said):
        parse_category_words(text.replace(before, after))

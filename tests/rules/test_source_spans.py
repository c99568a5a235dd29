"""Split and joined drafts keep every character of their source."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bihuan.rules.source_spans import spans_of_parts, united

WORDS = st.text(alphabet="甲乙丙丁。；，1😀𠮷 \n", min_size=1, max_size=30)


@st.composite
def sources(draw):
    """A document with the spans of one draft in it."""
    document = draw(WORDS.filter(lambda text: len(text) > 3))
    edges = sorted(draw(st.sets(st.integers(0, len(document)), min_size=2, max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return document, tuple(pairs)


def _characters(spans) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


@given(sources(), st.lists(WORDS, min_size=2, max_size=4))
def test_whatever_is_typed_no_character_of_the_source_is_lost(source, typed):
    document, spans = source
    parts = spans_of_parts(document, spans=spans, parts=typed)
    assert len(parts) == len(typed)
    assert all(parts)
    assert _characters(place for part in parts for place in part) == _characters(spans)


@given(sources(), st.data())
def test_a_source_cut_in_two_gives_each_its_own_part(source, data):
    document, spans = source
    whole = "\n".join(document[start:end] for start, end in united(spans))
    cut = data.draw(st.integers(1, max(1, len(whole) - 1)))
    typed = [whole[:cut], whole[cut:]]
    if not all(text.strip() for text in typed):
        return
    first, second = spans_of_parts(document, spans=spans, parts=typed)
    assert _characters(first) | _characters(second) == _characters(spans)
    assert not _characters(first) & _characters(second)
    assert "".join(document[s:e] for s, e in (*first, *second)) == "".join(document[s:e] for s, e in united(spans))


@given(sources(), sources())
def test_joined_spans_are_in_order_apart_and_complete(one, other):
    spans = united((*one[1], *other[1]))
    assert _characters(spans) == _characters(one[1]) | _characters(other[1])
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_a_part_that_was_reworded_keeps_the_whole_and_a_verbatim_one_its_own_place():
    document = "一、甲事未办。乙事拖延。"
    whole = (2, len(document))
    kept, own = spans_of_parts(document, spans=[whole], parts=["甲事没有办理。", "乙事拖延。"])
    assert kept == (whole,)
    assert document[slice(*own[0])] == "乙事拖延。"

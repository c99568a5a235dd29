"""Identifiers stand in the order of time, and an instant is where those made from then on begin."""

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.rules.identifiers import first_id_of, new_id, new_id_texts

START = datetime(1990, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=47_000)).map(lambda later: START + later)


@given(INSTANTS)
def test_what_is_made_from_an_instant_on_is_not_less_than_its_first(at: datetime):
    assert first_id_of(at) <= new_id(at) <= new_id(at + timedelta(milliseconds=2))
    assert new_id(at - timedelta(milliseconds=2)) < first_id_of(at)


@given(INSTANTS)
def test_many_at_once_are_of_the_same_kind_and_each_its_own(at: datetime):
    made = [uuid.UUID(one) for one in new_id_texts(at, n=50)]
    assert len(set(made)) == 50
    assert all(one.version == 7 and one.variant == uuid.RFC_4122 for one in made)
    assert all(first_id_of(at) <= one < first_id_of(at + timedelta(milliseconds=2)) for one in made)

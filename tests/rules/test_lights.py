"""The lights: which one burns follows from state, limit and day alone; red is of what is unfinished and past."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.queries.looks import is_overdue
from bihuan.rules.lifecycle import FINDING, UNFINISHED
from bihuan.rules.lights import LIGHTS, light_of
from bihuan.rules.profile import ProfileInvalid, load_profile, packaged_text, parse_profile

COUNTY = load_profile("county").lights
ON = date(2026, 11, 22)
STATES = st.sampled_from([state.code for state in FINDING.states])
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
ORDER = ("far", "near", "soon", "overdue")


@pytest.mark.parametrize(
    ("left", "light"),
    [
        (-400, "overdue"),
        (-1, "overdue"),
        (0, "soon"),
        (7, "soon"),
        (8, "near"),
        (15, "near"),
        (16, "far"),
        (400, "far"),
    ],
)
def test_the_lights_of_the_county_change_at_fifteen_and_seven_days(left, light):
    found = light_of("in_progress", due_on=ON + timedelta(days=left), on=ON, days=COUNTY)
    assert found.code == light
    assert found.label
    assert found.shape


@given(state=STATES, due_on=st.none() | DAYS, on=DAYS)
def test_red_is_overdue_and_overdue_is_red(state, due_on, on):
    red = light_of(state, due_on=due_on, on=on, days=COUNTY).code == "overdue"
    assert red == is_overdue(state, due_on=due_on, on=on)
    assert not red or state in UNFINISHED


@given(state=STATES, on=DAYS)
def test_without_a_limit_and_without_anything_left_to_do_no_light_burns(state, on):
    assert light_of(state, due_on=None, on=on, days=COUNTY) is LIGHTS["none"]
    burns = light_of(state, due_on=on, on=on, days=COUNTY) is not LIGHTS["none"]
    assert burns == (state in UNFINISHED)


@given(due_on=DAYS, first=st.integers(-400, 400), more=st.integers(0, 400))
def test_as_days_go_by_a_light_only_comes_nearer(due_on, first, more):
    lights = [
        ORDER.index(light_of("returned", due_on=due_on, on=due_on + timedelta(days=day), days=COUNTY).code)
        for day in (first, first + more)
    ]
    assert lights == sorted(lights)


def test_cinnabar_is_of_overdue_alone_and_each_light_is_a_word_a_shape_and_a_tone():
    burning = [LIGHTS[code] for code in ORDER]
    for part in ("label", "shape", "tone"):
        assert len({getattr(light, part) for light in burning}) == len(burning)
    assert [light.code for light in burning if light.tone == "overdue"] == ["overdue"]


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("soon_days = 7", "soon_days = 15", "lights.soon_days"),
        ("near_days = 15", "near_days = 0", "lights.near_days"),
        ("near_days = 15", "", "lights.near_days"),
        ("soon_days = 7", "soon_days = 7\nlate_days = 3", "lights.late_days"),
    ],
)
def test_days_that_make_no_sense_are_refused_with_their_key(before, after, key):
    text = packaged_text("county.toml")
    assert before in text
    with pytest.raises(ProfileInvalid) as caught:
        parse_profile(text.replace(before, after), file="county.toml")
    assert caught.value.key == key

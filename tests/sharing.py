"""How the suite is shared out between processes, as a pytest plugin: a file stays whole, with its fixtures.

The journeys that live in the demo's county stay together too, and begin first: they take longest.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

DEMO = "demo"


def group_of(item: pytest.Item) -> str:
    """What is not torn apart: the file; for tests in the demo's county all of them, since it is filled in once."""
    return DEMO if DEMO in getattr(item, "fixturenames", ()) else item.location[0]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark every test with its group and put the long groups first; alone, pytest keeps its own order."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        for item in items:
            item.add_marker(pytest.mark.xdist_group(group_of(item)))
        items.sort(key=lambda item: (group_of(item) != DEMO, Path(item.location[0]).parts[:2] != ("tests", "journeys")))
    yield

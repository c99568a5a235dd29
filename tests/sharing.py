"""How the suite is shared out between processes, as a pytest plugin: a file stays whole, and journeys begin first.

They take longest. That a file stays whole, with its fixtures and in its order, is `--dist loadfile` (Makefile).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Put the long files first, when every other plugin has had its say; alone, pytest keeps its own order."""
    yield
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: Path(item.location[0]).parts[:2] != ("tests", "journeys"))

"""The suite's migrated, empty database, made for whoever asks, so that every file runs alone too.

pytest-django's own fixture makes none when no test of the run is marked, as in files that only work on copies.
"""

from collections.abc import Iterator

import pytest
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from bihuan.engines.reading.formats import converting


@pytest.fixture(autouse=True, scope="session")
def no_office() -> Iterator[None]:
    """No test asks the LibreOffice of the machine: most have none. Stand-ins take its place where it is wanted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(converting, "PROGRAMS", ())
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The database of this process; dropped at the end."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[])
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)

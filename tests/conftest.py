import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests.factories import Counted
from tests.portal_process import SAMPLE_PASSWORD, PortalProcess, own_database
from tests.triggers import lifted

pytest_plugins = ["tests.run_report"]

# The same examples in every run: a failure can be seen again. FUZZ=1 looks for new ones.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
if not os.environ.get("FUZZ"):
    hypothesis.settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _sequences_begin_anew() -> None:
    for made in Counted.__subclasses__():
        made.reset_sequence()


@pytest.fixture(scope="session", autouse=True)
def _a_flush_leaves_what_the_migrations_made() -> Iterator[None]:
    """A test with `transaction=True` ends with a flush: the database would refuse it, and the groups' rights would be lost."""
    set_up, flush = TransactionTestCase._fixture_setup.__func__, TransactionTestCase._fixture_teardown

    def remember_first(cls: type[TransactionTestCase]) -> None:
        if not hasattr(connection, "_test_serialized_contents"):
            connection._test_serialized_contents = connection.creation.serialize_db_to_string()
        set_up(cls)

    def flush_all(case: TransactionTestCase) -> None:
        case.serialized_rollback = True  # makes no other content types and permissions than those that come back
        with lifted():
            flush(case)
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(remember_first))
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_all)
        yield


@pytest.fixture(scope="session")
def portal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalProcess]:
    """The portal as `make run` serves it, with the plan, the 見本 and the sample accounts: a process of its own."""
    with own_database() as database:
        portal = PortalProcess(
            tmp_path_factory.mktemp("portal"), **database, SAMPLE="1", PORTAL_SAMPLE_PASSWORD=SAMPLE_PASSWORD
        )
        with portal.running():
            yield portal

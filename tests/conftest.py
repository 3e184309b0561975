import os
from collections.abc import Iterator

import hypothesis
import pytest

from tests.factories import Counted
from tests.portal_process import PortalProcess, own_database

pytest_plugins = ["tests.run_report"]

# The same examples in every run: a failure can be seen again. FUZZ=1 looks for new ones.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
if not os.environ.get("FUZZ"):
    hypothesis.settings.load_profile("repeatable")

SAMPLE_PASSWORD = "shiken-no-aikotoba"


@pytest.fixture(autouse=True)
def _sequences_begin_anew() -> None:
    for made in Counted.__subclasses__():
        made.reset_sequence()


@pytest.fixture(scope="session")
def portal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalProcess]:
    """The portal as `make run` serves it, with the plan, the 見本 and the sample accounts: a process of its own."""
    with own_database() as database:
        portal = PortalProcess(
            tmp_path_factory.mktemp("portal"), **database, SAMPLE="1", PORTAL_SAMPLE_PASSWORD=SAMPLE_PASSWORD
        )
        with portal.running():
            yield portal

import pytest

from tests.foundation.page_cache.asking import Cached


@pytest.fixture
def cached() -> Cached:
    return Cached()

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from tests import factories as f


@pytest.fixture
def user() -> User:
    return f.UserFactory(role="社協")


@pytest.fixture
def required(settings: Settings) -> None:
    """A second factor is demanded of all staff."""
    settings.SECOND_FACTOR_REQUIRED = True

"""Two people and a record that both open."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sdgs.models import GoalSdgLink
from tests import factories as f
from tests.plan_portal.admin_world import client_as


@pytest.fixture
def anna() -> Client:
    client = client_as("市・承認")
    User.objects.filter(groups__name="市・承認").update(last_name="見本", first_name="次郎")
    return client


@pytest.fixture
def berta() -> Client:
    return client_as("市・編集")


@pytest.fixture
def link() -> GoalSdgLink:
    f.SdgFactory(number=2, name="ほかのゴール")
    return f.GoalSdgLinkFactory(sdg__number=1, reason="困りごとを相談できるところをつくります。")

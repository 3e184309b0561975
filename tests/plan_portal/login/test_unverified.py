"""With the password alone, every address of the admin is closed, and nothing changes."""

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from tests.plan_portal.admin_world import client_as, make_world, snapshot
from tests.plan_portal.login.phone import CHECK, SETUP
from tests.plan_portal.test_permission_matrix import all_cases

LOGIN, LOGOUT = reverse("admin:login"), reverse("admin:logout")
OPEN = {CHECK, SETUP, LOGOUT, LOGIN}


def answers(client: Client, url: str, body: dict) -> list:
    return [client.get(url), client.post(url), client.post(url, body)]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["admin", "市・承認", "社協"])
def test_no_address_opens_without_the_code(role: str, settings: Settings, counts: Counter[str]) -> None:
    client = client_as(role)
    cases, before = all_cases(make_world()), snapshot()
    settings.SECOND_FACTOR_REQUIRED = True
    wrong = []
    for case in cases:
        if case.url in OPEN:
            continue
        for answer in answers(client, case.url, case.body):
            counts["requests with the password alone"] += 1
            closed = answer.status_code in (403, 404, 405) or (
                answer.status_code == 302 and answer["Location"].startswith(f"{LOGIN}?next=")
            )
            if not closed:
                wrong.append(f"{answer.status_code} {answer.get('Location', '')} {case.url}")
    assert wrong == []
    assert snapshot() == before
    assert len(cases) > 100


@pytest.mark.django_db
def test_a_phone_is_enough_to_close_them(settings: Settings) -> None:
    """Also where none is demanded."""
    client, world = client_as("admin"), make_world()
    cases = all_cases(world)
    TOTPDevice.objects.create(user_id=client.session["_auth_user_id"], name="phone")
    opened = [case.url for case in cases if case.url not in OPEN and client.get(case.url).status_code == 200]
    assert settings.SECOND_FACTOR_REQUIRED is False
    assert opened == []

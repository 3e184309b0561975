"""Five wrong passwords lock a name at an address for fifteen minutes: that name, at that address."""

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import Settings

from tests import factories as f
from tests.plan_portal.login.phone import log_in

pytestmark = pytest.mark.django_db
LOGIN = reverse("admin:login")
INSIDE = 302


def fail(name: User | str, times: int = 5, client: Client | None = None, **extra: str) -> list[HttpResponse]:
    return [log_in(client or Client(), name, "chigau", **extra) for _ in range(times)]


def later(minutes: int) -> None:
    """Let so much time pass for what was counted."""
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=attempt.attempt_time - timedelta(minutes=minutes)
        )


def test_the_fifth_wrong_password_locks(user: User) -> None:
    answers = fail(user)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert log_in(Client(), user).status_code == 429


def test_the_page_says_how_long_and_whom_to_ask(user: User) -> None:
    answer = fail(user, client=Client())[-1]
    page = answer.content.decode()
    assert 0 < int(answer["Retry-After"]) <= 15 * 60
    for words in ("いまはログインできません", "を過ぎてから", "管理者に", "<h1>"):
        assert words in page
    assert "no-store" in answer["Cache-Control"]
    assert LOGIN in page


def test_a_colleague_behind_the_same_address_gets_in(user: User) -> None:
    fail(user)
    assert log_in(Client(), f.UserFactory(role="市・編集")).status_code == INSIDE


def test_the_person_gets_in_from_elsewhere(user: User) -> None:
    """So nobody can lock a member of staff out from abroad."""
    fail(user, REMOTE_ADDR="203.0.113.9")
    assert log_in(Client(), user, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert log_in(Client(), user, REMOTE_ADDR="198.51.100.7").status_code == INSIDE


def test_another_browser_or_a_forged_header_opens_nothing(user: User) -> None:
    for number in range(5):
        log_in(
            Client(), user, "chigau", HTTP_USER_AGENT=f"browser {number}", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}"
        )
    assert log_in(Client(), user, HTTP_USER_AGENT="another", HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 429


def test_the_lock_opens_after_fifteen_minutes(user: User) -> None:
    fail(user)
    later(14)
    assert log_in(Client(), user).status_code == 429
    later(1)
    assert log_in(Client(), user).status_code == INSIDE


def test_trying_on_does_not_make_it_longer(user: User) -> None:
    fail(user)
    later(10)
    fail(user, 3)
    later(5)
    assert log_in(Client(), user).status_code == INSIDE


def test_a_right_password_begins_the_count_anew(user: User) -> None:
    for _ in range(3):
        fail(user, 4)
        assert log_in(Client(), user).status_code == INSIDE
    assert not AccessAttempt.objects.exists()


def test_an_administrator_can_lift_it_from_the_terminal(user: User) -> None:
    fail(user)
    call_command("axes_reset_username", user.username, verbosity=0)
    assert log_in(Client(), user).status_code == INSIDE


def told(answer: HttpResponse, name: str) -> str:
    """The page, without the name that was typed, the token and the hour."""
    page = answer.content.decode().replace(name, "NAME")
    token = str(answer.context["csrf_token"])
    return page.replace(token, "TOKEN").replace(f"{answer.context.get('until') or now():%H}", "H")


def test_nobody_learns_which_names_are_there(user: User) -> None:
    citizen, gone = f.UserFactory(), f.UserFactory(role="社協", is_active=False)
    pages = {
        who: [told(answer, name) for answer in fail(name)]
        for who, name in (("staff", user.username), ("nobody", "nobody"), ("citizen", citizen.username))
    }
    assert pages["staff"] == pages["nobody"] == pages["citizen"]
    assert told(log_in(Client(), gone), gone.username) == told(log_in(Client(), "stranger"), "stranger")
    # The right password of somebody who is not of staff says no more.
    other = f.UserFactory()
    assert told(log_in(Client(), other), other.username) == told(log_in(Client(), "stranger"), "stranger")


def test_an_unknown_name_costs_as_much_work_as_a_known_one(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    log_in(Client(), user, "chigau")
    assert hashed == ["chigau"]
    log_in(Client(), "nobody", "chigau")
    assert hashed == ["chigau", "chigau"]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "", "名" * 200])
def test_names_that_no_database_takes_are_refused(name: str) -> None:
    assert log_in(Client(), name, "chigau").status_code == 200


def test_little_is_kept_and_not_for_long(user: User) -> None:
    fail(user)
    kept = AccessAttempt.objects.get()
    assert "chigau" not in kept.post_data
    assert user.username not in kept.post_data
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()
    later(16)
    log_in(Client(), "somebody", "chigau")
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"somebody"}


def test_the_log_names_nobody(user: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        fail(user, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Firefox 99")
        log_in(Client(), user)
    assert "Locking out" in caplog.text
    for secret in (user.username, "chigau", "203.0.113.9", "Firefox 99", 'password"'):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_page_of_the_way_in_leads_to_another_host(user: User, settings: Settings, target: str) -> None:
    answers = [
        Client().post(LOGIN, {"username": user.username, "password": "password", "next": target}),
        Client().post(f"{LOGIN}?next={target}", {"username": user.username, "password": "password"}),
    ]
    assert [answer["Location"] for answer in answers] == ["/admin/", "/admin/"]
    locked = [
        Client().post(LOGIN, {"username": user.username, "password": "chigau", "next": target}) for _ in range(5)
    ][-1]
    assert locked.status_code == 429
    assert "evil.example" not in locked.content.decode()
    assert "javascript" not in locked.content.decode().replace('type="text/javascript"', "")

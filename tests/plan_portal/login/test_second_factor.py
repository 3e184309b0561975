"""ログインの確認: a login is not done before a code of the person's phone, or a recovery code, was given."""

import logging
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import factories as f
from tests.plan_portal.login.phone import (
    CHECK,
    OWN,
    SETUP,
    Phone,
    browser_of,
    codes_on,
    forget_wrong_codes,
    give_phone,
    log_in,
    verified_browser_of,
)

pytestmark = pytest.mark.django_db
INDEX, QR, LOGIN, LOGOUT = (reverse(f"admin:{name}") for name in ("index", "login-qr", "login", "logout"))
GOAL = "/admin/goals/basicgoal/"


# The way in


@pytest.mark.usefixtures("required")
def test_the_whole_way_of_a_newcomer(user: User) -> None:
    client = Client()
    answer = client.post(
        f"{LOGIN}?next={GOAL}", {"username": user.username, "password": "password", "next": GOAL}, follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"{SETUP}?next={GOAL}"
    assert "ログインの確認を設定する" in page
    assert f'src="{QR}"' in page
    phone = Phone.reading(page)
    answer = client.post(SETUP, {"code": phone.code(), "next": GOAL})
    codes = codes_on(answer.content.decode())
    assert len(set(codes)) == 10
    assert f'href="{GOAL}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert client.get(INDEX).status_code == 200

    client.post(LOGOUT)
    answer = client.post(LOGIN, {"username": user.username, "password": "password", "next": GOAL}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{CHECK}?next={GOAL}"
    answer = client.post(CHECK, {"code": phone.code(ahead=1), "next": GOAL})
    assert (answer.status_code, answer["Location"]) == (302, GOAL)

    client.post(LOGOUT)
    log_in(client, user)
    answer = client.post(CHECK, {"code": codes[0].upper()}, follow=True)
    assert answer.redirect_chain == [(INDEX, 302)]
    assert "残りは9個です" in answer.content.decode()


def test_without_a_network_nobody_is_asked(user: User) -> None:
    client = Client()
    assert log_in(client, user)["Location"] == INDEX
    assert client.get(INDEX).status_code == 200
    assert "まだ登録していません" in client.get(OWN).content.decode()


def test_who_has_a_phone_is_asked_everywhere(user: User) -> None:
    phone, _ = give_phone(user)
    client = browser_of(user)
    assert client.get(INDEX)["Location"] == f"{LOGIN}?next={INDEX}"
    assert client.get(LOGIN)["Location"] == f"{CHECK}?next={INDEX}"
    verified_browser_of(user, phone)


@pytest.mark.usefixtures("required")
def test_who_has_no_phone_yet_may_log_out(user: User) -> None:
    for client in (browser_of(user), browser_of(user)):
        assert "ログアウトする" in client.get(SETUP).content.decode()
        assert client.post(LOGOUT).status_code == 200
        assert client.get(SETUP).status_code == 302
        assert "_auth_user_id" not in client.session


def test_a_session_gets_a_new_key_when_the_code_is_given(user: User) -> None:
    phone, _ = give_phone(user)
    client = browser_of(user)
    before = client.cookies["sessionid"].value
    client.post(CHECK, {"code": phone.code()})
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(pk=before).exists()


# Codes


@pytest.mark.parametrize("written", ["{}", " {} ", "{:.3} {}"])
def test_codes_are_taken_as_they_are_typed(user: User, written: str) -> None:
    phone, codes = give_phone(user)
    code = phone.code()
    typed = written.format(code[:3], code[3:]) if written.count("{") > 1 else written.format(code)
    full_width = typed.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert browser_of(user).post(CHECK, {"code": full_width}).status_code == 302
    recovery = f"{codes[1][:4].upper()}－{codes[1][4:]}"
    assert browser_of(user).post(CHECK, {"code": recovery}).status_code == 302


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abc", "a" * 50, "１２３", "12345a", "\0\0\0\0\0\0", "99999999"]
)
def test_what_is_no_code_is_refused_and_not_counted(user: User, code: str) -> None:
    give_phone(user)
    page = browser_of(user).post(CHECK, {"code": code})
    assert page.status_code == 200
    assert 'class="errorlist"' in page.content.decode()
    assert not TOTPDevice.objects.exclude(throttling_failure_count=0).exists()
    assert not StaticDevice.objects.exclude(throttling_failure_count=0).exists()


def test_a_code_is_good_once(user: User) -> None:
    phone, codes = give_phone(user)
    for code in (phone.code(), codes[0]):
        assert browser_of(user).post(CHECK, {"code": code}).status_code == 302
        forget_wrong_codes()
        client = browser_of(user)
        assert "もう使ったコード" in client.post(CHECK, {"code": code}).content.decode()
        assert client.get(INDEX).status_code == 302
        forget_wrong_codes()


def test_codes_of_somebody_else_open_nothing(user: User) -> None:
    give_phone(user)
    phone, codes = give_phone(f.UserFactory(role="社協"))
    for code in (phone.code(), codes[0]):
        client = browser_of(user)
        assert client.post(CHECK, {"code": code}).status_code == 200
        assert client.get(INDEX).status_code == 302
    assert StaticToken.objects.count() == 20


def test_codes_cannot_be_guessed_one_after_another(user: User) -> None:
    """The right code within a wait is refused too; each wrong one doubles the wait."""
    phone, codes = give_phone(user)
    for right, wrong, model in ((phone.code(), phone.wrong_code(), TOTPDevice), (codes[0], "aaaaaaaa", StaticDevice)):
        client = browser_of(user)
        for number in range(1, 12):
            forget_wrong_codes()
            assert "コードがちがうか" in client.post(CHECK, {"code": wrong}).content.decode()
            assert model.objects.get().throttling_failure_count == number
        for _ in range(20):
            assert re.search(r"1[78]分待ってから", client.post(CHECK, {"code": right}).content.decode())
        assert client.get(INDEX).status_code == 302
        forget_wrong_codes()
        assert client.post(CHECK, {"code": right}).status_code == 302
        forget_wrong_codes()


def test_few_recovery_codes_are_told(user: User) -> None:
    _, codes = give_phone(user)
    for left, code in zip(range(9, 2, -1), codes, strict=False):
        page = Client()
        log_in(page, user)
        words = page.post(CHECK, {"code": code}, follow=True).content.decode()
        assert f"残りは{left}個です" in words
        assert ("新しく作ってください" in words) == (left <= 3)


# All of it


def test_keys_and_codes_are_in_no_log_and_no_history(user: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client = browser_of(user)
        phone = Phone.reading(client.get(SETUP).content.decode())
        codes = codes_on(client.post(SETUP, {"code": phone.code()}).content.decode())
        client.post(OWN, {"step": "codes", "code": codes[0]})
    history = [entry.change_message for entry in LogEntry.objects.order_by("pk")]
    assert history == ["ログインの確認を設定しました（認証アプリと回復コード）。", "回復コードを作り直しました。"]
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(user.pk)}
    told = caplog.text.replace(phone.key, "KEY") if "INSERT" in caplog.text else caplog.text
    for secret in (phone.key, *codes):
        assert secret not in told
        assert secret not in "".join(history)


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("page", [CHECK, SETUP, OWN, LOGIN])
def test_no_page_takes_a_form_from_elsewhere(user: User, page: str) -> None:
    give_phone(user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(page, {"code": "123456"}).status_code == 403


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_host(user: User, target: str) -> None:
    client = browser_of(user)
    page = client.get(SETUP, {"next": target}).content.decode()
    last = client.post(SETUP, {"code": Phone.reading(page).code(), "next": target}).content.decode()
    phone = Phone(TOTPDevice.objects.get().key)
    again = browser_of(user)
    for text in (page, last, again.get(CHECK, {"next": target}).content.decode()):
        assert "evil.example" not in text
        assert "javascript:alert" not in text
    assert again.post(CHECK, {"code": phone.code(ahead=1), "next": target})["Location"] == INDEX
    assert again.get(CHECK, {"next": target})["Location"] == INDEX


@pytest.mark.parametrize("url", [CHECK, SETUP, OWN])
def test_the_pages_are_for_staff(url: str) -> None:
    for client in (Client(), browser_of(f.UserFactory())):
        for answer in (client.get(url), client.post(url, {"code": "123456"})):
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, LOGIN)

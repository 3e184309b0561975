"""Phones and recovery codes of staff: how they are set up, taken in place of others, and never by somebody else."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from plan_portal.login.pages import KEY
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
    verified_browser_of,
)

pytestmark = pytest.mark.django_db
INDEX, QR, LOGIN, LOGOUT = (reverse(f"admin:{name}") for name in ("index", "login-qr", "login", "logout"))
GOAL = "/admin/goals/basicgoal/"


def test_a_wrong_first_code_sets_up_nothing(user: User) -> None:
    client = browser_of(user)
    phone = Phone.reading(client.get(SETUP).content.decode())
    page = client.post(SETUP, {"code": phone.wrong_code()}).content.decode()
    assert "スマートフォンの時刻" in page
    assert Phone.reading(page).key == phone.key
    assert "6けたの数字を入れてください" in client.post(SETUP, {"code": "abcdefgh"}).content.decode()
    assert not TOTPDevice.objects.exists()
    assert client.post(SETUP, {"code": phone.code()}).status_code == 200
    assert TOTPDevice.objects.get().key == phone.key


@pytest.mark.usefixtures("required")
def test_who_lacks_the_code_cannot_set_up_another_phone(user: User) -> None:
    late = browser_of(user)
    attackers = Phone.reading(late.get(SETUP).content.decode())
    give_phone(user)
    for client in (late, browser_of(user)):
        assert client.get(SETUP)["Location"].startswith(CHECK)
        assert client.post(SETUP, {"code": attackers.code()})["Location"].startswith(CHECK)
        assert client.get(QR).status_code == 404
        assert client.get(OWN).status_code == 302
        assert client.post(OWN, {"step": "phone", "code": attackers.code()}).status_code == 302
    assert TOTPDevice.objects.get().key != attackers.key


def test_the_picture_is_for_the_session_that_sets_up(user: User) -> None:
    client, other = browser_of(user), browser_of(user)
    assert client.get(QR).status_code == 404
    page = client.get(SETUP)
    picture = client.get(QR)
    assert picture["Content-Type"] == "image/svg+xml"
    for answer in (page, picture):
        assert "no-store" in answer["Cache-Control"]
    assert picture.content.startswith(b"<?xml")
    assert b"style=" not in picture.content
    assert other.get(QR).status_code == 404
    assert Client().get(QR)["Location"].startswith(LOGIN)
    assert browser_of(f.UserFactory()).get(QR)["Location"].startswith(LOGIN)
    client.post(SETUP, {"code": Phone.reading(page.content.decode()).code()})
    assert client.get(QR).status_code == 404
    assert KEY not in client.session


def test_another_phone_takes_the_place_of_the_first(user: User) -> None:
    phone, codes = give_phone(user)
    client, elsewhere = verified_browser_of(user, phone), browser_of(user)
    elsewhere.post(CHECK, {"code": codes[0]})
    assert client.get(SETUP)["Location"].startswith(OWN)
    assert "コードがちがうか" in client.post(OWN, {"step": "phone", "code": phone.wrong_code()}).content.decode()
    assert client.get(SETUP)["Location"].startswith(OWN)
    answer = client.post(OWN, {"step": "phone", "code": codes[1]}, follow=True)
    new = Phone.reading(answer.content.decode())
    assert len(codes_on(client.post(SETUP, {"code": new.code()}).content.decode())) == 10
    assert TOTPDevice.objects.get().key == new.key
    assert client.get(INDEX).status_code == 200
    assert elsewhere.get(INDEX).status_code == 302
    assert browser_of(user).post(CHECK, {"code": codes[2]}).status_code == 200


def test_new_recovery_codes_take_the_place_of_the_old(user: User) -> None:
    phone, codes = give_phone(user)
    client = verified_browser_of(user, phone)
    assert codes_on(client.post(OWN, {"step": "codes", "code": ""}).content.decode()) == []
    page = client.post(OWN, {"step": "codes", "code": codes[0]}).content.decode()
    new = codes_on(page)
    assert len(set(new) - set(codes)) == 10
    assert codes_on(client.get(OWN).content.decode()) == []
    assert browser_of(user).post(CHECK, {"code": codes[1]}).status_code == 200
    forget_wrong_codes()
    assert browser_of(user).post(CHECK, {"code": new[0]}).status_code == 302


def test_without_a_phone_there_are_no_codes_to_renew(user: User) -> None:
    client = browser_of(user)
    for step in ("codes", "phone"):
        assert client.post(OWN, {"step": step, "code": "123456"}).status_code == 200
    assert not StaticToken.objects.exists()
    assert KEY not in client.session

"""A member of staff with a phone: what its app shows, and browsers in which that person has come as far as needed."""

import re
import time
from base64 import b32decode
from binascii import hexlify, unhexlify
from datetime import timedelta

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from plan_portal.login.actions import new_recovery_codes

PASSWORD = "password"
CHECK, SETUP, OWN = (reverse(f"admin:login-{name}") for name in ("check", "setup", "own"))


class Phone:
    """`key` in hexadecimal."""

    def __init__(self, key: str) -> None:
        self.key = key

    @classmethod
    def reading(cls, page: str) -> "Phone":
        """A phone into which the key on the page for setting up was typed."""
        shown = re.search(r'<code class="st-code">([A-Z2-7 ]+)</code>', page)
        assert shown
        return cls(hexlify(b32decode(shown.group(1).replace(" ", ""))).decode())

    def code(self, ahead: int = 0) -> str:
        """The digits shown now, or so many times 30 seconds later; those of the next moment are good already."""
        clock = TOTP(unhexlify(self.key))
        clock.time = time.time() + 30 * ahead
        return f"{clock.token():06}"

    def wrong_code(self) -> str:
        right = {self.code(ahead) for ahead in range(-2, 4)}
        return next(digits for digits in ("000000", "111111", "222222", "333333", *"4") if digits not in right)


def give_phone(user: User) -> tuple[Phone, list[str]]:
    """A phone that is set up, and ten recovery codes."""
    device = TOTPDevice.objects.create(user=user, name="phone")
    return Phone(device.key), new_recovery_codes(user=user)


def browser_of(user: User) -> Client:
    """Where the password was given, and nothing else."""
    client = Client()
    client.force_login(user)
    return client


def verified_browser_of(user: User, phone: Phone) -> Client:
    client = browser_of(user)
    assert client.post(CHECK, {"code": phone.code()}).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
    return client


def log_in(client: Client, user: User | str, password: str = PASSWORD, **extra: str) -> HttpResponse:
    name = user if isinstance(user, str) else user.username
    return client.post(reverse("admin:login"), {"username": name, "password": password}, **extra)


def codes_on(page: str) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li><code>([a-z2-7]{4}-[a-z2-7]{4})</code></li>", page)


def forget_wrong_codes() -> None:
    """The wait is over."""
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.exclude(throttling_failure_timestamp=None):
            device.throttling_failure_timestamp -= timedelta(days=1)
            device.save()

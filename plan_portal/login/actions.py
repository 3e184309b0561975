"""What changes how somebody logs in. Each is written to the record of the account, without a code or a key."""

from __future__ import annotations

import time
from binascii import unhexlify
from math import ceil
from typing import Any

from axes.utils import reset
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.timezone import now
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
DIGITS = 6
WRONG_CODE = "コードがちがうか、もう使ったコードです。認証アプリにいま出ている6けたの数字か、まだ使っていない回復コードを入れてください。"
WRONG_FIRST_CODE = (
    "コードがちがいます。認証アプリにいま出ている6けたの数字を入れてください。"
    "何度も合わないときは、スマートフォンの時刻が正しいかを確かめてください。"
)
SET_UP_ELSEWHERE = "ほかの画面で、もう設定しました。いちどログアウトして、ログインし直してください。"


class CodeRefusedError(Exception):
    """The message says what to do."""


def check_code(*, user: Any, code: str) -> TOTPDevice | StaticDevice:
    """The device that this code is of; a code is good once. Wrong ones make the next wait 1, 2, 4, 8 … seconds.

    Not within a transaction that a refusal would roll back: the count of wrong codes would be lost.
    """
    model = TOTPDevice if len(code) == DIGITS else StaticDevice
    device = model.objects.filter(user_id=user.pk, confirmed=True).order_by("pk").first()
    if device is None:
        raise CodeRefusedError(WRONG_CODE)
    allowed, why = device.verify_is_allowed()
    if not allowed:
        seconds = max(1, ceil((why["locked_until"] - now()).total_seconds()))
        raise CodeRefusedError(
            f"まちがったコードが続きました。{_how_long(seconds)}待ってから、もう一度入れてください。"
        )
    if verify_token(user, device.persistent_id, code) is None:
        raise CodeRefusedError(WRONG_CODE)
    return device


@transaction.atomic
def confirm_device(*, user: Any, key: str, code: str, replaces: bool) -> tuple[TOTPDevice, list[str]]:
    """The phone that holds `key` (hex) becomes the person's only one: its device, and ten new recovery codes.

    replaces: whether the person may give up a phone that is set up already.
    """
    clock = TOTP(unhexlify(key))
    clock.time = time.time()
    if not clock.verify(int(code), tolerance=1):
        raise CodeRefusedError(WRONG_FIRST_CODE)
    User.objects.select_for_update().get(pk=user.pk)
    if not replaces and TOTPDevice.objects.filter(user_id=user.pk).exists():
        raise CodeRefusedError(SET_UP_ELSEWHERE)
    _forget_devices(user)
    device = TOTPDevice.objects.create(user_id=user.pk, name="phone", key=key, last_t=clock.t(), drift=clock.drift)
    _record(user, by=user, words="ログインの確認を設定しました（認証アプリと回復コード）。")
    return device, _make_codes(user)


@transaction.atomic
def new_recovery_codes(*, user: Any) -> list[str]:
    """Ten codes in place of those that were left."""
    _record(user, by=user, words="回復コードを作り直しました。")
    return _make_codes(user)


@transaction.atomic
def reset_second_factor(*, user: Any, by: Any, reason: str) -> None:
    """The person sets up a phone anew at the next login; whoever is logged in with the old one is asked too."""
    _forget_devices(user)
    _record(user, by=by, words=f"ログインの確認をやり直してもらうことにしました。理由：{reason}")


@transaction.atomic
def lift_lock(*, user: Any, by: Any) -> bool:
    """Whether there was anything to lift."""
    if not reset(username=user.get_username()):
        return False
    _record(user, by=by, words="ログインの制限を解きました。")
    return True


def _make_codes(user: Any) -> list[str]:
    device, _ = StaticDevice.objects.get_or_create(user_id=user.pk, defaults={"name": "recovery"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _forget_devices(user: Any) -> None:
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user_id=user.pk).delete()


def _record(user: Any, *, by: Any, words: str) -> None:
    LogEntry.objects.log_actions(by.pk, [user], CHANGE, words, single_object=True)


def _how_long(seconds: int) -> str:
    return f"{seconds}秒" if seconds < 60 else f"{ceil(seconds / 60)}分"

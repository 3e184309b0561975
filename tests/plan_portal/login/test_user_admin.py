"""ログインの手助け: an administrator lets a colleague in again, and it is written down."""

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import factories as f
from tests.plan_portal.admin_world import client_as
from tests.plan_portal.login.phone import CHECK, browser_of, give_phone, log_in, verified_browser_of

pytestmark = pytest.mark.django_db


def help_page(user: User) -> str:
    return reverse("admin:auth_user_login", args=[user.pk])


def history(client: Client, user: User) -> str:
    return client.get(reverse("admin:auth_user_history", args=[user.pk])).content.decode()


def test_the_page_of_a_user_leads_there(user: User) -> None:
    page = client_as("admin").get(reverse("admin:auth_user_change", args=[user.pk])).content.decode()
    assert f'href="{help_page(user)}"' in page


def test_a_lock_is_lifted(user: User) -> None:
    for _ in range(5):
        log_in(Client(), user, "chigau")
    client = client_as("admin")
    page = client.post(help_page(user), {"step": "unlock"}, follow=True).content.decode()
    assert "すぐにログインできます" in page
    assert log_in(Client(), user).status_code == 302
    assert "ログインの制限を解きました" in history(client, user)
    again = client.post(help_page(user), {"step": "unlock"}, follow=True).content.decode()
    assert "制限はかかっていません" in again


def test_only_that_name_is_let_in(user: User) -> None:
    log_in(Client(), "somebody-else", "chigau")
    client_as("admin").post(help_page(user), {"step": "unlock"})
    assert AccessAttempt.objects.get().username == "somebody-else"


def test_a_lost_phone_is_forgotten_with_the_reason(user: User) -> None:
    phone, codes = give_phone(user)
    inside, client = verified_browser_of(user, phone), client_as("admin")
    page = client.post(help_page(user), {"step": "reset", "reason": " "}).content.decode()
    assert "理由を書いてください" in page
    assert TOTPDevice.objects.exists()
    page = client.post(help_page(user), {"step": "reset", "reason": "駅でなくした"}, follow=True).content.decode()
    assert "本人が次にログインするときに" in page
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()
    assert "理由：駅でなくした" in history(client, user)
    assert "_auth_user_id" in inside.session
    assert "otp_device_id" not in inside.get(reverse("admin:index")).wsgi_request.session
    assert codes


@pytest.mark.usefixtures("required")
def test_who_is_inside_with_a_phone_that_was_forgotten_sets_up_anew(user: User) -> None:
    phone, _ = give_phone(user)
    inside = verified_browser_of(user, phone)
    call_command("reset_second_factor", user.username, verbosity=0)
    assert inside.get(CHECK, follow=True).redirect_chain[0][0].startswith(reverse("admin:login-setup"))


def test_nobody_forgets_their_own_phone_without_its_code() -> None:
    boss = f.UserFactory(is_staff=True, is_superuser=True)
    phone, _ = give_phone(boss)
    client = verified_browser_of(boss, phone)
    assert client.post(help_page(boss), {"step": "reset", "reason": "ためしに"}).status_code == 403
    assert TOTPDevice.objects.exists()
    assert "自分のものは" in client.get(help_page(boss)).content.decode()


@pytest.mark.parametrize("role", ["市・編集", "市・承認", "社協", "no group"])
def test_only_administrators_help(user: User, role: str) -> None:
    give_phone(user)
    client = client_as(role)
    for body in ({"step": "reset", "reason": "理由"}, {"step": "unlock"}):
        assert client.post(help_page(user), body).status_code == 403
    assert TOTPDevice.objects.exists()


@pytest.mark.parametrize("key", ["999999", "x", "%00", "-1"])
def test_somebody_who_is_not_there(key: str) -> None:
    assert client_as("admin").get(f"/admin/auth/user/{key}/login/").status_code == 404


def test_the_command_for_the_last_administrator(user: User, capsys: pytest.CaptureFixture[str]) -> None:
    give_phone(user)
    call_command("reset_second_factor", user.username)
    assert "次のログインで設定し直します" in capsys.readouterr().out
    assert not TOTPDevice.objects.exists()
    assert "サーバーの管理コマンドから" in history(client_as("admin"), user)
    with pytest.raises(CommandError, match="利用者はいません"):
        call_command("reset_second_factor", "nobody")


def test_nobody_looks_at_devices_or_attempts() -> None:
    labels = {model._meta.app_label for model in admin.site._registry}
    assert not labels & {"axes", "otp_totp", "otp_static"}
    for address in ("otp_totp/totpdevice/", "otp_static/staticdevice/", "axes/accessattempt/"):
        assert client_as("admin").get(f"/admin/{address}").status_code == 404


def test_rights_over_them_are_given_to_nobody() -> None:
    page = client_as("admin").get(reverse("admin:auth_group_add")).content.decode()
    for word in ("TOTP", "static", "access"):
        assert f"{word} device" not in page
        assert "access attempt" not in page


def test_a_disabled_account_needs_no_browser(user: User) -> None:
    assert browser_of(user).get(help_page(user)).status_code == 403

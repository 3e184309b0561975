from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from plan_portal.management.commands.start import account_lines
from plan_portal.sample_accounts import (
    ACCOUNTS,
    SampleAccounts,
    active_sample_accounts,
    deactivate_sample_accounts,
    ensure_sample_accounts,
)
from tests.plan_portal.login.phone import log_in
from tests.triggers import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sample-password"


def passwords_work(password: str | None, *names: str) -> bool:
    return all(log_in(Client(), name, password or "").status_code == 302 for name in names)


def test_made_once_with_a_random_password(file: Path) -> None:
    first = ensure_sample_accounts(password_file=file)
    assert first.made == list(ACCOUNTS)
    assert passwords_work(first.password, *ACCOUNTS)
    assert file.stat().st_mode & 0o777 == 0o600
    again = ensure_sample_accounts(password_file=file)
    assert (again.made, again.changed, again.kept) == ([], [], list(ACCOUNTS))
    assert again.password == first.password


def test_each_is_staff_in_its_group_and_only_admin_is_superuser(file: Path) -> None:
    ensure_sample_accounts(password_file=file)
    groups = {user.username: [group.name for group in user.groups.all()] for user in User.objects.filter(is_staff=True)}
    assert groups == {
        "city-editor": ["市・編集"],
        "city-approver": ["市・承認"],
        "city-approver-2": ["市・承認"],
        "shakyo": ["社協"],
        "shakyo-2": ["社協"],
        "admin": [],
    }
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["admin"]
    assert set(User.objects.values_list("last_name", flat=True)) == {"見本"}


def test_two_portals_have_two_passwords(file: Path) -> None:
    first = ensure_sample_accounts(password_file=file).password
    with lifted():
        User.objects.all().delete()
    assert ensure_sample_accounts(password_file=file.with_name("other")).password != first


def test_wanted_password(file: Path) -> None:
    made = ensure_sample_accounts(password_file=file, wanted_password="watashi-ga-kimeta")
    assert made.password == "watashi-ga-kimeta"
    assert passwords_work("watashi-ga-kimeta", *ACCOUNTS)


def test_another_wanted_password_is_given_to_the_active_ones(file: Path) -> None:
    ensure_sample_accounts(password_file=file)
    User.objects.filter(username="admin").update(is_active=False)
    changed = ensure_sample_accounts(password_file=file, wanted_password="atarashii-aikotoba")
    assert changed.changed == [name for name in ACCOUNTS if name != "admin"]
    assert passwords_work("atarashii-aikotoba", *changed.changed)
    assert not User.objects.get(username="admin").check_password("atarashii-aikotoba")


def test_what_staff_changed_stays(file: Path) -> None:
    """Their own password, also when the wanted one is the same as ever; a removed group; an account taken over for real."""
    ensure_sample_accounts(password_file=file, wanted_password="itsumo-no")
    user = User.objects.get(username="shakyo")
    user.set_password("jibun-no-aikotoba")
    user.save()
    user.groups.clear()
    User.objects.filter(username="admin").update(last_name="登別", is_superuser=False)
    result = ensure_sample_accounts(password_file=file, wanted_password="itsumo-no")
    assert result.changed == result.made == []
    assert passwords_work("jibun-no-aikotoba", "shakyo")
    assert not User.objects.get(username="shakyo").groups.exists()
    assert not User.objects.get(username="admin").is_superuser
    result = ensure_sample_accounts(password_file=file, wanted_password="betsu-no-aikotoba")
    assert "admin" not in result.changed
    assert passwords_work("itsumo-no", "admin")


def test_real_account_of_the_same_name_is_not_a_sample(file: Path) -> None:
    User.objects.create_user("admin", password="hontou-no-hito", last_name="登別", is_staff=True)
    ensure_sample_accounts(password_file=file, wanted_password="mihon-no-aikotoba")
    assert passwords_work("hontou-no-hito", "admin")
    assert "admin" not in [user.username for user in active_sample_accounts()]
    deactivate_sample_accounts()
    assert passwords_work("hontou-no-hito", "admin")


def test_deactivated_stay_so_and_are_out_at_once(file: Path) -> None:
    password = ensure_sample_accounts(password_file=file).password
    inside = Client()
    log_in(inside, "city-editor", password)
    assert inside.get("/admin/").status_code == 200
    assert deactivate_sample_accounts() == list(ACCOUNTS)
    assert inside.get("/admin/").status_code == 302
    assert ensure_sample_accounts(password_file=file).kept == []
    assert not passwords_work(password, "city-editor")
    assert User.objects.count() == len(ACCOUNTS)


def test_without_the_file_nobody_gets_another_password(file: Path) -> None:
    first = ensure_sample_accounts(password_file=file).password
    file.unlink()
    result = ensure_sample_accounts(password_file=file)
    assert result.password is None
    assert passwords_work(first, *ACCOUNTS)
    assert "PORTAL_SAMPLE_PASSWORD" in "".join(account_lines(result))


def test_nothing_is_said_when_there_are_none() -> None:
    assert list(account_lines(SampleAccounts(password="x"))) == []


def test_only_who_can_log_in_is_named() -> None:
    text = "".join(account_lines(SampleAccounts(made=["shakyo"], password="aikotoba")))
    assert "shakyo" in text
    assert "aikotoba" in text
    assert "admin" not in text

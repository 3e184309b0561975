"""見本 accounts: one for each kind of staff, to try the portal on one's own machine, and nowhere else.

The last name 見本 marks them; whoever takes such an account over for real changes that name, and the portal leaves it alone.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet

MARK = "見本"
# User name → what it is for, and its group; without a group it is a superuser. Two who decide for each organisation: nobody
# approves what they wrote.
ACCOUNTS: dict[str, tuple[str, str | None]] = {
    "city-editor": ("市の担当者（編集）", "市・編集"),
    "city-approver": ("市の承認者", "市・承認"),
    "city-approver-2": ("もう1人の市の承認者", "市・承認"),
    "shakyo": ("社協の担当者", "社協"),
    "shakyo-2": ("社協のもう1人の担当者", "社協"),
    "admin": ("システムの管理者", None),
}
# No l, I, 1, O, 0: it is read from a terminal and typed.
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 16


@dataclass
class SampleAccounts:
    """What was found and done. password: None when it is not known here."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    password: str | None = None


def active_sample_accounts() -> QuerySet[User]:
    return User.objects.filter(username__in=ACCOUNTS, last_name=MARK, is_active=True).order_by("pk")


@transaction.atomic
def ensure_sample_accounts(*, password_file: Path, wanted_password: str = "") -> SampleAccounts:
    """Make the accounts that are missing; those that are there stay as they are.

    Only a `wanted_password` other than the one in `password_file` is given to the active ones too.
    """
    known = _read(password_file)
    result = SampleAccounts()
    missing = [name for name in ACCOUNTS if not User.objects.filter(username=name).exists()]
    result.password = wanted_password or known or None
    if missing and not result.password:
        result.password = _random_password()
    if not result.password:
        result.kept = [user.username for user in active_sample_accounts()]
        return result
    if result.password != known:
        _keep(password_file, result.password)
    for user in active_sample_accounts():
        if wanted_password and wanted_password != known:
            user.set_password(wanted_password)
            user.save(update_fields=["password"])
            result.changed.append(user.username)
        else:
            result.kept.append(user.username)
    result.made = [_make(name, result.password) for name in missing]
    return result


def deactivate_sample_accounts() -> list[str]:
    """Nobody can log in with them any more, and who is logged in is out. What they did stays under their names."""
    names = [user.username for user in active_sample_accounts()]
    active_sample_accounts().update(is_active=False)
    return names


def _make(name: str, password: str) -> str:
    role, group = ACCOUNTS[name]
    user = User.objects.create(
        username=name,
        first_name=role,
        last_name=MARK,
        password=make_password(password),
        is_staff=True,
        is_superuser=group is None,
    )
    if group is not None:
        user.groups.add(Group.objects.get(name=group))
    return name


def _random_password() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _keep(path: Path, password: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(password + "\n")

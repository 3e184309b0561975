"""How passwords are kept, and which are taken."""

import json
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from plan_portal import settings as portal
from tests import factories as f
from tests.plan_portal.login.phone import log_in
from tests.portal_process import ROOT, clean_environment


@pytest.fixture
def _real_hashers(settings: object) -> None:
    settings.PASSWORD_HASHERS = portal.PASSWORD_HASHERS


@pytest.mark.django_db
@pytest.mark.usefixtures("_real_hashers")
def test_an_old_hash_is_made_anew_at_the_next_login() -> None:
    user = f.UserFactory(role="社協")
    User.objects.filter(pk=user.pk).update(password=make_password("password", hasher="pbkdf2_sha256"))
    assert log_in(Client(), user).status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert log_in(Client(), user).status_code == 302


@pytest.mark.usefixtures("_real_hashers")
def test_argon2_comes_first() -> None:
    assert identify_hasher(make_password("nagai-aikotoba-1")).algorithm == "argon2"


@pytest.mark.parametrize("password", ["mijikai-pas", "password1234", "qwertyuiop123", "tantousha-hanako"])
def test_short_common_and_obvious_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="tantousha-hanako"))


def what_is_set(**environment: str) -> dict[str, object]:
    names = ("SECOND_FACTOR_REQUIRED", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "PROXIES")
    ask = f"import json; from plan_portal import settings as s; print(json.dumps({{n: str(getattr(s, n, '')) for n in {names}}}))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ask],
        cwd=ROOT,
        env=clean_environment(SECRET_KEY="x", **environment),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("environment", "required"),
    [
        ({}, False),
        ({"PORTAL_HOSTS": "127.0.0.1,localhost"}, False),
        ({"PORTAL_HOSTS": "plan.example.lg.jp"}, True),
        ({"PORTAL_HOSTS": "127.0.0.1,plan.example.lg.jp"}, True),
        ({"PORTAL_HOSTS": "*"}, True),
        ({"HOST": "0.0.0.0"}, True),  # noqa: S104
        ({"HOST": "::"}, True),
        ({"HOST": "127.0.0.1"}, False),
        ({"PORTAL_SECOND_FACTOR": "1"}, True),
        ({"PORTAL_HOSTS": "plan.example.lg.jp", "PORTAL_SECOND_FACTOR": "0"}, False),
    ],
)
def test_a_code_is_demanded_where_a_network_reaches_the_portal(environment: dict[str, str], required: bool) -> None:
    assert what_is_set(**environment)["SECOND_FACTOR_REQUIRED"] == str(required)


def test_cookies_and_proxies_with_https() -> None:
    plain, https = what_is_set(), what_is_set(PORTAL_HTTPS="1")
    assert plain["PROXIES"] == "[]"
    assert "127.0.0.1/32" in str(https["PROXIES"])
    assert (https["SESSION_COOKIE_NAME"], https["CSRF_COOKIE_NAME"]) == ("__Host-sessionid", "__Host-csrftoken")
    assert https["SESSION_COOKIE_SECURE"] == "True"
    own = what_is_set(PORTAL_PROXIES="10.0.0.5,fd00::/8")
    assert own["PROXIES"] == "[IPv4Network('10.0.0.5/32'), IPv6Network('fd00::/8')]"


def test_proxies_that_cannot_be_read_are_told_in_japanese() -> None:
    with pytest.raises(subprocess.CalledProcessError) as error:
        what_is_set(PORTAL_PROXIES="nginx")
    assert "PORTAL_PROXIES を読めません" in error.value.stderr
    assert "Traceback" not in error.value.stderr

"""A login lasts 30 minutes without use and 9 hours in all; who is out is told why, and gets back what was written."""

import re
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plan_portal.login import sessions
from tests import factories as f
from tests.plan_portal.login.phone import browser_of, log_in

pytestmark = pytest.mark.django_db
INDEX, LOGIN, LOGOUT = (reverse(f"admin:{name}") for name in ("index", "login", "logout"))
MINUTES, HOURS = 60, 3600
Travel = Callable[[float], None]


@pytest.fixture
def user() -> User:
    return f.UserFactory(role="市・編集")


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    """`travel(60)`: for sessions, whose clock stands still, it is a minute later from now on."""
    moment = time.time()

    def go(seconds: float) -> None:
        nonlocal moment
        moment += seconds

    monkeypatch.setattr(sessions, "time", SimpleNamespace(time=lambda: moment))
    return go


def words_after(client: Client, url: str = INDEX) -> str:
    """What the page for logging in says to whoever is led there from `url`."""
    answer = client.get(url, follow=True)
    assert answer.redirect_chain == [(f"{LOGIN}?next={url}", 302)]
    shown = re.findall(r'<li class="warning">(.+?)</li>', answer.content.decode())
    return " ".join(shown)


def is_inside(client: Client) -> bool:
    return client.get(INDEX).status_code == 200


def test_use_keeps_a_session_for_nine_hours_and_no_longer(user: User, travel: Travel) -> None:
    client = Client()
    log_in(client, user)
    for _ in range(20):
        assert is_inside(client)
        travel(26 * MINUTES)
    travel(20 * MINUTES)
    assert "9時間たったので" in words_after(client)


def test_half_an_hour_without_use_ends_it(user: User, travel: Travel) -> None:
    client = Client()
    log_in(client, user)
    travel(29 * MINUTES)
    assert is_inside(client)
    travel(30 * MINUTES + 1)
    assert "30分のあいだ使わなかったので" in words_after(client)
    assert words_after(client) == ""


def test_the_session_is_gone_from_the_server(user: User, travel: Travel) -> None:
    client = browser_of(user)
    key = client.cookies["sessionid"].value
    assert is_inside(client)
    travel(HOURS)
    assert not is_inside(client)
    assert not Session.objects.filter(pk=key).exists()
    client.cookies["sessionid"] = key
    assert not is_inside(client)


def test_public_pages_are_no_use_of_a_session(user: User, travel: Travel) -> None:
    client = browser_of(user)
    assert is_inside(client)
    for _ in range(4):
        travel(10 * MINUTES)
        answer = client.get("/")
        assert "sessionid" not in answer.cookies
    assert not is_inside(client)


def test_use_is_written_down_once_a_minute_at_most(user: User, travel: Travel) -> None:
    client = Client()
    log_in(client, user)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(5):
            assert is_inside(client)
            travel(10)
    assert [query for query in asked.captured_queries if re.match("INSERT|UPDATE|DELETE", query["sql"])] == []
    travel(15)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(5):
            assert is_inside(client)
    assert len([query for query in asked.captured_queries if query["sql"].startswith("UPDATE")]) == 1


def test_a_login_in_the_same_browser_begins_anew(user: User, travel: Travel) -> None:
    client = Client()
    log_in(client, user)
    for _ in range(18):
        travel(29 * MINUTES)
        assert is_inside(client)
    log_in(client, user)
    travel(29 * MINUTES)
    assert is_inside(client)


def test_the_browser_forgets_it_when_it_is_closed(user: User) -> None:
    cookie = log_in(Client(), user).cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_nobody_without_a_login_gets_a_session() -> None:
    client = Client()
    for url in ("/", INDEX, LOGIN):
        assert "sessionid" not in client.get(url).cookies
    log_in(client, "nobody", "chigau")
    assert not Session.objects.exists()


# Ended by what others do


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_an_account_without_the_right_is_out_at_once(user: User, field: str) -> None:
    client = browser_of(user)
    assert is_inside(client)
    User.objects.filter(pk=user.pk).update(**{field: False})
    assert client.get(INDEX)["Location"] == f"{LOGIN}?next={INDEX}"
    assert client.post("/admin/goals/basicgoal/add/", {"title": "題"}).status_code in (302, 403)


def test_who_was_disabled_does_not_come_back_with_the_account(user: User) -> None:
    client = browser_of(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert "利用者の設定が変わった" in words_after(client)
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert not is_inside(client)


def test_rights_taken_away_are_gone_at_once(user: User) -> None:
    client = browser_of(user)
    assert client.get("/admin/goals/basicgoal/").status_code == 200
    user.groups.remove(Group.objects.get(name="市・編集"))
    assert client.get("/admin/goals/basicgoal/").status_code == 403


def test_a_new_password_ends_the_other_sessions(user: User) -> None:
    here, elsewhere = browser_of(user), browser_of(user)
    new = {"new_password1": "mijikaku-nai-88", "new_password2": "mijikaku-nai-88"}
    assert here.post(reverse("admin:password_change"), {"old_password": "password", **new}).status_code == 302
    assert is_inside(here)
    assert "パスワードか利用者の設定が変わった" in words_after(elsewhere)


# What was being written


def expired(user: User, travel: Travel, **options: object) -> Client:
    client = Client(**options)
    client.force_login(user)
    assert is_inside(client)
    travel(HOURS)
    return client


def test_what_was_written_is_not_saved_and_given_back(user: User, travel: Travel) -> None:
    goal = f.BasicGoalFactory()
    form = reverse("admin:goals_basicgoal_change", args=[goal.pk])
    client = expired(user, travel)
    body = {
        "summary_easy": "わかりやすく書いた<b>長い</b>文\nと、次の行",
        "field": "新しい分野",
        "number": "7",
        "edit_version": "1.2.3",
        "password": "ひみつのことば",
        "csrfmiddlewaretoken": "しるし",
        "results-TOTAL_FORMS": "いくつ",
        "_save": "保存",
    }
    answer = client.post(form, body, HTTP_REFERER=f"http://testserver{form}?_changelist_filters=q")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "保存していません" in page
    assert "30分のあいだ" in page
    assert re.findall(r"<textarea[^>]*>\n(.+?)</textarea>", page, re.S) == [
        "わかりやすく書いた&lt;b&gt;長い&lt;/b&gt;文\nと、次の行",
        "新しい分野",
    ]
    assert ">やさしい日本語</label>" in page
    assert f'href="{LOGIN}?next={form}%3F_changelist_filters%3Dq"' in page
    assert "no-store" in answer["Cache-Control"]
    goal.refresh_from_db()
    assert goal.field != "新しい分野"
    log_in(client, user)
    assert is_inside(client)


@pytest.mark.parametrize("referer", ["", "https://evil.example/x", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_in_the_portal(user: User, travel: Travel, referer: str) -> None:
    page = expired(user, travel).post(INDEX, {"body": "文"}, HTTP_REFERER=referer).content.decode()
    assert f'href="{LOGIN}?next={INDEX}"' in page


def test_the_page_shows_nothing_that_another_host_sends(user: User, travel: Travel) -> None:
    client = expired(user, travel, enforce_csrf_checks=True)
    answer = client.post(INDEX, {"body": "よそから来た文"})
    assert answer.status_code == 403
    assert "よそから来た文" not in answer.content.decode()


def test_a_session_that_the_server_has_forgotten_loses_nothing_either(user: User) -> None:
    client = browser_of(user)
    Session.objects.all().delete()
    page = client.post(INDEX, {"body": "書いていた文"}).content.decode()
    assert "書いていた文" in page


def test_logging_out_late_is_no_trouble(user: User, travel: Travel) -> None:
    client = expired(user, travel)
    assert client.post(LOGOUT).status_code == 302
    assert not is_inside(client)


def test_logging_in_late_on_an_open_page_works(user: User, travel: Travel) -> None:
    client = expired(user, travel)
    assert log_in(client, user).status_code == 302
    assert "ログアウトしました" not in client.get(INDEX).content.decode()

"""Attacks through everything that a request holds: never a 5xx, never without headers, never an echo. What the test client cannot send: test_raw_attacks.py."""

import re
from collections import Counter
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.plan_portal import attacks
from tests.plan_portal.admin_world import client_as, make_world, snapshot
from tests.plan_portal.guarded import lacks, tells
from tests.plan_portal.test_bad_requests import public_patterns

pytestmark = pytest.mark.django_db


def stays_here(location: str) -> bool:
    """As browsers read it: white space at the ends and tabs within are gone, a backslash is a slash."""
    read = re.sub(r"[\t\r\n]", "", location.strip("".join(map(chr, range(33))))).replace("\\", "/")
    return not re.match(r"/{2,}[^/?#]|[a-z][a-z0-9+.-]*:", read, re.IGNORECASE)


class Besieged:
    """`ask(method, url, …)` looks at every answer; `troubles` are those that an attacker would like."""

    def __init__(self, client: Client, counts: Counter[str]) -> None:
        self.client, self.counts, self.troubles = client, counts, []
        client.raise_request_exception = False

    def ask(self, method: str, url: str, **how: object) -> HttpResponse:
        response = self.client.generic(method, url, **how)
        self.counts["attacks withstood"] += 1
        found = [*lacks(response.headers, url), *tells(response.content)]
        if response.status_code >= 500:
            found.append(str(response.status_code))
        if attacks.MARK.encode() in response.content:
            found.append("echo")
        if not stays_here(response.headers.get("Location", "/")):
            found.append(f"leads to {response['Location']}")
        if "Evil" in str(response.headers) or "evil" in response.cookies:
            found.append("a header of the attacker's")
        if found:
            self.troubles.append((method[:20], url[:100], str(how)[:200], found))
        return response


@pytest.fixture
def besieged(counts: Counter[str]) -> Besieged:
    """One record of each kind that citizens see, all of number 1."""
    goal = f.BasicGoalFactory(number=1, plan__municipality="登別市")
    initiative = f.InitiativeFactory(goal=goal, number=1, department=f.DepartmentFactory())
    kizuna_goal = f.KizunaGoalFactory(plan=f.KizunaPlanFactory(city_plan=goal.plan), number=1)
    linkage = f.LinkageFactory(goal=goal, kizuna_goal=kizuna_goal, agreed=True)
    f.LinkagePairFactory(linkage=linkage, initiative=initiative, item=f.KizunaItemFactory(goal=kizuna_goal, number=1))
    f.SdgIconFactory(sdg=f.GoalSdgLinkFactory(goal=goal, sdg=f.SdgFactory(number=1)).sdg)
    f.PublishedChangeFactory()
    return Besieged(Client(), counts)


def pages() -> list[str]:
    """Every public address; PDFs, which take a second each, have no parameters."""
    return sorted({url for url in public_patterns() if not url.endswith(".pdf")})


THAT_NAME_THEIR_HOST = ("/", "/robots.txt", "/sitemap.xml", "/goals", "/admin/", "/relationship.svg")


def test_hosts(besieged: Besieged) -> None:
    for host in attacks.HOSTS:
        for url in (*THAT_NAME_THEIR_HOST, "/.well-known/security.txt"):
            response = besieged.ask("GET", url, HTTP_HOST=host)
            assert b"evil" not in response.content, (host, url)
            assert response.status_code == 400, (host, url)
    assert besieged.troubles == []


def test_hosts_that_a_proxy_would_name(besieged: Besieged) -> None:
    named = {
        f"HTTP_X_{name}": "evil.example"
        for name in ("FORWARDED_HOST", "HOST", "FORWARDED_SERVER", "ORIGINAL_URL", "REWRITE_URL")
    }
    for url in (*THAT_NAME_THEIR_HOST, "/api/v1/", "/updates/feed/"):
        assert (
            b"evil" not in besieged.ask("GET", url, **named, HTTP_FORWARDED="host=evil.example;proto=https").content
        ), url
    assert besieged.troubles == []


def test_ways_out_by_the_switch_of_furigana(besieged: Besieged) -> None:
    for away in attacks.AWAY:
        response = besieged.client.get("/furigana/", {"on": "1", "next": away})
        assert response.status_code == 302, away
        assert stays_here(response["Location"]), away
        assert "X-Evil" not in response.headers, away


def test_ways_out_by_the_login(client: Client) -> None:
    user = f.UserFactory(role="社協", password="nagai-aikotoba-77")
    given = {"username": user.username, "password": "nagai-aikotoba-77"}
    for away in attacks.AWAY:
        client.logout()
        response = client.post(reverse("admin:login"), {**given, "next": away})
        assert response.status_code == 302, away
        assert stays_here(response["Location"]), away
        page = client.post(reverse("admin:logout"), {"next": away})
        assert page.status_code == 200 or stays_here(page["Location"]), away


def test_paths(besieged: Besieged) -> None:
    folders = [
        "/",
        "//",
        "/goals/",
        "/goals/1/",
        "/static/",
        "/static/css/",
        "/data/",
        "/api/v1/",
        "/admin/",
        "/kizuna/items/",
        "/.well-known/",
    ]
    for folder in folders:
        for trick in attacks.TRICKS:
            assert besieged.ask("GET", folder + trick).status_code < 405
    assert besieged.troubles == []


def test_spellings_of_one_address_are_not_that_address(besieged: Besieged) -> None:
    for url in [
        "/Goals/",
        "/GOALS/1/",
        "/goals/1/.",
        "/goals/1//",
        "/goals/1/%20",
        "/goals/1%00/",
        "/goals/+1/",
        "/goals/1.0/",
    ]:
        assert besieged.ask("GET", url).status_code == 404, url
    for url in ("/ADMIN/", "/Admin/login/", "/admin/../admin/auth/user/"):
        assert besieged.ask("GET", url).status_code in (302, 404), url
    assert besieged.troubles == []


def test_parameters(besieged: Besieged) -> None:
    for url, names in attacks.PARAMETERS.items():
        for value in attacks.VALUES:
            for name in names:
                besieged.ask("GET", url, QUERY_STRING=f"{name}={value}")
            besieged.ask("GET", url, QUERY_STRING=f"{value}={value}&{names[0]}[]={value}")
    assert besieged.troubles == []


def test_parameters_where_none_is_read(besieged: Besieged) -> None:
    query = "&".join(f"{name}={value}" for name, value in zip("abcdefghij", attacks.VALUES, strict=False))
    for url in pages():
        assert besieged.ask("GET", url, QUERY_STRING=query).status_code in (200, 302), url
    assert besieged.troubles == []


def test_headers(besieged: Besieged) -> None:
    for name in attacks.REQUEST_HEADERS:
        key = name.upper().replace("-", "_")
        url = "/relationship.png" if name.startswith(("if-", "range")) else "/admin/login/"
        for value in attacks.HEADER_VALUES:
            besieged.ask("GET", url, **{key if key.startswith("CONTENT") else f"HTTP_{key}": value})
    assert besieged.troubles == []


def test_cookies(besieged: Besieged) -> None:
    for name in ("sessionid", "csrftoken", "furigana", "messages", "django_language", "x" * 4000, "__proto__"):
        for value in attacks.COOKIES:
            for url in ("/goals/1/", "/admin/", "/admin/login/"):
                besieged.ask("GET", url, HTTP_COOKIE=f"{name}={value}; {name}={value}")
    assert besieged.troubles == []


def test_methods_of_the_public_pages(besieged: Besieged) -> None:
    for url in pages():
        for method in attacks.METHODS:
            response = besieged.ask(method, url)
            assert (response.status_code == 405) == (method.upper() != "GET"), (method, url)
    assert besieged.troubles == []


def test_methods_of_the_admin_change_nothing(counts: Counter[str]) -> None:
    world, besieged = make_world(), Besieged(client_as("admin"), counts)
    urls = ["/admin/", "/admin/password_change/"]
    for model, record in world.records.items():
        room = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        urls += [room, *(f"{room}{page}/" for page in ("add", f"{record.pk}/change", f"{record.pk}/delete"))]
    before = snapshot()
    for url in urls:
        for method in ("PUT", "DELETE"):
            besieged.ask(method, url, data=b"_save=1&title=x", content_type="application/x-www-form-urlencoded")
    assert besieged.troubles == []
    assert snapshot() == before


def test_the_tests_have_eyes() -> None:
    assert not any(
        map(stays_here, ("//evil", "/\\evil", "/\t/evil", "https://evil", "\n//evil", "ftp:evil", "java\tscript:x"))
    )
    assert stays_here("/goals/?next=//evil")
    assert lacks({}) != []
    assert tells(b"... site-packages/x") != []
    assert len(set(attacks.AWAY)) > 50
    assert any(attacks.MARK in unquote(value) for value in attacks.VALUES)

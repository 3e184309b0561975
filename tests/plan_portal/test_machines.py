"""Addresses for machines."""

import re
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.migrations.recorder import MigrationRecorder

from plan_portal.content import load_plan
from plan_portal.operations import readiness
from tests.plan_portal.crawler import crawl

pytestmark = pytest.mark.django_db


def test_livez_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/livez").content == b"ok\n"


@pytest.fixture
def not_yet_asked():
    """As in a process that has just started."""
    readiness._refuse_unless_migrated.cache_clear()
    yield
    readiness._refuse_unless_migrated.cache_clear()


@pytest.mark.parametrize("error", [DatabaseError("gone"), OperationalError("himitsu"), InterfaceError("closed")])
def test_readyz_tells_when_the_database_is_gone_and_when_it_is_back(client, not_yet_asked, error):
    def gone():
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plan_portal.operations.readiness.connection.cursor", gone)
        response = client.get("/readyz")
        assert client.get("/livez").status_code == 200
    assert (response.status_code, response.content) == (503, b"database unavailable\n")
    assert client.get("/readyz").status_code == 200


def test_readyz_waits_for_the_migrations(client, not_yet_asked):
    last = MigrationRecorder.Migration.objects.get(app="plan_portal", name="0002_sent_digest")
    last.delete()
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"database unavailable\n")
    last.save(force_insert=True)
    assert client.get("/readyz").status_code == 200


def test_readyz_asks_one_thing_once_it_knows_the_migrations(client, django_assert_num_queries):
    client.get("/readyz")
    with django_assert_num_queries(1):
        assert client.get("/readyz").content == b"ok\n"


@pytest.mark.parametrize("url", ["/livez", "/readyz"])
def test_health_is_kept_by_no_cache(client, url):
    assert client.get(url)["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("url", "status"), [("/livez", 200), ("/readyz", 200), ("/", 301)])
def test_health_is_asked_without_the_proxy_too(client, settings, url, status):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(url).status_code == status


def test_the_sitemap_lists_every_page_that_a_reader_reaches(client):
    load_plan()
    listed = set(re.findall(r"<loc>http://testserver([^<]+)</loc>", client.get("/sitemap.xml").content.decode()))
    pages = crawl(client).items()
    reached = {url for url, page in pages if "?" not in url and page.is_html}
    assert listed == reached


def test_the_sitemap_of_an_empty_portal(client):
    assert client.get("/sitemap.xml").content.decode().count("<loc>") == 3


def test_robots_are_led_to_the_sitemap_and_away_from_the_admin(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/\n" in text
    assert "Sitemap: http://testserver/sitemap.xml\n" in text


def test_security_txt_is_as_rfc_9116_wants_it(client, settings):
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: http://testserver/accessibility/#contact\n" in text
    expires = datetime.fromisoformat(re.search(r"Expires: (\S+)", text)[1])
    assert 0 < (expires - datetime.now(UTC)).days < 365
    settings.SECURITY_CONTACT = "mailto:security@city.example"
    assert "Contact: mailto:security@city.example\n" in client.get("/.well-known/security.txt").content.decode()


def test_security_txt_names_its_own_address_once_that_is_https(client, settings):
    assert "Canonical" not in client.get("/.well-known/security.txt").content.decode()
    for known in ("https://plan.example.jp", "https://plan.example.jp/"):
        settings.PORTAL_URL = known
        text = client.get("/.well-known/security.txt").content.decode()
        assert text.endswith("Canonical: https://plan.example.jp/.well-known/security.txt\n")

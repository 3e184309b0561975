"""Whose wrong passwords are counted together."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from plan_portal.login.address import client_address

PROXY = "10.0.0.5"


def address(remote: str, forwarded: str | None = None) -> str | None:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.fixture
def _one_proxy(settings: Settings) -> None:
    settings.PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/24")]


@pytest.mark.parametrize("forged", [None, "", "203.0.113.9", "127.0.0.1", "203.0.113.9, 10.0.0.5", "nonsense"])
def test_without_a_proxy_nothing_that_a_client_writes_counts(settings: Settings, forged: str | None) -> None:
    settings.PROXIES = []
    assert address("198.51.100.7", forged) == "198.51.100.7"
    assert address("127.0.0.1", forged) == "127.0.0.1"


@pytest.mark.usefixtures("_one_proxy")
@pytest.mark.parametrize("forged", ["", "203.0.113.9, ", "127.0.0.1, ", "nonsense, ", "203.0.113.9, 10.0.0.5, "])
def test_a_proxy_says_whom_it_heard_and_not_what_that_one_claims(forged: str) -> None:
    assert address(PROXY, f"{forged}198.51.100.7") == "198.51.100.7"
    assert address(PROXY, f"{forged}198.51.100.7, 127.0.0.1") == "198.51.100.7"


@pytest.mark.usefixtures("_one_proxy")
@pytest.mark.parametrize("forged", [None, "203.0.113.9", "127.0.0.1"])
def test_a_stranger_is_no_proxy(forged: str | None) -> None:
    assert address("198.51.100.7", forged) == "198.51.100.7"


@pytest.mark.usefixtures("_one_proxy")
@pytest.mark.parametrize("unreadable", [None, "", "nonsense", "1.2.3.4.5", "' OR 1=1"])
def test_a_proxy_that_says_nothing_readable_stands_for_itself(unreadable: str | None) -> None:
    assert address(PROXY, unreadable) == PROXY


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", None),
    ],
)
def test_an_address_of_ipv6_is_its_network(settings: Settings, written: str, found: str | None) -> None:
    settings.PROXIES = []
    assert address(written) == found

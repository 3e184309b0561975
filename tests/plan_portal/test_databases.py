"""Which databases the environment names."""

import pytest

from plan_portal.databases import UnreadableDatabaseUrlError, databases

PRIMARY, REPLICA = "postgres://city:word@one/portal", "postgres://city:word@two/portal"


def test_the_embedded_database_is_the_only_one() -> None:
    found = databases("sqlite:////srv/portal.sqlite3", "")
    assert list(found) == ["default"]
    assert "synchronous=FULL" in found["default"]["OPTIONS"]["init_command"]
    assert found["default"]["CONN_MAX_AGE"] is None


def test_a_replica_is_another_database_with_the_same_manners() -> None:
    found = databases(PRIMARY, REPLICA)
    assert [(name, one["HOST"]) for name, one in found.items()] == [("default", "one"), ("replica", "two")]
    for one in found.values():
        assert (one["CONN_MAX_AGE"], one["CONN_HEALTH_CHECKS"]) == (None, True)
        assert one["OPTIONS"]["connect_timeout"] == 2


def test_an_address_may_say_its_own_time_to_connect() -> None:
    assert str(databases(PRIMARY + "?connect_timeout=5", "")["default"]["OPTIONS"]["connect_timeout"]) == "5"


@pytest.mark.parametrize(
    ("url", "replica_url", "words"),
    [
        ("mysql://city@one/portal", "", "DATABASE_URL を読めません"),
        ("postgres://city:word@one:port/portal", "", "DATABASE_URL を読めません"),
        (PRIMARY, "sqlite:////srv/copy.sqlite3", "DATABASE_REPLICA_URL を読めません"),
        (PRIMARY, "two", "DATABASE_REPLICA_URL を読めません"),
        ("sqlite:////srv/portal.sqlite3", REPLICA, "DATABASE_URL も PostgreSQL のときだけ"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(url: str, replica_url: str, words: str) -> None:
    with pytest.raises(UnreadableDatabaseUrlError, match=words) as refused:
        databases(url, replica_url)
    assert "消してください" in str(refused.value)
    assert "word" not in str(refused.value)

"""DATABASES, from the addresses in the environment. The settings read it: it may use nothing that needs them."""

from typing import Any

import environ

SQLITE, POSTGRESQL = ("sqlite:///",), ("postgres://", "postgresql://")


class UnreadableDatabaseUrlError(ValueError):
    """Says in Japanese which variable is wrong, and how to write it."""


def databases(url: str, replica_url: str) -> dict[str, dict[str, Any]]:
    """`default`, and `replica` when one is named. Connections are kept, and tried before a request uses them again."""
    found = {"default": _database("DATABASE_URL", url, SQLITE + POSTGRESQL)}
    if replica_url:
        replica = _database("DATABASE_REPLICA_URL", replica_url, POSTGRESQL)
        if not url.startswith(POSTGRESQL):
            raise UnreadableDatabaseUrlError(
                "DATABASE_REPLICA_URL は、DATABASE_URL も PostgreSQL のときだけ使えます。DATABASE_REPLICA_URL を消してください。"
            )
        found["replica"] = replica | {"TEST": {"MIRROR": "default"}}
    return found


def _database(variable: str, url: str, schemes: tuple[str, ...]) -> dict[str, Any]:
    try:
        if not url.startswith(schemes):
            raise ValueError("another database")
        config: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError as error:
        raise UnreadableDatabaseUrlError(
            f"{variable} を読めません。postgres://利用者:パスワード@ホスト/データベース のように書くか、"
            f"{variable} を消してください（なくても動きます）。"
        ) from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
        }
    else:
        config.setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    return config | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}

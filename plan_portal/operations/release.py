"""Which release wrote a database, and whether anybody has used it."""

from collections.abc import Collection
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from plan_portal.foundation.append_only import AppendOnlyModel

Migrations = Collection[tuple[str, str]]


@cache
def _loader() -> MigrationLoader:
    return MigrationLoader(None, ignore_no_migrations=True)


def is_portal(applied: Migrations) -> bool:
    return any(app == "goals" for app, _ in applied)


def unknown(applied: Migrations) -> list[tuple[str, str]]:
    """Migrations that only a newer release has."""
    known = set(_loader().disk_migrations)
    replaced = {name for migration in _loader().disk_migrations.values() for name in migration.replaces}
    return sorted(set(applied) - known - replaced)


def missing(applied: Migrations) -> list[tuple[str, str]]:
    """The newest migrations of this release that have not been applied."""
    return sorted(set(_loader().graph.leaf_nodes()) - set(applied))


def applied_to(connection: Any) -> Migrations:
    return set(MigrationRecorder(connection).applied_migrations())


def has_content(connection: Any) -> bool:
    """Whether there is an account, or anything that leaves a record: more than `migrate` makes."""
    there = set(connection.introspection.table_names())
    kept = [model for model in apps.get_models() if issubclass(model, AppendOnlyModel)]
    return any(
        model._meta.db_table in there and model._base_manager.using(connection.alias).exists()
        for model in [get_user_model(), *kept]
    )

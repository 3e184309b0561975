"""Triggers by which PostgreSQL notes that what public pages show has changed. SQLite counts its changes itself.

A transaction that changes content puts a row with an id of its own into `portal_content_version`, in place of those that are there
and in nobody's hands. The ids that a reader sees are the version: the last to commit has left one that was never seen before.
No writer waits for another, as all would for one row with a number; a sequence would tell the new number before the commit.
"""

from collections.abc import Iterator, Set
from typing import Any

from django.apps import apps
from django.db.models import Model

from plan_portal.foundation.trigger import Trigger

NAME = "content_version"
VERSION = "SELECT id::text FROM portal_content_version"
PREPARE = (
    "CREATE TABLE IF NOT EXISTS portal_content_version (id uuid PRIMARY KEY)",
    # The setting ends with its transaction or savepoint, as the row does: one row for each transaction.
    """
    CREATE OR REPLACE FUNCTION portal_content_changed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
      IF current_setting('portal.content_changed_in', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM set_config('portal.content_changed_in', pg_current_xact_id()::text, true);
        DELETE FROM portal_content_version WHERE id IN (SELECT id FROM portal_content_version FOR UPDATE SKIP LOCKED);
        INSERT INTO portal_content_version VALUES (gen_random_uuid());
      END IF;
      RETURN NULL;
    END $$
    """,
)
# What no public page shows. Any other table counts, new ones too.
_PRIVATE_APPS = {"admin", "auth", "axes", "contenttypes", "otp_static", "otp_totp", "sessions"}
_PRIVATE_MODELS = {"foundation.draft", "foundation.draftstep", "plan_portal.sentdigest"}


def content_models() -> list[type[Model]]:
    """The models whose rows public pages may show."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label not in _PRIVATE_APPS
        and model._meta.label_lower not in _PRIVATE_MODELS
    ]


def content_triggers(connection: Any, there: Set[str]) -> Iterator[Trigger]:
    """One for each table of content that is there. ALWAYS: also for a session that plays the part of a replica."""
    if connection.vendor != "postgresql":
        return
    for table in (model._meta.db_table for model in content_models()):
        if table in there:
            create = (
                f'CREATE TRIGGER "{NAME}" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION portal_content_changed()"
            )
            yield Trigger(table, NAME, [create, f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{NAME}"'])

"""Tables that only grow, in tests that end with empty tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from plan_portal.foundation.triggers import install, refusing


@contextmanager
def lifted() -> Iterator[None]:
    """Until the block ends, the database lets everything be changed and deleted.

    PostgreSQL changes the triggers of no table of which rows still wait for their check.
    """
    connection.check_constraints()
    triggers = refusing(connection, set(connection.introspection.table_names()))
    with connection.cursor() as cursor:
        for trigger in triggers:
            cursor.execute(trigger.drop(connection.vendor))
    try:
        yield
    finally:
        connection.check_constraints()
        install(connection, triggers)

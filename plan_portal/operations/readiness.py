"""Whether this process may be sent visitors."""

from functools import cache

from django.db import Error, connection

from plan_portal.operations import release


def is_ready() -> bool:
    """The database answers and has what this release wants of it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _refuse_unless_migrated()
    except (Error, _NotMigratedError):
        return False
    return True


class _NotMigratedError(Exception):
    pass


@cache
def _refuse_unless_migrated() -> None:
    """Asks until it is so. A database does not go back while a process of its release lives: then nothing is asked any more."""
    if release.missing(release.applied_to(connection)):
        raise _NotMigratedError

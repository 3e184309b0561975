"""Which addresses become files: all public ones without a query, but for PDFs, which are made when asked for."""

from collections.abc import Iterator

from plan_portal.foundation.addresses import address
from plan_portal.foundation.spreadsheets import Cell
from plan_portal.machines import PortalSitemap
from plan_portal.middleware import current_plan
from plan_portal.open_data.columns import Table
from plan_portal.open_data.files import FORMATS
from plan_portal.open_data.tables import TABLES


def public_addresses() -> list[str]:
    """Each once; pages first."""
    return list(dict.fromkeys([*PortalSitemap().items(), *_for_machines()]))


def _for_machines() -> Iterator[str]:
    yield from map(address, ("updates-feed", "robots", "sitemap"))
    plan = current_plan()
    if plan is None:
        return
    if plan.has_figure:  # type: ignore[attr-defined]  # current_plan() says it
        yield from map(address, ("kizuna:relationship-svg", "kizuna:relationship-png"))
    yield from map(address, ("data:api", "data:openapi"))
    for table in TABLES.values():
        yield from (address("data:file", table.name, suffix) for suffix in FORMATS)
        yield address("data:rows", table.name)
        if table.key:
            yield from (_row(table, row) for row in table.rows(plan))


def _row(table: Table, row: dict[str, Cell]) -> str:
    return address("data:row", table.name, *(row[key] for key in table.key))

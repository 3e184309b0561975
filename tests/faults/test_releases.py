"""The databases that every release wrote, brought forward by the portal of today: nothing is lost, and all pages are there.

How the next release is added: record_release.py.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.fragile_portal import Contents, FragilePortal
from tests.faults.staff import Staff, Visitor

RELEASES = Path(__file__).resolve().parent / "releases"
KNOWN: dict[str, dict[str, Any]] = json.loads((RELEASES / "releases.json").read_text(encoding="utf-8"))
# Made anew by the portal, or no content.
NOT_KEPT = {"auth_permission", "auth_group_permissions", "django_session", "django_content_type", "sqlite_sequence"}
# What search reads: made anew from the texts.
COPIES = {"search_text"}


@pytest.fixture(params=KNOWN)
def release(request: pytest.FixtureRequest, portal: FragilePortal) -> str:
    """Its database stands in place of the portal's."""
    name = str(request.param)
    kind = "sqlite" if portal.server is None else "postgresql"
    portal.replace_database(gzip.decompress((RELEASES / f"{name}.{kind}.sql.gz").read_bytes()).decode())
    return name


def test_every_release_goes_forward_with_its_data(portal: FragilePortal, release: str, counts: Counter[str]) -> None:
    applied = portal.ask("SELECT app, MAX(name) FROM django_migrations GROUP BY app")
    assert dict(applied) == KNOWN[release]["leaves"]
    before = portal.contents()
    assert len(texts(before)) > 200
    with portal.running():
        after = portal.contents()
        visitor, admin = Visitor(portal.port), Staff(portal.port).log_in("admin")
        public, staff = pages(visitor), screens(admin)
        assert {path: status for path in public if (status := visitor.ask(path).status) != 200} == {}
        assert {path: status for path in staff if (status := admin.ask(path).status) != 200} == {}
    assert {table for table in before.keys() - NOT_KEPT if rows(after, table) < rows(before, table)} == set()
    assert texts(before) - texts(after) == set()
    checked = portal.manage("check", "--database", "default", "--fail-level", "WARNING")  # also for lost triggers
    assert checked.returncode == 0, checked
    assert portal.manage("migrate", "--check").returncode == 0
    counts["releases brought forward"] += 1
    counts["texts of former releases"] += len(texts(before))
    counts["pages of former releases"] += len(public) + len(staff)


def rows(contents: Contents, table: str) -> int:
    """A proposed linkage's pairs stand in its proposal (kizuna.0004)."""
    proposals = contents.get("kizuna_linkageproposal", []) if table == "kizuna_linkagepair" else []
    return len(contents.get(table, [])) + sum(len(_json(one["pairs"])) for one in proposals)


def texts(contents: Contents) -> set[str]:
    """Every text in the database, wherever it stands, also within JSON."""
    kept = [row for table, found in contents.items() if table not in NOT_KEPT for row in found]
    return {
        text for row in kept for column, value in row.items() if column not in COPIES for text in _texts(_json(value))
    }


def _json(value: Any) -> Any:
    """SQLite gives JSON as text."""
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
    except ValueError:
        return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def pages(visitor: Visitor) -> list[str]:
    found = re.findall(r"<loc>http://[^/]+([^<]*)", visitor.ask("/sitemap.xml").text)
    assert len(found) > 50
    return [*found, "/relationship.svg", "/updates/feed/", "/api/v1/linkages/"]


def screens(admin: Staff) -> list[str]:
    """Every list, and of each the first record with its history."""
    lists = dict.fromkeys(re.findall(r'href="(/admin/[a-z_]+/[a-z]+/)"', admin.ask("/admin/").text))
    first = [match for path in lists if (match := re.search(rf'href="({path}\d+/)change/', admin.ask(path).text))]
    assert len(first) > 8
    return [*lists, *(match[1] + page for match in first for page in ("change/", "history/"))]

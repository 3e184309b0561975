"""axe-core in a page: what it finds against WCAG 2.2 A and AA, and its best practices."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """One line per rule and place: 「color-contrast: Elements must … | .goal > a」. Works under the portal's own CSP."""
    page.evaluate(_source())
    result: dict[str, Any] = page.evaluate(
        # preload: only for rules on a locked orientation and on sound, and against the CSP of the admin.
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})",
        TAGS,
    )
    return [
        f"{rule['id']}: {rule['help']} | {' '.join(str(step) for step in node['target'])}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]

"""One page after another, each looked at in the same way; what was looked at is counted, what was found is given by address."""

from collections import Counter
from collections.abc import Iterable

from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.measures import measure, use_sheet, walk

Found = dict[str, list[str]]


class Survey:
    """`pages` (public, staff) names what the counts are of."""

    def __init__(self, pages: str, counts: Counter[str]) -> None:
        self.pages = pages
        self.counts = counts
        counts[f"violations on {pages} pages"] += 0

    def look(self, page: Page, addresses: Iterable[str], *measures: str, axe: bool = False, css: str = "") -> Found:
        """What axe (if asked) and these measures find at each address, under the reader's own sheet `css`."""
        found: Found = {}
        for address in addresses:
            page.goto(address)
            if css:
                use_sheet(page, css)
            if troubles := self.check(page, *measures, axe=axe):
                found[address] = troubles
        return found

    def check(self, page: Page, *measures: str, axe: bool = False) -> list[str]:
        """What axe (if asked) and these measures find in the page as it stands."""
        self.counts[f"{self.pages} pages looked at"] += 1
        self.counts[f"checks of {self.pages} pages"] += len(measures)
        troubles = measure(page, *measures)
        if axe:
            self.counts["axe checks"] += 1
            troubles += [f"axe: {violation}" for violation in violations(page)]
        self.counts[f"violations on {self.pages} pages"] += len(troubles)
        return troubles

    def walk(self, page: Page, addresses: Iterable[str]) -> Found:
        """What goes wrong for somebody who has only the Tab key."""
        found: Found = {}
        for address in addresses:
            page.goto(address)
            stops, troubles = walk(page)
            self.counts[f"{self.pages} pages walked by keyboard"] += 1
            self.counts["stops of the Tab key"] += stops
            self.counts[f"violations on {self.pages} pages"] += len(troubles)
            if troubles:
                found[address] = troubles
        return found

"""What there is to look at: every public page, and every screen that an account of staff can reach."""

import re
from urllib.parse import urljoin

from playwright.sync_api import Page

from tests.portal_process import PortalProcess

# States of pages that the sitemap does not list: a filter in force, nothing found, a mistake, one goal stressed.
STATES = (
    "/initiatives/?q=%E4%BB%8B%E8%AD%B7&goal=2",
    "/initiatives/?q=%E3%81%82%E3%82%8A%E3%81%BE%E3%81%9B%E3%82%93",
    "/initiatives/?goal=999",
    "/relationship/?goal=3",
    "/relationship/?kizuna=2",
    "/relationship/?goal=999",
    "/search/?q=%E6%94%AF%E6%8F%B4",
    "/search/?q=%E6%94%AF%E6%8F%B4&kind=initiative",
    "/search/?q=%E3%81%82%E3%82%8A%E3%81%BE%E3%81%9B%E3%82%93",
    "/goals/99/",
    "/nothing/",
)
_LIST = re.compile(r"^/admin/\w+/\w+/$")


def public_addresses(portal: PortalProcess) -> list[str]:
    """All pages of the sitemap, and their states."""
    listed = re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", portal.get("/sitemap.xml")[1])
    return [*listed, *STATES]


def staff_addresses(page: Page) -> list[str]:
    """From the first page of the admin, where `page` is: all lists, and of each the form to add, one record, its history, one version
    of it, and the question before it is deleted, as far as this account may see them."""
    links = page.locator("#content-main a[href], #nav-sidebar a[href]").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    found = ["/admin/", "/admin/password_change/", "/admin/login-own/", "/admin/login-setup/"]
    for address in sorted({link for link in links if _LIST.match(link)}):
        found += [address, *_below(page, address), *_beside(page, address)]
    return found


def _below(page: Page, address: str) -> list[str]:
    page.goto(address)
    candidates = [f"{address}add/"]
    first = page.locator("#result_list tbody th a").first
    if first.count():
        record = urljoin(address, str(first.get_attribute("href")).split("?")[0])
        folder = record.removesuffix("change/")
        candidates += [record, *(f"{folder}{page_of}/" for page_of in ("history", "delete", "password", "login"))]
        versions = re.findall(r'href="([^"]*/history/\d+/)"', page.request.get(f"{folder}history/").text())
        candidates += [urljoin(f"{folder}history/", version) for version in versions[:1]]
    return [candidate for candidate in candidates if _opens(page, candidate)]


def _beside(page: Page, address: str) -> list[str]:
    """The tables that a list has beside it, one record of every look in them, and the question before it is given up."""
    page.goto(address)
    links = page.locator("#content nav a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    found = []
    for table in sorted({link for link in links if re.fullmatch(rf"{address}\w+/", link)}):
        page.goto(table)
        cells = page.locator("a.st-cell").evaluate_all(
            "cells => [...new Map(cells.map(cell => [cell.className, cell.getAttribute('href')])).values()]"
        )
        questions = [f"{cell.removesuffix('change/')}discard/" for cell in cells]
        found += [table, *cells, *(question for question in questions if _opens(page, question))]
    return found


def _opens(page: Page, address: str) -> bool:
    answer = page.request.get(address, max_redirects=0)
    return answer.status == 200

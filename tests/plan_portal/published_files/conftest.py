import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.nginx_process import HOST, NginxProcess, Response
from tests.portal_process import PortalProcess, own_database

MADE_WHEN_ASKED = re.compile(r"\.pdf$|^/admin/|^/furigana/")
SECONDS = 180  # far beyond what it takes: a machine that runs tests has much to do


def wait_for(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalProcess]:
    """The portal with the plan and the 見本, as it runs behind nginx, publishing by itself."""
    place = tmp_path_factory.mktemp("behind-nginx")
    with own_database() as database:
        portal = PortalProcess(
            place / "var",
            **database,
            PORTAL_HTTPS="1",
            PORTAL_HOSTS=f"{HOST},127.0.0.1",
            PORTAL_ORIGINS=f"https://{HOST}",
            PORTAL_URL=f"https://{HOST}/",
            PORTAL_PUBLISH_TO=str(place / "published"),
        )
        with portal.running():
            wait_for((place / "published" / "current").exists)
            yield portal


@pytest.fixture(scope="session")
def published(portal: PortalProcess) -> Path:
    return Path(portal.environment["PORTAL_PUBLISH_TO"])


@pytest.fixture(scope="session")
def nginx(portal: PortalProcess, published: Path) -> Iterator[NginxProcess]:
    with NginxProcess(published.parent / "nginx", published, portal.port).running() as nginx:
        yield nginx


@pytest.fixture(scope="session")
def nginx_alone(published: Path) -> Iterator[NginxProcess]:
    """In front of a portal that is down (at port 9, which answers to nobody), without the module for Brotli."""
    with NginxProcess(published.parent / "alone", published, 9, with_brotli=False).running() as nginx:
        yield nginx


def links(body: bytes) -> Iterator[str]:
    for link in re.findall(r'(?:href|action|src)="(/[^"#]*)', body.decode()):
        yield link.replace("&amp;", "&")


@pytest.fixture(scope="module")
def addresses(nginx: NginxProcess, published: Path) -> dict[str, Response]:
    """What links lead to from the first page, and every published file, as nginx answers them."""
    plain = published / "current" / "plain"
    waiting = ["/", *sorted(_address(file.relative_to(plain)) for file in plain.rglob("*.*") if file.is_file())]
    found: dict[str, Response] = {}
    while waiting:
        path = waiting.pop()
        if path in found or MADE_WHEN_ASKED.search(path):
            continue
        found[path] = nginx.get(path)
        if found[path].headers["content-type"].startswith("text/html"):
            waiting += links(found[path].body)
    return found


def _address(file: Path) -> str:
    folder = "" if str(file.parent) == "." else f"/{file.parent}"
    return f"{folder}/" if file.name.startswith("page.") else folder

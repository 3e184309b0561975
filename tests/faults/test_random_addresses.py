"""20,000 requests of nonsense to the real portal, by strangers and by staff: each is refused or answered, none breaks it."""

import http.client
import re
import socket
import threading
from collections import Counter
from contextlib import closing

from tests.faults.conftest import Times
from tests.faults.fragile_portal import FragilePortal
from tests.faults.random_requests import RandomRequests
from tests.faults.staff import SECONDS_TO_ANSWER, Staff, Visitor

SEED = 20_261_126
REQUESTS, SENDERS = 20_000, 4


def test_no_request_breaks_the_portal(portal: FragilePortal, times: Times, counts: Counter[str]) -> None:
    portal.start()
    staff = [Staff(portal.port).log_in(name) for name in ("city-approver", "shakyo", "admin")]
    cookies = ["", "", *("; ".join(f"{name}={value}" for name, value in one.cookies.items()) for one in staff)]
    known = addresses(portal)
    broken: list[tuple[int, bytes]] = []
    statuses: Counter[int] = Counter()

    def send(seed: int) -> None:
        requests = RandomRequests(seed, known, cookies)
        with closing(Line(portal.port)) as line:
            for _ in range(times(REQUESTS) // SENDERS):
                method, request = requests.next()
                status = line.ask(method, request)
                statuses[status] += 1
                if status >= 500:
                    broken.append((status, request))

    senders = [threading.Thread(target=send, args=(SEED + number,)) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    print(f"seed {SEED}: {dict(statuses)}")
    assert broken == [], portal.log.read_text(encoding="utf-8")
    assert statuses.total() == times(REQUESTS)
    assert Visitor(portal.port).ask("/").status == 200
    counts["random requests"] += statuses.total()


def addresses(portal: FragilePortal) -> list[str]:
    """All public pages, what they link to on this host, and the staff's screens that the first page of the admin leads to."""
    sitemap = Visitor(portal.port).ask("/sitemap.xml").text
    public = re.findall(r"<loc>http://[^/]+([^<]*)", sitemap)
    assert len(public) > 50
    admin = Staff(portal.port).log_in("admin")
    lists = re.findall(r'href="(/admin/[a-z_]+/[a-z]+/)"', admin.ask("/admin/").text)
    assert len(lists) > 5
    screens = [path + more for path in lists for more in ("", "add/", "1/change/", "1/history/", "1/delete/")]
    machines = ["/livez", "/readyz", "/robots.txt", "/api/v1/", "/api/v1/openapi.json", "/api/v1/initiatives/4/2/"]
    others = ["/search/", "/furigana/", "/updates/feed/", "/data/goals.csv", "/relationship.svg", "/relationship.png"]
    return [*public, *machines, *others, "/static/css/portal.css", "/admin/login/", "/admin/password_change/", *screens]


class Line:
    """One connection, opened anew when the portal has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, method: str, request: bytes) -> int:
        """The status of the answer. What cannot be read as a request may be met by the end of the connection alone: 400."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS_TO_ANSWER)
        with closing(http.client.HTTPResponse(self.socket, method=method)) as response:
            try:
                self.socket.sendall(request)
                response.begin()
                response.read()
            except (ConnectionError, http.client.RemoteDisconnected, http.client.BadStatusLine):
                self.close()
                return 400
            if response.will_close:
                self.close()
            return response.status

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

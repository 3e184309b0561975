"""A load generator that does not wait for answers before it sends: requests fall due at a fixed rate.

wrk sends the next request when an answer came, so a server that stalls is asked less and looks well (coordinated omission).
Here latency counts from the moment at which a request was due, also when all connections were still busy then.
"""

import gc
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# epoll waits in whole milliseconds: the last one before a request is due is spent awake.
AWAKE = 0.001


@dataclass(frozen=True, slots=True)
class Answer:
    """Times are seconds of time.monotonic()."""

    due: float
    sent: float
    received: float
    status: int
    body: bytes


def request(path: str, coding: str = "gzip") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {coding}\r\n\r\n".encode()


def response(data: bytes | bytearray) -> tuple[int, bytes, bool] | None:
    """(status, body, kept alive) once `data` holds a whole answer; it must tell its Content-Length."""
    head, found, rest = bytes(data).partition(b"\r\n\r\n")
    if not found:
        return None
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers["content-length"])
    if len(rest) < length:
        return None
    return int(status.split(" ")[1]), rest[:length], headers.get("connection", "").lower() != "close"


class Connection:
    """One keep-alive connection; opened anew when the server closes it, as nginx does after some requests."""

    def __init__(self, port: int, poll: select.epoll) -> None:
        self.port, self.poll, self.message = port, poll, b""
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.poll.register(self.socket, select.EPOLLIN)
        self.data = bytearray()

    def close(self) -> None:
        self.poll.unregister(self.socket)
        self.socket.close()

    def ask(self, due: float, message: bytes) -> None:
        self.due, self.message, self.sent = due, message, time.monotonic()
        self.socket.sendall(message)

    def hear(self, keep: Callable[[bytes], bytes]) -> Answer | None:
        """The answer, when it is whole."""
        data = self.socket.recv(262_144)
        self.data += data
        whole = response(self.data)
        if not data or (whole and not whole[2]):
            self.close()
            self.open()
        if whole is None:
            if not data and self.message:  # closed without an answer: the same request again, due when it was
                self.socket.sendall(self.message)
            return None
        self.data.clear()
        self.message = b""
        return Answer(self.due, self.sent, time.monotonic(), whole[0], keep(whole[1]))


def run(
    port: int,
    messages: Sequence[bytes],
    *,
    rate: float,
    seconds: float,
    connections: int = 16,
    keep: Callable[[bytes], bytes] = lambda _body: b"",
    enough: Callable[[Answer], bool] = lambda _answer: False,
) -> list[Answer]:
    """Send `messages` in turn, `rate` a second, for `seconds` or until an answer is `enough`.

    keep: what of a body to hold in memory.
    """
    poll, answers = select.epoll(), list[Answer]()
    idle = deque(Connection(port, poll) for _ in range(connections))
    by_socket = {one.socket.fileno(): one for one in idle}
    asked, total, begin = 0, round(rate * seconds), time.monotonic()
    gc.disable()
    while len(answers) < total:
        while asked < total and idle and (due := begin + asked / rate) <= time.monotonic():
            idle.popleft().ask(due, messages[asked % len(messages)])
            asked += 1
        wait = begin + asked / rate - time.monotonic() if idle and asked < total else 1.0
        for number, _event in poll.poll(max(wait - AWAKE, 0)):
            one = by_socket.pop(number)
            if answer := one.hear(keep):
                answers.append(answer)
                total = asked if enough(answer) else total
                idle.append(one)
            by_socket[one.socket.fileno()] = one
    gc.enable()
    for one in by_socket.values():
        one.close()
    poll.close()
    return answers

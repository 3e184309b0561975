"""Where the portal listens, from HOST and PORT, and whether only this machine can reach it."""

import errno
import ipaddress
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from plan_portal.startup.refusal import StartRefusedError

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
LAST_PORT = 65_535


@dataclass(frozen=True)
class Listening:
    ip: str
    port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        return cls(_ip(environment.get("HOST") or DEFAULT_HOST), _port(environment.get("PORT") or str(DEFAULT_PORT)))

    @property
    def url(self) -> str:
        """As a browser on this machine opens it."""
        ip = ipaddress.ip_address(self.ip)
        if ip.is_unspecified:
            return f"http://localhost:{self.port}/"
        return f"http://[{ip}]:{self.port}/" if ip.version == 6 else f"http://{ip}:{self.port}/"

    def only_for_this_machine(self, allowed_hosts: Iterable[str]) -> bool:
        """False when it listens to a network, or when a proxy may bring visitors of another name."""
        return is_loopback(self.ip) and all(is_loopback(host) for host in allowed_hosts)

    def refuse_if_taken(self) -> None:
        family = socket.AF_INET6 if ":" in self.ip else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.ip, self.port))
            except OSError as error:
                raise StartRefusedError(self._why_not(error)) from error

    def _why_not(self, error: OSError) -> str:
        other = self.port + 1 if DEFAULT_PORT <= self.port < LAST_PORT else DEFAULT_PORT + 1
        if error.errno == errno.EADDRINUSE:
            return f"ポート{self.port}は使われています。PORT={other} make run のように別の番号で始めてください。"
        if error.errno == errno.EACCES:
            return f"ポート{self.port}を使うことが許されていません。PORT={other} make run のように別の番号で始めてください。"
        return f"{self.ip} は、このコンピューターのアドレスではありません。HOST を正しいアドレスにして始めてください。"


def is_loopback(host: str) -> bool:
    """Of a name or an address, with or without brackets."""
    name = host.strip("[]").lower()
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _ip(host: str) -> str:
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise StartRefusedError(
            f"HOST={host} というアドレスが見つかりません。HOST=127.0.0.1 make run のように、正しいアドレスで始めてください。"
        ) from error
    addresses = sorted({str(entry[4][0]) for entry in found}, key=lambda address: ":" in address)
    return addresses[0]


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = 0
    if not 1 <= port <= LAST_PORT:
        raise StartRefusedError(
            f"PORT={text} は使えません。PORT=8001 make run のように、1〜{LAST_PORT} の番号で始めてください。"
        )
    return port

"""A real nginx with the configuration of deploy/, in a folder of its own, on free ports of this machine."""

import gzip
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import brotli

from tests.portal_process import ROOT, free_port

HOST = "plan.example.jp"
SECONDS_TO_START = 20
_MODULE = "ngx_http_brotli_static_module.so"
_MODULES = (Path("/usr/lib/nginx/modules"), Path("/usr/lib64/nginx/modules"))
DECODERS = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
_MAIN = """
daemon off;
worker_processes 1;
{user}
pid {place}/nginx.pid;
error_log {place}/error.log info;
load_module {module};
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    include {place}/site.conf;
}}
"""


@cache
def brotli_module() -> Path | None:
    """nginx's module for ready-made .br files; None where there is no nginx, no module or no openssl to make a certificate."""
    if not (find_nginx() and shutil.which("openssl")):
        return None
    return next((folder / _MODULE for folder in _MODULES if (folder / _MODULE).exists()), None)


def find_nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


class Response(NamedTuple):
    """headers: by lower-case name, several of one name joined; body: decoded."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_a_file(self) -> bool:
        """By its ETag, which nginx makes of a file's time and size."""
        return re.fullmatch(r'"[0-9a-f]{8}-[0-9a-f]+"', self.headers.get("etag", "")) is not None


def ask(connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str]) -> Response:
    """`path` goes out as it is."""
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body, found = answer.read(), {name.lower(): ", ".join(answer.headers.get_all(name, [])) for name in answer.headers}
    return Response(answer.status, found, DECODERS[found.get("content-encoding", "")](body) if body else body)


class NginxProcess:
    """Serves the files in `published`; asks the portal at `portal_port`. with_brotli: as deploy/nginx.conf recommends."""

    def __init__(self, place: Path, published: Path, portal_port: int, *, with_brotli: bool = True) -> None:
        self.place, self.port, self.plain_port = place, free_port(), free_port()
        self.log = place / "access.log"
        place.mkdir(parents=True)
        for folder in (place, *place.parents)[:3]:
            folder.chmod(0o755)  # nginx serves as another user
        (place / "plan-portal").symlink_to(ROOT / "deploy" / "nginx")
        (place / "nginx.conf").write_text(
            _MAIN.format(place=place, module=brotli_module(), user="user root;" if os.geteuid() == 0 else "")
        )
        self._certificate()
        (place / "site.conf").write_text(self._site(published, portal_port, with_brotli=with_brotli))

    def _site(self, published: Path, portal_port: int, *, with_brotli: bool) -> str:
        """deploy/nginx.conf with this machine's ports and folders."""
        site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        replacements = {
            "listen [::]:": "# ",
            "listen 80": f"listen 127.0.0.1:{self.plain_port}",
            "listen 443": f"listen 127.0.0.1:{self.port}",
            "/etc/ssl/plan-portal": str(self.place),
            "/var/www/plan-portal": str(published),
            "/var/log/nginx/plan-portal.log": str(self.log),
            "/var/log/nginx/plan-portal-error.log": str(self.place / "site-error.log"),
            "127.0.0.1:8000": f"127.0.0.1:{portal_port}",
            **({"# brotli_static": "brotli_static"} if with_brotli else {}),
        }
        for shipped, here in replacements.items():
            assert shipped in site, shipped
            site = site.replace(shipped, here)
        return site

    def _certificate(self) -> None:
        kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        about = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        made = ["-keyout", str(self.place / "privkey.pem"), "-out", str(self.place / "fullchain.pem")]
        command = [str(shutil.which("openssl")), "req", *kind, *about, *made]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603

    @contextmanager
    def running(self) -> Iterator["NginxProcess"]:
        with (self.place / "output").open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                [str(find_nginx()), "-p", str(self.place), "-c", str(self.place / "nginx.conf")],
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_it_listens(process)
            yield self
        finally:
            self._kept.close()
            process.send_signal(signal.SIGTERM)
            process.wait(SECONDS_TO_START)
        assert (self.place / "output").read_text() == ""

    def _wait_until_it_listens(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError((self.place / "output").read_text())

    def connection(self) -> http.client.HTTPSConnection:
        connection = http.client.HTTPSConnection(HOST, self.port, timeout=30, context=self._context)
        connection._create_connection = lambda *_, **__: socket.create_connection(("127.0.0.1", self.port), 30)  # type: ignore[attr-defined]
        return connection

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.place / "fullchain.pem"))

    def get(self, path: str, *, method: str = "GET", coding: str = "", **headers: str) -> Response:
        """Over the connection that is open. headers: with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = method, path, {"Host": HOST, "Accept-Encoding": coding, **named}
        try:
            return ask(self._kept, *sent)
        except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLError):  # idle for too long
            self._kept.close()
            return ask(self._kept, *sent)

    @cached_property
    def _kept(self) -> http.client.HTTPSConnection:
        return self.connection()

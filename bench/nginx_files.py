"""nginx, and the pages of the portal as pre-compressed files: what the portal is compared with."""

import os
from pathlib import Path

from bench.servers import Server
from tests.portal_process import free_port

# Headers that nginx writes itself, or that belong to one answer.
NOT_COPIED = {
    "accept-ranges",
    "age",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
}
NOT_COPIED |= {"last-modified", "server", "transfer-encoding"}

MAIN = """\
{user}daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  {rest}
}}
"""
SITE = """\
  access_log off;
  types {{ }}
  default_type "text/html; charset=utf-8";
  server {{
    listen 127.0.0.1:{port};
    root {folder}/pages;
    index index.html;
    gzip_static on;
    gzip_vary on;
{headers}
  }}"""


def user_line() -> str:
    """nginx that root starts would read files as somebody who may not read temporary folders."""
    return "user root;\n" if os.geteuid() == 0 else ""


def quoted(value: str) -> str:
    """As nginx reads a string, without its variables."""
    if "$" in value:
        raise ValueError(f"a header that nginx would read as a variable: {value}")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(folder: Path, source: Server, paths: tuple[str, ...]) -> tuple[Path, int]:
    """Write the pages that `source` sends, and an nginx that sends the same bodies and headers.

    Returns (its configuration, its port).
    """
    headers: dict[str, str] = {}
    for path in paths:
        place = folder / "pages" / path.strip("/")
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.html").write_bytes(source.get(path, "identity")[1])
        headers, body = source.get(path, "gzip")
        if headers.get("content-encoding") != "gzip":
            raise RuntimeError(f"{path} is not sent as gzip by {source.name}")
        (place / "index.html.gz").write_bytes(body)
    port = free_port()
    headers["vary"] = headers["vary"].replace("Accept-Encoding", "").strip(", ")  # nginx adds it
    lines = [f"    add_header {name} {quoted(value)};" for name, value in headers.items() if name not in NOT_COPIED]
    configuration = folder / "nginx.conf"
    site = SITE.format(folder=folder, port=port, headers="\n".join(lines))
    configuration.write_text(MAIN.format(user=user_line(), folder=folder, rest=site), encoding="utf-8")
    return configuration, port

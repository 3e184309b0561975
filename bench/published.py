"""nginx with the configuration of deploy/, and the pages that `manage.py publish_site --watch` keeps written for it."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.nginx_files import MAIN, user_line
from bench.processes import SERVER_CORE, on_core
from bench.servers import SECONDS_TO_START, SECONDS_TO_STOP, Database, Server, nginx
from tests.portal_process import ROOT, free_port

# deploy/nginx.conf speaks TLS on port 443; here it speaks plainly, as the servers do that it is compared with.
ON_THIS_MACHINE = {
    r"(?m)^.*listen \[::\]:.*\n": "",
    r"(?m)^.*listen 443 ssl default_server;\n": "",
    r"listen 80 default_server;": "listen 127.0.0.1:{other_port} default_server;",
    r"listen 80;": "listen 127.0.0.1:{other_port};",
    r"listen 443 ssl http2;": "listen 127.0.0.1:{port};",
    r"(?m)^ *ssl_.*\n": "",
    r"/var/www/plan-portal": "{published}",
    r"/var/log/nginx": "{folder}",
    r"127\.0\.0\.1:8000": "127.0.0.1:{portal_port}",
}


def configuration(shipped: str, **here: object) -> str:
    """What deploy/nginx.conf becomes on this machine. ValueError when it is not the file that this was written for."""
    for pattern, replacement in ON_THIS_MACHINE.items():
        shipped, found = re.subn(pattern, replacement.format(**here).replace("\\", r"\\"), shipped)
        if not found:
            raise ValueError(f"deploy/nginx.conf has nothing like {pattern}")
    return shipped


@contextmanager
def watching(database: Database, published: Path) -> Iterator[int]:
    """pid of the process that writes the pages, after it has written them for the first time."""
    command = [sys.executable, "manage.py", "publish_site", "--to", str(published), "--watch"]
    with (database.var / "publish.log").open("ab") as log, on_core(SERVER_CORE):
        environment = database.clean_environment()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603
    try:
        end = time.monotonic() + SECONDS_TO_START
        while not (published / "current").exists():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((database.var / "publish.log").read_text(encoding="utf-8"))
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait(SECONDS_TO_STOP)


@contextmanager
def serving(folder: Path, database: Database, portal: Server) -> Iterator[Server]:
    """nginx; the process that writes the pages is counted with it. portal: is asked for what is no file."""
    place, port = folder / "published", free_port()
    place.mkdir()
    (place / "plan-portal").symlink_to(ROOT / "deploy" / "nginx")
    site = configuration(
        (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"),
        port=port,
        other_port=free_port(),
        published=place / "files",
        folder=place,
        portal_port=portal.port,
    )
    (place / "site.conf").write_text(site, encoding="utf-8")
    whole = place / "nginx.conf"
    whole.write_text(MAIN.format(user=user_line(), folder=place, rest=f"include {place}/site.conf;"), encoding="utf-8")
    with watching(database, place / "files") as pid, nginx("published files", whole, port, beside=(pid,)) as server:
        yield server

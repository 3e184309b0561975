"""Static files are collected again only when one of them, or what prepares them, has changed."""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

import plan_portal.static_storage


def collect_if_changed(folder: Path) -> bool:
    """`folder` keeps the stamp of the last collection. True when the files were collected."""
    stamp = folder / "static-stamp"
    wanted = _state()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _state() -> str:
    parts = [settings.STATIC_ROOT, version("django"), version("whitenoise"), *sorted(_files())]
    return hashlib.sha256("\n".join(map(str, parts)).encode("utf-8", "surrogateescape")).hexdigest()


def _files() -> Iterator[str]:
    yield _described(plan_portal.static_storage.__file__)
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield _described(storage.path(name))


def _described(path: str) -> str:
    found = Path(path).stat()
    return f"{path} {found.st_size} {found.st_mtime_ns}"

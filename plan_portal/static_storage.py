"""Static files as they are served: hashed names, compressed, and the portal's style sheets joined into one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "css/portal.css"
_PAGES = "css/pages/"
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_CSS = Path(settings.BASE_DIR) / "static" / "css"
# What every page may need, in the order of the cascade; the sheets in css/pages/ are linked by the pages that need them.
PARTS = (
    *("css/tokens.css", "css/base.css", "css/layout.css"),
    *(f"css/components/{file.name}" for file in sorted((_CSS / "components").glob("*.css"))),
)


def bundle() -> bytes:
    """The joined style sheet, in the order of PARTS."""
    return b"\n".join(map(sheet, PARTS))


def sheet(name: str) -> bytes:
    """The style sheet `name` as it is served: without comments and indents."""
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    text = _COMMENT.sub(b"", Path(path).read_bytes())
    return b"\n".join(line for line in map(bytes.strip, text.splitlines()) if line)


class PortalStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped library
    """Writes the bundle and the sheets of single pages over the collected files, to be hashed and compressed like them."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            written = {BUNDLE: bundle()} | {name: sheet(name) for name in paths if name.startswith(_PAGES)}
            for name, content in written.items():
                self.delete(name)
                self._save(name, ContentFile(content))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

"""Static files as they are served: hashed names, compressed, and the portal's style sheets joined into one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "css/portal.css"
PARTS = (
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    *(
        f"css/components/{name}.css"
        for name in (
            "header",
            "notice",
            "breadcrumb",
            "footer",
            "goal",
            "list",
            "sdgs",
            "contents",
            "form",
            "search",
            "home",
            "relation",
            "figure",
        )
    ),
)


def bundle() -> bytes:
    """The joined style sheet, in the order of PARTS."""
    texts = []
    for part in PARTS:
        path = finders.find(part)
        if path is None:
            raise FileNotFoundError(part)
        texts.append(Path(path).read_bytes())
    return b"\n".join(texts)


class PortalStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped library
    """Writes the bundle beside the collected files, so that it is hashed and compressed like them."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            self.delete(BUNDLE)
            self._save(BUNDLE, ContentFile(bundle()))
            paths[BUNDLE] = (self, BUNDLE)
        yield from super().post_process(paths, dry_run, **options)

"""The secret key: from the environment, or made once and kept in the portal's own folder."""

import os
import secrets
from pathlib import Path


def read_or_make(path: Path) -> str:
    """The key kept at `path`; made at the first call, readable by the owner only. Raises OSError if it cannot be kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")

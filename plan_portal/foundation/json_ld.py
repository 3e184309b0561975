"""Linked data for search engines, as a data block of a page: no script, and nothing in it can end it."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def data_block(data: dict[str, Any]) -> SafeString:
    """`data` (JSON-LD) as <script type="application/ld+json">, which browsers never run."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # escaped above

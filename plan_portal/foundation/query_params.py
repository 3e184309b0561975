"""Reading what a browser sends as text. On public pages, what cannot be meant gets a plain 400 page, never a 500."""

from django.core.exceptions import BadRequest
from django.http import QueryDict

_LONGEST_NUMBER = 3
_LONGEST_KEY = 18


def is_key(text: str) -> bool:
    """Whether the text can be the id of a record."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_KEY


def optional_number(params: QueryDict, name: str) -> int | None:
    """The number given as `name`, 1 to 999; None when absent or empty. Raises BadRequest with a Japanese sentence."""
    text = params.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER and int(text) > 0):
        raise BadRequest(f"アドレスの「{name}」は、1から999までの番号で書いてください。")
    return int(text)

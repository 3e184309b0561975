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
    text = _only(params, name).strip()
    return _number(text, name) if text else None


def number_or_1(params: QueryDict, name: str) -> int:
    """As programs ask: 1 when absent; an empty text is no number."""
    return _number(_only(params, name), name) if name in params else 1


def _only(params: QueryDict, name: str) -> str:
    if len(params.getlist(name)) > 1:
        raise BadRequest(f"アドレスの「{name}」は、1つだけ書いてください。")
    return params.get(name, "")


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER and int(text) > 0):
        raise BadRequest(f"アドレスの「{name}」は、1から999までの番号で書いてください。")
    return int(text)

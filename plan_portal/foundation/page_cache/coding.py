"""Which coding of a body a client wants (RFC 9110, 12.5.3), and how bodies are coded."""

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli

IDENTITY = ""
# As they are preferred among equals: the smallest first.
CODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=5)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


@lru_cache(maxsize=256)
def wanted(accept_encoding: str | None) -> str:
    """The coding with the highest weight; identity when nothing is asked for, or nothing else is left."""
    if not accept_encoding:
        return IDENTITY
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights["gzip" if name == "x-gzip" else name] = _weight(parameters)
    rest = weights.get("*", 0.0)
    identity = weights.get("identity", 0.0)
    best, best_weight = IDENTITY, identity
    for name in reversed(CODERS):
        weight = weights.get(name, rest)
        if weight > 0 and weight >= best_weight:
            best, best_weight = name, weight
    return best


def _weight(parameters: list[str]) -> float:
    """q of a coding, 1 when it has none, 0 when it makes no sense."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0

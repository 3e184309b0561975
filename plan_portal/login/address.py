"""From which address a login comes, as far as it can be believed."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

Address = IPv4Address | IPv6Address
NETWORK_OF_ONE_CLIENT = 64  # bits: who is given an IPv6 address is given all that share them


def client_address(request: HttpRequest) -> str | None:
    """The first address that is no proxy of ours, from the server outwards; None when the server names none.

    Each proxy writes whom it heard to the right of X-Forwarded-For, so what a client writes there stands too far left.
    """
    nearest_first = [request.META.get("REMOTE_ADDR", ""), *_forwarded_for(request)]
    found: Address | None = None
    for text in nearest_first:
        address = _read(text)
        if address is None:
            break
        found = address
        if not any(address in network for network in settings.PROXIES):
            break
    if isinstance(found, IPv6Address):
        return str(ip_network((found, NETWORK_OF_ONE_CLIENT), strict=False).network_address)
    return None if found is None else str(found)


def _forwarded_for(request: HttpRequest) -> list[str]:
    written: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return written.split(",")[::-1]


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address

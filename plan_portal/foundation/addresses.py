"""Addresses. They are stable, so that each is looked up once in a process."""

from functools import lru_cache

from django.http import HttpRequest
from django.urls import reverse


@lru_cache(maxsize=4096)
def address(name: str, *numbers: int) -> str:
    """The address of the page `name` ("initiatives:detail") for the numbers that stand in it."""
    return reverse(name, args=numbers)


def is_for_staff(request: HttpRequest) -> bool:
    """Whether it asks for a page of the admin; all others are public."""
    return request.path.startswith(address("admin:index"))

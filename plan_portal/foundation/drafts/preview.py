"""The public page as it would be with a draft in it. Made by publishing the draft in a transaction that is always undone."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from plan_portal.foundation.drafts.content import proposed
from plan_portal.foundation.drafts.publishing import apply
from plan_portal.foundation.models import Draft


def preview(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """The page, for this answer only; None if citizens would have no page of the record. Raises DraftRefused as publishing would."""
    with transaction.atomic():
        try:
            record = apply(draft, request.user)
            page = _page(request, record.get_absolute_url()) if record is not None and record.is_public else None
        finally:
            transaction.set_rollback(True)
    if page is not None:
        page["Cache-Control"] = "no-store"
        page["X-Robots-Tag"] = "noindex"
    return page


def place_in_page(draft: Draft) -> str:
    """#s3-1 where the record is a part of a page; empty where it has one of its own."""
    _, mark, fragment = proposed(draft).get_absolute_url().partition("#")
    return mark + fragment


def _page(request: HttpRequest, url: str) -> HttpResponse:
    """What a citizen who is not logged in would get. The plan is not read before now: the roof sets it as a lazy object."""
    path = url.partition("#")[0]
    match = resolve(path)
    asked = HttpRequest()
    asked.method, asked.path, asked.path_info, asked.resolver_match = "GET", path, path, match
    asked.META = {**request.META, "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_COOKIE": ""}
    asked.user = AnonymousUser()
    asked.preview = True  # type: ignore[attr-defined]
    asked.plan = getattr(request, "plan", None)  # type: ignore[attr-defined]
    response: HttpResponse = match.func(asked, *match.args, **match.kwargs)
    return response

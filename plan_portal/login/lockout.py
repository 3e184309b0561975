"""What somebody is told who gave a wrong password too often."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import admin
from django.db.models import Max
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import now

from plan_portal.login.second_factor import safe_next

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The same page for a name that is not there."""
    (attempts,) = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    newest = attempts.aggregate(newest=Max("attempt_time"))["newest"] or now()
    until = newest + settings.AXES_COOLOFF_TIME
    context = {
        **admin.site.each_context(request),
        "title": "いまはログインできません",
        "next": safe_next(request),
        "until": until + timedelta(minutes=1),
    }
    page = render(request, "admin/login/locked.html", context, status=429)
    add_never_cache_headers(page)
    page["Retry-After"] = str(max(1, ceil((until - now()).total_seconds())))
    return page

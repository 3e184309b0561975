"""How long a login lasts: 30 minutes without use, 9 hours in all, and what is told when it is over."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from plan_portal.foundation.addresses import is_for_staff

BEGAN, SEEN = "login_began", "login_seen"
NOTED_EVERY = 60  # seconds: each note is a write
LONG_UNUSED = "30分のあいだ使わなかったので、ログアウトしました。"
LONG_LOGGED_IN = "ログインから9時間たったので、ログアウトしました。"
OTHERWISE = "ログインの期限が切れたか、パスワードか利用者の設定が変わったので、ログアウトしました。"
WAYS_IN_AND_OUT = {"login", "logout"}
# What forms carry for machines.
_NOT_WRITTEN = re.compile(r"^(_|csrf|next$|step$|.*(password|version|_FORMS$|-id$|^id$))")
_PLAIN_VALUE = re.compile(r"[\x21-\x7e]{0,20}")


def begin(request: HttpRequest, **_: Any) -> None:
    """At every login, whichever way it comes about."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


class SessionLimitsMiddleware:
    """Only in the admin: public pages neither read a session nor count as use of one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Here, where CSRF has been checked: a page that shows what was sent must not be had from elsewhere."""
        if not is_for_staff(request) or not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            return None
        why = _why_over(request)
        if not why:
            return None
        request.session.flush()
        return _tell(request, why)


def _why_over(request: HttpRequest) -> str:
    """Notes the use of a session that goes on."""
    session, moment = request.session, int(time.time())
    if SESSION_KEY not in session or BEGAN not in session:
        return OTHERWISE
    if moment - session[BEGAN] >= settings.LONGEST_SESSION:
        return LONG_LOGGED_IN
    if moment - session[SEEN] >= settings.LONGEST_IDLE:
        return LONG_UNUSED
    if not request.user.is_authenticated:
        return OTHERWISE
    if moment - session[SEEN] >= NOTED_EVERY:
        session[SEEN] = moment
    return ""


def _tell(request: HttpRequest, why: str) -> HttpResponse | None:
    is_way = request.resolver_match is not None and request.resolver_match.url_name in WAYS_IN_AND_OUT
    if request.method in ("GET", "HEAD"):
        messages.warning(request, f"{why}もう一度ログインしてください。")
        return None
    if is_way:
        return None
    context = {
        **admin.site.each_context(request),
        "title": "保存していません",
        "why": why,
        "written": list(_written(request)),
        "next": _page_before(request),
    }
    page = render(request, "admin/login/ended.html", context, status=403)
    add_never_cache_headers(page)
    return page


def _page_before(request: HttpRequest) -> str:
    """Where the form stood."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return urlsplit(referer)._replace(scheme="", netloc="").geturl()
    return request.path


def _written(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """(name of the field, text) of what the person wrote, so that it can be copied and pasted. No choices, numbers or secrets."""
    for name, texts in request.POST.lists():
        if _NOT_WRITTEN.match(name):
            continue
        for text in texts:
            if not _PLAIN_VALUE.fullmatch(text):
                yield _label(request, name), text


def _label(request: HttpRequest, name: str) -> str:
    match = request.resolver_match
    app_label, model_name = [*((match.url_name if match else None) or "").split("_"), "", ""][:2]
    try:
        return str(apps.get_model(app_label, model_name)._meta.get_field(name).verbose_name)
    except (LookupError, FieldDoesNotExist, AttributeError):
        return "書いた文"

"""ふりがな for citizens: the switch, and readings over every page while it is on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from goals.models import BasicGoal, Plan
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem
from plan_portal.foundation.addresses import is_for_staff
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.lexicon import Lexicon
from plan_portal.foundation.models import Reading
from plan_portal.foundation.ruby_html import with_furigana
from plan_portal.foundation.version_memo import kept_for_a_version

if TYPE_CHECKING:
    from plan_portal.middleware import GetResponse

COOKIE = "furigana"
_ONE_YEAR = 365 * 24 * 60 * 60


@require_safe
def switch(request: HttpRequest) -> HttpResponse:
    """Furigana on (`on=1`) or off, and back to `next`: a page of this portal, else the first page."""
    back = request.GET.get("next", "")
    is_path = back.startswith("/") and not back.startswith("//")
    if not is_path or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("home")
    response = redirect(back)
    if request.GET.get("on") == "1":
        response.set_cookie(
            COOKIE, "1", max_age=_ONE_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    add_never_cache_headers(response)
    return response


class FuriganaMiddleware:
    """Sets `request.furigana`, and puts readings over public pages while it is true.

    Pages with and without are told apart by `Vary: Cookie`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_public = not is_for_staff(request)
        request.furigana = is_public and request.COOKIES.get(COOKIE) == "1"  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not is_public or not response.get("Content-Type", "").startswith("text/html"):
            return response
        patch_vary_headers(response, ["Cookie"])
        if request.furigana and response.status_code < 500:  # type: ignore[attr-defined]
            response.content = with_furigana(response.text, lexicon(request.plan or None).read)  # type: ignore[attr-defined]
        return response


@kept_for_a_version
def lexicon(plan: Plan | None) -> Lexicon:
    """The 読みの辞書, and the titles of both plans, whose own readings come first. One query."""
    words: QuerySet[Any, Any] = Reading.objects.order_by().values_list(Value(0), "word", "ruby")
    titles = (
        rows.exclude(title_ruby="").order_by().values_list(Value(1), "title", "title_ruby") for rows in _titled(plan)
    )
    return _lexicon(tuple(sorted(words.union(*titles, all=True))))


def _titled(plan: Plan | None) -> tuple[QuerySet[Any], ...]:
    """The records whose titles have readings of their own."""
    if plan is None:
        return ()
    kizuna = {"plan__city_plan": plan, "plan__state": EditionState.CURRENT}
    return (
        BasicGoal.objects.for_plan(plan),
        Initiative.objects.for_plan(plan),
        KizunaGoal.objects.filter(**kizuna),
        KizunaItem.objects.filter(**kizuna),
    )


@lru_cache(maxsize=4)
def _lexicon(rows: tuple[tuple[int, str, str], ...]) -> Lexicon:
    return Lexicon({word: ruby for _, word, ruby in rows})

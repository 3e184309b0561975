"""Addresses for machines: health, robots, sitemap, security contact."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from goals.outline import outline
from kizuna.outline import kizuna_outline
from plan_portal.foundation.addresses import address
from plan_portal.middleware import current_plan
from plan_portal.operations.readiness import is_ready
from sdgs.models import Sdg

_PLAIN = "text/plain; charset=utf-8"
_NEVER_KEPT = {"Cache-Control": "no-store"}
_SECURITY_TXT_LASTS = timedelta(days=180)


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else."""
    return HttpResponse("ok\n", content_type=_PLAIN, headers=_NEVER_KEPT)


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """The process and its database answer, and nothing is left to migrate; else 503."""
    if not is_ready():
        return HttpResponse("database unavailable\n", content_type=_PLAIN, headers=_NEVER_KEPT, status=503)
    return HttpResponse("ok\n", content_type=_PLAIN, headers=_NEVER_KEPT)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(
        f"User-agent: *\nDisallow: /admin/\nDisallow: /furigana/\nSitemap: {sitemap}\n", content_type=_PLAIN
    )


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116. Without an address of their own, reporters are led to the portal's contact section.

    Canonical, which may only be HTTPS, once the portal knows its own address.
    """
    contact = settings.SECURITY_CONTACT or request.build_absolute_uri(reverse("accessibility") + "#contact")
    expires = (datetime.now(UTC) + _SECURITY_TXT_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    text = f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nPreferred-Languages: ja\n"
    if settings.PORTAL_URL.startswith("https://"):
        text += f"Canonical: {urljoin(settings.PORTAL_URL, reverse('security-txt'))}\n"
    return HttpResponse(text, content_type=_PLAIN)


class PortalSitemap(Sitemap):  # type: ignore[type-arg]  # not subscriptable at run time
    """Every public page of the current plan."""

    def items(self) -> list[str]:
        pages = [address("home"), address("updates"), address("accessibility")]
        plan = current_plan()
        if plan is None:
            return pages
        rooms = ("goals:plan", "goals:list", "initiatives:list", "sdgs:list", "search", "data:list")
        pages += [address(name) for name in rooms]
        for goal in outline(plan):
            pages += [goal.url, *(initiative.url for initiative in goal.initiatives)]
        kizuna = kizuna_outline(plan)
        if kizuna is not None:
            pages += [address("kizuna:plan"), address("kizuna:relationship")]
            for kizuna_goal in kizuna.goals:
                pages += [kizuna_goal.url, *(item.url for item in kizuna_goal.items)]
        return pages + [sdg.get_absolute_url() for sdg in Sdg.objects.in_order()]

    def location(self, item: str) -> str:
        return item

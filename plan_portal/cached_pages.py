"""Which public pages the page cache keeps, and the query parameters that each of them knows."""

from django.conf import settings

from plan_portal.foundation.content_version import ContentVersion
from plan_portal.foundation.page_cache import Cacheable, PageCache
from plan_portal.foundation.page_cache.rendering import Application
from plan_portal.foundation.replica import public_alias
from plan_portal.furigana import COOKIE

NONE: frozenset[str] = frozenset()
# By the name of the address. A parameter that is not named here sends the request past the cache.
# Not kept: PDF and PNG, icons (which browsers keep for good), security.txt (which expires), and whatever is not named.
PAGES = {
    "home": NONE,
    "goals:plan": NONE,
    "goals:list": NONE,
    "goals:detail": NONE,
    "initiatives:list": frozenset({"q", "goal", "field", "sdg", "department", "linked", "page"}),
    "initiatives:detail": NONE,
    "kizuna:plan": NONE,
    "kizuna:goal": NONE,
    "kizuna:item": NONE,
    "kizuna:relationship": frozenset({"goal", "kizuna"}),
    "kizuna:relationship-svg": frozenset({"goal", "kizuna"}),
    "sdgs:list": NONE,
    "sdgs:detail": NONE,
    "data:list": NONE,
    "data:file": NONE,
    "data:api": NONE,
    "data:openapi": NONE,
    "data:rows": frozenset({"page"}),
    "data:row": NONE,
    "search": frozenset({"q", "kind", "page"}),
    "accessibility": frozenset({"year"}),
    "updates": frozenset({"u", "page"}),
    "updates-feed": NONE,
    "robots": NONE,
    "sitemap": frozenset({"p"}),
}
WITHOUT_DATABASE = frozenset({"livez", "readyz", "robots", "security-txt", "furigana"})
CACHEABLE = Cacheable(pages=PAGES, switch=(COOKIE, "1"), without_database=WITHOUT_DATABASE)


def cached(application: Application) -> Application:
    """`application` behind the page cache; as it is while somebody works on it (PORTAL_DEBUG)."""
    return application if settings.DEBUG else PageCache(application, CACHEABLE, ContentVersion(public_alias()))

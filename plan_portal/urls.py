"""The addresses of the portal. They are printed and linked: none may change."""

from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.http import conditional_page, require_safe

from plan_portal import furigana, gallery, machines, views
from plan_portal.accessibility.views import policy_page
from plan_portal.search.views import search_page
from plan_portal.updates.feed import UpdatesFeed
from plan_portal.updates.views import updates_page

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("goals.urls")),
    path("", include("initiatives.urls")),
    path("", include("kizuna.urls")),
    path("", include("sdgs.urls")),
    path("", include("plan_portal.open_data.urls")),
    path("", include("plan_portal.paper.urls")),
    path("search/", search_page, name="search"),
    path("furigana/", furigana.switch, name="furigana"),
    path("accessibility/", policy_page, name="accessibility"),
    path("updates/", updates_page, name="updates"),
    path("updates/feed/", require_safe(conditional_page(UpdatesFeed())), name="updates-feed"),
    path("livez", machines.livez, name="livez"),
    path("readyz", machines.readyz, name="readyz"),
    path("robots.txt", machines.robots_txt, name="robots"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": {"portal": machines.PortalSitemap}}, name="sitemap"),
    path(".well-known/security.txt", machines.security_txt, name="security-txt"),
    path("admin/", admin.site.urls),
]

if settings.DEBUG:
    urlpatterns.append(path("components/", gallery.gallery, name="components"))

handler400 = "plan_portal.views.bad_request"
handler404 = "plan_portal.views.not_found"
handler500 = "plan_portal.views.server_error"

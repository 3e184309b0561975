from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PlanPortalConfig(AppConfig):
    name = "plan_portal"
    verbose_name = "地域福祉計画ポータル"


class PortalAdminConfig(AdminConfig):
    default_site = "plan_portal.admin_site.PortalAdminSite"

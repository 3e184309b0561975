from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in


class PlanPortalConfig(AppConfig):
    name = "plan_portal"
    verbose_name = "地域福祉計画ポータル"

    def ready(self) -> None:
        from plan_portal.login.sessions import begin

        user_logged_in.connect(begin)


class PortalAdminConfig(AdminConfig):
    default_site = "plan_portal.admin_site.PortalAdminSite"

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FoundationConfig(AppConfig):
    name = "plan_portal.foundation"
    label = "foundation"
    verbose_name = "読むための助け"

    def ready(self) -> None:
        from plan_portal.foundation.triggers import install_after_migrate

        post_migrate.connect(install_after_migrate, sender=self)

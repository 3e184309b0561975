from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "plan_portal.foundation"
    label = "foundation"
    verbose_name = "読むための助け"

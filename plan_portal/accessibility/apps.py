from django.apps import AppConfig


class AccessibilityConfig(AppConfig):
    name = "plan_portal.accessibility"
    label = "accessibility"
    verbose_name = "ウェブアクセシビリティ"

from django.apps import AppConfig


class KizunaConfig(AppConfig):
    name = "kizuna"
    verbose_name = "きずな計画"

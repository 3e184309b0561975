from django.apps import AppConfig


class SdgsConfig(AppConfig):
    name = "sdgs"
    verbose_name = "ＳＤＧｓ"

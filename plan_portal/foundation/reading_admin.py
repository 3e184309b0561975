"""読みの辞書 in the admin."""

from django.contrib import admin

from plan_portal.foundation.admin import PortalAdmin
from plan_portal.foundation.models import Reading


@admin.register(Reading)
class ReadingAdmin(PortalAdmin):
    list_display = ["word", "ruby"]
    search_fields = ["word", "ruby"]
    ordering = ["word"]
    fieldsets = [
        (
            None,
            {
                "fields": ["word", "ruby"],
                "description": "市民が「ふりがなをつける」を押したとき、文章の中のこのことばに、ふりがなが付きます。"
                "目標や取組の題の読みは、それぞれの記録の「ふりがな」の欄に書きます。",
            },
        ),
    ]

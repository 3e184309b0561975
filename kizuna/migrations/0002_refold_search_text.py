"""Long vowels, old kanji, kinds of digits and small kana are folded too."""

from django.db import migrations

from plan_portal.foundation.refold import refold


class Migration(migrations.Migration):
    dependencies = [("kizuna", "0001_initial")]

    operations = [
        refold(
            "kizuna", {"KizunaGoal": ("title", "subtitle"), "KizunaItem": ("title",), "Linkage": ("summary",)}
        )
    ]

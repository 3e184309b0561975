"""Long vowels, old kanji, kinds of digits and small kana are folded too; 担当 and 兼ねる計画 are searched."""

from django.db import migrations

from plan_portal.foundation.refold import refold


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0002_department_search_text")]

    operations = [
        refold(
            "initiatives",
            {
                "Initiative": ("title", "embodied_plan", "body", "summary_easy"),
                "Department": ("name", "phone", "email"),
            },
        )
    ]

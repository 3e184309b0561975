"""Long vowels, old kanji, kinds of digits and small kana are folded too; figures are searched whole."""

from django.db import migrations

from plan_portal.foundation.refold import refold


class Migration(migrations.Migration):
    dependencies = [("goals", "0001_initial")]

    operations = [
        refold(
            "goals",
            {
                "BasicGoal": ("title", "field", "summary_easy"),
                "PlanSection": ("number", "heading", "body", "figure_caption", "figure_credit", "figure_alt"),
            },
        )
    ]

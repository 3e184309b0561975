"""Whoever takes part in a linkage is found too."""

from django.db import migrations

from plan_portal.foundation.refold import refold


class Migration(migrations.Migration):
    dependencies = [("kizuna", "0004_move_proposals")]

    operations = [refold("kizuna", {"Linkage": ("summary", "partners")})]

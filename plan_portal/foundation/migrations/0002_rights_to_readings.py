"""Both organisations keep the readings of words."""

from django.db import migrations

from plan_portal.staff_rights import give_rights

READINGS = {"foundation": (["reading"], ["view", "add", "change", "delete"])}


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_reading"), ("plan_portal", "0001_staff_groups")]

    operations = [give_rights({"市・編集": READINGS, "市・承認": READINGS, "社協": READINGS})]

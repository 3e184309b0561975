"""Nobody deletes a linkage, and pairs change with it only, by the steps of both organisations."""

from django.db import migrations

from plan_portal.staff_rights import take_rights


class Migration(migrations.Migration):
    dependencies = [("kizuna", "0005_refold_partners"), ("plan_portal", "0001_staff_groups")]

    operations = [
        take_rights({"社協": {"kizuna": (["linkage"], ["delete"])}}),
        take_rights({"社協": {"kizuna": (["linkagepair"], ["add", "change", "delete"])}}),
    ]

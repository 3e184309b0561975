"""The city keeps the icons of the ＳＤＧｓ; 社協 sees them."""

from django.db import migrations

from plan_portal.staff_rights import give_rights

CITY = {"sdgs": (["sdgicon"], ["view", "add", "change", "delete"])}
SHAKYO = {"sdgs": (["sdgicon"], ["view"])}


class Migration(migrations.Migration):
    dependencies = [("sdgs", "0003_sdg_icon"), ("plan_portal", "0001_staff_groups")]

    operations = [give_rights({"市・編集": CITY, "市・承認": CITY, "社協": SHAKYO})]

"""The city keeps its policy and the results of its tests; 社協 reads them."""

from django.db import migrations

from plan_portal.staff_rights import give_rights

CITY = {
    "accessibility": (["accessibilitypolicy", "accessibilitytest", "criterionresult"], ["view", "add", "change"]),
}
SHAKYO = {"accessibility": (["accessibilitypolicy", "accessibilitytest", "criterionresult"], ["view"])}


class Migration(migrations.Migration):
    dependencies = [("accessibility", "0001_initial"), ("plan_portal", "0001_staff_groups")]

    operations = [give_rights({"市・編集": CITY, "市・承認": CITY, "社協": SHAKYO})]

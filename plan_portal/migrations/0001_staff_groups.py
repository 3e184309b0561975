"""The groups of staff and their rights. Who manages accounts and groups is the administrator alone."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

CITY = {
    "goals": ["plansection", "basicgoal"],
    "initiatives": ["initiative", "department"],
    "sdgs": ["goalsdglink"],
}
CITY_READ = {"goals": ["plan"], "sdgs": ["sdg", "plansdg"]}
KIZUNA = {"kizuna": ["kizunaplan", "kizunagoal", "kizunaitem", "linkage", "linkagepair"]}

EDITORS = [
    (CITY, ["view", "add", "change"]),
    ({"sdgs": ["goalsdglink"]}, ["delete"]),
    (CITY_READ, ["view"]),
    (KIZUNA, ["view"]),
]
APPROVERS = [
    *EDITORS,
    ({"goals": ["plan"]}, ["add", "change"]),
    ({"sdgs": ["plansdg"]}, ["add", "change", "delete"]),
    ({"goals": ["plansection", "basicgoal"], "initiatives": ["initiative", "department"]}, ["delete"]),
]
SHAKYO = [
    (KIZUNA, ["view", "add", "change"]),
    ({"kizuna": ["kizunagoal", "kizunaitem", "linkage", "linkagepair"]}, ["delete"]),
    (CITY, ["view"]),
    (CITY_READ, ["view"]),
]
GROUPS = {"市・編集": EDITORS, "市・承認": APPROVERS, "社協": SHAKYO}


def make_permissions(apps, alias):
    """Django makes permissions after all migrations; the groups need them now."""
    for label in ("goals", "sdgs", "initiatives", "kizuna"):
        config = apps.get_app_config(label)
        found, config.models_module = getattr(config, "models_module", None), True  # create_permissions passes over apps without models, as old states look
        create_permissions(config, verbosity=0, interactive=False, using=alias, apps=apps)
        config.models_module = found


def make_groups(apps, schema_editor):
    alias = schema_editor.connection.alias
    make_permissions(apps, alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in GROUPS.items():
        group, _ = Group.objects.using(alias).get_or_create(name=name)
        wanted = {
            (label, f"{verb}_{model}")
            for models, verbs in rights
            for label, names in models.items()
            for model in names
            for verb in verbs
        }
        permissions = Permission.objects.using(alias).select_related("content_type")
        group.permissions.set([p for p in permissions if (p.content_type.app_label, p.codename) in wanted])


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("goals", "0001_initial"),
        ("sdgs", "0001_initial"),
        ("initiatives", "0001_initial"),
        ("kizuna", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]

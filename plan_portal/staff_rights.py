"""Rights of the staff groups, given by the migration of whatever they are rights to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

# group → app label → (models, verbs)
Rights = Mapping[str, Mapping[str, tuple[Sequence[str], Sequence[str]]]]


def give_rights(rights: Rights) -> migrations.RunPython:
    """An operation that adds these rights to groups that plan_portal.0001_staff_groups made; undone, it takes them away."""

    def chosen(apps: Any, alias: str, group: str) -> list[Any]:
        permissions = apps.get_model("auth", "Permission").objects.using(alias).order_by("pk")
        return [
            permission
            for label, (models, verbs) in rights[group].items()
            for permission in permissions.filter(
                content_type__app_label=label,
                codename__in=[f"{verb}_{model}" for model in models for verb in verbs],
            )
        ]

    def give(apps: Any, schema_editor: Any) -> None:
        alias = schema_editor.connection.alias
        for label in sorted({label for apps_of_group in rights.values() for label in apps_of_group}):
            _make_permissions(apps, alias, label)
        for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=rights):
            group.permissions.add(*chosen(apps, alias, group.name))

    def take(apps: Any, schema_editor: Any) -> None:
        alias = schema_editor.connection.alias
        for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=rights):
            group.permissions.remove(*chosen(apps, alias, group.name))

    return migrations.RunPython(give, take)


def take_rights(rights: Rights) -> migrations.RunPython:
    """An operation that takes these rights away from groups; undone, it gives them back."""
    given = give_rights(rights)
    return migrations.RunPython(given.reverse_code, given.code)  # type: ignore[arg-type]  # it can be undone


def _make_permissions(apps: Any, alias: str, label: str) -> None:
    """Django makes permissions after all migrations; the groups need them now."""
    config = apps.get_app_config(label)
    # create_permissions passes over apps without models, as old states look.
    found, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, verbosity=0, interactive=False, using=alias, apps=apps)
    config.models_module = found

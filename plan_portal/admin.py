"""The accounts of staff in the admin. They are never deleted: what a person did keeps that person's name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

import plan_portal.foundation.reading_admin  # noqa: F401  # registers 読みの辞書
from plan_portal.foundation.admin_references import KeyReferenceAdmin
from plan_portal.foundation.history_entries import person
from plan_portal.foundation.organisations import ORGANISATION_OF_GROUP
from plan_portal.login.user_admin import LoginHelpAdmin
from plan_portal.roles import ROLES

NEVER_DELETED = (
    "利用者は消せません。異動や退職のときは「有効」の印を外します。ログインできなくなり、変更の記録には名前が残ります。"
)
TWO_KEYS = (
    "市と社協の両方には入れられません。連携は、2つの団体がべつべつに確かめて、合意します。どちらか1つを選んでください。"
)
LABELS = {
    "username": ("ログイン名", "半角の英数字で書きます。ほかの人と同じものは使えません。"),
    "last_name": ("姓", ""),
    "first_name": ("名", ""),
    "email": ("メール", ""),
    "is_active": ("有効", "異動や退職のときは、この印を外します。"),
    "is_staff": ("職員", "印を付けると、この管理画面にログインできます。"),
    "is_superuser": ("管理者", "すべてのことができ、利用者を登録できます。ふだんの仕事には付けません。"),
    "groups": ("所属と役割", "印を付けた所属の仕事ができます。1人に1つを選びます。"),
}
# Apps whose rights are given to nobody.
NOT_CONTENT = ("admin", "contenttypes", "sessions", "axes", "otp_totp", "otp_static")
VERBS = {"view": "見る", "add": "追加する", "change": "変更する", "delete": "消す"}


class OneOrganisation(forms.Form):
    """Nobody holds the keys of both organisations."""

    def clean_groups(self) -> QuerySet[Group]:
        groups: QuerySet[Group] = self.cleaned_data["groups"]
        if len({ORGANISATION_OF_GROUP[group.name] for group in groups if group.name in ORGANISATION_OF_GROUP}) > 1:
            raise ValidationError(TWO_KEYS)
        return groups


class NewPortalUserForm(OneOrganisation, UserCreationForm):  # type: ignore[type-arg]  # not subscriptable at run time
    pass


class PortalUserForm(OneOrganisation, UserChangeForm):  # type: ignore[type-arg]  # not subscriptable at run time
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        others = User.objects.filter(is_active=True, is_staff=True, is_superuser=True).exclude(pk=self.instance.pk)
        stays = data.get("is_active") and data.get("is_staff") and data.get("is_superuser")
        if self.instance.is_superuser and not stays and not others.exists():
            raise ValidationError("このままでは、管理者が1人もいなくなります。先に、ほかの管理者を登録してください。")
        return data


class PortalUserAdmin(LoginHelpAdmin):
    form = PortalUserForm
    add_form = NewPortalUserForm
    filter_horizontal = ()
    list_display = ("username", "full_name", "group_names", "is_active", "is_superuser", "last_login")
    list_filter = ("groups", "is_active", "is_superuser")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("username", "last_name", "first_name")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "last_name", "first_name", "email")}),
        ("できること", {"fields": ("is_active", "is_staff", "groups", "is_superuser"), "description": NEVER_DELETED}),
        ("日時", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "last_name", "first_name", "password1", "password2")}),
        ("できること", {"fields": ("is_staff", "groups")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in LABELS:
            field.label, field.help_text = LABELS[db_field.name]
        if db_field.name == "groups" and field is not None:
            field.widget = forms.CheckboxSelectMultiple(choices=field.widget.choices)
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description="名前", ordering="last_name")
    def full_name(self, obj: User) -> str:
        return person(obj)

    @admin.display(description="所属と役割")
    def group_names(self, obj: User) -> str:
        return "、".join(group.name for group in obj.groups.all())


class PermissionChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Django stores the names of permissions in English."""

    def label_from_instance(self, obj: Any) -> str:
        verb = VERBS.get(obj.codename.split("_", 1)[0], obj.codename)
        return f"{obj.content_type.name}を{verb}"


class PortalGroupAdmin(KeyReferenceAdmin, GroupAdmin):
    """The three groups of the portal keep their names: the rules for their staff hang on them."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # type: ignore[override]
        if db_field.name == "permissions":
            content = Permission.objects.exclude(codename__contains="_historical").exclude(
                content_type__app_label__in=NOT_CONTENT
            )
            kwargs["queryset"] = content.select_related("content_type").order_by("content_type", "pk")
            kwargs["form_class"] = PermissionChoices
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:  # noqa: ARG002
        return ("name",) if obj is not None and obj.name in ROLES else ()

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in ROLES)


# Importing their admin modules has registered Django's own, and the devices of the second factor, which nobody may look at.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])
admin.site.register(User, PortalUserAdmin)
admin.site.register(Group, PortalGroupAdmin)

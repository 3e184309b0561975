"""ログインの手助け: what an administrator can do for a colleague who does not get in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from plan_portal.foundation.admin_references import KeyReferenceAdmin
from plan_portal.foundation.history_entries import person
from plan_portal.login.actions import lift_lock, reset_second_factor
from plan_portal.login.forms import ReasonForm
from plan_portal.login.second_factor import codes_left, has_device

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOT_ONES_OWN = "自分のログインの確認は、画面の上の「ログインの確認」で変えます。"


class LoginHelpAdmin(KeyReferenceAdmin, UserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.login_view)
        return [path("<path:object_id>/login/", page, name="auth_user_login"), *super().get_urls()]

    def login_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user is None:
            raise Http404("この利用者はいません。")
        resets = request.method == "POST" and request.POST.get("step") == "reset"
        form = ReasonForm(request.POST if resets else None)
        if request.method == "POST" and self._helped(request, user, form, resets=resets):
            return HttpResponseRedirect(request.path)
        return TemplateResponse(request, "admin/login/help.html", self._context(request, user, form))

    def _helped(self, request: HttpRequest, user: User, form: ReasonForm, *, resets: bool) -> bool:
        """False for a form that needs mending."""
        if resets:
            if user.pk == request.user.pk:
                raise PermissionDenied(NOT_ONES_OWN)
            if not form.is_valid():
                return False
            reset_second_factor(user=user, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, "登録を消しました。本人が次にログインするときに、設定し直します。")
        elif lift_lock(user=user, by=request.user):
            messages.success(request, "制限を解きました。すぐにログインできます。")
        else:
            messages.info(request, "この利用者に、ログインの制限はかかっていません。")
        return True

    def _context(self, request: HttpRequest, user: User, form: ReasonForm) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "ログインの手助け",
            "name": person(user),
            "form": form,
            "known": has_device(user),
            "codes": codes_left(user),
            "own": user.pk == request.user.pk,
            "changelist_url": reverse("admin:auth_user_changelist"),
            "back_url": reverse("admin:auth_user_change", args=[user.pk]),
        }

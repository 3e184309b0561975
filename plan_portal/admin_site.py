"""The admin site of both organisations: Django's own, with the portal's name, きょうの仕事, and a kind refusal."""

from __future__ import annotations

from functools import wraps
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localdate

from plan_portal.foundation.admin import WaitingFilter
from plan_portal.login import second_factor
from plan_portal.login.forms import LoginForm
from plan_portal.login.pages import login_urls
from plan_portal.roles import roles_of, who_may
from plan_portal.todays_work import recent_changes, todays_work

PAGES_BY_RIGHT = {"add": "add", "change": "change", "delete": "delete", "simple_history": "change"}


class Task(NamedTuple):
    """A kind of fact that is 確認待ち, and how many records lack it."""

    words: str
    note: str
    owner: str
    number: int
    url: str


class PortalAdminSite(admin.AdminSite):
    site_header = site_title = "地域福祉計画ポータル 管理"
    index_title = "きょうの仕事"
    site_url = "/"
    empty_value_display = "（空）"
    login_form = LoginForm

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # A tick too many, and half a plan is gone: records are deleted one by one, each with its own question.
        self.disable_action("delete_selected")

    def get_urls(self) -> list[Any]:
        return [*login_urls(self), *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        """Who has given a password only, where a code is asked for too, may do nothing but log out."""
        if not super().has_permission(request):
            return False
        return not second_factor.is_missing(request) or request.path == reverse("admin:logout")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and second_factor.gave_password(request) and second_factor.is_missing(request):
            return redirect_to_login(second_factor.safe_next(request), second_factor.next_page(request.user))
        return super().login(request, extra_context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "staff_roles": roles_of(request)}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        work = {
            "work": todays_work(request.user),
            "recent": recent_changes() if roles_of(request) else [],
            "tasks": self.tasks(request),
            "today": localdate(),
        }
        return super().index(request, {**work, **(extra_context or {})})

    def tasks(self, request: HttpRequest) -> list[Task]:
        """What waits for this person's organisation, in the order of the plan. One query a kind of fact."""
        owners = {role.organisation for role in roles_of(request)}
        found = []
        for model, model_admin in self._registry.items():
            facts = [
                fact
                for fact in getattr(model_admin, "waiting", ())
                if fact.notice and (fact.owner in owners or request.user.is_superuser)
            ]
            if not facts or not model_admin.has_view_permission(request):
                continue
            opts = model._meta
            url = reverse(f"{self.name}:{opts.app_label}_{opts.model_name}_changelist")
            for fact in facts:
                count = model._default_manager.filter(fact.missing).count()
                query = f"{WaitingFilter.parameter_name}={fact.key}"
                if count:
                    found.append(Task(fact.notice, fact.note, fact.owner, count, f"{url}?{query}"))
        return found

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A refusal keeps the look of the admin and says who may."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response: HttpResponse = inner(request, *args, **kwargs)
            except PermissionDenied as refusal:
                response = self.refuse(request, str(refusal))
            add_never_cache_headers(response)  # Django's own leaves out the form of the password
            return response

        return guarded

    def refuse(self, request: HttpRequest, reason: str) -> HttpResponse:
        context = {**self.each_context(request), "title": "この操作はできません", "exception": reason}
        match = request.resolver_match
        parts = (match.url_name or "").split("_", 2) if match else []
        if len(parts) == 3:
            app_label, model_name, page = parts
            right = PAGES_BY_RIGHT.get(page, "view")
            context["who"] = who_may(app_label, f"{right}_{model_name}")
        return render(request, "403.html", context, status=403)

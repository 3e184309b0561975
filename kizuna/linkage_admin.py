"""連携 in the admin: the table of all pairs of goals, the list, and one page a linkage where both organisations take their steps.

Nothing is changed through Django's own forms: the page of a linkage stands at the address of the change form, and its
buttons take the steps of kizuna/actions.py.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from goals.models import BasicGoal
from kizuna import actions, matrix
from kizuna.linkage_desk import Desk
from kizuna.linkage_forms import version_of
from kizuna.linkage_page import LinkagePage, matrix_url
from kizuna.linkage_steps import DISCARDED
from kizuna.models import KizunaGoal, KizunaPlan, Linkage, LinkagePair, LinkageState, Standing, turn_of
from kizuna.staff_figure import staff_figure
from plan_portal.foundation.admin import PortalModelForm, SampleAdmin, Waiting, WaitingFilter
from plan_portal.foundation.fiscal_years import label
from plan_portal.foundation.organisations import Organisation, actor
from plan_portal.foundation.query_params import is_key

ONLY_SHAKYO = "この操作は〈社協の職員〉だけができます。〈市の職員〉は内容を読めます。"
NEVER_DELETED = "連携は消せません。終わりにするときは、連携のページで「解消を申し出る」を使ってください。"


class StandingFilter(admin.SimpleListFilter):
    title = "状態"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return [(standing.value, str(standing.label)) for standing in Standing]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        value = self.value()
        if value is None:
            return queryset
        if value not in Standing.values:
            raise admin.options.IncorrectLookupParameters(value)
        if value == Standing.AGREED:
            return queryset.filter(state=LinkageState.AGREED)
        if value in (Standing.NONE, Standing.ENDED):
            state = LinkageState.ENDED if value == Standing.ENDED else LinkageState.PROPOSED
            return queryset.filter(state=state, proposal__isnull=True)
        return queryset.filter(proposal__state=value).exclude(state=LinkageState.AGREED)


@admin.register(Linkage)
class LinkageAdmin(SampleAdmin):
    form = PortalModelForm
    joined = ("goal__plan", "kizuna_goal__plan__city_plan", "proposal")
    counts = {"pairs_n": "pairs"}
    list_display = ["goal", "kizuna_goal", "standing", "turn", "pair_count", "since_year", "agreed_on", "sample_mark"]
    list_display_links = ["goal", "kizuna_goal"]
    list_filter = [WaitingFilter, StandingFilter, "goal__plan", "goal", "kizuna_goal", "is_sample"]
    search_fields = ["search_text"]
    date_hierarchy = "agreed_on"
    change_list_template = "admin/kizuna/linkage/change_list.html"
    object_history_template = "admin/kizuna/linkage/history.html"
    child_history = ((LinkagePair, "linkage", "連携の組の記録"),)
    waiting = [Waiting(side.value, f"{side.label}の番", turn_of(side)) for side in Organisation]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("matrix/", view(self.matrix_view), name="kizuna_linkage_matrix"),
            path("figure/", view(self.figure_view), name="kizuna_linkage_figure"),
            path("<int:goal>/<int:kizuna_goal>/new/", view(self.new_view), name="kizuna_linkage_new"),
            path("<path:object_id>/discard/", view(self.discard_view), name="kizuna_linkage_discard"),
        ]
        return own + super().get_urls()

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Linkage | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Linkage | None = None) -> bool:  # noqa: ARG002
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        if lookup in ("pairs__initiative__id__exact", "pairs__item__id__exact"):
            return True
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description="状態")
    def standing(self, obj: Linkage) -> str:
        return str(obj.standing.label)

    @admin.display(description="だれの番")
    def turn(self, obj: Linkage) -> str:
        return "なし" if obj.turn is None else str(obj.turn.label)

    @admin.display(description="始まる年度", ordering="since")
    def since_year(self, obj: Linkage) -> str:
        return "" if obj.since is None else label(obj.since)

    @admin.display(description="合意した組", ordering="pairs_n")
    def pair_count(self, obj: Any) -> str:
        return f"{obj.pairs_n}組"

    def matrix_view(self, request: HttpRequest) -> HttpResponse:
        self._check_view(request)
        plans, shown = self._plans(request)
        who = actor(request.user)
        table = None if shown is None else matrix.build(shown, who)
        context = {"title": "連携の記録", "matrix": table, "plans": plans, "shown": shown, "who": who}
        return self._render(request, "matrix", context)

    def figure_view(self, request: HttpRequest) -> HttpResponse:
        """The figure with what the city has to answer."""
        self._check_view(request)
        plans, shown = self._plans(request)
        figure = {} if shown is None else staff_figure(shown.city_plan)
        title = "図で見る" if shown is None else f"{shown.city_plan.figure_label}（市の確認待ちも見る）"
        return self._render(request, "figure", {"title": title, "plans": plans, "shown": shown, **figure})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """The page of one linkage; its buttons send to the same address."""
        desk = self._desk(request, object_id)
        return self._not_there(request) if desk is None else self._page(LinkagePage(request, desk))

    def new_view(self, request: HttpRequest, goal: int, kizuna_goal: int) -> HttpResponse:
        """Where 社協 begins. Looking changes nothing: the first save begins the proposal."""
        self._check_view(request)
        city_end = BasicGoal.objects.select_related("plan").filter(pk=goal).first()
        other_end = KizunaGoal.objects.select_related("plan__city_plan").filter(pk=kizuna_goal).first()
        if city_end is None or other_end is None or other_end.plan.city_plan_id != city_end.plan_id:
            return self._not_there(request)
        found = self.get_queryset(request).filter(goal=city_end, kizuna_goal=other_end).first()
        desk = Desk(found or Linkage(goal=city_end, kizuna_goal=other_end), request.user)
        self._check_shakyo(desk)
        if desk.proposal is not None and request.method != "POST":
            messages.info(request, "この組み合わせの提案は、もうあります。続きを書いてください。")
            return HttpResponseRedirect(reverse("admin:kizuna_linkage_change", args=[desk.linkage.pk]))
        return self._page(LinkagePage(request, desk, new=True))

    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        desk = self._desk(request, object_id)
        if desk is None:
            return self._not_there(request)
        self._check_shakyo(desk)
        if "write" not in desk.offers:
            messages.warning(request, "捨てられるのは、書いている提案だけです。何もしていません。")
            return HttpResponseRedirect(reverse("admin:kizuna_linkage_change", args=[desk.linkage.pk]))
        if request.method != "POST":
            return self._render(request, "discard", {"title": "提案を捨てる", "desk": desk, "original": desk.linkage})
        try:
            actions.discard(
                user=request.user, linkage=desk.linkage, version=version_of(request.POST.get("version", ""))
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.path)
        messages.success(request, DISCARDED)
        return HttpResponseRedirect(matrix_url(desk.linkage))

    def add_view(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        """A linkage begins in the table, where its two ends are chosen."""
        self._check_view(request)
        if not actor(request.user).may_decide_for(Organisation.SHAKYO):
            raise PermissionDenied(ONLY_SHAKYO)
        return HttpResponseRedirect(reverse("admin:kizuna_linkage_matrix"))

    def delete_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        if self._desk(request, object_id) is None:
            return self._not_there(request)
        raise PermissionDenied(NEVER_DELETED)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        desk = self._desk(request, object_id)
        log = [] if desk is None else desk.log
        return super().history_view(request, object_id, {"log": log, **(extra_context or {})})

    def _check_view(self, request: HttpRequest, linkage: Linkage | None = None) -> None:
        if not self.has_view_permission(request, linkage):
            raise PermissionDenied

    def _check_shakyo(self, desk: Desk) -> None:
        if not desk.who.may_decide_for(Organisation.SHAKYO):
            raise PermissionDenied(ONLY_SHAKYO)

    def _desk(self, request: HttpRequest, object_id: str) -> Desk | None:
        self._check_view(request)
        linkage = self.get_object(request, object_id) if is_key(object_id) else None
        return None if linkage is None else Desk(linkage, request.user)

    def _not_there(self, request: HttpRequest) -> HttpResponse:
        messages.warning(request, "その連携はありません。表から選んでください。")
        return HttpResponseRedirect(reverse("admin:kizuna_linkage_matrix"))

    def _plans(self, request: HttpRequest) -> tuple[list[KizunaPlan], KizunaPlan | None]:
        """All that can be shown, and the one that is."""
        plans, wanted = matrix.plans_side_by_side(), request.GET.get("plan")
        shown = next((one for one in plans if wanted in (None, str(one.city_plan_id))), None)
        if shown is None and wanted is not None:
            messages.warning(request, "その計画は見つかりませんでした。別の計画を表示しています。")
            shown = plans[0] if plans else None
        return plans, shown

    def _page(self, page: LinkagePage) -> HttpResponse:
        target = page.post() if page.request.method == "POST" else ""
        return HttpResponseRedirect(target) if target else self._render(page.request, "page", page.context())

    def _render(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/kizuna/linkage/{name}.html", shared | context)

"""The SDGs and what the plan does for each, for citizens."""

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from plan_portal.foundation.neighbours import neighbours
from sdgs.models import GoalSdgLink, Sdg, SdgIcon

_ONE_YEAR = 365 * 24 * 60 * 60


@require_safe
def sdg_list(request: HttpRequest) -> HttpResponse:
    """The 17 goals, those that the plan names marked."""
    plan = plan_or_404(request)
    sdgs = (
        Sdg.objects.in_order()
        .with_icon()
        .with_named_in(plan)
        .annotate(goal_count=Count("goal_links", filter=Q(goal_links__goal__plan=plan)))
    )
    return render(request, "sdgs/sdg_list.html", {"sdgs": sdgs})


@require_safe
def sdg_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One SDG: which 基本目標 serve it, and why."""
    plan = plan_or_404(request)
    sdgs = list(Sdg.objects.in_order().with_icon().with_named_in(plan))
    sdg = next((sdg for sdg in sdgs if sdg.number == number), None)
    if sdg is None:
        raise Http404("ＳＤＧｓのゴールは、1から17までです。")
    previous, following = neighbours(sdgs, sdg)
    context = {
        "sdg": sdg,
        "shown": [sdg],
        "previous": previous,
        "following": following,
        "links": GoalSdgLink.objects.for_plan(plan).filter(sdg=sdg).select_related("goal").in_plan_order(),
    }
    return render(request, "sdgs/sdg_detail.html", context)


@require_safe
def sdg_icon(request: HttpRequest, number: int) -> HttpResponse:
    """The icon that the city uploaded. Kept by browsers for good under the address that names this very picture."""
    icon = SdgIcon.objects.filter(sdg__number=number).defer("image").first()
    if icon is None:
        raise Http404("このゴールのアイコンは、ありません。")
    etag = f'"{icon.digest}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        bytes(icon.image), content_type=icon.media_type
    )
    response["ETag"] = etag
    if request.GET.get("v") == icon.digest:
        patch_cache_control(response, public=True, max_age=_ONE_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response

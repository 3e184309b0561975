"""更新情報 for citizens."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan_portal.foundation.models import PublishedChange
from plan_portal.foundation.query_params import is_key, optional_number
from plan_portal.updates.entries import ALONE, AMONG_OTHERS, entry

PER_PAGE = 20


@require_safe
def updates_page(request: HttpRequest) -> HttpResponse:
    """Published changes, newest first; with ?u= one of them, whose address stays when newer ones come."""
    if request.GET.get("u"):
        return render(request, "updates/update.html", {"entry": entry(_change(request.GET["u"]), ALONE)})
    number = optional_number(request.GET, "page") or 1
    page = Paginator(PublishedChange.objects.newest_first(), PER_PAGE).get_page(number)
    entries = [entry(change, AMONG_OTHERS) for change in page.object_list]
    return render(request, "updates/updates.html", {"page": page, "entries": entries})


def _change(key: str) -> PublishedChange:
    """Raises Http404."""
    change = PublishedChange.objects.filter(pk=int(key)).first() if is_key(key) else None
    if change is None:
        raise Http404("この更新情報はありません。")
    return change

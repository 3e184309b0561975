"""The plan that citizens see now. The roof sets it on each request, so that a page asks the database once."""

from django.http import Http404, HttpRequest

from goals.models import Plan


def plan_or_404(request: HttpRequest) -> Plan:
    """The 現行 plan of this request. Raises Http404, in plain words, while there is none."""
    plan: Plan | None = getattr(request, "plan", None)
    if not plan:
        raise Http404("公開中の計画は、まだありません。")
    return plan

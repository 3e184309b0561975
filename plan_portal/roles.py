"""The groups of staff, as the migration makes them, and how the admin names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import Group

from plan_portal.foundation.admin import CITY, SHAKYO

if TYPE_CHECKING:
    from django.http import HttpRequest

CITY_EDITORS, CITY_APPROVERS = "市・編集", "市・承認"
CITY_STAFF, SHAKYO_STAFF, ADMINISTRATOR = "市の職員", "社協の職員", "管理者"


class Role(NamedTuple):
    word: str  # on the chip in the header
    organisation: str
    shape: str  # the organisation again, as a shape: never by colour alone


ROLES = {
    CITY_EDITORS: Role(CITY_EDITORS, CITY, "city"),
    CITY_APPROVERS: Role(CITY_APPROVERS, CITY, "city"),
    SHAKYO: Role(SHAKYO, SHAKYO, "shakyo"),
}
EVERYTHING = Role(ADMINISTRATOR, "", "admin")


def roles_of(request: HttpRequest) -> list[Role]:
    """The roles of the person at the screen. Asks the database once a request."""
    user: Any = request.user
    if not user.is_active or not user.is_staff:
        return []
    if user.is_superuser:
        return [EVERYTHING]
    known: list[Role] | None = getattr(request, "_staff_roles", None)
    if known is None:
        names = user.groups.order_by("pk").values_list("name", flat=True)
        known = [ROLES[name] for name in names if name in ROLES]
        request._staff_roles = known  # type: ignore[attr-defined]
    return known


def who_may(app_label: str, codename: str) -> str:
    """「市の職員」「社協の職員」…: whoever holds this permission, as the page for a refused request names them."""
    groups = Group.objects.filter(permissions__content_type__app_label=app_label, permissions__codename=codename)
    names = set(groups.values_list("name", flat=True))
    if names == {CITY_APPROVERS}:
        return "市の承認者"
    words = [CITY_STAFF] if names & {CITY_EDITORS, CITY_APPROVERS} else []
    words += [SHAKYO_STAFF] if SHAKYO in names else []
    return "と".join(words) or ADMINISTRATOR

"""The two organisations, and for which of them a member of staff acts. It follows from the person's group alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db import models


class Organisation(models.TextChoices):
    CITY = "city", "市"
    SHAKYO = "shakyo", "社協"

    @property
    def other(self) -> Organisation:
        return Organisation.SHAKYO if self is Organisation.CITY else Organisation.CITY


CITY_EDITORS, CITY_APPROVERS, SHAKYO_STAFF = "市・編集", "市・承認", "社協"
ORGANISATION_OF_GROUP = {
    CITY_EDITORS: Organisation.CITY,
    CITY_APPROVERS: Organisation.CITY,
    SHAKYO_STAFF: Organisation.SHAKYO,
}
APPROVING_GROUPS = (CITY_APPROVERS, SHAKYO_STAFF)
APPROVERS_OF = {Organisation.CITY: "市の承認者", Organisation.SHAKYO: "社協の職員"}


@dataclass(frozen=True)
class Actor:
    """Somebody who takes a step.

    organisation: None for an account that is not of staff, is deactivated, is in none of the groups (such as `admin`), or is in
    groups of both organisations. decides: may agree, approve and publish for the organisation.
    """

    user_id: int | None
    organisation: Organisation | None
    decides: bool

    def may_decide_for(self, organisation: Organisation | None) -> bool:
        return self.decides and self.organisation is organisation


def actor(user: Any) -> Actor:
    """Asks the database each time for account and groups: both may have changed since the person logged in. One query."""
    groups = Group.objects.filter(user__pk=user.pk, user__is_active=True, user__is_staff=True)
    names = set(groups.order_by("pk").values_list("name", flat=True))
    organisations = {ORGANISATION_OF_GROUP[name] for name in names if name in ORGANISATION_OF_GROUP}
    if len(organisations) != 1:
        return Actor(user.pk, None, decides=False)
    return Actor(user.pk, organisations.pop(), decides=bool(names & set(APPROVING_GROUPS)))

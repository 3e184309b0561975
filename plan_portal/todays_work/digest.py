"""A mail to an organisation while linkages wait for its answer: at most one a day, none when nothing waits. Off unless PORTAL_MAIL=1."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from plan_portal.foundation.organisations import APPROVING_GROUPS, ORGANISATION_OF_GROUP, Actor, Organisation, actor
from plan_portal.models import SentDigest
from plan_portal.todays_work.linkages import linkage_work
from plan_portal.todays_work.work import Work

SUBJECT = "【地域福祉計画ポータル】返事を待っている連携が{}件あります"
FOOT = "このメールは、返事を待っている連携がある日に、1日に1通だけ送ります。"


def send_digests() -> dict[Organisation, int]:
    """Send what is due; the number of addresses for each organisation that was written to.

    Raises what the mail server raises; that organisation's mail then counts as not sent.
    """
    if not settings.PORTAL_MAIL:
        return {}
    return {organisation: number for organisation in Organisation if (number := _send(organisation))}


@transaction.atomic
def _send(organisation: Organisation) -> int:
    waiting = [work for work in linkage_work(Actor(None, organisation, decides=True)) if work.mine and work.answers]
    addresses = _addresses(organisation)
    if not waiting or not addresses:
        return 0
    _, is_first = SentDigest.objects.get_or_create(organisation=organisation, day=localdate())
    if not is_first:
        return 0
    # One mail to nobody in particular: staff do not see each other's addresses.
    EmailMessage(SUBJECT.format(len(waiting)), _body(waiting), bcc=addresses).send()
    return len(addresses)


def _addresses(organisation: Organisation) -> list[str]:
    groups = [name for name in APPROVING_GROUPS if ORGANISATION_OF_GROUP[name] is organisation]
    people = get_user_model()._default_manager.filter(
        ~Q(email=""), is_active=True, is_staff=True, groups__name__in=groups
    )
    return [user.email for user in people.order_by("pk").distinct() if actor(user).organisation is organisation]


def _body(waiting: Sequence[Work]) -> str:
    lines = [f"・{work.kind}：{work.title}\n　{work.who} {work.when}" for work in waiting]
    where = f"「きょうの仕事」を開いてください：{settings.PORTAL_URL.rstrip('/')}{reverse('admin:index')}"
    return "\n".join(["返事を待っている連携があります。", "", *lines, "", where, "", FOOT, ""])

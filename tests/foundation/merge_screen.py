"""What two browsers send about one record, and what the screen that asks for a choice says."""

import html
import re
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from sdgs.models import GoalSdgLink
from tests.plan_portal.admin_world import seen

_FIELD = re.compile(r'<input[^>]*type="hidden"[^>]*>')


def address(record: Any, page: str = "change", *args: object) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk, *args])


def text_of(response: HttpResponse) -> str:
    """The words of a page, without marks."""
    return html.unescape(re.sub(r"<[^>]*>", "", response.content.decode()))


def hidden(response: HttpResponse) -> dict[str, Any]:
    """What the browser sends of the merge screen before anybody chooses."""
    form = response.content.decode().partition('id="content-main"')[2]
    sent: dict[str, Any] = {}
    for field in _FIELD.findall(form):
        name, value = (
            html.unescape(re.search(rf'{key}="([^"]*)"', field).group(1)) if f'{key}="' in field else ""
            for key in ("name", "value")
        )
        sent.setdefault(name, []).append(value)
    return {name: values if name == "choose" else values[0] for name, values in sent.items()} | {"_save": "1"}


def body(link: GoalSdgLink, **differences: object) -> dict:
    return {
        "edit_version": seen(link),
        "goal": link.goal_id,
        "sdg": link.sdg_id,
        "reason": link.reason,
        "confirmation": link.confirmation,
    } | differences

"""更新情報 as an Atom feed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from plan_portal.foundation.models import PublishedChange
from plan_portal.updates.entries import ALONE, entry

NEWEST = 30
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml_text(text: str) -> str:
    """Without the characters that no XML document may hold; Django refuses to write them."""
    return _NOT_XML.sub("", text)


class _WithContent(Atom1Feed):
    """Atom with <content> beside <summary>. Without entries it never changes."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else _NEVER

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class UpdatesFeed(Feed):  # type: ignore[type-arg]  # not subscriptable at run time
    """The newest changes. Authors are organisations."""

    feed_type = _WithContent
    link = reverse_lazy("updates")
    subtitle = "計画のページで何が変わったか"
    # None: the generator makes a tag: id from the day and the address of the change, neither of which ever changes.
    item_guid = None

    def get_object(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpRequest:
        return request

    def title(self, request: HttpRequest) -> str:
        plan = request.plan  # type: ignore[attr-defined]
        return _xml_text(f"{plan.municipality if plan else ''} 地域福祉計画ポータル 更新情報".strip())

    def items(self) -> Sequence[PublishedChange]:
        return list(PublishedChange.objects.newest_first()[:NEWEST])

    def item_title(self, item: PublishedChange) -> str:
        return _xml_text(item.title)

    def item_description(self, item: PublishedChange) -> str:
        return _xml_text(escape(item.summary))

    def item_author_name(self, item: PublishedChange) -> str:
        return item.get_by_display()

    def item_pubdate(self, item: PublishedChange) -> datetime:
        return item.at

    def item_updateddate(self, item: PublishedChange) -> datetime:
        return item.at

    def item_extra_kwargs(self, item: PublishedChange) -> dict[str, Any]:
        return {"content": _xml_text(render_to_string("updates/_entry.html", {"entry": entry(item, ALONE)}))}

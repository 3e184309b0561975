"""Template tags that every page uses."""

from datetime import date

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kizuna.figure.palette import colour_number
from plan_portal.foundation import numerals
from plan_portal.foundation import text as text_tools
from plan_portal.foundation.json_ld import data_block
from plan_portal.foundation.phrases import breakable
from plan_portal.foundation.search_text import hits, terms
from plan_portal.static_storage import BUNDLE, PARTS

register = template.Library()
_REIWA_BEGAN = date(2019, 5, 1)


@register.filter
def phrases(text: str) -> SafeString:
    """Escape `text` and allow line breaks between its phrases: 地域福祉活動の<wbr>推進."""
    return mark_safe(breakable(str(text)))  # noqa: S308  # escaped there


@register.filter
def marked(text: str, query: str) -> SafeString:
    """Escape `text` and mark the words of `query` in it, whatever their width or kana."""
    pieces, end = [], 0
    for start, stop in hits(text, terms(query)):
        pieces.append(format_html("{}<mark>{}</mark>", text[end:start], text[start:stop]))
        end = stop
    return format_html("{}{}", mark_safe("".join(pieces)), text[end:])  # noqa: S308  # each is escaped


register.filter("paragraphs", text_tools.paragraphs)


@register.filter
def japanese_date(day: date) -> str:
    """令和8年11月20日, as dates stand on every page."""
    era_year = day.year - _REIWA_BEGAN.year + 1
    if day < _REIWA_BEGAN:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"令和{'元' if era_year == 1 else era_year}年{day.month}月{day.day}日"


@register.filter
def full_width(number: int) -> str:
    """7 → ７, for a number in a sentence of the plan's own style."""
    return numerals.full_width(number)


register.simple_tag(data_block, name="json_ld")
register.filter("goal_colour", colour_number)


@register.filter
def lines(text: str) -> SafeString:
    """Escape `text` and keep its single line breaks."""
    return mark_safe("<br>".join(conditional_escape(line) for line in str(text).splitlines()))  # noqa: S308


@register.simple_tag
def portal_styles() -> SafeString:
    """The style sheet of the portal; its parts, one by one, while developing."""
    sheets = PARTS if settings.DEBUG else (BUNDLE,)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in sheets))

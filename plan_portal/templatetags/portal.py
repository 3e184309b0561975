"""Template tags that every page uses."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import accumulate, pairwise
from typing import Any

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kizuna.figure.palette import colour_number
from plan_portal.foundation import fiscal_years, numerals
from plan_portal.foundation import text as text_tools
from plan_portal.foundation.addresses import address
from plan_portal.foundation.json_ld import breadcrumb_list, data_block
from plan_portal.foundation.phrases import breakable
from plan_portal.foundation.phrases import phrases as phrases_of
from plan_portal.foundation.search_text import hits, terms
from plan_portal.paper.engine import available
from plan_portal.static_storage import BUNDLE, PARTS

register = template.Library()
_REIWA_BEGAN = date(2019, 5, 1)
_WAITING = mark_safe('<span class="mark mark--wait">確認待ち</span>')


@register.filter
def phrases(text: str) -> SafeString:
    """Escape `text` and allow line breaks between its phrases: 地域福祉活動の<wbr>推進."""
    return mark_safe(breakable(str(text)))  # noqa: S308  # escaped there


@register.filter
def marked(text: str, query: str) -> SafeString:
    """Escape `text` and mark the words of `query` in it, whatever their spelling."""
    return _marked((text,), query)


@register.filter
def marked_phrases(text: str, query: str) -> SafeString:
    """As `marked`, for a title: it may break between its phrases."""
    return _marked(phrases_of(text), query)


def _marked(parts: Sequence[str], query: str) -> SafeString:
    """The parts as one text, a <wbr> between them, also within a mark."""
    spans = hits("".join(parts), terms(query))
    opens, closes = {start for start, _ in spans}, {stop for _, stop in spans}
    breaks = set(accumulate(map(len, parts[:-1])))
    edges = sorted(opens | closes | breaks | {0, sum(map(len, parts))})
    pieces = []
    for start, stop in pairwise(edges):
        pieces += ["</mark>" if start in closes else "", "<wbr>" if start in breaks else ""]
        pieces += ["<mark>" if start in opens else "", conditional_escape("".join(parts)[start:stop])]
    pieces.append("</mark>" if edges[-1] in closes else "")
    return mark_safe("".join(pieces))  # noqa: S308  # the text is escaped piece by piece


@register.filter
def or_waiting(text: str) -> str:
    """The text, or where nothing is known the mark 確認待ち."""
    return text or _WAITING


register.filter("paragraphs", text_tools.paragraphs)
register.filter("listed", text_tools.listed)
register.filter("fiscal_year", fiscal_years.label)


@register.filter(expects_localtime=True)
def japanese_date(moment: date) -> str:
    """令和8年11月20日, as dates stand on every page."""
    day = moment.date() if isinstance(moment, datetime) else moment
    era_year = day.year - _REIWA_BEGAN.year + 1
    if day < _REIWA_BEGAN:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"令和{'元' if era_year == 1 else era_year}年{day.month}月{day.day}日"


@register.filter(expects_localtime=True)
def japanese_moment(moment: datetime) -> str:
    """令和8年11月20日 9:05"""
    return f"{japanese_date(moment)} {moment.hour}:{moment.minute:02}"


@register.filter
def full_width(number: int) -> str:
    """7 → ７, for a number in a sentence of the plan's own style."""
    return numerals.full_width(number)


@register.filter
def any_icon(shown: Iterable[Any]) -> bool:
    """Whether one of these SDGs, or of these records that name an SDG, has an icon."""
    return any(hasattr(getattr(one, "sdg", one), "icon") for one in shown)


register.simple_tag(data_block, name="json_ld")
register.filter("goal_colour", colour_number)


@register.filter
def lines(text: str) -> SafeString:
    """Escape `text` and keep its single line breaks."""
    return mark_safe("<br>".join(conditional_escape(line) for line in str(text).splitlines()))  # noqa: S308


@register.simple_tag
def pdf_link(document: str, *numbers: int) -> SafeString:
    """A link to the page as PDF, where the portal can make it. document: its name in plan_portal/paper/urls.py."""
    if not available():
        return SafeString("")
    link = '<p class="no-print lead"><a class="go" href="{}">PDFで保存する（印刷用）</a></p>'
    return format_html(link, address(f"pdf:{document}", *numbers))


@register.simple_tag
def portal_styles() -> SafeString:
    """The style sheet of the portal; its parts, one by one, while developing."""
    sheets = PARTS if settings.DEBUG else (BUNDLE,)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in sheets))


class _Capture(template.Node):
    """Not Django's simple_block_tag, whose blocks know no block.super."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        context[self.name] = self.nodelist.render(context)
        return SafeString()


@register.tag
def capture(parser: Parser, token: Token) -> _Capture:
    """{% capture name %}…{% endcapture %}: what stands between is kept as `name`, to be written in several places."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _Capture(name, nodelist)


@register.simple_tag(takes_context=True)
def canonical(context: Context) -> str:
    """The one absolute address of this page.

    Of the query only the `page` of a list makes another page. Stress of the figure, furigana and what others add
    to our addresses (utm_source) are left out.
    """
    page = context.get("page")
    query = f"?page={page.number}" if page and page.number > 1 else ""
    return str(context["request"].build_absolute_uri(context["request"].path + query))


@register.simple_tag(takes_context=True)
def absolute(context: Context, name: str) -> str:
    """The absolute address of the page `name`."""
    return str(context["request"].build_absolute_uri(address(name)))


@register.simple_tag(takes_context=True)
def breadcrumb_data(context: Context, crumbs: str) -> SafeString:
    """`crumbs`, the items of the visible breadcrumb, once more for search engines; nothing on the first page."""
    data = breadcrumb_list(crumbs, context["request"].build_absolute_uri)
    return data_block(data) if len(data["itemListElement"]) > 1 else SafeString()

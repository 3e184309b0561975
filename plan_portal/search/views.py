"""さがす: the page on which citizens search."""

from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from goals.outline import outline
from plan_portal.foundation.forms import Chip, GetForm, SearchTermField
from plan_portal.foundation.query_params import optional_number
from plan_portal.foundation.search_text import MOST_WORDS, fold
from plan_portal.search.results import Kind, find

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked for; kind None means every kind."""

    q: str = ""
    kind: Kind | None = None

    @property
    def words(self) -> list[str]:
        """The words that are searched for, as typed."""
        return self._typed[:MOST_WORDS]

    @property
    def is_cut(self) -> bool:
        """Whether more words were typed than are searched for."""
        return len(self._typed) > MOST_WORDS

    @property
    def _typed(self) -> list[str]:
        return [word for word in self.q.split() if fold(word)]


class SearchForm(GetForm):
    """The one field of the search page; the kind is chosen by links beside the results."""

    q = SearchTermField(label="さがすことば", required=False)
    kind = forms.TypedChoiceField(
        label="種類", required=False, choices=[("", "すべて"), *Kind.choices], coerce=Kind, empty_value=None
    )
    submit_label = "検索"

    def value(self) -> SearchQuery:
        """What the form asks for; nothing while it is in error."""
        return SearchQuery(**self.cleaned_data) if self.is_valid() else SearchQuery()

    def chips(self) -> list[Chip]:
        """Only the kind: the words stand in the field."""
        kind = self.value().kind
        return [Chip(self._chip_text("kind", kind), self._query_without("kind"))] if kind else []


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """An empty form, results, or an error that says what to change."""
    plan = plan_or_404(request)
    page_number = optional_number(request.GET, "page") or 1
    form = SearchForm(request.GET)
    query = form.value()
    found = find(plan, query.q)
    page = Paginator(found.of(query.kind), PER_PAGE).get_page(page_number)
    context = {
        "form": form,
        "query": query,
        "found": found,
        "page": page,
        "groups": found.groups(page.object_list, page.start_index() - 1, kind=query.kind),
        "chips": form.chips(),
        "doors": outline(plan) if query.q and not found.results else (),
    }
    return render(request, "search/search.html", context, status=200 if form.is_valid() else 400)

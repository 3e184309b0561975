"""Folded words as a condition on folded columns."""

from functools import reduce
from operator import and_, or_

from django.db.models import Q

from plan_portal.foundation.search_text import spellings


def holding(words: list[str], *columns: str) -> Q:
    """That each of the folded `words` stands, in any of its spellings, in one of the folded columns."""
    return reduce(and_, (_holding_one(word, columns) for word in words), Q())


def _holding_one(word: str, columns: tuple[str, ...]) -> Q:
    return reduce(or_, (Q(**{f"{column}__contains": each}) for column in columns for each in spellings(word)))

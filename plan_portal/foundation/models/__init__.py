"""Abstract models and constraints that several apps share, and the portal's own 読みの辞書."""

from plan_portal.foundation.models.abstract import (
    EditionModel,
    SampleModel,
    SearchableModel,
    not_blank,
    numbered,
    one_of,
    period_in_order,
    sample_named,
)
from plan_portal.foundation.models.reading import Reading

__all__ = [
    "EditionModel",
    "Reading",
    "SampleModel",
    "SearchableModel",
    "not_blank",
    "numbered",
    "one_of",
    "period_in_order",
    "sample_named",
]

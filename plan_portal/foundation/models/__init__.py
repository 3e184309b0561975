"""Abstract models and constraints that several apps share, and the portal's own 読みの辞書."""

from plan_portal.foundation.append_only import AppendOnlyModel, HistoryModel, StepModel
from plan_portal.foundation.models.abstract import (
    SAMPLE_NOT_NAMED,
    SAMPLE_WORD,
    EditionModel,
    SampleModel,
    SearchableModel,
    not_blank,
    numbered,
    one_of,
    period_in_order,
    sample_named,
)
from plan_portal.foundation.models.draft import Draft, DraftedModel, DraftState, DraftStep
from plan_portal.foundation.models.published_change import PublishedChange
from plan_portal.foundation.models.reading import Reading

__all__ = [
    "SAMPLE_NOT_NAMED",
    "SAMPLE_WORD",
    "AppendOnlyModel",
    "Draft",
    "DraftState",
    "DraftStep",
    "DraftedModel",
    "EditionModel",
    "HistoryModel",
    "PublishedChange",
    "Reading",
    "SampleModel",
    "SearchableModel",
    "StepModel",
    "not_blank",
    "numbered",
    "one_of",
    "period_in_order",
    "sample_named",
]

"""Drafts of text that is not published yet."""

import factory
from django.contrib.contenttypes.models import ContentType

from plan_portal.foundation.drafts.content import values_of
from plan_portal.foundation.models import Draft, DraftStep
from tests.factories.base import Counted
from tests.factories.content import InitiativeFactory


class DraftFactory(Counted):
    """A 下書き of a 取組 with another やさしい日本語; `record=` for a draft of something else, `changed={…}` for what it changes."""

    class Meta:
        model = Draft
        exclude = ("record", "changed")

    record = factory.SubFactory(InitiativeFactory)
    changed = factory.Sequence(lambda n: {"summary_easy": f"下書きの文{n}"})
    content_type = factory.LazyAttribute(lambda draft: ContentType.objects.get_for_model(draft.record))
    object_id = factory.LazyAttribute(lambda draft: draft.record.pk)
    base = factory.LazyAttribute(lambda draft: values_of(draft.record))
    values = factory.LazyAttribute(lambda draft: {**draft.base, **draft.changed})


class DraftStepFactory(Counted):
    """A 下書き保存 of a draft of its own."""

    class Meta:
        model = DraftStep
        exclude = ("draft",)

    draft = factory.SubFactory(DraftFactory)
    draft_id = factory.LazyAttribute(lambda step: step.draft.pk)
    content_type = factory.LazyAttribute(lambda step: step.draft.content_type)
    object_id = factory.LazyAttribute(lambda step: step.draft.object_id)
    name = factory.LazyAttribute(lambda step: f"取組「{step.draft.values['title']}」")
    step = DraftStep.Step.SAVED
    person_id = factory.Sequence(lambda n: n)
    values = factory.LazyAttribute(lambda step: step.draft.values)

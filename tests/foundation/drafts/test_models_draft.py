"""Drafts in the database: one a record, in a known state, and removing only what is published."""

import pytest
from django.contrib.contenttypes.models import ContentType

from initiatives.models import Initiative
from plan_portal.foundation.models import Draft
from tests import factories as f


def broken(**values: object) -> Draft:
    draft = f.DraftFactory()
    for name, value in values.items():
        setattr(draft, name, value)
    return draft


def second_draft() -> Draft:
    first, second = f.DraftFactory(), f.DraftFactory()
    second.object_id = first.object_id
    return second


CONSTRAINTS = {
    "draft_one_per_record": second_draft,
    "draft_state_known": lambda: broken(state="?"),
    "draft_removes_what_is_public": lambda: broken(removes=True, object_id=None),
}


@pytest.mark.django_db
class TestDrafts:
    def test_new_records_have_any_number_of_drafts(self) -> None:
        kind = ContentType.objects.get_for_model(Initiative)
        drafts = [Draft.objects.create(content_type=kind, values={"title": title}) for title in ("一", "二")]
        assert list(Draft.objects.of_new(Initiative).in_order()) == drafts
        assert [str(draft) for draft in drafts] == ["取組「一」の下書き", "取組「二」の下書き"]

    def test_the_draft_of_a_record(self) -> None:
        draft = f.DraftFactory()
        f.DraftFactory()
        assert list(Draft.objects.of(Initiative.objects.get(pk=draft.object_id))) == [draft]

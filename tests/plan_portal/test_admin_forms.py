"""The forms of the admin hold all that staff may write."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.test import RequestFactory

from plan_portal.foundation.models import DraftedModel
from tests import factories as f
from tests.plan_portal.test_admin_site import CONTENT, NAMES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", CONTENT, ids=NAMES)
def test_every_field_that_staff_may_write_stands_in_the_form(model: type, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = f.UserFactory(is_superuser=True, is_staff=True)
    model_admin = admin.site._registry[model]
    shown = set(flatten_fieldsets(model_admin.get_fieldsets(request))) - set(model_admin.readonly_fields)
    beside = {"reason", "message"} if issubclass(model, DraftedModel) else set()
    assert {field.name for field in model._meta.fields if field.editable and not field.primary_key} | beside == shown

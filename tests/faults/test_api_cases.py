"""Cases that schemathesis makes from the API's own description: what fits it and what does not. Each answer is as described."""

from collections import Counter
from itertools import product

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from schemathesis import GenerationMode

from plan_portal.content import load_plan, load_sample
from tests.faults.conftest import Times
from tests.plan_portal.cached_reader import connection_stays_open

pytestmark = pytest.mark.django_db

CASES = 2_000


def test_every_answer_of_the_api_is_as_described(times: Times, counts: Counter[str]) -> None:
    load_plan()
    load_sample()
    with connection_stays_open():
        api = schemathesis.openapi.from_wsgi(reverse("data:openapi"), get_wsgi_application())
    operations = [found.ok() for found in api.get_all_operations()]
    # Some have few cases that differ: the others have more.
    each = times(CASES) * 6 // 5 // (2 * len(operations))
    asked = 0
    for operation, mode in product(operations, GenerationMode):
        if mode == GenerationMode.NEGATIVE and not any(operation.iter_parameters()):
            continue  # nothing that could be wrong

        @hypothesis.settings(max_examples=each)
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            case.call_and_validate()
            asked += 1

        with connection_stays_open():
            ask()
    counts["API cases of schemathesis"] += asked
    assert asked >= times(CASES)

"""Steps that write several records."""

from django.db import transaction

from plan_portal.accessibility.criteria import NUMBERS
from plan_portal.accessibility.models import AccessibilityTest, CriterionResult


@transaction.atomic
def save_test(*, test: AccessibilityTest) -> None:
    """Save a test and the results that it lacks, 未試験: one for each of the 38 criteria."""
    test.save()
    present = set(test.results.values_list("criterion", flat=True))
    for number in NUMBERS:
        if number not in present:
            CriterionResult(test=test, criterion=number).save()  # one by one: bulk_create would write no history

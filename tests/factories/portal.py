"""Records of the portal itself: readings of words, its accessibility, accounts."""

from datetime import date, timedelta

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from plan_portal.accessibility.criteria import NUMBERS
from plan_portal.accessibility.models import AccessibilityPolicy, AccessibilityTest, CriterionResult, Publication
from plan_portal.foundation.models import PublishedChange, Reading
from plan_portal.foundation.organisations import Organisation
from plan_portal.models import SentDigest
from tests.factories.base import Counted


class ReadingFactory(Counted):
    class Meta:
        model = Reading

    word = factory.Sequence(lambda n: f"第{n}章")
    ruby = factory.LazyAttribute(lambda reading: "".join(f"{{{c}|よみ}}" if c in "第章" else c for c in reading.word))


class PublishedChangeFactory(Counted):
    """What citizens were told of one change; `changes=[{"field": …, "before": …, "after": …}]`."""

    class Meta:
        model = PublishedChange

    by = PublishedChange.By.CITY
    title = factory.Sequence(lambda n: f"第{n}の取組")
    summary = "本文を変えました。"
    url = "/goals/1/1/"
    changes = factory.LazyFunction(lambda: [{"field": "本文", "before": "前の文です。", "after": "後の文です。"}])


class AccessibilityPolicyFactory(Counted):
    """The one policy: asking again gives the same row."""

    class Meta:
        model = AccessibilityPolicy
        django_get_or_create = ("number",)

    number = 1
    level = "AA"


class AccessibilityTestFactory(Counted):
    """A 下書き without results; `outcome="conforms"` makes all 38, `published=True` what citizens see with them."""

    class Meta:
        model = AccessibilityTest
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(
            state=Publication.PUBLISHED,
            by_people=True,
            tested_on=factory.LazyAttribute(lambda test: date(test.fiscal_year, 10, 1)),
        )

    fiscal_year = factory.Sequence(lambda n: 1900 + n)
    tester = factory.Sequence(lambda n: f"第{n}団体")

    @factory.post_generation
    def outcome(self, create, extracted, **_):
        if create and extracted:
            for number in NUMBERS:
                CriterionResultFactory(test=self, criterion=number, result=extracted)


class CriterionResultFactory(Counted):
    class Meta:
        model = CriterionResult

    test = factory.SubFactory(AccessibilityTestFactory)
    criterion = factory.Sequence(lambda n: NUMBERS[(n - 101) % len(NUMBERS)])


class UserFactory(Counted):
    """An account. `role="市・編集"`, `"市・承認"` or `"社協"` puts a member of staff into the group of that name.

    The groups and their rights are the migrations'; `password=` is set hashed ("password" if not given).
    """

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    class Params:
        role = ""

    username = factory.Sequence(lambda n: f"staff{n}")
    last_name = factory.Sequence(lambda n: f"職員{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.invalid")
    is_staff = factory.LazyAttribute(lambda user: bool(user.role))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **{"password": "password", **kwargs})

    @classmethod
    def _generate(cls, strategy: str, params: dict):
        user = super()._generate(strategy, params)
        if strategy == "create" and params.get("role"):
            user.groups.add(Group.objects.get_or_create(name=params["role"])[0])
        return user


class SentDigestFactory(Counted):
    class Meta:
        model = SentDigest

    organisation = Organisation.CITY
    day = factory.Sequence(lambda n: date(2026, 1, 1) + timedelta(days=n))

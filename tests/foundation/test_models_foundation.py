import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models

from goals.models import BasicGoal
from plan_portal.foundation.choices import Confirmation
from plan_portal.foundation.models import Reading, not_blank, numbered, one_of
from tests.constraints import our_models
from tests.factories import BasicGoalFactory, ReadingFactory, UserFactory


def test_not_blank():
    constraint = not_blank("title", "title_given")
    assert (constraint.name, constraint.violation_error_message) == ("title_given", "空のままにはできません。")
    assert constraint.condition == ~models.Q(title="")


def test_numbered():
    assert numbered("number", "n").condition == models.Q(number__gte=1, number__lte=999)


def test_one_of():
    assert one_of("state", Confirmation, "s").condition == models.Q(state__in=["waiting", "confirmed"])


@pytest.mark.django_db
def test_search_text_of_all_named_fields():
    goal = BasicGoalFactory(title="ノーマライゼーション", title_ruby="", field="ＡＢＣ", summary_easy="やさしい 文")
    assert goal.search_text == "のまらいぜしよん abc やさしい文"


@pytest.mark.django_db
def test_search_text_is_written_with_update_fields_and_only_then():
    goal = BasicGoalFactory(field="")
    goal.title, goal.field = "新しい題", "分野"
    goal.save(update_fields=["field"])
    stored = BasicGoal.objects.get()
    assert stored.field == "分野"
    assert stored.title != "新しい題"


def test_searchable_fields_exist():
    for model in our_models():
        for name in getattr(model, "SEARCH_FIELDS", ()):
            assert isinstance(model._meta.get_field(name), models.CharField | models.TextField)


@pytest.mark.django_db
def test_history_keeps_the_user_also_of_an_account_that_is_not_there():
    user, nobody, goal = UserFactory(), User(pk=10**6), BasicGoalFactory()
    for person in (user, nobody):
        goal._history_user = person
        goal.save()
    last, first = goal.history.all()[:2]
    assert (first.history_user, first.history_user_id) == (user, user.pk)
    assert (last.history_user, last.history_user_id) == (None, nobody.pk)


@pytest.mark.django_db
def test_history_keeps_no_search_text():
    assert not hasattr(BasicGoalFactory().history.first(), "search_text")


def test_history_follows_no_user_key():
    for model in our_models():
        if hasattr(model, "history"):
            field = model.history.model._meta.get_field("history_user_id")
            assert isinstance(field, models.IntegerField)
            assert not field.is_relation


CONSTRAINTS = {
    "reading_word_given": lambda: ReadingFactory.build(word="", ruby="{地域|ちいき}"),
    "reading_ruby_given": lambda: ReadingFactory.build(word="地域", ruby=""),
}


@pytest.mark.parametrize(
    ("word", "ruby", "message"),
    [
        ("ボランティア", "ボランティア", "漢字が入っていません。読みを付けることばを書いてください。"),
        ("育み", "{育|そだ}て", "読みを除いた文が、もとの文言とちがいます：「育て」と「育み」"),
        ("地域福祉", "{地域|ちいき}福祉", "「福祉」に読みがありません。{福祉|よみ} のように書いてください。"),
    ],
)
def test_reading_is_refused_in_plain_words(word, ruby, message):
    with pytest.raises(ValidationError) as refusal:
        ReadingFactory.build(word=word, ruby=ruby).clean()
    assert refusal.value.messages == [message]


@pytest.mark.django_db
def test_reading_suggested_for_a_text():
    ReadingFactory(word="地域", ruby="{地域|ちいき}")
    assert Reading.objects.suggested_for("地域の活動") == "{地域|ちいき}の活動"

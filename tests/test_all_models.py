"""What holds for every content model of the project, also for those that are not written yet."""

import re

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from tests import factories
from tests.constraints import breakers, our_models

MODELS = our_models()
FACTORIES = {
    factory._meta.model: factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and issubclass(factory, factories.Counted) and not factory._meta.abstract
}
CONSTRAINTS = {constraint.name: constraint for model in MODELS for constraint in model._meta.constraints}
BREAKERS = breakers()

# Models without one of the things below, with the reason.
WITHOUT_HISTORY: dict[str, str] = {
    "foundation.Draft": "every step keeps its text",
    "foundation.DraftStep": "never changes",
    "foundation.PublishedChange": "never changes",
    "plan_portal.SentDigest": "says that a mail was sent, and no more",
    "kizuna.LinkageProposal": "every step keeps its text",
    "kizuna.LinkageStep": "never changes",
}
WITHOUT_NATURAL_KEY: dict[str, str] = {
    "foundation.Draft": "work in progress, in no file",
    "foundation.DraftStep": "a log, in no file",
    "foundation.PublishedChange": "a log, in no file",
    "plan_portal.SentDigest": "a log, in no file",
    "kizuna.LinkageProposal": "work in progress, in no file",
    "kizuna.LinkageStep": "a log, in no file",
}
# Models whose rows are parts of another row → the field that names it.
PARTS = {
    "kizuna.LinkagePair": {"linkage"},
    "kizuna.LinkageProposal": {"linkage"},
    "accessibility.CriterionResult": {"test"},
}
# Models of which the factory gives the same row again.
ONE_ROW = {"kizuna.KizunaPlan", "accessibility.AccessibilityPolicy"}

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-鿿]")

all_models = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


def own_fields(model):
    """The columns that people know about: not the primary key."""
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def test_models_are_found():
    assert {model._meta.label for model in MODELS} >= {
        *("goals.Plan", "goals.PlanSection", "goals.BasicGoal", "sdgs.Sdg", "sdgs.PlanSdg", "sdgs.GoalSdgLink"),
        *("initiatives.Department", "initiatives.Initiative", "kizuna.KizunaPlan", "kizuna.KizunaGoal"),
        *("kizuna.KizunaItem", "kizuna.Linkage", "kizuna.LinkagePair"),
    }


def test_every_constraint_is_broken_by_a_test():
    assert set(CONSTRAINTS) == set(BREAKERS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREAKERS)
def test_constraint_holds_in_the_database(name):
    row = BREAKERS[name]()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        row.save_base(raw=True)  # neither full_clean() nor the model's own save()
    constraint = CONSTRAINTS[name]
    if connection.vendor == "postgresql" or isinstance(constraint, CheckConstraint):
        assert name in str(error.value)
    else:
        assert isinstance(constraint, UniqueConstraint)
        columns = {row._meta.get_field(field).column for field in constraint.fields}
        assert columns == set(re.findall(rf"{row._meta.db_table}\.(\w+)", str(error.value)))


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREAKERS)
def test_constraint_is_explained_in_japanese(name):
    row, constraint = BREAKERS[name](), CONSTRAINTS[name]
    with pytest.raises(ValidationError) as error:
        row.validate_constraints()
    assert error.value.messages == [constraint.violation_error_message]
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    for message in [*error.value.messages, *refused.value.messages]:
        assert JAPANESE.search(message), message
        assert name not in message


@all_models
def test_names_are_japanese(model):
    meta = model._meta
    assert JAPANESE.search(str(meta.verbose_name))
    assert meta.verbose_name_plural == meta.verbose_name
    for field in own_fields(model):
        if field.editable:
            assert JAPANESE.search(str(field.verbose_name)), field


@all_models
def test_choices_are_japanese(model):
    for field in own_fields(model):
        for _, label in field.choices or ():
            assert JAPANESE.search(str(label)), field


@all_models
def test_relations_have_plural_names_from_the_other_side(model):
    for field in own_fields(model):
        if field.is_relation:
            name = field.remote_field.related_name
            assert name, field
            assert field.one_to_one or name.endswith("s") or name in {"children", "+"}, field


@all_models
def test_rows_have_a_default_order(model):
    assert model._meta.ordering


@all_models
def test_history_is_kept(model):
    assert hasattr(model, "history") != (model._meta.label in WITHOUT_HISTORY)


@all_models
def test_constraints_name_their_own_message(model):
    for constraint in model._meta.constraints:
        assert constraint.violation_error_message != constraint.default_violation_error_message, constraint.name


@all_models
def test_foreign_keys_protect_content(model):
    """Only pairs and the proposal of a linkage and results of a test go with it; nothing else disappears because something else was deleted."""
    cascading = {
        field.name for field in own_fields(model) if getattr(field.remote_field, "on_delete", 0) is models.CASCADE
    }
    assert cascading == PARTS.get(model._meta.label, set())


def test_factory_for_every_model():
    assert set(MODELS) <= set(FACTORIES)


@pytest.mark.django_db
@all_models
def test_factory_makes_valid_rows_with_a_name(model):
    rows = FACTORIES[model](), FACTORIES[model]()
    for row in rows:
        row.full_clean()
        assert JAPANESE.search(str(row)) or "ＳＤＧｓ" in str(row)
        assert str(row) != models.Model.__str__(row)
    assert str(rows[0]) != str(rows[1]) or model._meta.label in ONE_ROW


@pytest.mark.django_db
@all_models
def test_natural_key_finds_the_row_among_others(model):
    rows = [FACTORIES[model]() for _ in range(3)]
    assert hasattr(model, "natural_key") != (model._meta.label in WITHOUT_NATURAL_KEY)
    for row in rows if hasattr(model, "natural_key") else ():
        assert model.objects.get_by_natural_key(*row.natural_key()) == row


@pytest.mark.django_db
@all_models
def test_serialized_row_comes_back_as_itself(model):
    row = FACTORIES[model]()
    text = serializers.serialize("json", [row], use_natural_foreign_keys=True, use_natural_primary_keys=True)
    (found,) = serializers.deserialize("json", text)
    assert ('"pk"' in text) == (model._meta.label in WITHOUT_NATURAL_KEY)
    assert found.object == row


@pytest.mark.django_db
@pytest.mark.parametrize("model", [model for model in MODELS if model._meta.label not in WITHOUT_HISTORY])
def test_change_is_in_the_history(model):
    row = FACTORIES[model]()
    row.save()
    assert [entry.history_type for entry in model.history.filter(id=row.pk)] == ["~", "+"]

"""Records that are written once: the database refuses to change or remove them (foundation/triggers.py)."""

from django.db import models

from plan_portal.foundation.organisations import Organisation


class AppendOnlyModel(models.Model):
    """A mark: triggers guard the tables of all models that inherit it."""

    class Meta:
        abstract = True


class HistoryModel(AppendOnlyModel):
    """What every historical record of a content model has beside the record's own fields."""

    history_organisation = models.CharField(
        "団体", max_length=8, choices=Organisation.choices, blank=True, default="", editable=False
    )

    class Meta:
        abstract = True


class StepModel(AppendOnlyModel):
    """One step that somebody took in a workflow. Kept when what it is about is gone, so foreign keys have no constraint."""

    at = models.DateTimeField("日時", auto_now_add=True)
    person_id = models.BigIntegerField("だれが", null=True)
    organisation = models.CharField("団体", max_length=8, choices=Organisation.choices, blank=True)
    comment = models.TextField("伝言", blank=True)

    class Meta:
        abstract = True

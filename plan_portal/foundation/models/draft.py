"""Drafts: what staff write before somebody else approves it. Citizens never see this table."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models

from plan_portal.foundation.append_only import StepModel
from plan_portal.foundation.models.abstract import one_of
from plan_portal.foundation.organisations import Organisation


class DraftedModel(models.Model):
    """Text that citizens read. Its rows hold what is published, and change only by publishing a draft.

    OWNER: whose text it is, and so who publishes. OFFICIAL: the fields with wording of the printed plan, which changes only with
    a 改訂の理由.
    """

    OWNER: ClassVar[Organisation]
    OFFICIAL: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def is_public(self) -> bool:
        """Whether citizens have a page of it now: whether its plan is 現行."""
        raise NotImplementedError


class DraftState(models.TextChoices):
    WRITING = "writing", "下書き"
    WAITING = "waiting", "承認待ち"
    RETURNED = "returned", "差戻し"


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, record: models.Model) -> DraftQuerySet:
        """The draft of a published record: one at most."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def of_new(self, model: type[models.Model]) -> DraftQuerySet:
        """Drafts of records of this kind that are not published yet."""
        return self.filter(content_type=ContentType.objects.get_for_model(model), object_id=None)

    def in_order(self) -> DraftQuerySet:
        """Those that wait longest first."""
        return self.order_by("updated_at", "pk")


class Draft(models.Model):
    """下書き of one record. Public rows stay as they are until it is published; then it goes, and its steps stay.

    values, base: every editable field by its column name (goal_id), as JSON; base is what was public when the draft was begun.
    object_id: None for a record that is not published yet. removes: a draft that takes the record away.
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name="種類")
    object_id = models.BigIntegerField("記録", null=True, blank=True)
    values = models.JSONField("内容", default=dict)
    base = models.JSONField("公開中の内容", default=dict)
    removes = models.BooleanField("取り下げ", default=False)
    state = models.CharField("状態", max_length=12, choices=DraftState.choices, default=DraftState.WRITING)
    reason = models.TextField(
        "改訂の理由", blank=True, help_text="いつ、どの会議や決裁で決まったか。更新情報に公開されます。"
    )
    message = models.TextField("承認者への伝言", blank=True, help_text="何を、なぜ変えたか。公開されません。")
    asked_by_id = models.BigIntegerField("依頼した人", null=True, blank=True)
    asked_at = models.DateTimeField("依頼した日時", null=True, blank=True)
    updated_at = models.DateTimeField("最後の保存", auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "下書き"
        ordering = ["updated_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                name="draft_one_per_record",
                violation_error_message="この記録には、もう下書きがあります。",
            ),
            one_of("state", DraftState, "draft_state_known"),
            models.CheckConstraint(
                condition=models.Q(removes=False) | models.Q(object_id__isnull=False),
                name="draft_removes_what_is_public",
                violation_error_message="公開していない記録は、取り下げられません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_type.name}「{self.values.get('title') or self.values.get('heading', '')}」の下書き"

    @property
    def steps(self) -> models.QuerySet[DraftStep]:
        """What was done with the draft, newest first."""
        return DraftStep.objects.filter(draft_id=self.pk).order_by("-pk")

    @property
    def edit_version(self) -> int:
        """Changes with every step: whoever saves names the version that they saw."""
        newest: Any = self.steps.values_list("pk", flat=True).first()
        return newest or 0


class DraftStep(StepModel):
    """A step of a draft, with the values that it had after it. The log of the workflow: append-only."""

    class Step(models.TextChoices):
        SAVED = "saved", "下書き保存"
        ASKED = "asked", "承認を依頼"
        TAKEN_BACK = "taken_back", "依頼を取り下げ"
        RETURNED = "returned", "差し戻し"
        PUBLISHED = "published", "公開"
        DISCARDED = "discarded", "下書きを捨てた"

    draft_id = models.BigIntegerField("下書き", db_index=True)
    content_type = models.ForeignKey(
        ContentType, models.DO_NOTHING, related_name="+", db_constraint=False, verbose_name="種類"
    )
    object_id = models.BigIntegerField("記録", null=True, db_index=True)
    name = models.CharField("記録の名前", max_length=400)
    step = models.CharField("したこと", max_length=12, choices=Step.choices)
    reason = models.TextField("改訂の理由", blank=True)
    values = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "下書きのあゆみ"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name}：{self.get_step_display()}"

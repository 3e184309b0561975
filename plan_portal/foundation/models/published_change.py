"""更新情報: what citizens are told of each published change."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from plan_portal.foundation.append_only import AppendOnlyModel


class PublishedChangeQuerySet(models.QuerySet["PublishedChange"]):
    def newest_first(self) -> PublishedChangeQuerySet:
        return self.order_by("-at", "-pk")


class PublishedChange(AppendOnlyModel):
    """One published change. No person is named here: citizens read every field.

    changes: [{"field": "本文", "before": "…", "after": "…"}, …]; url: where the page stood at that time, empty if there is none.
    """

    class By(models.TextChoices):
        CITY = "city", "市"
        SHAKYO = "shakyo", "社協"
        BOTH = "both", "市と社協"

    at = models.DateTimeField("公開した日時", auto_now_add=True, db_index=True)
    by = models.CharField("団体", max_length=8, choices=By.choices)
    title = models.CharField("何を", max_length=400)
    summary = models.CharField("どうした", max_length=400)
    note = models.TextField("一言・改訂の理由", blank=True)
    url = models.CharField("ページ", max_length=400, blank=True)
    changes = models.JSONField("前と後", default=list)

    objects = PublishedChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更新情報"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title}：{self.summary}"

    def get_absolute_url(self) -> str:
        return f"{reverse('updates')}?u={self.pk}#u{self.pk}"

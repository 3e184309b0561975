from __future__ import annotations

from django.db import models

from kizuna.models.linkage import Linkage
from plan_portal.foundation.append_only import StepModel
from plan_portal.foundation.fiscal_years import FiscalYearField
from plan_portal.foundation.models import one_of


class ProposalState(models.TextChoices):
    """Whose turn it is: 社協's, the city's, 社協's again."""

    WRITING = "writing", "提案中"
    WAITING = "waiting", "市の確認待ち"
    RETURNED = "returned", "差戻し"


class LinkageProposal(models.Model):
    """提案: what 社協 wants a linkage to say. It stands beside the linkage, which keeps what both agreed on, until the city agrees.

    pairs: [[pk of the 取組, pk of the 基本計画], …], all of the linkage's two goals when the proposal is sent.
    """

    linkage = models.OneToOneField(Linkage, models.CASCADE, related_name="proposal", verbose_name="連携")
    state = models.CharField("状態", max_length=12, choices=ProposalState.choices, default=ProposalState.WRITING)
    summary = models.TextField("一緒に行うこと", blank=True)
    since = FiscalYearField("始まる年度", null=True, blank=True)
    partners = models.TextField("ほかに一緒に行う人たち", blank=True)
    pairs = models.JSONField("取組と基本計画の組", default=list, blank=True)
    updated_at = models.DateTimeField("最後の保存", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "連携の提案"
        ordering = ["updated_at", "pk"]
        constraints = [one_of("state", ProposalState, "linkage_proposal_state_known")]

    def __str__(self) -> str:
        return f"{self.linkage}：{self.get_state_display()}"


class LinkageStep(StepModel):
    """A step of the two organisations, with what the linkage was to say after it. The log of the linkage: append-only.

    content: {"summary": …, "since": 2026 or None, "partners": …, "pairs": [[…]]}; empty for steps that change no text.
    """

    class Step(models.TextChoices):
        STARTED = "started", "書き始め"
        SAVED = "saved", "下書き保存"
        PROPOSED = "proposed", "市へ提案"
        WITHDRAWN = "withdrawn", "提案を取り下げ"
        RETURNED = "returned", "差し戻し"
        AGREED = "agreed", "合意・公開"
        DISCARDED = "discarded", "提案を捨てた"
        END_ASKED = "end_asked", "解消の申し出"
        END_WITHDRAWN = "end_withdrawn", "解消の申し出を取り下げ"
        END_REFUSED = "end_refused", "解消を断った"
        ENDED = "ended", "解消"

    linkage = models.ForeignKey(
        Linkage, models.DO_NOTHING, related_name="steps", db_constraint=False, verbose_name="連携"
    )
    step = models.CharField("したこと", max_length=16, choices=Step.choices)
    content = models.JSONField("内容", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "連携のやりとり"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"連携{self.linkage_id}：{self.get_step_display()}"

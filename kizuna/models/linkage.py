from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from goals.models import BasicGoal, Plan
from initiatives.models import Initiative
from kizuna.models.kizuna_goal import KizunaGoal
from kizuna.models.kizuna_item import KizunaItem
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.fiscal_years import FiscalYearField
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import SAMPLE_NOT_NAMED, SAMPLE_WORD, SampleModel, SearchableModel, one_of
from plan_portal.foundation.organisations import Organisation


class LinkageState(models.TextChoices):
    """What both organisations have said. Citizens see 合意済, and 解消 as 終わった連携."""

    PROPOSED = "proposed", "合意前"
    AGREED = "agreed", "合意済"
    ENDED = "ended", "解消"


class Standing(models.TextChoices):
    """What staff see of a pair of goals: the state of the linkage, or of its proposal while nothing is agreed."""

    NONE = "none", "なし"
    WRITING = "writing", "提案中"
    WAITING = "waiting", "市の確認待ち"
    RETURNED = "returned", "差戻し"
    AGREED = "agreed", "合意済"
    ENDED = "ended", "解消"


def turn_of(organisation: Organisation) -> models.Q:
    """Those of which the next step is `organisation`'s: what `Linkage.turn` says, for the database."""
    states = [Standing.WAITING] if organisation is Organisation.CITY else [Standing.WRITING, Standing.RETURNED]
    return models.Q(end_asked_by=organisation.other) | models.Q(end_asked_by="", proposal__state__in=states)


class LinkageQuerySet(models.QuerySet["Linkage"]):
    def agreed(self) -> LinkageQuerySet:
        """Those that citizens may see, with the きずな計画 that stands beside the city's plan now."""
        return self.filter(state=LinkageState.AGREED, kizuna_goal__plan__state=EditionState.CURRENT)

    def readable(self) -> LinkageQuerySet:
        """As `agreed`, and 終わった連携: what both ended together."""
        states = (LinkageState.AGREED, LinkageState.ENDED)
        return self.filter(state__in=states, kizuna_goal__plan__state=EditionState.CURRENT)

    def waiting(self) -> LinkageQuerySet:
        """Those that are not public and that the city has to answer: for staff a dashed line of the figure."""
        return self.exclude(state=LinkageState.AGREED).filter(
            proposal__state=Standing.WAITING, kizuna_goal__plan__state=EditionState.CURRENT
        )

    def for_staff(self) -> LinkageQuerySet:
        """With all that `standing`, `turn` and the names read, and since when it stands so (`waiting_since`). One query."""
        return self.select_related("goal__plan", "kizuna_goal__plan", "proposal").annotate(
            waiting_since=models.Max("steps__at", filter=~models.Q(steps__step="saved"))
        )

    def open_to(self, organisation: Organisation) -> LinkageQuerySet:
        """Those that wait for `organisation`, the one that waits longest first."""
        return (
            self.for_staff()
            .filter(turn_of(organisation))
            .exclude(goal__plan__state=EditionState.ENDED)
            .exclude(kizuna_goal__plan__state=EditionState.ENDED)
            .order_by(models.F("waiting_since").asc(), "pk")
        )

    def for_plan(self, plan: Plan) -> LinkageQuerySet:
        return self.filter(goal__plan=plan)

    def in_plan_order(self) -> LinkageQuerySet:
        return self.order_by("goal__number", "kizuna_goal__number")

    def get_by_natural_key(self, municipality: str, ordinal: int, goal: int, key: str, kizuna_goal: int) -> Linkage:
        return self.get(
            goal__plan__municipality=municipality,
            goal__plan__ordinal=ordinal,
            goal__number=goal,
            kizuna_goal__plan__key=key,
            kizuna_goal__plan__city_plan=models.F("goal__plan"),
            kizuna_goal__number=kizuna_goal,
        )


class Linkage(SampleModel, SearchableModel):
    """連携: a line of the relationship figure, between a 基本目標 of the city and one of the きずな計画.

    The printed lines were drawn, not written: the portal starts with none, 社協 records them. The row holds what both
    organisations agreed on last, its `proposal` what is not agreed yet. Only kizuna/actions.py changes either.
    """

    SEARCH_FIELDS = ("summary", "partners")

    goal = models.ForeignKey(BasicGoal, models.PROTECT, related_name="linkages", verbose_name="市の基本目標")
    kizuna_goal = models.ForeignKey(
        KizunaGoal, models.PROTECT, related_name="linkages", verbose_name="きずな計画の基本目標"
    )
    state = models.CharField(
        "状態", max_length=12, choices=LinkageState.choices, default=LinkageState.PROPOSED, editable=False
    )
    summary = models.TextField("一緒に行うこと", blank=True, editable=False)
    since = FiscalYearField("始まる年度", null=True, blank=True, editable=False)
    partners = models.TextField("ほかに一緒に行う人たち", blank=True, editable=False, help_text="1行に1つ。")
    agreed_on = models.DateField("合意した日", null=True, blank=True, editable=False)
    ended_on = models.DateField("解消した日", null=True, blank=True, editable=False)
    end_asked_by = models.CharField(
        "解消を申し出た団体", max_length=8, choices=Organisation.choices, blank=True, default="", editable=False
    )

    history = content_history()
    objects = LinkageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携"
        ordering = ["goal__plan", "goal__number", "kizuna_goal__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "kizuna_goal"],
                name="linkage_one_per_pair",
                violation_error_message="この組み合わせの連携は、もうあります。",
            ),
            one_of("state", LinkageState, "linkage_state_known"),
            models.CheckConstraint(
                condition=models.Q(is_sample=False)
                | models.Q(summary__contains=SAMPLE_WORD)
                | models.Q(summary="", state=LinkageState.PROPOSED),
                name="linkage_sample_named",
                violation_error_message=SAMPLE_NOT_NAMED,
            ),
            models.CheckConstraint(
                condition=models.Q(end_asked_by="") | models.Q(state=LinkageState.AGREED),
                name="linkage_end_asked_while_agreed",
                violation_error_message="解消を申し出られるのは、合意済の連携だけです。",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(state=LinkageState.ENDED),
                name="linkage_ended_on_when_ended",
                violation_error_message="解消した日は、解消した連携だけに書きます。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal} と {self.kizuna_goal}"

    def natural_key(self) -> tuple[str, int, int, str, int]:
        return (*self.goal.natural_key(), self.kizuna_goal.plan.key, self.kizuna_goal.number)

    natural_key.dependencies = ["goals.basicgoal", "kizuna.kizunagoal"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.goal_id is None or self.kizuna_goal_id is None:
            return
        if self.kizuna_goal.plan.city_plan_id != self.goal.plan_id:
            raise ValidationError({"kizuna_goal": "並べて示す計画どうしの基本目標を選んでください。"})
        if self.pk is None:
            return
        misfits = self.pairs.exclude(initiative__goal=self.goal_id, item__goal=self.kizuna_goal_id)
        if misfits.exists():
            raise ValidationError("この連携の組に、選んだ基本目標のものでない取組か基本計画があります。")

    @property
    def short_name(self) -> str:
        """市1 と きずな2"""
        return f"市{self.goal.number} と きずな{self.kizuna_goal.number}"

    @property
    def is_ended(self) -> bool:
        return self.state == LinkageState.ENDED

    @property
    def standing(self) -> Standing:
        """Reads `proposal`: join it in lists."""
        if self.state == LinkageState.AGREED:
            return Standing.AGREED
        proposal = getattr(self, "proposal", None)
        if proposal is not None:
            return Standing(proposal.state)
        return Standing.ENDED if self.is_ended else Standing.NONE

    @property
    def turn(self) -> Organisation | None:
        """Whose step is next: who answers a wish to end, else who writes or answers the proposal."""
        if self.end_asked_by:
            return Organisation(self.end_asked_by).other
        proposal = getattr(self, "proposal", None)
        if proposal is None:
            return None
        return Organisation.CITY if proposal.state == Standing.WAITING else Organisation.SHAKYO

    @property
    def edit_version(self) -> int:
        """Changes with every step: whoever takes one names the version that they saw. 0 before the first."""
        newest: int | None = self.steps.order_by("-pk").values_list("pk", flat=True).first()
        return newest or 0


class LinkagePairQuerySet(models.QuerySet["LinkagePair"]):
    def agreed(self) -> LinkagePairQuerySet:
        """Those that citizens may see, of the きずな計画 that stands beside the city's plan now."""
        return self.filter(linkage__state=LinkageState.AGREED, linkage__kizuna_goal__plan__state=EditionState.CURRENT)

    def in_plan_order(self) -> LinkagePairQuerySet:
        return self.order_by("initiative__goal__number", "initiative__number", "item__number")

    def get_by_natural_key(
        self, municipality: str, ordinal: int, goal: int, key: str, kizuna_goal: int, initiative: int, item: int
    ) -> LinkagePair:
        return self.get(
            linkage=Linkage.objects.get_by_natural_key(municipality, ordinal, goal, key, kizuna_goal),
            initiative__number=initiative,
            item__number=item,
        )


class LinkagePair(models.Model):
    """連携の組: the concrete 取組 and 基本計画 that a linkage joins; each belongs to one of its two ends."""

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="pairs", verbose_name="連携")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="linkage_pairs", verbose_name="取組")
    item = models.ForeignKey(KizunaItem, models.PROTECT, related_name="linkage_pairs", verbose_name="基本計画")

    history = content_history()
    objects = LinkagePairQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携の組"
        ordering = ["linkage", "initiative__number", "item__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["linkage", "initiative", "item"],
                name="linkage_pair_once",
                violation_error_message="この組は、もう入っています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} と {self.item}"

    def natural_key(self) -> tuple[str, int, int, str, int, int, int]:
        return (*self.linkage.natural_key(), self.initiative.number, self.item.number)

    natural_key.dependencies = ["kizuna.linkage"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.linkage_id is None:
            return
        if self.initiative_id is not None and self.initiative.goal_id != self.linkage.goal_id:
            raise ValidationError({"initiative": "この連携の、市の基本目標に属する取組を選んでください。"})
        if self.item_id is not None and self.item.goal_id != self.linkage.kizuna_goal_id:
            raise ValidationError({"item": "この連携の、きずな計画の基本目標に属する基本計画を選んでください。"})

"""The page of one linkage: what stands on it, and what becomes of what the person sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from kizuna.actions import StaleStepError
from kizuna.linkage_desk import Desk
from kizuna.linkage_steps import BUTTONS, OFFERS, buttons_of, form_of, missing, pressed, take
from kizuna.models import Linkage, Standing
from plan_portal.foundation.choices import EditionState

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kizuna.linkage_forms import StepForm

UNKNOWN_BUTTON = "どのボタンが押されたか分かりませんでした。何もしていません。"
TITLES = {
    "write": "連携を書く",
    "answer": "連携を確かめる",
    Standing.AGREED: "連携（公開中）",
}
STAGES = {Standing.WRITING: 1, Standing.RETURNED: 1, Standing.WAITING: 2, Standing.AGREED: 3}


class LinkagePage:
    """`new`: nothing is written yet; the first save begins the proposal."""

    def __init__(self, request: HttpRequest, desk: Desk, *, new: bool = False) -> None:
        self.request = request
        self.desk = desk
        self.new = new
        self.refused = ""
        self.sent: StepForm | None = None  # what the person sent, where it was refused
        self.is_stale = False

    @property
    def offers(self) -> list[str]:
        return ["write"] if self.new and self.desk.proposal is None else self.desk.offers

    def post(self) -> str:
        """The address to go to after the step; empty where it was refused, and the page is to be shown again."""
        name = pressed(self.request.POST)
        if name is None:
            messages.error(self.request, UNKNOWN_BUTTON)
            return self.request.path
        self.sent = form_of(self.desk, BUTTONS[name].form, self.request.POST)
        self.refused = BUTTONS[name].refused
        if missing(name, self.sent, self.desk.linkage):
            return ""
        try:
            done = take(self.desk, self.request.user, name, self.sent)
        except StaleStepError as error:
            self.is_stale = True
            self._look_again()
            self.sent.refuse(error)
            return ""
        except ValidationError as error:
            self._look_again()
            self.sent.refuse(error)
            return ""
        messages.success(self.request, done)
        return self._after(name)

    def context(self) -> dict[str, Any]:
        forms = {key: self._form(key) for key in self.offers}
        desk, sent = self.desk, self.sent
        return {
            "title": self._title(),
            "subtitle": desk.name,
            "original": None if desk.linkage.pk is None else desk.linkage,
            "desk": desk,
            "new": self.new,
            "stage": 1 if self.new else STAGES.get(self._standing(), 0),
            "write": forms.pop("write", None),
            "answers": [(key, OFFERS[key], form, buttons_of(key)) for key, form in forms.items()],
            "write_buttons": buttons_of("write"),
            "sent": sent,
            "refused": self.refused,
            "is_stale": self.is_stale,
            # Where its form is gone from the page, what the person wrote is shown to be copied.
            "kept": sent.typed() if sent is not None and sent.key not in self.offers else [],
            "matrix_url": matrix_url(desk.linkage),
        }

    def _form(self, key: str) -> StepForm:
        if self.sent is None or self.sent.key != key:
            return form_of(self.desk, key)
        if self.is_stale:
            # Sent once more, it is meant for what the page shows now.
            answers = self.request.POST.copy()
            answers["version"] = str(self.desk.version)
            self.sent.data = answers
        return self.sent

    def _look_again(self) -> None:
        """Somebody may have taken another step."""
        ends = {"goal": self.desk.linkage.goal_id, "kizuna_goal": self.desk.linkage.kizuna_goal_id}
        found = Linkage.objects.filter(**ends).select_related("goal__plan", "kizuna_goal__plan", "proposal").first()
        if found is not None:
            self.desk = Desk(found, self.request.user)

    def _standing(self) -> Standing:
        """Of what the page is about: the proposal, where there is one."""
        state = self.desk.standing_of_proposal
        return self.desk.standing if state is None or not self.desk.proposed else Standing(state)

    def _title(self) -> str:
        for key in ("write", "answer"):
            if key in self.offers:
                return TITLES[key]
        standing = self.desk.standing
        return TITLES.get(standing, f"連携（{standing.label}）")

    def _after(self, name: str) -> str:
        if name != "_save":
            return matrix_url(self.desk.linkage)
        ends = {"goal": self.desk.linkage.goal_id, "kizuna_goal": self.desk.linkage.kizuna_goal_id}
        return reverse("admin:kizuna_linkage_change", args=[Linkage.objects.get(**ends).pk])


def matrix_url(linkage: Linkage) -> str:
    """The table in which the linkage stands."""
    plan, url = linkage.goal.plan, reverse("admin:kizuna_linkage_matrix")
    return url if plan.state == EditionState.CURRENT else f"{url}?plan={plan.pk}"

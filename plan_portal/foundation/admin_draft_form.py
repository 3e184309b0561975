"""The form in which staff write a draft, and what stands above and beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.widgets import AdminTextareaWidget

from plan_portal.foundation.admin import PlainTextField, PortalModelForm
from plan_portal.foundation.drafts.content import Values, differences, fields_of
from plan_portal.foundation.history_entries import EMPTY, NO_ACCOUNT, people, value_of
from plan_portal.foundation.models import Draft, DraftedModel, DraftState, DraftStep

TO_THE_APPROVER = (
    "承認者へ",
    {"fields": ["reason", "message"], "description": "計画の文言を変えたときは、改訂の理由が必要です。"},
)


def _text(name: str) -> PlainTextField:
    field: Any = Draft._meta.get_field(name)
    return PlainTextField(
        label=field.verbose_name,
        help_text=field.help_text,
        required=False,
        widget=AdminTextareaWidget({"rows": 3}),
    )


class DraftForm(PortalModelForm):
    """The record's own form, with what the approver and the citizens are told. Never saved: its values go into a draft."""

    reason = _text("reason")
    message = _text("message")

    def mark_changes(self, public: DraftedModel) -> None:
        """Show at each field which text citizens read where the draft differs, and lock official wording where it does not."""
        changed = {difference.name: difference.before for difference in differences(public, self.instance)}
        for model_field in fields_of(type(public)):
            field: Any = self.fields.get(model_field.name)
            if field is None:
                continue
            field.public_text = changed.get(model_field.name, "")
            now = value_of(public, model_field)
            if model_field.name in public.OFFICIAL and model_field.name not in changed and now != EMPTY:
                field.locked_text = now

    def written(self) -> Values:
        """The values that were sent, by column name."""
        fields = [field for field in fields_of(type(self.instance)) if field.name in self.fields]
        return {field.attname: getattr(self.instance, field.attname) for field in fields}


@dataclass(frozen=True)
class Notice:
    """The banner above a draft: its state, and who did what last."""

    title: str
    shape: str
    last: DraftStep
    who: str
    comment: str = ""


TITLES = {
    DraftState.WRITING: "下書きです。公開中の内容は変わっていません。",
    DraftState.WAITING: "承認待ちです。公開中の内容は変わっていません。",
    DraftState.RETURNED: "差し戻されました。公開中の内容は変わっていません。",
}
NEW_TITLES = {
    DraftState.WRITING: "新しい記録の下書きです。まだ公開されていません。",
    DraftState.WAITING: "承認待ちです。まだ公開されていません。",
    DraftState.RETURNED: "差し戻されました。まだ公開されていません。",
}
REMOVAL_TITLES = {
    DraftState.WRITING: "取り下げの下書きです。この記録は、公開されたままです。",
    DraftState.WAITING: "取り下げの承認待ちです。この記録は、まだ公開されたままです。",
    DraftState.RETURNED: "取り下げは、差し戻されました。この記録は、公開されたままです。",
}


def notice_of(draft: Draft) -> Notice | None:
    steps = list(draft.steps[:50])
    if not steps:
        return None
    titles = REMOVAL_TITLES if draft.removes else NEW_TITLES if draft.object_id is None else TITLES
    state = DraftState(draft.state)
    returned = next((step for step in steps if step.step == DraftStep.Step.RETURNED), None)
    return Notice(
        title=titles[state],
        shape=state.value,
        last=steps[0],
        who=name_of_person(steps[0].person_id),
        comment=returned.comment if returned is not None and state is not DraftState.WAITING else "",
    )


def name_of_person(user_id: int | None) -> str:
    name = people([user_id]).get(user_id)
    return f"{name}さん" if name else NO_ACCOUNT

"""Two browsers at one record: A opens, B opens, A saves, B saves."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from sdgs.admin import GoalSdgLinkAdmin
from sdgs.models import GoalSdgLink
from tests import factories as f
from tests.foundation.merge_screen import address, body, hidden, text_of
from tests.plan_portal.admin_world import client_as, fill, seen

pytestmark = pytest.mark.django_db
THEIRS, MINE = "困りごとを相談できる窓口をつくります。", "困りごとを、いつでも相談できます。"


@pytest.fixture
def told(anna: Client, berta: Client, link: GoalSdgLink) -> HttpResponse:
    """Both changed the reason, 次郎 the confirmation too, the other the goal of the ＳＤＧｓ."""
    other = f.SdgFactory(number=3)
    late = body(link, reason=MINE, sdg=other.pk)
    assert anna.post(address(link), body(link, reason=THEIRS, confirmation="confirmed")).status_code == 302
    return berta.post(address(link), late)


class TestTheScreen:
    def test_nothing_is_saved_and_both_texts_are_shown(self, told: HttpResponse, link: GoalSdgLink) -> None:
        assert told.status_code == 409
        link.refresh_from_db()
        assert (link.reason, link.sdg.number) == (THEIRS, 1)
        page, words = told.content.decode(), text_of(told)
        assert "まだ保存していません。あなたの入力は消えていません。" in words
        assert '<span class="st-org st-org-city">市</span> 見本 次郎さんが' in page
        assert "選ぶところ　理由（2人とも直しました）" in words
        assert "困りごとを相談できるところをつくります。" in words
        assert "増えた文字：窓口" in words
        assert f">\n{MINE}</textarea>" in page
        assert "style=" not in page

    def test_one_sided_changes_need_no_choice(self, told: HttpResponse) -> None:
        rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td>', told.content.decode())
        assert rows == [("確認状態", "見本 次郎"), ("ＳＤＧｓのゴール", "あなた")]

    @pytest.mark.parametrize(
        ("choice", "kept"), [("theirs", THEIRS), ("mine", MINE), ("merged", "二人の文を合わせた文。")]
    )
    def test_each_of_three_ways_keeps_the_rest_of_both(
        self, choice: str, kept: str, told: HttpResponse, link: GoalSdgLink, berta: Client
    ) -> None:
        form = hidden(told) | {"choice-reason": choice, "merged-reason": "二人の文を合わせた文。"}
        assert berta.post(address(link), form).status_code == 302
        link.refresh_from_db()
        assert (link.reason, link.sdg.number, link.confirmation) == (kept, 3, "confirmed")

    def test_a_choice_left_out_is_asked_for_again(self, told: HttpResponse, link: GoalSdgLink, berta: Client) -> None:
        again = berta.post(address(link), hidden(told) | {"merged-reason": "書きかけ"})
        assert again.status_code == 409
        page = again.content.decode()
        assert '<a href="#conflict-1-theirs">理由：どれにするかを選んでください。</a>' in page
        assert ">\n書きかけ</textarea>" in page
        assert "困りごとを相談できるところをつくります。" in text_of(again)
        form = hidden(again) | {"choice-reason": "theirs"}
        berta.post(address(link), form)
        link.refresh_from_db()
        assert (link.reason, link.sdg.number) == (THEIRS, 3)

    def test_whoever_saves_during_the_merge_brings_the_screen_again(
        self, told: HttpResponse, link: GoalSdgLink, anna: Client, berta: Client
    ) -> None:
        link.refresh_from_db()
        anna.post(address(link), body(link, reason="三つめの文。"))
        form = hidden(told) | {"choice-reason": "merged", "merged-reason": "合わせた文。"}
        again = berta.post(address(link), form)
        assert again.status_code == 409
        assert again.context["choices"][0].item.theirs == "三つめの文。"
        assert ">\n合わせた文。</textarea>" in again.content.decode()
        link.refresh_from_db()
        assert link.reason == "三つめの文。"
        berta.post(address(link), hidden(again) | {"choice-reason": "mine"})
        link.refresh_from_db()
        assert (link.reason, link.sdg.number) == ("合わせた文。", 3)

    def test_what_is_wrong_in_the_merged_text_comes_back_in_the_form(
        self, told: HttpResponse, link: GoalSdgLink, berta: Client
    ) -> None:
        GoalSdgLink.objects.update(is_sample=True, reason="見本の文")
        form = hidden(told) | {"choice-reason": "merged", "merged-reason": "合わせた文。"}
        page = berta.post(address(link), form).content.decode()
        assert "「見本」と書いてください" in page
        assert "合わせた文。" in page

    def test_the_words_of_others_are_escaped(self, anna: Client, berta: Client, link: GoalSdgLink) -> None:
        late = body(link, reason="<b>私</b>")
        anna.post(address(link), body(link, reason="<script>x</script>"))
        page = berta.post(address(link), late).content.decode()
        assert "<script>x" not in page
        assert "<b>私" not in page
        assert "&lt;b&gt;私&lt;/b&gt;</textarea>" in page


class TestWhenThereIsNothingToTell:
    def test_the_same_words_twice_are_no_conflict(self, anna: Client, berta: Client, link: GoalSdgLink) -> None:
        late = body(link, reason=THEIRS)
        anna.post(address(link), body(link, reason=THEIRS))
        assert berta.post(address(link), late).status_code == 302

    def test_a_save_that_changed_nothing_is_no_conflict(self, anna: Client, berta: Client, link: GoalSdgLink) -> None:
        late = body(link, reason=MINE)
        anna.post(address(link), body(link))
        assert berta.post(address(link), late).status_code == 302
        link.refresh_from_db()
        assert link.reason == MINE

    def test_only_different_fields_still_tell_what_the_other_did(
        self, anna: Client, berta: Client, link: GoalSdgLink
    ) -> None:
        late = body(link, reason=MINE)
        anna.post(address(link), body(link, confirmation="confirmed"))
        told = berta.post(address(link), late)
        assert told.status_code == 409
        assert "choose" not in hidden(told)
        berta.post(address(link), hidden(told))
        link.refresh_from_db()
        assert (link.reason, link.confirmation) == (MINE, "confirmed")

    @pytest.mark.parametrize("version", [None, "", "0", "abc", "9" * 30, "9" * 18, "0." + "9" * 18, "²"])
    def test_a_form_that_names_no_version_overwrites_nothing(
        self, version: str | None, berta: Client, link: GoalSdgLink
    ) -> None:
        crafted = body(link, reason=MINE)
        if version is None:
            del crafted["edit_version"]
        else:
            crafted["edit_version"] = version
        response = berta.post(address(link), crafted)
        assert response.status_code == 409
        assert "（分かりません）" in text_of(response)
        berta.post(address(link), hidden(response) | {"choice-reason": "mine"})
        link.refresh_from_db()
        assert link.reason == MINE

    def test_who_may_not_change_is_not_asked(self, told: HttpResponse, link: GoalSdgLink) -> None:
        assert client_as("社協").post(address(link), hidden(told) | {"choice-reason": "mine"}).status_code == 403


class TestRevertAndDelete:
    def test_a_revert_after_another_save_is_refused_and_says_who(
        self, anna: Client, berta: Client, link: GoalSdgLink
    ) -> None:
        first = link.history.first().history_id
        version = {"edit_version": seen(link)}
        anna.post(address(link), body(link, reason=THEIRS))
        response = berta.post(address(link, "simple_history", first), version, follow=True)
        words = text_of(response)
        assert "戻していません。あなたがこの画面を開いたあと、市 見本 次郎さんが" in words
        assert "（変わった欄：理由）" in words
        link.refresh_from_db()
        assert link.reason == THEIRS
        fill(berta, address(link, "simple_history", first))
        link.refresh_from_db()
        assert link.reason != THEIRS

    def test_a_deletion_after_another_save_is_refused_and_says_who(
        self, anna: Client, berta: Client, link: GoalSdgLink
    ) -> None:
        version = {"edit_version": seen(link), "post": "yes"}
        anna.post(address(link), body(link, reason=THEIRS))
        response = berta.post(address(link, "delete"), version, follow=True)
        assert "消していません。あなたがこの画面を開いたあと、市 見本 次郎さんが" in text_of(response)
        assert address(link, "history") in response.content.decode()
        fill(berta, address(link, "delete"), {"post": "yes"})
        assert not GoalSdgLink.objects.exists()

    @pytest.mark.parametrize("page", ["delete", "simple_history"])
    def test_without_a_version_nothing_happens(self, page: str, berta: Client, link: GoalSdgLink) -> None:
        args = [link.history.first().history_id] if page == "simple_history" else []
        before = link.history.count()
        berta.post(address(link, page, *args), {"post": "yes"})
        assert link.history.count() == before


def test_a_save_while_the_form_is_read_is_newer_than_the_form(
    berta: Client, link: GoalSdgLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen(link)

    def slowly(self: Any, request: Any, obj: Any = None) -> Any:
        if request.method == "GET":
            GoalSdgLink.objects.get().save()
        return fieldsets(self, request, obj)

    fieldsets = GoalSdgLinkAdmin.get_fieldsets
    monkeypatch.setattr(GoalSdgLinkAdmin, "get_fieldsets", slowly)
    assert f'name="edit_version" value="{before}"' in berta.get(address(link)).content.decode()
    assert seen(link) != before

"""Two browsers at one record with rows, with a picture, or that is deleted meanwhile."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plan_portal.accessibility import admin as accessibility_admin
from plan_portal.accessibility.admin import CriterionResultInline
from plan_portal.accessibility.models import AccessibilityTest
from sdgs.models import GoalSdgLink, SdgIcon
from tests import factories as f
from tests.foundation.merge_screen import address, body, hidden, text_of
from tests.plan_portal.admin_world import client_as, fill, seen

pytestmark = pytest.mark.django_db


def rows(test: AccessibilityTest, notes: dict[int, str], **fields: str) -> dict[str, str]:
    """The form of a test, with these notes by row."""
    data = {"edit_version": seen(test), "fiscal_year": "令和8", "state": "draft", "tester": test.tester}
    results = list(test.results.in_order())
    data |= {"results-TOTAL_FORMS": str(len(results)), "results-INITIAL_FORMS": str(len(results))}
    for index, row in enumerate(results):
        given = {"id": row.pk, "test": test.pk, "applies": "on", "result": row.result, "note": row.note}
        if index in notes:
            given["note"] = notes[index]
        data |= {f"results-{index}-{name}": str(value) for name, value in given.items()}
    return data | fields


@pytest.fixture
def test() -> AccessibilityTest:
    return f.AccessibilityTestFactory(fiscal_year=2026, outcome="untested")


def notes(test: AccessibilityTest) -> list[str]:
    return list(test.results.in_order().values_list("note", flat=True))[:3]


class TestRowsOfAnInline:
    def test_different_rows_merge_and_the_same_row_is_chosen(
        self, anna: Client, berta: Client, test: AccessibilityTest
    ) -> None:
        late = rows(test, {0: "B0", 1: "B1"}, tester="Bの団体")
        anna.post(address(test), rows(test, {0: "A0", 2: "A2"}))
        told = berta.post(address(test), late)
        assert told.status_code == 409
        assert notes(test) == ["A0", "", "A2"]
        assert hidden(told)["choose"] == ["results-0-note"]
        assert "1.1.1 非テキストコンテンツ　備考" in text_of(told)
        form = hidden(told) | {"choice-results-0-note": "merged", "merged-results-0-note": "A0とB0"}
        assert berta.post(address(test), form).status_code == 302
        assert notes(test) == ["A0とB0", "B1", "A2"]
        assert AccessibilityTest.objects.get().tester == "Bの団体"

    def test_theirs_of_a_row(self, anna: Client, berta: Client, test: AccessibilityTest) -> None:
        late = rows(test, {0: "B0"})
        anna.post(address(test), rows(test, {0: "A0"}))
        told = berta.post(address(test), late)
        berta.post(address(test), hidden(told) | {"choice-results-0-note": "theirs"})
        assert notes(test)[0] == "A0"

    def test_a_row_that_is_gone_is_told_with_what_was_written(self, berta: Client, test: AccessibilityTest) -> None:
        late = rows(test, {0: "B0", 1: "B1"})
        test.results.in_order().first().delete()
        told = berta.post(address(test), late)
        assert "ほかの人が外したところ" in text_of(told)
        assert "B0" in text_of(told)
        assert berta.post(address(test), hidden(told)).status_code == 302
        assert notes(test)[1:] == ["B1", ""]

    def test_a_row_that_another_changed_is_not_taken_away_unasked(
        self, anna: Client, test: AccessibilityTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(CriterionResultInline, "can_delete", True)
        late = rows(test, {1: "B1"}, **{"results-0-DELETE": "on"})
        client = client_as("admin")
        anna.post(address(test), rows(test, {0: "A0"}))
        told = client.post(address(test), late)
        assert hidden(told)["choose"] == ["results-0-DELETE"]
        client.post(address(test), hidden(told) | {"choice-results-0-DELETE": "theirs"})
        assert notes(test)[:2] == ["A0", "B1"]
        told = client.post(address(test), late)
        first = test.results.in_order().first().pk
        client.post(address(test), hidden(told) | {f"choice-{name}": "mine" for name in hidden(told)["choose"]})
        assert not test.results.filter(pk=first).exists()

    def test_added_rows_of_both_are_kept(self, test: AccessibilityTest, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(CriterionResultInline, "has_add_permission", lambda *_: True)
        monkeypatch.setattr(CriterionResultInline, "fields", ["criterion", "result", "note"])
        monkeypatch.setattr(CriterionResultInline, "readonly_fields", [])
        monkeypatch.setattr(accessibility_admin, "save_test", lambda test: test.save())
        test.results.in_order().first().delete()
        late = rows(test, {}, tester="Bの団体")
        late |= {f"results-{n}-criterion": row.criterion for n, row in enumerate(test.results.in_order())}
        late |= {"results-TOTAL_FORMS": "38", "results-37-criterion": "1.1.1", "results-37-result": "fails"}
        late["results-37-note"] = "足した行"
        test.method = "Aの方法"
        test.save()
        told = client_as("admin").post(address(test), late)
        assert "足した行" in told.content.decode()
        client_as("admin").post(address(test), hidden(told))
        assert test.results.get(criterion="1.1.1").note == "足した行"
        test.refresh_from_db()
        assert (test.method, test.tester) == ("Aの方法", "Bの団体")


class TestFiles:
    def test_a_picture_must_be_chosen_again(self, anna: Client, berta: Client) -> None:
        icon = f.SdgIconFactory(sdg=f.SdgFactory(number=3))

        def picture(colour: str) -> SimpleUploadedFile:
            return SimpleUploadedFile("icon.png", f.picture(colour=colour), "image/png")

        late = {"edit_version": seen(icon), "sdg": icon.sdg_id, "conditions_confirmed": "on"}
        anna.post(address(icon), late | {"image": picture("red")})
        saved = SdgIcon.objects.get().digest
        told = berta.post(address(icon), late | {"image": picture("blue")})
        assert told.status_code == 409
        assert 'enctype="multipart/form-data"' in told.content.decode()
        assert "もう一度選んでください" in text_of(told)
        assert SdgIcon.objects.get().digest == saved
        berta.post(address(icon), hidden(told) | {"image": picture("blue")})
        assert SdgIcon.objects.get().digest not in (saved, icon.digest)


class TestDeletedMeanwhile:
    def test_what_was_typed_is_shown_to_be_copied(self, anna: Client, berta: Client, link: GoalSdgLink) -> None:
        late = body(link, reason="長く考えて\r\n書いた文")
        fill(anna, address(link, "delete"), {"post": "yes"})
        told = berta.post(address(link), late)
        assert told.status_code == 409
        words = text_of(told)
        assert f"「{link}」は、ほかの人が消しました" in words
        assert "長く考えて\n書いた文" in words
        assert "見本 次郎さんが" in words
        assert address(link, "history") in told.content.decode()
        assert not GoalSdgLink.objects.exists()

    def test_rows_are_shown_too(self, berta: Client, test: AccessibilityTest) -> None:
        late = rows(test, {1: "書いた備考"})
        AccessibilityTest.objects.get().delete()
        words = text_of(berta.post(address(test), late))
        assert "書いた備考" in words
        assert "令和8年度" in words

    def test_what_never_was_is_answered_as_before(self, berta: Client, link: GoalSdgLink) -> None:
        missing = address(link).replace(str(link.pk), "999")
        assert berta.post(missing, body(link)).status_code == 302


def test_a_version_that_cannot_be_is_answered(berta: Client, test: AccessibilityTest) -> None:
    late = rows(test, {0: "B0"}, edit_version="9" * 18 + "." + "9" * 18)
    assert berta.post(address(test), late).status_code == 302
    assert notes(test)[0] == "B0"

"""The accessibility policy and the yearly tests in the admin, as the city's staff meet them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plan_portal.accessibility.criteria import CRITERIA, NUMBERS
from plan_portal.accessibility.models import AccessibilityPolicy, AccessibilityTest, CriterionResult
from tests import factories as f
from tests.plan_portal.admin_world import client_as, fill

pytestmark = pytest.mark.django_db
ADD_TEST, ADD_POLICY = "admin:accessibility_accessibilitytest_add", "admin:accessibility_accessibilitypolicy_add"


@pytest.fixture
def editor() -> Client:
    return client_as("市・編集")


@pytest.fixture
def test() -> AccessibilityTest:
    return f.AccessibilityTestFactory(fiscal_year=2026, outcome="untested")


def change_url(record) -> str:
    return reverse(f"admin:accessibility_{record._meta.model_name}_change", args=[record.pk])


def form(test: AccessibilityTest, results: dict[str, dict[str, str]], **fields: str) -> dict[str, str]:
    """What a browser sends: every result 適合 but for `results`, by the number of the criterion."""
    rows = list(test.results.in_order())
    data = {"fiscal_year": "令和8", "state": "draft", "results-TOTAL_FORMS": "38", "results-INITIAL_FORMS": "38"}
    for index, row in enumerate(rows):
        given = {"id": str(row.pk), "test": str(test.pk), "applies": "on", "result": "conforms", "note": ""}
        given |= results.get(row.criterion, {})
        data |= {f"results-{index}-{name}": value for name, value in given.items() if value is not None}
    return data | fields


class TestPolicy:
    def test_the_first_is_registered_with_empty_fields(self, editor: Client) -> None:
        editor.post(reverse(ADD_POLICY), {"level": "", "scope": "", "exceptions": "", "contact": "福祉の課"})
        assert AccessibilityPolicy.objects.get().contact == "福祉の課"

    def test_no_second_is_offered_and_none_is_lost(self, editor: Client) -> None:
        f.AccessibilityPolicyFactory()
        changelist = reverse("admin:accessibility_accessibilitypolicy_changelist")
        assert reverse(ADD_POLICY) not in editor.get(changelist).content.decode()
        assert editor.get(reverse(ADD_POLICY)).status_code == 403
        response = editor.post(reverse(ADD_POLICY), {"scope": "書いた文"})
        page = response.content.decode()
        assert response.status_code == 200
        assert "方針はもう登録されています。" in page
        assert "書いた文" in page
        assert AccessibilityPolicy.objects.count() == 1

    def test_public_page_is_linked_and_history_kept(self, editor: Client) -> None:
        policy = f.AccessibilityPolicyFactory()
        fill(editor, change_url(policy), {"level": "AA", "scope": "新しい範囲"})
        assert 'href="/accessibility/" class="viewsitelink"' in editor.get(change_url(policy)).content.decode()
        assert [record.scope for record in policy.history.all()] == ["新しい範囲", ""]


class TestOfAYear:
    def test_saving_a_new_test_makes_its_38_results_and_stays(self, editor: Client) -> None:
        response = editor.post(reverse(ADD_TEST), {"fiscal_year": "令和8", "state": "draft"})
        test = AccessibilityTest.objects.get()
        assert response.headers["Location"] == change_url(test)
        rows = test.results.in_order().values_list("criterion", "applies", "result")
        assert list(rows) == [(number, True, "untested") for number in NUMBERS]
        assert {record.history_user_id for record in CriterionResult.history.all()} == {
            int(editor.session["_auth_user_id"])
        }

    def test_saving_again_makes_only_what_is_missing(self, editor: Client, test: AccessibilityTest) -> None:
        test.results.exclude(criterion="1.1.1").delete()
        test.results.update(note="残る")
        management = {"results-TOTAL_FORMS": "0", "results-INITIAL_FORMS": "0"}
        fill(editor, change_url(test), {"fiscal_year": "令和8", "state": "draft", **management})
        assert test.results.count() == 38
        assert test.results.get(criterion="1.1.1").note == "残る"

    def test_a_new_test_cannot_be_published_at_once(self, editor: Client) -> None:
        response = editor.post(reverse(ADD_TEST), {"fiscal_year": "令和8", "state": "published", "tester": "書いた名"})
        page = response.content.decode()
        assert "はじめは「下書き」で保存してください。" in page
        assert 'value="書いた名"' in page
        assert not AccessibilityTest.objects.exists()

    @pytest.mark.usefixtures("test")
    def test_a_second_test_of_a_year_is_refused_in_words(self, editor: Client) -> None:
        page = editor.post(reverse(ADD_TEST), {"fiscal_year": "2026", "state": "draft"}).content.decode()
        assert "この年度の試験は、もう登録されています。" in page

    def test_wrong_addresses_of_pages_come_back_at_the_field(self, editor: Client, test: AccessibilityTest) -> None:
        response = fill(editor, change_url(test), form(test, {}, pages="/goals/\nトップページ"))
        assert "「トップページ」は、ページのアドレスではありません。" in str(
            response.context["adminform"].form.errors["pages"]
        )

    def test_the_form_is_a_table_of_38_named_rows_without_add_and_delete(
        self, editor: Client, test: AccessibilityTest
    ) -> None:
        page = editor.get(change_url(test)).content.decode()
        heads = [re.sub("<[^>]*>", "", head) for head in re.findall(r'<th scope="row">(.*?)</th>', page, re.DOTALL)]
        assert heads == [criterion.title for criterion in CRITERIA]
        for label in ("適用", "結果", "備考"):
            assert page.count(f'aria-label="1.1.1 非テキストコンテンツ {label}"') == 1
        assert not re.search(r'name="results-\d+-(DELETE|criterion)"|__prefix__', page)

    def test_all_38_results_are_saved_and_published_at_once(self, editor: Client, test: AccessibilityTest) -> None:
        results = {
            "1.2.4": {"applies": None, "result": "untested", "note": "生放送なし"},
            "1.4.3": {"result": "fails"},
        }
        response = fill(editor, change_url(test), form(test, results, state="published", by_people="on"))
        assert response.status_code == 302
        assert list(AccessibilityTest.objects.published()) == [test]
        kept = test.results.get(criterion="1.2.4")
        assert (kept.applies, kept.result, kept.note) == (False, "untested", "生放送なし")
        assert test.results.get(criterion="1.4.3").result == "fails"
        assert test.results.filter(result="conforms").count() == 36
        page = editor.get(change_url(test)).content.decode()
        assert 'href="/accessibility/?year=2026" class="viewsitelink"' in page

    def test_publishing_with_untested_criteria_is_refused_by_name_and_keeps_what_was_typed(
        self, editor: Client, test: AccessibilityTest
    ) -> None:
        results = {"1.1.1": {"note": "書いた備考"}, "2.4.7": {"result": "untested"}, "4.1.2": {"result": "untested"}}
        response = fill(editor, change_url(test), form(test, results, state="published", tester="書いた名"))
        page = response.content.decode()
        assert response.status_code == 200
        assert "未試験の基準が残っているので、公開できません。" in page
        assert "未試験：2.4.7、4.1.2<" in page
        assert 'value="書いた備考"' in page
        assert 'value="書いた名"' in page
        assert page.count('<option value="conforms" selected>') == 36
        test.refresh_from_db()
        assert test.state == "draft"
        assert set(test.results.values_list("result", flat=True)) == {"untested"}

    def test_rows_left_out_of_the_form_do_not_help_to_publish(self, editor: Client, test: AccessibilityTest) -> None:
        management = {"results-TOTAL_FORMS": "0", "results-INITIAL_FORMS": "0"}
        fill(editor, change_url(test), {"fiscal_year": "2026", "state": "published", **management})
        test.refresh_from_db()
        assert test.state == "draft"

    def test_what_does_not_apply_cannot_fail(self, editor: Client, test: AccessibilityTest) -> None:
        page = fill(
            editor, change_url(test), form(test, {"1.1.1": {"applies": None, "result": "fails"}})
        ).content.decode()
        assert "適用しない基準を「不適合」にはできません。" in page

    def test_history_tells_which_criterion_was_changed_to_what(self, editor: Client, test: AccessibilityTest) -> None:
        fill(editor, change_url(test), form(test, {}))
        url = reverse("admin:accessibility_accessibilitytest_history", args=[test.pk])
        page = editor.get(url).content.decode()
        assert "達成基準：1.1.1 非テキストコンテンツ、適用：はい、結果：適合、備考：（空）" in page

    def test_shakyo_reads_and_does_not_write(self, test: AccessibilityTest) -> None:
        page = client_as("社協").get(change_url(test)).content.decode()
        assert "1.1.1 非テキストコンテンツ" in page
        assert "<select" not in page.partition('id="results-group"')[2]

    def test_the_form_asks_no_more_for_more_results(self, editor: Client) -> None:
        few, whole = f.CriterionResultFactory().test, f.AccessibilityTestFactory(outcome="conforms")

        def queries(test: AccessibilityTest) -> int:
            with CaptureQueriesContext(connection) as captured:
                editor.get(change_url(test))
            return len(captured)

        assert queries(whole) == queries(few)


def test_drafts_and_gaps_are_in_todays_work(editor: Client, test: AccessibilityTest) -> None:
    f.AccessibilityPolicyFactory()
    tasks = {task.words: task for task in editor.get(reverse("admin:index")).context["tasks"]}
    for words in ("空の欄があるウェブアクセシビリティ方針", "下書きのアクセシビリティの試験"):
        assert tasks[words].number == 1
        assert editor.get(tasks[words].url).context["cl"].result_count == 1


@pytest.mark.django_db
def test_a_row_whose_id_was_changed_on_its_way_is_told_and_changes_nothing() -> None:
    result = f.CriterionResultFactory(result="conforms")
    body = {
        "fiscal_year": str(result.test.fiscal_year),
        "state": "draft",
        "results-TOTAL_FORMS": "1",
        "results-INITIAL_FORMS": "1",
        "results-0-id": "987",
        "results-0-result": "fails",
        "_save": "",
    }
    address = reverse("admin:accessibility_accessibilitytest_change", args=[result.test.pk])
    response = fill(client_as("市・編集"), address, body)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    result.refresh_from_db()
    assert result.result == "conforms"

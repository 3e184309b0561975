"""The 取組 and their 担当 in the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from initiatives.models import Department
from tests import factories as f
from tests.plan_portal.admin_world import client_as, fill, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return client_as("市・編集")


def listed(client: Client, name: str, query: str = "") -> list:
    return list(client.get(reverse(f"admin:initiatives_{name}_changelist") + query).context["cl"].queryset)


class TestInitiative:
    def test_columns(self, editor: Client) -> None:
        initiative = f.InitiativeFactory(goal__number=7, number=4, body="本文です。")
        f.InitiativeFactory(department=f.DepartmentFactory(name="福祉グループ"))
        html = editor.get(reverse("admin:initiatives_initiative_changelist")).content.decode()
        for text in ("取組7-(4)", initiative.title, "福祉グループ", 'class="st-pending">確認待ち', "あり"):
            assert text in html

    def test_waiting_filters(self, editor: Client) -> None:
        whole = f.InitiativeFactory(department=f.DepartmentFactory(), body="本文", summary_easy="文")
        bare = f.InitiativeFactory(title_ruby="")
        for key in ("department", "body", "summary_easy", "title_ruby"):
            assert listed(editor, "initiative", f"?waiting={key}") == [bare]
        assert set(listed(editor, "initiative")) == {whole, bare}

    def test_filter_by_goal_and_department(self, editor: Client) -> None:
        initiative = f.InitiativeFactory(department=f.DepartmentFactory())
        f.InitiativeFactory()
        assert listed(editor, "initiative", f"?goal__id__exact={initiative.goal_id}") == [initiative]
        assert listed(editor, "initiative", f"?department__id__exact={initiative.department_id}") == [initiative]

    @pytest.mark.parametrize("term", ["7-4", "7-(4)", "取組7-(4)", "７－４"])
    def test_search_by_the_printed_number(self, term: str, editor: Client) -> None:
        initiative = f.InitiativeFactory(goal__number=7, number=4, title="見守り", title_ruby="")
        f.InitiativeFactory(goal__number=4, number=7, title="別", title_ruby="")
        assert listed(editor, "initiative", f"?q={term}") == [initiative]

    def test_search_reads_title_and_body(self, editor: Client) -> None:
        initiative = f.InitiativeFactory(body="ボランティア")
        f.InitiativeFactory()
        assert listed(editor, "initiative", "?q=ﾎﾞﾗﾝﾃｨｱ") == [initiative]

    def test_linkages_are_counted_and_linked(self, editor: Client) -> None:
        pair = f.LinkagePairFactory()
        f.LinkagePairFactory(linkage=pair.linkage, initiative=pair.initiative)
        f.LinkageFactory()
        html = editor.get(reverse("admin:initiatives_initiative_changelist")).content.decode()
        url = reverse("admin:kizuna_linkage_changelist") + f"?pairs__initiative__id__exact={pair.initiative_id}"
        assert f'<a href="{url}">1件</a>' in html
        assert {row.pk for row in editor.get(url).context["cl"].queryset} == {pair.linkage_id}

    def test_public_page(self, editor: Client) -> None:
        initiative = f.InitiativeFactory(goal__number=7, number=4)
        hidden = f.InitiativeFactory(goal__plan=f.PlanFactory(preparing=True))
        html = editor.get(reverse("admin:initiatives_initiative_change", args=[initiative.pk])).content.decode()
        assert f'href="{reverse("initiatives:detail", args=[7, 4])}" class="viewsitelink">公開ページを見る' in html
        html = editor.get(reverse("admin:initiatives_initiative_change", args=[hidden.pk])).content.decode()
        assert "公開ページを見る" not in html

    def test_an_initiative_of_a_linkage_stays_with_its_goal(self, editor: Client) -> None:
        pair = f.LinkagePairFactory()
        initiative, goal = pair.initiative, f.BasicGoalFactory(plan=pair.initiative.goal.plan)
        body = {"goal": goal.pk, "number": "50", "title": initiative.title}
        response = fill(editor, reverse("admin:initiatives_initiative_change", args=[initiative.pk]), body)
        assert "連携の組に入っています" in response.content.decode()


class TestDepartment:
    def test_initiatives_are_counted_and_linked(self, editor: Client) -> None:
        department = f.DepartmentFactory()
        f.InitiativeFactory.create_batch(2, department=department)
        html = editor.get(reverse("admin:initiatives_department_changelist")).content.decode()
        url = reverse("admin:initiatives_initiative_changelist") + f"?department__id__exact={department.pk}"
        assert f'<a href="{url}">2件</a>' in html
        assert editor.get(url).context["cl"].result_count == 2

    def test_filters(self, editor: Client) -> None:
        old = f.DepartmentFactory(valid_to="2026-03-31")
        now = f.DepartmentFactory(phone="0143-00-0000")
        sample = f.DepartmentFactory(sample=True, email="a@example.invalid")
        assert set(listed(editor, "department", "?now=yes")) == {now, sample}
        assert listed(editor, "department", "?now=no") == [old]
        assert listed(editor, "department", "?waiting=phone") == [sample]
        assert listed(editor, "department", "?waiting=email") == [now]
        assert listed(editor, "department", "?is_sample__exact=1") == [sample]

    @pytest.mark.parametrize("day", ["2026-04-01", "2026/4/1", "2026年4月1日"])
    def test_dates_as_people_write_them(self, day: str, editor: Client) -> None:
        editor.post(reverse("admin:initiatives_department_add"), {"name": "新グループ", "valid_from": day})
        assert Department.objects.get().valid_from.isoformat() == "2026-04-01"

    def test_a_department_in_use_is_not_deleted(self) -> None:
        initiative = f.InitiativeFactory(department=f.DepartmentFactory())
        address = reverse("admin:initiatives_department_delete", args=[initiative.department_id])
        client_as("市・承認").post(address, {"post": "yes", "edit_version": seen(initiative.department)})
        assert Department.objects.exists()


class TestHistory:
    def test_whoever_changes_a_record_may_say_why(self) -> None:
        department = f.DepartmentFactory(name="前のグループ")
        address = reverse("admin:initiatives_department_change", args=[department.pk])
        body = {"name": "今のグループ", "phone": "", "email": "", "change_reason": "4月の組織改正"}
        fill(client_as("市・編集"), address, body)
        newest = department.history.latest("history_id")
        assert (newest.name, newest.history_change_reason) == ("今のグループ", "4月の組織改正")
        page = client_as("社協").get(reverse("admin:initiatives_department_history", args=[department.pk]))
        assert "4月の組織改正" in page.content.decode()

    def test_revert_of_other_records_brings_back_the_stored_version(self) -> None:
        department = f.DepartmentFactory(name="前のグループ")
        department.name = "今のグループ"
        department.save()
        version = department.history.earliest("history_id").history_id
        address = reverse("admin:initiatives_department_simple_history", args=[department.pk, version])
        fill(client_as("市・編集"), address, {"name": "忍びこませたグループ"})
        department.refresh_from_db()
        assert department.name == "前のグループ"
        assert "の内容に戻した" in department.history.latest("history_id").history_change_reason
        assert LogEntry.objects.count() == 1

    def test_deletion_writes_history(self) -> None:
        department = f.DepartmentFactory()
        pk = department.pk
        fill(client_as("市・承認"), reverse("admin:initiatives_department_delete", args=[pk]), {"post": "yes"})
        last = Department.history.filter(id=pk).first()
        assert (last.history_type, last.history_user_id) == ("-", User.objects.get(groups__name="市・承認").pk)

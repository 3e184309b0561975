"""History in words: who, for which organisation, why, and each field before and after."""

from datetime import date
from typing import Any

import pytest
from django.db.models import Model
from django.urls import reverse

from kizuna.models import Linkage, LinkagePair
from plan_portal.accessibility.models import CriterionResult
from plan_portal.foundation import history_entries
from plan_portal.foundation.history_entries import child_entries, entries, field_rows
from plan_portal.foundation.models import Reading
from tests import factories as f
from tests.plan_portal.admin_world import client_as, fill

pytestmark = pytest.mark.django_db

CITY_CHIP = '<span class="st-org st-org-city">市</span>'
SHAKYO_CHIP = '<span class="st-org st-org-shakyo">社協</span>'


def newest(record: Model) -> Any:
    """The latest entry of a record."""
    return entries(list(record.history.order_by("-history_date", "-history_id")))[0]


def change(record: Model, by: Any = None, **values: object) -> list[tuple[str, str, str]]:
    """Give the record these values; what its history says then."""
    for name, value in values.items():
        setattr(record, name, value)
    record._history_user = by
    record.save()
    return [(one.field, one.before, one.after) for one in newest(record).changes]


class TestOrganisation:
    @pytest.mark.parametrize(
        ("role", "chip"), [("市・編集", CITY_CHIP), ("市・承認", CITY_CHIP), ("社協", SHAKYO_CHIP), ("admin", "")]
    )
    def test_of_a_change_in_the_admin(self, role: str, chip: str) -> None:
        reading, client = f.ReadingFactory(word="地域", ruby="{地域|ちいき}"), client_as(role)
        address = reverse("admin:foundation_reading_change", args=[reading.pk])
        fill(client, address, {"word": "地域", "ruby": "{地域|かえたよみ}"})
        assert Reading.objects.get().ruby == "{地域|かえたよみ}"
        page = client.get(reverse("admin:foundation_reading_history", args=[reading.pk])).content.decode()
        assert [found for found in (CITY_CHIP, SHAKYO_CHIP) if found in page] == ([chip] if chip else [])

    def test_of_a_change_to_a_part_and_its_reason(self) -> None:
        result = f.CriterionResultFactory()
        result._history_user, result._change_reason = f.UserFactory(role="市・編集", last_name="見本"), "見なおした"
        result.note = "備考"
        result.save()
        address = reverse("admin:accessibility_accessibilitytest_history", args=[result.test_id])
        page = client_as("市・編集").get(address).content.decode()
        for text in (f"{CITY_CHIP} 見本", "見なおした", "（空） → 備考"):
            assert text in page

    def test_is_that_of_the_day_also_when_the_person_moves_to_the_other(self) -> None:
        user, reading = f.UserFactory(role="市・編集"), f.ReadingFactory()
        change(reading, user, ruby=reading.ruby.replace("よみ", "べつ"))
        user.groups.set(f.UserFactory(role="社協").groups.all())
        assert newest(reading).organisation.label == "市"
        change(reading, user, ruby=reading.ruby.replace("べつ", "よみ"))
        assert newest(reading).organisation.label == "社協"

    def test_is_none_for_the_system(self) -> None:
        assert newest(f.ReadingFactory()).organisation is None


class TestBeforeAndAfter:
    def test_of_links(self) -> None:
        one, two = f.SdgFactory(number=1), f.SdgFactory(number=2)
        assert change(f.PlanSdgFactory(sdg=one), sdg=two) == [("ＳＤＧｓのゴール", str(one), str(two))]
        link = f.GoalSdgLinkFactory(sdg=one, reason="前")
        assert change(link, sdg=two, reason="後") == [("ＳＤＧｓのゴール", str(one), str(two)), ("理由", "前", "後")]
        initiative, department = f.InitiativeFactory(), f.DepartmentFactory()
        assert change(initiative, department=department) == [("担当", "（空）", department.name)]
        assert change(initiative, department=None) == [("担当", department.name, "（空）")]

    def test_of_what_no_form_shows(self) -> None:
        linkage = f.LinkageFactory(summary="前の文")
        values = {"state": "agreed", "summary": "後の文", "since": 2026, "partners": "町内会"}
        assert change(linkage, **values, agreed_on=date(2026, 4, 1)) == [
            ("状態", "合意前", "合意済"),
            ("一緒に行うこと", "前の文", "後の文"),
            ("始まる年度", "（空）", "令和8年度（2026年度）"),
            ("ほかに一緒に行う人たち", "（空）", "町内会"),
            ("合意した日", "（空）", "2026年4月1日"),
        ]
        assert change(linkage, end_asked_by="shakyo") == [("解消を申し出た団体", "（空）", "社協")]

    def test_a_version_beside_today_holds_also_what_no_form_shows(self) -> None:
        linkage = f.LinkageFactory(agreed=True, summary="約束")
        ends = {"市の基本目標": str(linkage.goal), "きずな計画の基本目標": str(linkage.kizuna_goal)}
        change(linkage, state="ended", ended_on=date(2027, 3, 31))
        rows = {row.field: (row.then, row.now) for row in field_rows(linkage.history.last(), linkage)}
        assert rows == {name: (end, end) for name, end in ends.items()} | {
            "状態": ("合意済", "解消"),
            "一緒に行うこと": ("約束", "約束"),
            "合意した日": ("2026年4月1日", "2026年4月1日"),
            "解消した日": ("（空）", "2027年3月31日"),
        }

    def test_what_no_form_shows_and_says_nothing_is_left_out(self) -> None:
        department = f.DepartmentFactory()
        assert "見本" not in {row.field for row in field_rows(department.history.get(), department)}
        sample = f.DepartmentFactory(sample=True)
        assert ("見本", "はい") in {(row.field, row.then) for row in field_rows(sample.history.get(), None)}

    def test_every_column_of_a_model_is_kept_but_the_copy_for_search(self) -> None:
        kept = {field.name for field in Linkage.history.model.tracked_fields}
        assert {field.name for field in Linkage._meta.concrete_fields} - kept == {"search_text"}


class TestParts:
    def swapped(self) -> tuple[LinkagePair, str, str]:
        """A pair whose 取組 was changed, then removed; and both of its names."""
        pair = f.LinkagePairFactory()
        before, other = str(pair.initiative), f.InitiativeFactory(goal=pair.linkage.goal)
        pair.initiative = other
        pair.save()
        return pair, before, str(other)

    def test_a_pair_that_came_changed_and_went(self) -> None:
        f.LinkagePairFactory()
        pair, before, after = self.swapped()
        linkage_id, item = pair.linkage_id, str(pair.item)
        pair.delete()
        found = child_entries(LinkagePair, "linkage", linkage_id)
        assert [(one.kind, one.name) for one in found] == [
            ("削除", f"{after} と {item}"),
            ("変更", f"{after} と {item}"),
            ("新しく登録", f"{before} と {item}"),
        ]
        changes = [[(change.field, change.before, change.after) for change in one.changes] for one in found]
        assert changes == [[], [("取組", before, after)], []]

    def test_what_was_before_is_found_also_when_it_is_too_old_to_be_shown(self, monkeypatch) -> None:
        monkeypatch.setattr(history_entries, "MAX_CHILD_RECORDS", 1)
        pair, before, after = self.swapped()
        (only,) = child_entries(LinkagePair, "linkage", pair.linkage_id)
        assert [(change.before, change.after) for change in only.changes] == [(before, after)]

    def test_number_of_queries_does_not_grow(self, django_assert_num_queries) -> None:
        test, user = f.AccessibilityTestFactory(outcome="conforms"), f.UserFactory()
        for result in test.results.all():
            result.note, result._history_user = "備考", user
            result.save()
        with django_assert_num_queries(3):  # the newest, what was before them, the people
            found = child_entries(CriterionResult, "test", test.pk)
        assert [len(one.changes) for one in found] == [1] * 38 + [0] * 38

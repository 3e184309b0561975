"""What a draft says: names of choices and parents, the differences, nothing lost of either text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.models import Initiative
from plan_portal.foundation.drafts import content
from plan_portal.foundation.text_diff import Kind, compare_whole
from tests import factories as f

SENTENCES = st.lists(st.sampled_from([*"市は相談を支援します早期に連携。", "。", "\n", "支援します。"]), max_size=60)


def texts(pieces: list, *kinds: Kind) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


class TestWholeTexts:
    @given(SENTENCES, SENTENCES)
    def test_both_texts_can_be_read_off(self, before: list[str], after: list[str]) -> None:
        old, new = "".join(before), "".join(after)
        pieces = compare_whole(old, new)
        assert texts(pieces, Kind.SAME, Kind.GONE) == old
        assert texts(pieces, Kind.SAME, Kind.NEW) == new
        assert all(piece.text for piece in pieces)
        if old != new:
            assert texts(pieces, Kind.GONE, Kind.NEW)

    def test_marks_stand_within_the_sentence(self) -> None:
        same = "この文は変わりません。" * 100
        pieces = compare_whole(f"{same}関係者会議を年４回開催します。", f"{same}関係者会議を年６回開催します。")
        assert [(piece.kind, piece.text) for piece in pieces if piece.kind is not Kind.SAME] == [
            (Kind.GONE, "４"),
            (Kind.NEW, "６"),
        ]

    def test_sentences_with_little_in_common_are_exchanged_whole(self) -> None:
        before, after = "市の 職員が 話を 聞きます。", "いくつか あっても、一つの 窓口で 相談できます。"
        assert compare_whole(before, after) == [(Kind.GONE, before), (Kind.NEW, after)]

    @pytest.mark.parametrize("size", [8000, 100_000])
    def test_work_is_bounded(self, size: int) -> None:
        before, after = "あ。" * size, "い。" * size
        assert texts(compare_whole(before, after), Kind.GONE) == before


@pytest.mark.django_db
class TestDraft:
    def test_differences_name_parents_and_choices(self) -> None:
        old, department = f.InitiativeFactory(), f.DepartmentFactory(name="福祉グループ")
        draft = f.DraftFactory(record=old, changed={"department_id": department.pk, "body": "本文"})
        changed = content.differences(old, content.proposed(draft))
        assert [(d.field, d.before, d.after, d.official) for d in changed] == [
            ("取組の本文", "（空）", "本文", True),
            ("担当", "（空）", "福祉グループ", False),
        ]
        assert [name for name, _ in content.unchanged(content.proposed(draft), changed)] == [
            *("基本目標", "番号", "取組", "ふりがな", "この取組が兼ねる計画", "やさしい日本語"),
        ]

    def test_old_and_new_side_by_side(self) -> None:
        old = f.InitiativeFactory(body="関係者会議を年４回開催します。")
        draft = f.DraftFactory(record=old, changed={"body": "関係者会議を年６回開催します。"})
        (body,) = content.differences(old, content.proposed(draft))
        assert "".join(piece.text for piece in body.old) == old.body
        assert "".join(piece.text for piece in body.new) == draft.values["body"]

    def test_a_new_record_differs_in_all_that_it_has(self) -> None:
        goal = f.BasicGoalFactory(number=4)
        new = Initiative(goal=goal, number=2, title="新しい取組")
        assert [(d.field, d.after) for d in content.differences(None, new)] == [
            ("基本目標", str(goal)),
            ("番号", "2"),
            ("取組", "新しい取組"),
        ]

    def test_the_proposed_record_leaves_the_public_one_alone(self) -> None:
        old = f.InitiativeFactory()
        goal, other = old.goal, f.BasicGoalFactory(plan=old.goal.plan)
        new = content.proposed(f.DraftFactory(record=old, changed={"goal_id": other.pk}), old)
        assert (new.goal, old.goal, new.pk) == (other, goal, old.pk)

    def test_values_are_fit_for_json(self) -> None:
        for factory in (
            f.PlanSectionFactory,
            f.BasicGoalFactory,
            f.InitiativeFactory,
            f.KizunaGoalFactory,
            f.KizunaItemFactory,
        ):
            values = content.values_of(factory())
            assert all(value is None or isinstance(value, str | int) for value in values.values())
            assert "search_text" not in values

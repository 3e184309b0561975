import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan
from plan_portal.content import ContentError, load_plan
from plan_portal.content.plan_files import LOADABLE
from plan_portal.content.plan_loader import PLAN_FIXTURES, REASON
from sdgs.models import PlanSdg, Sdg
from tests.factories import PlanFactory, UserFactory

pytestmark = pytest.mark.django_db

COUNTS = {
    Plan: 1,
    PlanSection: 11,
    BasicGoal: 7,
    Initiative: 20,
    Sdg: 17,
    PlanSdg: 8,
    KizunaPlan: 1,
    KizunaGoal: 5,
    KizunaItem: 15,
}
TOTAL = sum(COUNTS.values())


def content() -> dict:
    """All rows with all their columns."""
    return {model: list(model.objects.order_by("pk").values()) for model in COUNTS}


def write(folder: Path, *records: dict) -> Path:
    file = folder / "plan.json"
    file.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return file


def plan_record(**fields) -> dict:
    whole = {"municipality": "見本町", "ordinal": 1, "name": "見本町の計画", "ideal": "理念", **fields}
    return {"model": "goals.plan", "fields": whole}


def goal_record(**fields) -> dict:
    return {"model": "goals.basicgoal", "fields": {"plan": ["見本町", 1], "number": 1, "title": "目標", **fields}}


def test_everything_is_added_once():
    report = load_plan()
    assert {model: model.objects.count() for model in COUNTS} == COUNTS
    assert len(report.added) == TOTAL
    assert not report.unchanged
    assert not report.edited
    assert set(LOADABLE) - {"foundation.reading"} == {model._meta.label_lower for model in COUNTS}


def test_second_time_changes_nothing():
    load_plan()
    before = content()
    report = load_plan()
    assert content() == before
    assert len(report.unchanged) == TOTAL
    assert not report.added
    assert not report.edited


def test_rows_have_a_history_with_the_reason_and_search_text():
    load_plan()
    for model, count in COUNTS.items():
        entries = model.history.values_list("history_type", "history_change_reason", "history_user_id")
        assert list(entries) == [("+", REASON, None)] * count, model
    load_plan()
    assert Initiative.history.count() == COUNTS[Initiative]
    assert Sdg.objects.get(number=1).search_text.startswith("貧困をなくそう")
    assert not PlanSection.objects.filter(search_text="").exists()


def test_edited_rows_are_left_alone_and_named():
    load_plan()
    item = KizunaItem.objects.get(number=7)
    item.placement = "confirmed"
    item.save()
    goal = BasicGoal.objects.get(number=4)
    goal.title_ruby = ""
    goal.save()
    before = content()
    report = load_plan()
    assert content() == before
    assert report.edited == [goal, item]
    assert len(report.unchanged) == TOTAL - 2
    lines = list(report.lines())
    assert "次の記録は、手を加えてあるので、そのままにしました。" in lines
    assert "  ・基本計画「⑦ 孤立させない地域づくりの推進」" in lines
    assert "基本計画：追加 0件、変わりなし 14件、手を加えてあるもの 1件" in lines


def test_what_the_file_does_not_speak_of_is_no_edit():
    load_plan()
    initiative = Initiative.objects.first()
    initiative.summary_easy = "みんなで助け合います。"
    initiative.save()
    assert load_plan().edited == []
    initiative.refresh_from_db()
    assert initiative.summary_easy == "みんなで助け合います。"


def test_deleted_rows_come_back_when_loaded_by_hand_and_are_named():
    load_plan()
    KizunaItem.objects.get(number=15).delete()
    report = load_plan()
    assert [row.number for row in report.added] == [15]
    lines = list(report.lines())
    assert "次の記録は、なかったので追加しました（前に消したものも、もう一度入っています）。" in lines
    assert lines[-1].startswith("  ・基本計画「⑮ ")


def test_if_empty_loads_into_an_empty_portal():
    assert not load_plan(if_empty=True).skipped
    assert Plan.objects.count() == 1


def test_if_empty_never_brings_back_nor_overwrites():
    load_plan()
    KizunaItem.objects.get(number=15).delete()
    Initiative.objects.update(title="別の題")
    before = content()
    report = load_plan(if_empty=True)
    assert report.skipped
    assert content() == before
    assert list(report.lines()) == ["計画はもう登録されています。何も変えていません。"]


def test_if_empty_does_not_bring_back_a_deleted_plan():
    PlanFactory().delete()
    assert load_plan(if_empty=True).skipped
    assert not Plan.objects.exists()


def test_if_empty_leaves_another_citys_portal_alone():
    PlanFactory()
    assert load_plan(if_empty=True).skipped
    assert Plan.objects.count() == 1


def test_next_edition_may_be_current_already():
    """The printed plan is 現行 in its file; the portal keeps one 現行 plan, and says so."""
    PlanFactory(municipality="登別市", ordinal=4)
    with pytest.raises(ContentError, match="この市町村には、もう現行の計画があります"):
        load_plan()
    assert Plan.objects.count() == 1


def test_ended_plan_stays_ended():
    load_plan()
    plan = Plan.objects.get()
    plan.state = "ended"
    plan.save()
    assert load_plan().edited == [plan]
    plan.refresh_from_db()
    assert plan.state == "ended"


def test_loading_beside_a_users_work_keeps_the_user(client):
    load_plan()
    user = UserFactory()
    goal = BasicGoal.objects.first()
    goal._history_user = user
    goal.save()
    load_plan()
    assert User.objects.count() == 1
    assert goal.history.first().history_user_id == user.pk


def test_a_file_of_ones_own(tmp_path):
    report = load_plan(source=write(tmp_path, plan_record(), goal_record(field="分野")))
    assert [str(row) for row in report.added] == ["第１期 見本町の計画", "基本目標1 目標"]
    assert load_plan(source=tmp_path).added == []


BROKEN = [
    ("", "JSON の形がくずれています"),
    ('[{"model": "goals.plan",\n ]', "plan.json を読めません。2行目の2文字目"),
    ("{}", "記録のならび"),
    ("[1]", "model と fields だけ"),
    ('[{"model": "goals.plan"}]', "model と fields だけ"),
    ([{**plan_record(), "pk": 1}], "pk は書きません"),
    ([plan_record(id=1)], "pk は書きません"),
    ([{"model": "auth.user", "fields": {"username": "x"}}], "「auth.user」は、計画の記録として読み込めません"),
    ([{"model": "goals.nothing", "fields": {}}], "「goals.nothing」は、計画の記録として"),
    ([plan_record(), plan_record()], "前にも書いてあります"),
    ([plan_record(), goal_record(), goal_record(title="別")], "3番目の記録「基本目標1 別」は、前にも"),
    ([plan_record(), goal_record(colour="赤")], "2番目の記録：知らない項目があります"),
    ([plan_record(), goal_record(plan=["無い町", 1])], "2番目の記録を読めません"),
    ([plan_record(), goal_record(plan=["見本町"])], "2番目の記録を読めません"),
    ([plan_record(), goal_record(plan=None)], "2番目の記録を読めません"),
    ([plan_record(), goal_record(number="一")], "2番目の記録を読めません"),
    ([plan_record(), goal_record(number=0)], "番号は1から999まで"),
    ([plan_record(), goal_record(title="")], "title：このフィールドは空ではいけません"),
    ([plan_record(), goal_record(title="護り", title_ruby="護り")], "「護」に読みがありません"),
    ([plan_record(ordinal=None)], "plan.json の1番目の記録"),
]


@pytest.mark.parametrize(("file", "message"), BROKEN)
def test_broken_file_is_explained_and_nothing_is_loaded(tmp_path, file, message):
    source = tmp_path / "plan.json"
    source.write_text(file if isinstance(file, str) else json.dumps(file), encoding="utf-8")
    with pytest.raises(ContentError, match=message):
        load_plan(source=source)
    assert not Plan.objects.exists()
    assert not Plan.history.exists()


def test_broken_last_file_leaves_nothing_behind(tmp_path):
    for file in sorted(PLAN_FIXTURES.glob("*.json")):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "99.json").write_text("[", encoding="utf-8")
    with pytest.raises(ContentError, match=r"99\.json を読めません"):
        load_plan(source=tmp_path)
    assert not any(model.objects.exists() or model.history.exists() for model in COUNTS)


def test_file_that_cannot_be_read(tmp_path):
    with pytest.raises(ContentError, match="を開けません"):
        load_plan(source=tmp_path / "nothing.json")
    with pytest.raises(ContentError, match=r"\.json のファイルがありません"):
        load_plan(source=tmp_path)
    (tmp_path / "plan.json").write_text("[]", encoding="utf-16")
    with pytest.raises(ContentError, match="UTF-8 で保存"):
        load_plan(source=tmp_path)


def test_file_saved_by_notepad(tmp_path):
    """A byte order mark at the beginning is no fault."""
    (tmp_path / "plan.json").write_text(json.dumps([plan_record()]), encoding="utf-8-sig")
    assert len(load_plan(source=tmp_path).added) == 1


def test_row_that_only_the_database_refuses(tmp_path, monkeypatch):
    monkeypatch.setattr(Plan, "full_clean", lambda _row: None)
    with pytest.raises(ContentError, match="データベースが受け付けませんでした"):
        load_plan(source=write(tmp_path, plan_record(name="")))


def test_fixtures_are_what_loaddata_reads_too():
    call_command("loaddata", *sorted(str(file) for file in PLAN_FIXTURES.glob("*.json")), verbosity=0)
    assert {model: model.objects.count() for model in COUNTS} == COUNTS


def test_command(capsys, tmp_path):
    call_command("load_plan")
    assert "取組：追加 20件、変わりなし 0件、手を加えてあるもの 0件\n" in capsys.readouterr().out
    call_command("load_plan", "--if-empty")
    assert capsys.readouterr().out == "計画はもう登録されています。何も変えていません。\n"
    with pytest.raises(CommandError, match="何も登録していません。"):
        call_command("load_plan", str(tmp_path / "nothing.json"))

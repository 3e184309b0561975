import pytest
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError, Q

from goals.models import BasicGoal
from initiatives.models import Department, Initiative
from kizuna.linkage_content import LinkageContent
from kizuna.models import (
    KizunaGoal,
    KizunaItem,
    Linkage,
    LinkagePair,
    LinkageProposal,
    LinkageState,
    Standing,
)
from plan_portal.content import clear_sample, load_plan, load_sample
from plan_portal.foundation.models import AppendOnlyModel
from sdgs.models import GoalSdgLink, Sdg
from tests.constraints import our_models
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db

LINES = [(1, 1), (1, 2), (1, 4), (2, 2), (2, 3), (3, 3), (4, 2), (4, 3), (5, 2), (6, 1), (7, 2), (7, 3), (7, 5)]


@pytest.fixture(autouse=True)
def plan():
    load_plan()


def content() -> dict:
    """All rows of all content models with all their columns, without history and logs."""
    models = [model for model in our_models() if not issubclass(model, AppendOnlyModel)]
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def goal(number) -> BasicGoal:
    return BasicGoal.objects.get(number=number)


def kizuna_goal(number) -> KizunaGoal:
    return KizunaGoal.objects.get(number=number)


def initiative(goal_number, number) -> Initiative:
    return Initiative.objects.get(goal__number=goal_number, number=number)


def real_linkage(goal_number, kizuna_number) -> Linkage:
    return Linkage.objects.create(goal=goal(goal_number), kizuna_goal=kizuna_goal(kizuna_number), summary="本物")


def test_sample_shows_the_lines_of_the_figure():
    load_sample()
    agreed = Linkage.objects.filter(state=LinkageState.AGREED)
    proposed = Linkage.objects.filter(state=LinkageState.PROPOSED)
    assert sorted(agreed.values_list("goal__number", "kizuna_goal__number")) == LINES
    assert proposed.count() == 2
    assert not agreed.filter(Q(agreed_on=None) | Q(since=None)).exists()
    assert not proposed.exclude(agreed_on=None, summary="", pairs=None).exists()
    assert all(linkage.pairs.exists() for linkage in agreed)
    assert {row.standing for row in proposed} == {Standing.WRITING, Standing.WAITING}
    waiting = proposed.get(proposal__state="waiting")
    LinkageContent.of_proposal(waiting.proposal).check_complete(waiting)


def test_every_row_says_that_it_is_a_sample():
    load_sample()
    assert not Department.objects.exclude(is_sample=True, name__startswith="見本 ").exists()
    assert not Department.objects.exclude(phone="", email__endswith="@example.invalid").exists()
    assert not GoalSdgLink.objects.exclude(is_sample=True, reason__startswith="見本：", confirmation="waiting").exists()
    assert not Linkage.objects.exclude(is_sample=True).exists()
    texts = (Linkage.objects.filter(state=LinkageState.AGREED), LinkageProposal.objects.all())
    assert not any(rows.exclude(summary__startswith="見本の文です。").exists() for rows in texts)
    for row in (*Department.objects.all(), *GoalSdgLink.objects.all(), *Linkage.objects.all()):
        row.full_clean()
    for pair in LinkagePair.objects.all():
        pair.full_clean()


def test_sdg_links_use_the_goals_that_the_plan_names():
    load_sample()
    assert not GoalSdgLink.objects.filter(sdg__plan_sdgs=None).exists()


def test_one_initiative_shows_what_a_missing_department_looks_like():
    report = load_sample()
    assert list(Initiative.objects.filter(department=None)) == [initiative(7, 4)]
    assert report.assigned == 19


def test_history_tells_of_loading_and_clearing():
    load_sample()
    row = initiative(1, 1)
    assert row.history.first().history_change_reason == "見本の読み込み"
    clear_sample()
    assert row.history.first().history_change_reason == "見本の削除"
    assert row.history.first().department_id is None
    for model in (Department, GoalSdgLink, Linkage, LinkagePair):
        entries = model.history.values_list("history_type", "history_change_reason")
        assert set(entries) == {("+", "見本の読み込み"), ("-", "見本の削除")}, model


def test_twice_is_once():
    load_sample()
    before = content()
    report = load_sample()
    assert content() == before
    assert not report.added
    assert report.assigned == 0
    clear_sample()
    report = clear_sample()
    assert not report.removed
    assert list(report.lines()) == ["見本はありません。"]


def test_clear_restores_what_was():
    before = content()
    load_sample()
    assert content() != before
    clear_sample()
    assert content() == before


def test_clear_keeps_real_rows_from_before_and_in_between():
    """Before: two real linkages where the sample has a line, a real SDG link, a real 担当. In between: new and edited rows."""
    linkage = real_linkage(1, 1)
    pair = LinkagePair.objects.create(
        linkage=linkage, initiative=initiative(1, 1), item=KizunaItem.objects.get(number=1)
    )
    real_linkage(5, 4)
    GoalSdgLink.objects.create(goal=goal(2), sdg=Sdg.objects.get(number=3), reason="本物", confirmation="confirmed")
    department = DepartmentFactory(name="本物グループ")
    carried = initiative(2, 2)
    carried.department = department
    carried.save()
    before = content()

    load_sample()
    assert Linkage.objects.filter(is_sample=True).count() == 13
    assert initiative(2, 2).department == department
    real_linkage(6, 5)
    later = DepartmentFactory(name="あとのグループ")
    moved = initiative(3, 1)
    moved.department = later
    moved.summary_easy = "手を加えた文"
    moved.save()

    clear_sample()
    after = content()
    added = Linkage.objects.get(goal__number=6, kizuna_goal__number=5)
    assert list(Linkage.objects.filter(summary="本物")) == list(Linkage.objects.all())
    assert list(LinkagePair.objects.all()) == [pair]
    added.delete()
    assert initiative(3, 1).department == later
    moved = initiative(3, 1)
    moved.department, moved.summary_easy = None, ""
    moved.save()
    later.delete()
    assert after != before
    assert content() == before


def test_what_staff_made_of_a_sample_goes_with_it():
    load_sample()
    department = Department.objects.get(name="見本 福祉グループ")
    department.name, department.phone = "見本から直したグループ", "0143-00-0000"
    department.save()
    row = initiative(7, 4)
    row.department = department
    row.save()
    linkage = Linkage.objects.get(goal__number=5, kizuna_goal__number=4)
    linkage.state, linkage.summary = LinkageState.AGREED, "見本を直した文"
    linkage.save()
    LinkagePair.objects.create(linkage=linkage, initiative=initiative(5, 2), item=KizunaItem.objects.get(number=9))
    clear_sample()
    assert initiative(7, 4).department is None
    assert not Department.objects.exists()
    assert not Linkage.objects.exists()
    assert not LinkagePair.objects.exists()


def test_real_department_that_follows_a_sample_stays():
    load_sample()
    successor = DepartmentFactory(name="本物グループ", replaces=Department.objects.first())
    chained = Department.objects.last()
    chained.replaces = Department.objects.exclude(pk__in=[chained.pk, successor.replaces_id]).first()
    chained.save()
    clear_sample()
    assert [(row.pk, row.replaces) for row in Department.objects.all()] == [(successor.pk, None)]


def test_real_department_with_a_samples_name_is_not_used():
    DepartmentFactory(name="見本 福祉グループ")
    load_sample()
    assert initiative(1, 1).department is None
    clear_sample()
    assert Department.objects.get().is_sample is False


def test_pairs_that_no_longer_fit_are_left_out():
    item = KizunaItem.objects.get(number=4)
    item.goal = kizuna_goal(3)
    item.save()
    load_sample()
    assert not LinkagePair.objects.filter(item=item).exists()


def test_missing_goals_are_left_out():
    KizunaItem.objects.filter(goal__number=5).delete()
    kizuna_goal(5).delete()
    load_sample()
    assert Linkage.objects.filter(state=LinkageState.AGREED).count() == 12


def test_if_empty_loads_at_the_first_start_only():
    assert not load_sample(if_empty=True).skipped
    before = content()
    assert load_sample(if_empty=True).skipped
    assert content() == before
    clear_sample()
    report = load_sample(if_empty=True)
    assert report.skipped
    assert list(report.lines()) == ["見本は読み込みませんでした。ポータルは、もう使われはじめています。"]
    assert not Linkage.objects.exists()


def test_if_empty_stays_out_of_a_portal_in_use():
    row = goal(1)
    row._history_user = UserFactory()
    row.save()
    assert load_sample(if_empty=True).skipped
    assert not load_sample().skipped


def test_if_empty_stays_out_where_real_rows_are():
    DepartmentFactory()
    assert load_sample(if_empty=True).skipped


def test_sample_that_is_in_use_elsewhere_stays_with_everything(monkeypatch, capsys):
    load_sample()
    before = content()

    def refuse(self):
        raise ProtectedError("used", {initiative(1, 1)})

    monkeypatch.setattr(Department, "delete", refuse)
    with pytest.raises(
        CommandError, match=r"見本の担当「見本 .+」は、取組「取組1-\(1\) .+」が使っているので、消せません"
    ):
        call_command("clear_sample")
    assert content() == before


def test_commands(capsys, tmp_path):
    call_command("load_sample")
    out = capsys.readouterr().out
    assert "連携：見本を追加 15件、もうあるのでそのまま 0件\n" in out
    assert "見本の担当を付けた取組：19件\n" in out
    call_command("load_sample", "--if-empty")
    assert "見本は読み込みませんでした。" in capsys.readouterr().out
    call_command("clear_sample")
    out = capsys.readouterr().out
    assert "連携：見本を削除 15件\n" in out
    assert "担当を空（確認待ち）に戻した取組：19件\n" in out
    with pytest.raises(CommandError, match="何も登録していません。"):
        call_command("load_sample", str(tmp_path / "nothing.json"))

import pytest

from goals.outline import outline
from kizuna.figure.builder import build_graph
from kizuna.figure.graph import Link
from kizuna.models import KizunaGoal, Linkage
from kizuna.outline import kizuna_outline
from kizuna.staff_figure import staff_figure
from tests.factories import (
    BasicGoalFactory,
    InitiativeFactory,
    KizunaGoalFactory,
    KizunaItemFactory,
    KizunaPlanFactory,
    LinkageFactory,
    LinkageProposalFactory,
    PlanFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    plan = PlanFactory(municipality="登別市", figure_number=38, figure_caption="二つの計画")
    goal = BasicGoalFactory(plan=plan, number=7, field="防災")
    InitiativeFactory(goal=goal, number=4, title="再犯防止（ある計画）", embodied_plan="ある計画")
    kizuna = KizunaPlanFactory(city_plan=plan)
    goals = [KizunaGoalFactory(plan=kizuna, number=number) for number in (1, 2, 3)]
    KizunaItemFactory(goal=goals[0], number=1, placement="confirmed")
    KizunaItemFactory(goal=goals[0], number=2)
    LinkageFactory(goal=goal, kizuna_goal=goals[1], agreed=True, sample=True)
    LinkageFactory(goal=goal, kizuna_goal=goals[0], agreed=True)
    LinkageFactory(goal=goal, kizuna_goal=goals[2])
    LinkageFactory(agreed=True)
    return plan


def graph_of(plan, **options):
    return build_graph(plan, outline(plan), kizuna_outline(plan), **options)


def test_the_graph_holds_both_plans_and_agreed_links_only(plan):
    graph = graph_of(plan)
    assert (graph.label, graph.caption) == ("図３８", "二つの計画")
    assert graph.links == (Link(7, 1), Link(7, 2, sample=True))
    assert graph.city.name == f"{plan.name}（登別市）"
    assert graph.city.goals[0].parts[0].own_plan == "ある計画"
    assert [part.placement_confirmed for part in graph.kizuna.goals[0].parts] == [True, False]
    assert [part.mark for part in graph.kizuna.goals[0].parts] == ["①", "②"]
    assert graph.kizuna.ideal[0].endswith("、")
    assert (
        "".join(graph.kizuna.ideal)
        == "心豊かに「きずな」を紡ぎ護り育てることで、一人ひとりを大切にする共生共存のまちをつくります"
    )


def test_the_links_cost_one_query(plan, django_assert_num_queries):
    goals, kizuna = outline(plan), kizuna_outline(plan)
    with django_assert_num_queries(1):
        build_graph(plan, goals, kizuna)


def test_a_root_makes_every_address_absolute(plan):
    graph = graph_of(plan, root="https://plan.example")
    urls = [graph.city.url, graph.kizuna.url]
    for side in (graph.city, graph.kizuna):
        for goal in side.goals:
            urls += [goal.url, *(part.url for part in goal.parts)]
    assert len(urls) == 2 + 1 + 1 + 3 + 2
    assert all(url.startswith("https://plan.example/") for url in urls)


def test_a_figure_without_number_has_a_name_all_the_same(plan):
    plan.figure_number, plan.figure_caption = None, ""
    graph = graph_of(plan)
    assert (graph.label, graph.caption) == ("関係図", f"{plan.name}・きずな計画の関係")


def test_staff_see_what_waits_for_the_city_too(plan):
    goal, kizuna_goals = plan.goals.get(), KizunaGoal.objects.in_plan_order()
    untouched = KizunaGoalFactory(plan=kizuna_goals[0].plan, number=4)
    for kizuna_goal, state in zip(
        [*kizuna_goals[:3], untouched], ("waiting", "writing", "waiting", "returned"), strict=True
    ):
        linkage = Linkage.objects.filter(goal=goal, kizuna_goal=kizuna_goal).first()
        linkage = linkage or LinkageFactory(goal=goal, kizuna_goal=kizuna_goal)
        LinkageProposalFactory(linkage=linkage, state=state)
    assert graph_of(plan).links == (Link(7, 1), Link(7, 2, sample=True))
    context = staff_figure(plan)
    assert context["graph"].links == (Link(7, 1), Link(7, 2, sample=True), Link(7, 3, agreed=False))
    assert "stroke-dasharray" in context["picture"]
    assert "（確認待ち）" in context["picture"]
    assert staff_figure(PlanFactory()) == {}

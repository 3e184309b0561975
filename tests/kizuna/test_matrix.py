"""連携の記録: 35 cells, each with word, shape and number, at a cost that does not grow."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kizuna.models import Linkage, LinkageProposal
from tests import factories as f
from tests.kizuna.conftest import TwoGoals
from tests.plan_portal.admin_world import client_as

pytestmark = pytest.mark.django_db
MATRIX = "/admin/kizuna/linkage/matrix/"


@pytest.fixture
def grid() -> tuple[list, list]:
    plan = f.PlanFactory()
    kizuna_plan = f.KizunaPlanFactory(city_plan=plan)
    goals = [f.BasicGoalFactory(plan=plan, number=number) for number in range(1, 8)]
    return goals, [f.KizunaGoalFactory(plan=kizuna_plan, number=number) for number in range(1, 6)]


def page(client: Client, query: str = "") -> str:
    return client.get(MATRIX + query).content.decode()


def cells(html: str) -> dict[str, str]:
    """市1ときずな2 → its cell."""
    found = re.findall(r"<td[^>]*>(<(?:a|span) class=\"st-cell.*?)</td>", html, re.DOTALL)
    return {re.search(r"(市\d+ときずな\d+)：", cell)[1]: cell for cell in found}


def words(cell: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", cell))


def test_every_pair_of_goals_has_a_cell_under_its_headers(grid: tuple) -> None:
    goals, columns = grid
    html = page(client_as("社協"))
    assert len(cells(html)) == 35
    assert html.count('<th scope="col"><span class="st-num">') == 5
    assert html.count('<th scope="row">') == 7
    assert "35組です" in html
    for goal in (*goals, *columns):
        assert goal.title in html


# Session, account, rights (2), groups (2); plans, both kinds of goals, linkages. For the city one more: the menu of 方針.
@pytest.mark.parametrize(("role", "queries"), [("社協", 11), ("市・編集", 12)])
def test_35_linkages_cost_as_many_queries_as_one(
    role: str, queries: int, grid: tuple, django_assert_num_queries
) -> None:
    client = client_as(role)

    def linked(goal, column, agreed: bool) -> None:
        linkage = f.LinkageFactory(goal=goal, kizuna_goal=column, agreed=agreed)
        f.LinkagePairFactory(linkage=linkage)
        if not agreed:
            LinkageProposal.objects.create(linkage=linkage, pairs=[[1, 1]])

    linked(grid[0][0], grid[1][0], agreed=True)
    page(client)
    with django_assert_num_queries(queries):
        page(client)
    for number, goal in enumerate(grid[0]):
        for column in grid[1]:
            if not Linkage.objects.filter(goal=goal, kizuna_goal=column).exists():
                linked(goal, column, agreed=number % 2 == 0)
    with django_assert_num_queries(queries):
        assert len(cells(page(client))) == 35


@pytest.mark.parametrize(
    ("steps", "shape", "word", "pairs"),
    [
        ((), "none", "なし", 0),
        (("start", "save"), "writing", "提案中", 1),
        (("start", "propose"), "waiting", "市の確認待ち", 1),
        (("start", "propose", "return"), "returned", "差戻し", 1),
        (("start", "propose", "agree"), "agreed", "合意済", 1),
        (("start", "propose", "agree", "ask_end", "end"), "ended", "解消", 1),
    ],
)
@pytest.mark.parametrize("role", ["社協", "市・承認", "市・編集", "admin"])
def test_word_shape_and_number(steps: tuple, shape: str, word: str, pairs: int, role: str, two: TwoGoals) -> None:
    if steps:
        two.take(*steps)
    html = page(two.client(role))
    cell = cells(html)["市1ときずな2"]
    assert f'href="#st-{shape}"' in cell
    assert f'id="st-{shape}"' in html
    assert words(cell).replace("あなたの番", "").startswith(f"市1ときずな2：{word}組{pairs}")
    assert f'{word}</span> <span class="st-count">1組</span>' in re.sub(r"\n", "", html)


def test_a_cell_leads_to_the_linkage(two: TwoGoals) -> None:
    two.take("start", "save")
    for role in ("社協", "市・編集", "市・承認", "admin"):
        assert f'href="{two.address()}"' in cells(page(two.client(role)))["市1ときずな2"]


def test_an_empty_cell_leads_to_a_form_for_those_who_write(two: TwoGoals) -> None:
    cell = cells(page(two.client("社協")))["市1ときずな2"]
    assert f'href="{two.new_address()}"' in cell
    assert "提案を書く" in cell
    for role in ("市・承認", "市・編集", "admin"):
        assert "href" not in cells(page(two.client(role)))["市1ときずな2"].replace('use href="', "")


@pytest.mark.parametrize(
    ("steps", "whose"),
    [
        (("start",), "社協"),
        (("start", "propose"), "市・承認"),
        (("start", "propose", "return"), "社協"),
        (("start", "propose", "agree"), None),
        (("start", "propose", "agree", "ask_end"), "市・承認"),
    ],
)
def test_your_turn_is_marked_for_who_may_take_the_step(steps: tuple, whose: str | None, two: TwoGoals) -> None:
    two.take(*steps)
    for role in two.people:
        assert ("あなたの番" in cells(page(two.client(role)))["市1ときずな2"]) == (role == whose), role


def test_a_wish_to_end_is_named(two: TwoGoals) -> None:
    two.take("start", "propose", "agree", "ask_end")
    assert "解消の申し出あり" in cells(page(two.client("市・編集")))["市1ときずな2"]


def test_keyboard(grid: tuple) -> None:
    html = page(client_as("社協"))
    assert 'href="#after-matrix"' in html
    assert 'id="after-matrix" class="st-quiet" tabindex="-1"' in html
    assert 'role="region" aria-labelledby="matrix" tabindex="0"' in html


def test_the_current_plan_comes_first_and_others_can_be_chosen(grid: tuple) -> None:
    plan = grid[0][0].plan
    later = f.PlanFactory(municipality=plan.municipality, ordinal=4, preparing=True)
    kizuna = f.KizunaPlanFactory(city_plan=later, state="preparing")
    f.BasicGoalFactory(plan=later, title="次の目標")
    f.KizunaGoalFactory(plan=kizuna)
    client = client_as("社協")
    assert "次の目標" not in page(client)
    assert f'href="?plan={later.pk}"' in page(client)
    assert "次の目標" in page(client, f"?plan={later.pk}")
    for nonsense in ("999", "abc", "%00", "9" * 400):
        html = page(client, f"?plan={nonsense}")
        assert "その計画は見つかりませんでした" in html
        assert grid[0][0].title in html


def test_empty_states() -> None:
    client = client_as("社協")
    assert "表にするものが、まだありません" in page(client)
    assert "表にするものが、まだありません" in page(client, "?plan=1")
    f.KizunaPlanFactory()
    assert "表にするものが、まだありません" in page(client)


def test_the_list_and_the_table_lead_to_each_other(two: TwoGoals) -> None:
    client = two.client("市・編集")
    changelist = reverse("admin:kizuna_linkage_changelist")
    assert f'href="{changelist}"' in page(client)
    assert f'href="{MATRIX}"' in client.get(changelist).content.decode()


def test_a_new_text_beside_an_agreement_is_named_when_it_is_proposed(two: TwoGoals) -> None:
    two.take("start", "propose", "agree")
    two.take("start", "save", summary="書きかけ")
    assert "新しい提案あり" not in page(two.client("市・承認"))
    two.take("propose", summary="新しい文")
    assert "新しい提案あり" in cells(page(two.client("市・承認")))["市1ときずな2"]


class TestFigure:
    ADDRESS = "/admin/kizuna/linkage/figure/"

    @pytest.mark.parametrize("role", ["社協", "市・承認", "市・編集", "admin"])
    def test_what_waits_for_the_city_is_dashed_for_staff_and_absent_for_citizens(
        self, role: str, two: TwoGoals
    ) -> None:
        two.take("start", "save")
        assert "確認待ちの破線は1本" not in two.client(role).get(self.ADDRESS).content.decode()
        two.take("propose")
        assert "確認待ちの破線は1本" in two.client(role).get(self.ADDRESS).content.decode()
        assert "確認待ちの破線は1本" not in Client().get(reverse("kizuna:relationship")).content.decode()

    def test_empty_states(self) -> None:
        client = client_as("社協")
        for query in ("", "?plan=1", "?plan=abc"):
            assert "図にするものが、まだありません" in client.get(self.ADDRESS + query).content.decode()

    def test_it_is_reached_from_the_table(self, two: TwoGoals) -> None:
        assert f'href="{self.ADDRESS}"' in page(two.client("市・編集"))

"""きょうの仕事, and what holds for all admin pages: Japanese words, bad addresses, the number of queries, no inline style."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import Plan
from initiatives.models import Initiative
from kizuna.models import Linkage
from plan_portal.foundation.admin import BAD_FILTER, PortalAdmin
from tests import factories as f
from tests.plan_portal.admin_world import World, client_as, make_world

pytestmark = pytest.mark.django_db

CONTENT = [model for model, model_admin in admin.site._registry.items() if isinstance(model_admin, PortalAdmin)]
NAMES = [f"{model._meta.app_label}_{model._meta.model_name}" for model in CONTENT]
# What may stand in Latin letters: signs of the markup that staff type, addresses, examples.
LATIN_ALLOWED = {"plan", "s", "Excel", "ID", "PNG", "JPEG", "WebP", "KB", "goals", "AA"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def admin_client() -> Client:
    return client_as("admin")


def tasks(client: Client) -> dict[str, tuple[int, str]]:
    response = client.get(reverse("admin:index"))
    return {task.words: (task.number, task.url) for task in response.context["tasks"]}


class TestTodaysWork:
    @pytest.mark.usefixtures("world")
    def test_city_sees_its_own_facts_and_the_links_count_the_same(self) -> None:
        client = client_as("市・編集")
        found = tasks(client)
        assert {
            "担当のない取組",
            "本文のない取組",
            "確認待ちのＳＤＧｓとの結びつき",
            "計画期間が分からない計画",
        } <= set(found)
        for number, url in found.values():
            assert client.get(url).context["cl"].result_count == number

    @pytest.mark.usefixtures("world")
    def test_shakyo_sees_its_own_facts_and_the_links_count_the_same(self) -> None:
        client = client_as("社協")
        found = tasks(client)
        assert "所属が確認待ちの基本計画" in found
        assert "担当のない取組" not in found
        for number, url in found.values():
            assert client.get(url).context["cl"].result_count == number

    @pytest.mark.usefixtures("world")
    def test_administrator_sees_both(self, admin_client: Client) -> None:
        assert {"担当のない取組", "所属が確認待ちの基本計画"} <= set(tasks(admin_client))

    def test_settled_facts_are_not_named(self) -> None:
        f.PlanFactory(period_start=2026, period_end=2030)
        page = client_as("市・承認").get(reverse("admin:index")).content.decode()
        assert "いま、確認待ちの事実はありません。" in page

    def test_number_of_queries_does_not_grow(self, world: World) -> None:
        client = client_as("市・編集")

        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                client.get(reverse("admin:index"))
            return len(captured)

        before = queries()
        f.InitiativeFactory.create_batch(12, goal=world.other["initiative"].goal)
        assert queries() == before <= 24


@pytest.mark.parametrize("name", NAMES)
def test_number_of_queries_of_a_list_does_not_grow_with_its_rows(name: str, world: World, admin_client: Client) -> None:
    url = reverse(f"admin:{name}_changelist")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(url).status_code == 200
        return len(captured)

    before = queries()
    for free in (501, 502, 503):  # numbers that neither the world nor a sequence takes
        linkage = f.LinkageFactory(goal__plan=world.plan, goal__number=free, kizuna_goal__number=free)
        f.LinkagePairFactory(linkage=linkage, item__number=free)
        f.InitiativeFactory(goal=linkage.goal, number=free, department=f.DepartmentFactory(name=f"グループ{free}"))
        f.GoalSdgLinkFactory(goal=linkage.goal)
        f.PlanSdgFactory(plan=world.plan, sdg=f.SdgFactory(number=free - 498))
        f.SdgIconFactory(sdg=f.SdgFactory(number=free - 490))
        chapter = f.PlanSectionFactory(plan=world.plan, position=free)
        f.PlanSectionFactory(plan=world.plan, parent=chapter)
    assert queries() <= before + 1  # `+ 1`: the window of a list that now has more than one page of choices


class Words(HTMLParser):
    """The visible text of a page, without scripts and what people typed."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.styles: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        self.styles += [name for name in given if name == "style" or name.startswith("on")]
        if tag in ("script", "style"):
            self.inside.append(tag)
            if "src" not in given:
                self.styles.append(tag)
        for name in ("title", "placeholder", "aria-label", "value"):
            if name != "value" or given.get("type") == "submit":
                self.words.append(given.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.words.append(data)


def english(page: str) -> set[str]:
    parser = Words()
    parser.feed(page)
    text = " ".join(parser.words)
    text = re.sub(r"\b(staff\d+|leaver|kizuna|Goal \d+|SDGs?|[\w.]+@[\w.]+)\b", " ", text)
    return {word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in LATIN_ALLOWED}


@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete", "history", "simple_history"])
@pytest.mark.parametrize("model", CONTENT)
def test_pages_speak_japanese_and_carry_no_inline_code(model, page: str, world: World, admin_client: Client) -> None:
    record = world.records[model]
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    args = [] if page in ("changelist", "add") else [record.pk]
    if page == "simple_history":
        args.append(record.history.first().history_id)
    content = admin_client.get(reverse(name, args=args)).content.decode()
    assert english(content) == set()
    parser = Words()
    parser.feed(content)
    assert parser.styles == []
    assert 'css/staff.css">' in content
    assert content.index("responsive.css") < content.index("css/staff.css")


@pytest.mark.parametrize("model", CONTENT)
def test_every_field_has_a_japanese_name(model) -> None:
    for field in model._meta.fields:
        if field.editable and not field.primary_key:
            assert re.search(r"[ぁ-んァ-ヶ一-龠]", str(field.verbose_name)), f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("name", [*NAMES, "auth_user", "auth_group"])
@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "あ" * 2700,
        "goal__id__exact=abc",
        "plan__id__exact=%00",
        "state__exact=%00",
        "plan__id__exact=" + "9" * 400,
        "waiting=nonsense",
        "p=abc",
        "p=99999999999999999999999999",
        "e=1",
        "e=1&plan__id__exact=abc",
        "o=abc.99.-1",
        "password__contains=a",
        "agreed_on__year=9999&agreed_on__month=12&agreed_on__day=31",
        "valid_from__year=abc",
        "all=",
        "%00=1",
        "is_sample__exact=2",
        "_popup=1&_to_field=%00",
    ],
)
def test_a_bad_query_string_is_never_an_error_page(name: str, query: str, world: World, admin_client: Client) -> None:
    url = f"{reverse(f'admin:{name}_changelist')}?{query}"
    response = admin_client.get(url, follow=True)
    assert response.status_code in (200, 400)
    if response.status_code == 400:  # refused before anything is read: Django's own admin lists
        assert name.startswith("auth_") or "_to_field" in query


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("model", admin.site._registry)
def test_a_popup_for_another_field_than_the_key_is_never_an_error_page(model, admin_client: Client) -> None:
    """Relations too: Django's own admin answers 500."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    one = [model._default_manager.first().pk]
    args = {"changelist": [], "add": [], "change": one, "delete": one}
    pages = [reverse(f"{name}_{page}", args=args[page]) for page in args]
    for field in {field.name for field in model._meta.get_fields()} - {"id"}:
        for page in pages:
            status = admin_client.get(f"{page}?_popup=1&_to_field={field}").status_code
            assert status in (200, 400, 403), (page, field)


def test_an_unreadable_filter_is_explained(world: World, admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:initiatives_initiative_changelist") + "?goal__id__exact=abc", follow=True)
    assert BAD_FILTER in page.content.decode()
    assert page.context["cl"].result_count == Initiative.objects.count()


def test_many_records_are_never_deleted_at_once(world: World, admin_client: Client) -> None:
    url = reverse("admin:goals_plan_changelist")
    body = {"action": "delete_selected", "post": "yes", "_selected_action": [world.plan.pk]}
    admin_client.post(url, body, follow=True)
    assert Plan.objects.count() == 3
    assert "action-select" not in admin_client.get(url).content.decode()


@pytest.mark.parametrize("name", [*NAMES, "auth_user"])
@pytest.mark.parametrize("page", ["change", "history", "delete"])
@pytest.mark.parametrize("key", ["abc", "0", "-1", "9" * 400, "1/2", "_00", "_"])
def test_an_address_of_nothing_is_never_an_error_page(name: str, page: str, key: str, admin_client: Client) -> None:
    base = reverse(f"admin:{name}_changelist")
    for method in (admin_client.get, admin_client.post):
        refused = name == "auth_user" and page == "delete"
        assert method(f"{base}{key}/{page}/").status_code in ((403,) if refused else (302, 404))
    if name != "auth_user":
        for version in ("abc", "0", "9" * 400):
            assert admin_client.post(f"{base}{key}/history/{version}/").status_code in (302, 404)


HOSTILE = [
    "\0",
    "a\0b",
    "あ" * 2700,
    "9" * 400,
    "-1",
    "1e400",
    "''",
    "<script>alert(1)</script>",
    "{護|",
    "\ud7ff",
    "٣",
    "NaN",
    "",
]


@pytest.mark.parametrize("model", [model for model in CONTENT if model is not Linkage])
def test_hostile_values_in_a_form_are_answered_and_kept(model, world: World, admin_client: Client) -> None:
    opts = model._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_add")
    fields = [field.name for field in opts.fields if field.editable and not field.primary_key]
    for value in HOSTILE:
        for name in fields:
            body = world.form(model, {model: {}}) | {name: value}
            response = admin_client.post(url, body)
            assert response.status_code in (200, 302), f"{name}={value!r}"
            if response.status_code == 200:
                assert english(" ".join(map(str, response.context["errors"]))) <= {"NULL", "NaN", "script", "alert"}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "app_label=goals",
        "app_label=initiatives&model_name=initiative&field_name=nothing",
        "app_label=initiatives&model_name=initiative&field_name=goal&term=%00",
        "app_label=initiatives&model_name=initiative&field_name=goal&page=abc",
        "app_label=initiatives&model_name=initiative&field_name=goal&page=" + "9" * 400,
    ],
)
def test_autocomplete_survives_anything(query: str, world: World, admin_client: Client) -> None:
    assert admin_client.get(f"{reverse('admin:autocomplete')}?{query}").status_code < 500


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_a_record_has_no_second_address_in_other_digits(admin_client, page):
    department = f.DepartmentFactory()
    for digits in ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩"):
        key = str(department.pk).translate(str.maketrans("0123456789", digits))
        assert admin_client.get(f"/admin/initiatives/department/{key}/{page}/").status_code in (302, 404)

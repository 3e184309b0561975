"""How an SDG is shown, with an icon and without."""

import re
from http import HTTPStatus

import pytest
from django.conf import settings
from django.urls import reverse

from plan_portal.content import load_plan, load_sample
from sdgs.models import GoalSdgLink, PlanSdg, Sdg, SdgIcon
from tests import factories as f
from tests.plan_portal.crawler import read

pytestmark = pytest.mark.django_db
ADDRESS = "https://www.un.org/sustainabledevelopment/"
DISCLAIMER = (
    "この出版物の内容は国連によって承認されておらず、国連またはその当局者や加盟国の見解を反映するものではありません。"
)


@pytest.fixture
def icon() -> SdgIcon:
    return f.SdgIconFactory(sdg__number=3, image=f.picture(size=(20, 10)))


@pytest.fixture
def plan() -> None:
    load_plan()
    load_sample()


class TestPicture:
    def test_headers(self, client, icon, django_assert_num_queries):
        with django_assert_num_queries(2):
            response = client.get(icon.url)
        assert response.content == icon.image
        assert response["Content-Type"] == "image/png"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["ETag"] == f'"{icon.digest}"'
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "Cookie" not in response.get("Vary", "")

    def test_its_own_address_is_kept_and_every_other_is_asked_again(self, client, icon):
        assert set(client.get(icon.url)["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
        for query in ("", "?v=", "?v=0123456789abcdef", "?v=%00"):
            response = client.get(f"/sdgs/3/icon.png{query}")
            assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=0", "must-revalidate"}
            assert response.content == icon.image

    def test_unchanged_is_told_without_reading_the_picture(self, client, icon, django_assert_num_queries):
        with django_assert_num_queries(1):
            response = client.get(icon.url, HTTP_IF_NONE_MATCH=f'"{icon.digest}"')
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == f'"{icon.digest}"'
        assert "immutable" in response["Cache-Control"]
        assert client.get(icon.url, HTTP_IF_NONE_MATCH='"other"').status_code == HTTPStatus.OK

    def test_another_picture_has_another_address(self, client, icon):
        before = icon.url
        icon.image = f.picture(colour="red")
        icon.save()
        assert icon.url != before
        assert client.get(before, HTTP_IF_NONE_MATCH=f'"{before[-16:]}"').content == icon.image

    @pytest.mark.usefixtures("icon", "plan")
    @pytest.mark.parametrize("number", ["4", "18", "0", "x"])
    def test_none_is_a_plain_404(self, number, client):
        page = read(client, f"/sdgs/{number}/icon.png")
        assert page.status == 404
        assert page.content_type.startswith("text/html")
        assert ("このゴールのアイコンは、ありません。" in page.text) == (number in {"4", "18"})

    def test_only_reading(self, client, icon):
        assert client.post(icon.url).status_code == 405
        head = client.head(icon.url)
        assert (head.content, head["Content-Type"]) == (b"", "image/png")


@pytest.mark.usefixtures("plan")
class TestChip:
    def test_bar_number_and_name(self, client):
        name = Sdg.objects.get(number=3).name
        for url in ("/sdgs/", "/plan/", GoalSdgLink.objects.filter(sdg__number=3)[0].goal.get_absolute_url()):
            (chip,) = re.findall(
                r'<span class="sdg" data-sdg="3">(.*?)</span></span>', client.get(url).content.decode()
            )
            assert "<b>3</b>" in chip, url
            assert '<a href="/sdgs/3/">' in chip, url
            assert re.sub("<[^>]*>", "", chip) == f"3{name}", url
            assert "<img" not in chip, url

    def test_on_its_own_page_it_is_the_heading_and_no_link(self, client):
        html = client.get("/sdgs/3/").content.decode()
        heading = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1]
        assert heading.startswith('<span class="sdg" data-sdg="3"><b>3</b>')
        assert "<a " not in heading

    def test_icon_stands_beside_the_name_and_says_nothing_itself(self, client):
        icon = f.SdgIconFactory(sdg=Sdg.objects.get(number=3), image=f.picture(size=(20, 10)))
        image = f'<img src="/sdgs/3/icon.png?v={icon.digest}" width="20" height="10" alt="">'
        for url in ("/sdgs/", "/sdgs/3/", "/plan/"):
            assert client.get(url).content.decode().count("<img") == 1
            assert f'data-sdg="3">{image}<b>3</b>' in client.get(url).content.decode()

    def test_colours_of_the_sheet_are_the_official_ones(self):
        sheet = (settings.BASE_DIR / "static/css/components/sdg.css").read_text(encoding="utf-8")
        found = dict(re.findall(r'\[data-sdg="(\d+)"\] \{ --sdg: (#[0-9a-f]{6}); \}', sheet))
        assert {int(number): colour.upper() for number, colour in found.items()} == dict(
            Sdg.objects.values_list("number", "colour")
        )


@pytest.mark.usefixtures("plan")
class TestConditions:
    def shows(self, client, url: str) -> bool:
        html = client.get(url).content.decode()
        assert (DISCLAIMER in html) == (ADDRESS in html) == ("<img" in html)
        assert f'href="{ADDRESS}' not in html
        return DISCLAIMER in html

    def test_never_without_icons(self, client):
        goal = GoalSdgLink.objects.order_by("pk")[0].goal.get_absolute_url()
        for url in ("/sdgs/", "/sdgs/3/", "/plan/", goal):
            assert not self.shows(client, url), url

    def test_on_every_page_that_shows_one_and_on_no_other(self, client):
        link = GoalSdgLink.objects.order_by("pk")[0]
        elsewhere = GoalSdgLink.objects.exclude(goal__sdg_links__sdg=link.sdg).order_by("pk")[0].goal
        f.SdgIconFactory(sdg=link.sdg)
        named = PlanSdg.objects.filter(sdg=link.sdg).exists()
        assert self.shows(client, "/sdgs/")
        assert self.shows(client, link.sdg.get_absolute_url())
        assert self.shows(client, link.goal.get_absolute_url())
        assert self.shows(client, "/plan/") == named
        others = [sdg.get_absolute_url() for sdg in Sdg.objects.exclude(pk=link.sdg_id)]
        for url in (*others, elsewhere.get_absolute_url(), "/", "/goals/", "/accessibility/"):
            assert not self.shows(client, url), url


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("url", ["/sdgs/", "/sdgs/3/", "/plan/", "/goals/1/"])
def test_pages_read_no_picture_and_ask_the_same_with_17_icons(url, client, django_assert_num_queries):
    before = read(client, url).queries
    for sdg in Sdg.objects.all():
        f.SdgIconFactory(sdg=sdg)
    with django_assert_num_queries(before) as asked:
        client.get(url)
    assert not [query["sql"] for query in asked.captured_queries if '"image"' in query["sql"]]


@pytest.mark.usefixtures("icon")
def test_icons_are_kept_when_the_portal_has_no_plan(client):
    assert client.get(reverse("sdgs:icon", args=[3])).status_code == 200
    assert client.get("/sdgs/").status_code == 404

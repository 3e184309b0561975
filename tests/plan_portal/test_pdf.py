"""PDFs of the figure, an initiative and the whole plan; and the portal where WeasyPrint is not installed."""

import re
import sys
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.db import transaction
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem
from plan_portal.content import load_plan, load_sample
from plan_portal.paper import engine
from tests.paper import plain, sheets
from tests.plan_portal.crawler import crawl, read

pytestmark = pytest.mark.django_db
SMALLEST = 8.95  # points; 9 but for rounding
A4, A3_LANDSCAPE = (210, 297), (420, 297)
LINKS = {
    "/plan/": "/plan.pdf",
    "/relationship/": "/relationship.pdf",
    "/goals/4/2/": "/goals/4/2.pdf",
    "/goals/7/4/": "/goals/7/4.pdf",
}


@pytest.fixture(scope="module")
def pdfs(django_db_setup, django_db_blocker) -> dict[str, bytes]:
    """Each kind of document, with the plan and the 見本."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_plan()
        load_sample()
        answers = {address: Client().get(address) for address in ("/plan.pdf", "/relationship.pdf", "/goals/7/4.pdf")}
        transaction.set_rollback(True)
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: answer.content for address, answer in answers.items()}


@pytest.fixture
def without_weasyprint(monkeypatch) -> Iterator[None]:
    """As on a machine on which nobody asked for PDFs."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    engine.available.cache_clear()
    yield
    engine.available.cache_clear()


def text(pdf: bytes) -> str:
    return plain("".join(sheet.text for sheet in sheets(pdf)))


def in_order(words: list[str], whole: str) -> list[str]:
    """The words that do not follow those before them."""
    missing, place = [], 0
    for word in map(plain, words):
        found = whole.find(word, place)
        missing += [word] if found < 0 else []
        place = max(place, found)
    return missing


def elements(node: object) -> Iterator[DictionaryObject]:
    """Every element below a node of the tree of tags."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, DictionaryObject) and ("/S" in node or "/K" in node):
        yield node
        yield from elements(node.get("/K", []))


def outline_titles(entries: list) -> list[str]:
    return [title for x in entries for title in (outline_titles(x) if isinstance(x, list) else [x.title])]


@pytest.mark.pdf
def test_every_document_is_tagged_titled_and_has_its_fonts(pdfs, counts):
    for address, pdf in pdfs.items():
        reader = PdfReader(BytesIO(pdf))
        root = reader.root_object
        assert root["/MarkInfo"]["/Marked"], address
        assert root["/Lang"] == "ja", address
        assert root["/ViewerPreferences"]["/DisplayDocTitle"], address
        assert "地域福祉計画ポータル" in reader.metadata.title, address
        assert re.search(rb'pdfuaid:part(>|=")1', root["/Metadata"].get_data()), address
        tags = [element["/S"] for element in elements(root["/StructTreeRoot"]) if "/S" in element]
        assert {"/Document", "/H1", "/H2", "/P"} <= set(tags), address
        fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
        assert len(fonts) >= len(reader.pages)
        for font in fonts:
            kinds = [kind.get_object()["/FontDescriptor"] for kind in font.get_object()["/DescendantFonts"]]
            assert all({"/FontFile", "/FontFile2", "/FontFile3"} & kind.keys() for kind in kinds), address
        counts["sheets of PDF"] += len(reader.pages)


@pytest.mark.pdf
def test_the_figure_is_one_sheet_with_a_text_that_stands_for_it(pdfs):
    load_plan()
    titles = [title for kind in (BasicGoal, Initiative, KizunaGoal, KizunaItem) for title in title_list(kind)]
    assert len(titles) == 47
    first, *others = sheets(pdfs["/relationship.pdf"])
    assert first.millimetres == A3_LANDSCAPE
    assert [title for title in titles if plain(title) not in first.text] == []
    assert first.smallest >= SMALLEST
    assert "ことばで読む" not in first.text
    assert in_order(["ことばで読む", "表で見る", "出典"], "".join(sheet.text for sheet in others)) == []
    root = PdfReader(BytesIO(pdfs["/relationship.pdf"])).root_object
    figures = [element for element in elements(root["/StructTreeRoot"]) if element.get("/S") == "/Figure"]
    left, top, right, bottom = (side * 0.75 for side in figures[0]["/A"]["/BBox"])  # from CSS pixels
    assert 0 < left < right < first.width
    assert 0 < top < bottom < first.height
    assert [figure["/Alt"] for figure in figures] == ["図４１ 登別市地域福祉計画・きずな計画の関係性"]
    heads = [element for element in elements(root["/StructTreeRoot"]) if element.get("/S") == "/TH"]
    assert len(heads) == 1 + 5 + 7


def title_list(kind: type) -> list[str]:
    return list(kind.objects.order_by("pk").values_list("title", flat=True))


@pytest.mark.pdf
def test_an_initiative_says_what_its_page_says(pdfs):
    found = text(pdfs["/goals/7/4.pdf"])
    words = ["見本", "再犯防止等の推進（登別市再犯防止推進計画）", "取組のあらまし", "取組の本文", "評価は", "出典"]
    assert in_order([*words, "http://testserver/goals/7/4/"], found) == []
    assert {sheet.millimetres for sheet in sheets(pdfs["/goals/7/4.pdf"])} == {A4}
    assert "PDFで保存する" not in found
    assert "検索" not in found


@pytest.mark.pdf
def test_the_whole_plan_has_everything_in_order(pdfs):
    load_plan()
    whole = text(pdfs["/plan.pdf"])
    plan = Plan.objects.get()
    sections = [section.title for section in PlanSection.objects.order_by("pk")]
    paragraphs = [line for section in PlanSection.objects.all() for line in section.body.splitlines() if line]
    assert [line for line in paragraphs if plain(line) not in whole] == []
    initiatives = [title for goal in BasicGoal.objects.order_by("number") for title in [goal.title, *goal_parts(goal)]]
    kizuna = [title for goal in KizunaGoal.objects.order_by("number") for title in [goal.title, *item_titles(goal)]]
    assert [title for title in sections if plain(title) not in whole] == []
    assert in_order([plan.full_name, plan.ideal, "もくじ", "基本目標と取組", *initiatives, *kizuna], whole) == []
    bookmarks = [plain(title) for title in outline_titles(PdfReader(BytesIO(pdfs["/plan.pdf"])).outline)]
    assert [title for title in [*sections, *initiatives] if not any(plain(title) in mark for mark in bookmarks)] == []
    pages = sheets(pdfs["/plan.pdf"])
    assert {sheet.millimetres for sheet in pages} == {A4, A3_LANDSCAPE}
    # The reader does not see where the letters of a drawing stand.
    assert [sheet.outside() for sheet in pages if sheet.millimetres == A4 and sheet.outside()] == []
    assert min(sheet.smallest for sheet in pages) >= SMALLEST


def goal_parts(goal: BasicGoal) -> list[str]:
    return list(goal.initiatives.order_by("number").values_list("title", flat=True))


def item_titles(goal: KizunaGoal) -> list[str]:
    return list(goal.items.order_by("number").values_list("title", flat=True))


@pytest.mark.pdf
def test_documents_are_made_once_whatever_is_asked_beside_them(client):
    load_plan()
    first = client.get("/goals/1/1.pdf")
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == 'inline; filename="initiative-1-1.pdf"'
    made = engine.pdf.cache_info().misses
    assert client.get("/goals/1/1.pdf?goal=9&x=%E6%96%87").content == first.content
    assert engine.pdf.cache_info().misses == made
    Initiative.objects.filter(goal__number=1, number=1).update(body="あとから書いた本文")
    assert "あとから書いた本文" in text(client.get("/goals/1/1.pdf").content)


@pytest.mark.pdf
def test_documents_fetch_nothing(monkeypatch, caplog):
    from weasyprint.urls import URLFetcher

    opened: list[object] = []
    monkeypatch.setattr(URLFetcher, "open", lambda _self, request, **_: opened.append(request))
    pictures = "".join(f'<img alt="x" src="{url}">' for url in ("http://example.com/x.png", "file:///x.png", "/x.png"))
    styles = '<link rel="stylesheet" href="http://testserver/static/css/base.css">'
    engine.pdf(f'<html lang="ja"><title>x</title>{styles}{pictures}', "http://testserver/")
    assert opened == []
    assert len([record for record in caplog.records if "disallowed protocol" in record.getMessage()]) == 4


@pytest.mark.pdf
def test_pages_link_their_documents(client):
    load_plan()
    for address, document in LINKS.items():
        assert document in read(client, address).links, address
    assert client.get("/goals/4/9.pdf").status_code == 404


@pytest.mark.usefixtures("without_weasyprint")
def test_without_weasyprint_no_page_speaks_of_pdfs(client):
    load_plan()
    pages = crawl(client)
    assert len(pages) > 80
    assert {page.status for page in pages.values()} == {200}
    assert [page.url for page in pages.values() if ".pdf" in page.body or "PDF" in page.text] == []
    for document in LINKS.values():
        answer = read(client, document)
        assert answer.status == 404
        assert "ページをそのまま印刷してください。" in answer.text


def test_without_pango_there_are_no_pdfs_either(monkeypatch):
    monkeypatch.setattr(engine, "find_library", lambda _name: None)
    engine.available.cache_clear()
    assert not engine.available()
    engine.available.cache_clear()

"""/data/ and its files, as people save and open them."""

import csv
import io
import json
import re

import pytest
from openpyxl import load_workbook

from goals.models import BasicGoal
from initiatives.models import Initiative
from plan_portal.content import load_plan, load_sample
from plan_portal.open_data.tables import TABLES

pytestmark = pytest.mark.django_db
NAMES = sorted(TABLES)


@pytest.fixture(autouse=True)
def content():
    load_plan()
    load_sample()


def rows_of_csv(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", NAMES)
def test_csv_xlsx_and_json_hold_the_same_rows(client, name):
    table = rows_of_csv(client.get(f"/data/{name}.csv"))
    book = load_workbook(io.BytesIO(client.get(f"/data/{name}.xlsx").content))
    document = client.get(f"/data/{name}.json").json()
    labels = [column.label for column in TABLES[name].columns]
    assert table[0] == labels == [cell.value for cell in book.worksheets[0][1]]
    assert [column["label"] for column in document["columns"]] == labels
    assert len(table) - 1 == book.worksheets[0].max_row - 1 == len(document["rows"]) > 0
    assert [list(row) for row in document["rows"]] == [[c.key for c in TABLES[name].columns]] * len(document["rows"])


@pytest.mark.parametrize("name", NAMES)
def test_headers(client, name):
    for suffix, kind in (("csv", "text/csv"), ("xlsx", "application/vnd"), ("json", "application/json")):
        response = client.get(f"/data/{name}.{suffix}")
        assert response.headers["Content-Type"].startswith(kind)
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.{suffix}"'
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in response.headers


def test_no_cell_is_a_formula_whatever_staff_write(client):
    Initiative.objects.filter(goal__number=1, number=1).update(title='=HYPERLINK("http://x","y")', body="＠本文\n=2")
    BasicGoal.objects.filter(number=1).update(summary_easy="\t+cmd")
    (row,) = [row for row in rows_of_csv(client.get("/data/initiatives.csv")) if "HYPERLINK" in row[3]]
    assert row[3] == '\'=HYPERLINK("http://x","y")'
    sheet = load_workbook(io.BytesIO(client.get("/data/initiatives.xlsx").content)).worksheets[0]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
    document = client.get("/data/initiatives.json").json()["rows"][0]
    assert document["body"] == "＠本文\n=2"


def test_no_reading_in_data(client):
    client.cookies["furigana"] = "1"
    for name in NAMES:
        for suffix in ("csv", "json"):
            text = client.get(f"/data/{name}.{suffix}").content.decode()
            assert "ruby" not in text
            assert "{地域|" not in text


def test_excel_describes_its_columns_and_its_source(client):
    book = load_workbook(io.BytesIO(client.get("/data/goals.xlsx").content))
    assert book.sheetnames == ["基本目標", "列の説明", "このデータについて"]
    about = {row[0].value: row[1].value for row in book["このデータについて"].iter_rows(min_row=2)}
    assert about["出典"] == "第３期 登別市地域福祉計画（地域福祉計画ポータル）"
    assert about["利用条件"] == "確認待ち"


def test_licence_comes_from_the_settings(client, settings):
    assert "利用条件" in client.get("/data/").content.decode()
    assert client.get("/data/goals.json").json()["licence"] is None
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "見本の条件", "https://example.org/terms"
    assert client.get("/data/goals.json").json()["licence"] == "見本の条件"
    page = client.get("/data/").content.decode()
    assert "見本の条件" in page
    assert "https://example.org/terms" in page


def test_unknown_table_or_form_is_a_plain_404(client):
    for url in ("/data/nothing.csv", "/data/goals.pdf", "/data/goals.csv.csv"):
        response = client.get(url)
        assert response.status_code == 404
        assert "ホームへ" in response.content.decode()


def test_page_leads_to_every_file_and_describes_every_column(client):
    page = client.get("/data/").content.decode()
    for table in TABLES.values():
        assert all(f'href="/data/{table.name}.{suffix}"' in page for suffix in ("csv", "xlsx", "json"))
        assert all(column.description in page for column in table.columns)


def test_the_data_block_is_a_catalogue_of_datasets(client):
    page = client.get("/data/").content.decode()
    blocks = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    (catalogue,) = [block for block in blocks if block["@type"] == "DataCatalog"]
    assert len(catalogue["dataset"]) == 5
    assert {len(dataset["distribution"]) for dataset in catalogue["dataset"]} == {3}
    assert catalogue["dataset"][0]["distribution"][0]["contentUrl"] == "http://testserver/data/goals.csv"

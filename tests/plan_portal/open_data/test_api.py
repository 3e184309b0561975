"""The API answers as its own description says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from plan_portal.content import load_plan, load_sample
from plan_portal.open_data import api
from plan_portal.open_data.tables import TABLES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content():
    load_plan()
    load_sample()


@pytest.fixture
def description(client):
    return client.get("/api/v1/openapi.json").json()


def fits(description, schema, answer) -> list[str]:
    whole = {**schema, "components": description["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(answer)]


def test_description_is_valid_openapi(description):
    assert description["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []
    assert description["servers"] == [{"url": "http://testserver/api/v1"}]


def test_every_path_answers_as_described(client, description):
    numbers = {"{number}": "2", "{goal}": "4"}
    assert len(description["paths"]) == 9
    for path, item in description["paths"].items():
        address = path
        for name, number in numbers.items():
            address = address.replace(name, number)
        response = client.get(f"/api/v1{address}")
        schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert response.status_code == 200, address
        assert fits(description, schema, response.json()) == [], address
        assert client.head(f"/api/v1{address}").status_code == 200


def test_schemas_refuse_what_is_not_described(client, description):
    row = client.get("/api/v1/goals/4/").json()
    schema = {"$ref": "#/components/schemas/goals"}
    assert fits(description, schema, row) == []
    assert fits(description, schema, {**row, "more": 1}) != []
    assert fits(description, schema, {**row, "number": "4"}) != []


def test_one_row(client):
    assert client.get("/api/v1/initiatives/4/2/").json()["title"] == "障がい者（児）の自立支援"
    assert client.get("/api/v1/kizuna-items/7/").json()["goal"] == 3


def test_long_tables_come_in_pages(client, monkeypatch):
    monkeypatch.setattr(api, "PER_PAGE", 8)
    first, second, last = (client.get(f"/api/v1/initiatives/?page={page}").json() for page in (1, 2, 3))
    assert (first["count"], len(first["rows"]), len(last["rows"])) == (20, 8, 4)
    assert (first["previous"], first["next"]) == (None, "http://testserver/api/v1/initiatives/?page=2")
    assert (second["previous"], last["next"]) == ("http://testserver/api/v1/initiatives/?page=1", None)
    assert [row["number"] for row in first["rows"] + second["rows"] + last["rows"]].count(1) == 7


def test_only_the_page_is_read(client, monkeypatch):
    monkeypatch.setattr(api, "PER_PAGE", 3)
    for table in TABLES.values():
        if table.key:
            with CaptureQueriesContext(connection) as queries:
                rows = client.get(f"/api/v1/{table.name}/?page=2").json()["rows"]
            assert (len(rows), len(queries)) == (3, 3)
            assert "LIMIT 3 OFFSET 3" in queries[-1]["sql"]


def test_a_row_of_its_own_is_the_row_of_the_table(client):
    for table in TABLES.values():
        for row in client.get(f"/api/v1/{table.name}/").json()["rows"] if table.key else ():
            numbers = "".join(f"{row[key]}/" for key in table.key)
            assert client.get(f"/api/v1/{table.name}/{numbers}").json() == row


@pytest.mark.parametrize(
    ("url", "status", "detail"),
    [
        ("/api/v1/nothing/", 404, "「nothing」という表はありません"),
        ("/api/v1/goals/18051/", 404, "このアドレスには何もありません。"),
        ("/api/v1/goals/9/", 404, "基本目標に、9はありません。"),
        ("/api/v1/goals/1/1/", 404, "基本目標に、1-1はありません。"),
        ("/api/v1/linkages/1/", 404, "連携に、1はありません。"),
        ("/api/v1/goals/?page=99", 404, "ページは1までです。"),
        ("/api/v1/goals/?page=x", 400, "1から999までの番号"),
    ],
)
def test_refusals_are_problem_documents_in_japanese(client, description, url, status, detail):
    response = client.get(url)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert detail in response.json()["detail"]
    assert fits(description, {"$ref": "#/components/schemas/problem"}, response.json()) == []


def test_nothing_can_be_written(client):
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)("/api/v1/goals/")
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


def test_index_lists_the_tables(client):
    index = client.get("/api/v1/").json()
    assert [table["name"] for table in index["tables"]] == list(TABLES)
    assert client.get(index["openapi"]).status_code == 200


def test_without_a_plan_it_says_so(client):
    from goals.models import Plan

    Plan.objects.update(state="preparing")
    assert client.get("/api/v1/goals/").json()["detail"] == "公開中の計画は、まだありません。"

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict

from plan_portal.foundation.query_params import number_or_1, optional_number


@pytest.mark.parametrize(
    ("query", "number"), [("", None), ("goal=", None), ("goal=3", 3), ("goal=+7+", 7), ("goal=999", 999)]
)
def test_a_number_or_nothing(query, number):
    assert optional_number(QueryDict(query), "goal") == number


@pytest.mark.parametrize("value", ["x", "0", "-1", "1.0", "1000", "３", "1\0", "1e3", "٣"])
def test_anything_else_is_a_bad_request(value):
    params = QueryDict(mutable=True)
    params["goal"] = value
    with pytest.raises(BadRequest, match="goal"):
        optional_number(params, "goal")


@pytest.mark.parametrize(("query", "number"), [("", 1), ("page=3", 3), ("page=999", 999)])
def test_a_program_asks_for_a_number_or_gets_the_first(query, number):
    assert number_or_1(QueryDict(query), "page") == number


@pytest.mark.parametrize("query", ["page=", "page=+3", "page=1000", "page=x"])
def test_a_program_is_told_of_what_is_no_number(query):
    with pytest.raises(BadRequest, match="page"):
        number_or_1(QueryDict(query), "page")


@pytest.mark.parametrize("read", [optional_number, number_or_1])
def test_a_number_that_is_given_twice_is_a_bad_request(read):
    with pytest.raises(BadRequest, match="1つだけ"):
        read(QueryDict("page=1&page="), "page")

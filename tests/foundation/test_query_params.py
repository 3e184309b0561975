import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict

from plan_portal.foundation.query_params import optional_number


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

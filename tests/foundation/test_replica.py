"""Which requests read the replica."""

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from goals.models import Plan
from plan_portal.foundation.replica import ReplicaMiddleware, ReplicaRouter, public_alias, read_alias


@pytest.fixture
def with_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES, "replica", settings.DATABASES["default"])


def alias_of(request: HttpRequest) -> str:
    seen: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(ReplicaRouter().db_for_read(Plan))
        return HttpResponse()

    ReplicaMiddleware(view)(request)
    assert read_alias() == "default"
    return seen[0]


@pytest.mark.usefixtures("with_replica")
@pytest.mark.parametrize(
    ("method", "path", "cookies", "alias"),
    [
        ("get", "/goals/", {}, "replica"),
        ("head", "/goals/", {"furigana": "1"}, "replica"),
        ("get", "/goals/", {settings.SESSION_COOKIE_NAME: "x"}, "default"),
        ("post", "/goals/", {}, "default"),
        ("get", "/admin/login/", {}, "default"),
    ],
)
def test_citizens_read_the_replica_and_staff_what_they_wrote(
    rf: Any, method: str, path: str, cookies: dict[str, str], alias: str
) -> None:
    request = getattr(rf, method)(path)
    request.COOKIES |= cookies
    assert public_alias() == "replica"
    assert alias_of(request) == alias


@pytest.mark.usefixtures("with_replica")
def test_a_view_that_fails_leaves_no_trace(rf: Any) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        raise RuntimeError(read_alias())

    with pytest.raises(RuntimeError, match="replica"):
        ReplicaMiddleware(view)(rf.get("/"))
    assert read_alias() == "default"


def test_without_a_replica_there_is_nothing_to_choose() -> None:
    assert public_alias() == "default"
    with pytest.raises(MiddlewareNotUsed):
        ReplicaMiddleware(lambda _request: HttpResponse())


def test_nothing_is_written_to_the_replica_nor_migrated_there() -> None:
    router = ReplicaRouter()
    assert router.db_for_write(Plan) == "default"
    assert (router.allow_migrate("default", "goals"), router.allow_migrate("replica", "goals")) == (True, False)
    assert router.allow_relation(Plan(), Plan())

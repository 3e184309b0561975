"""What is answered while the database does not answer."""

import re

from plan_portal.foundation.page_cache.unavailable import DATABASE_GONE
from tests.foundation.page_cache.asking import Cached


def test_kept_pages_say_that_they_may_be_old(cached: Cached):
    fresh = cached.ask()
    assert "cache-status" not in fresh.headers
    cached.version.is_gone = True
    for given in ({}, {"IF_NONE_MATCH": fresh.headers["etag"]}):
        stale = cached.ask(**given)
        told = stale.headers.pop("cache-status")
        assert re.fullmatch(r"plan-portal; hit; ttl=-\d+; detail=database-gone", told)
        assert stale.status == (304 if given else 200)
        assert given or stale == fresh
    assert len(cached.site.asked) == 1
    cached.version.is_gone = False
    assert cached.ask() == fresh, "the next request after it has come back"


def test_pages_of_former_versions_are_better_than_none(cached: Cached):
    cached.ask()
    cached.version.value, cached.version.is_gone = 2, True
    assert cached.ask().body.endswith(b" 1")
    cached.version.is_gone = False
    assert cached.ask().body.endswith(b" 2")


def test_a_database_that_goes_while_a_page_is_made(cached: Cached):
    cached.ask()
    cached.version.value, cached.site.status = 2, "503 Service Unavailable"
    stale = cached.ask()
    assert (stale.status, stale.body[-2:]) == (200, b" 1")
    assert "cache-status" in stale.headers
    assert cached.ask("/goals/1/").status == 503
    cached.site.status = "200 OK"
    fresh = cached.ask()
    assert fresh.body.endswith(b" 4")
    assert "cache-status" not in fresh.headers


def test_all_else_is_refused_without_asking_the_database(cached: Cached):
    cached.version.is_gone = True
    requests = [("/", "", "POST"), ("/goals/1/", "", "GET"), ("/admin/", "", "GET"), ("/nowhere/", "", "GET")]
    for path, query, method in requests:
        cached.ask(path, query, method)
        assert cached.site.asked[-1][DATABASE_GONE] is True
    cached.ask("/", COOKIE="sessionid=x")
    assert DATABASE_GONE in cached.site.asked[-1]
    cached.ask("/livez")
    assert DATABASE_GONE not in cached.site.asked[-1]
    cached.version.is_gone = False
    cached.ask("/admin/")
    assert DATABASE_GONE not in cached.site.asked[-1]


def test_while_a_replica_is_gone_staff_work_on(cached: Cached):
    cached.version.alias, cached.version.is_gone = "replica", True
    cached.ask("/goals/1/")
    assert cached.site.asked[-1][DATABASE_GONE] is True
    for path, method, cookie in (
        ("/admin/", "GET", ""),
        ("/goals/1/", "POST", ""),
        ("/goals/1/", "GET", "sessionid=x"),
    ):
        cached.ask(path, "", method, COOKIE=cookie)
        assert DATABASE_GONE not in cached.site.asked[-1]

"""Which requests and answers a page is kept for: the key, and all that goes past the cache."""

import pytest

from plan_portal.foundation.page_cache.request_key import LONGEST_QUERY, MOST_PARAMETERS
from tests.foundation.page_cache.asking import Cached

SAME_PAGE = [
    {},
    {"USER_AGENT": "x", "ACCEPT": "text/html", "ACCEPT_LANGUAGE": "en", "REFERER": "http://testserver/"},
    {"COOKIE": "csrftoken=abc"},
    {"COOKIE": "furigana=0"},
    {"COOKIE": "other=furigana=1"},
    {"COOKIE": "furigana=1; furigana=0"},  # Django takes the last
    {"COOKIE": "; ;=;" * 100},
    {"AUTHORIZATION": "Basic eDp5"},
    {"RANGE": "bytes=0-1"},
    {"X_FORWARDED_HOST": "evil.example", "X_FORWARDED_PROTO": "https", "X_FORWARDED_FOR": "1.2.3.4"},
    {"X_HTTP_METHOD_OVERRIDE": "POST", "X_ORIGINAL_URL": "/admin/", "X_REWRITE_URL": "/admin/"},
    {"CONTENT_TYPE": "text/html; charset=shift_jis", "CONTENT_LENGTH": "3"},
]


def test_all_these_get_one_page(cached: Cached):
    for given in SAME_PAGE:
        assert cached.ask(**given).body.endswith(b" 1")


@pytest.mark.parametrize("given", SAME_PAGE)
def test_what_is_not_in_the_key_does_not_reach_the_page(cached: Cached, given):
    cached.ask(**given)
    (seen,) = cached.site.asked
    assert {name for name in seen if name.startswith(("HTTP_", "CONTENT_"))} == {"HTTP_HOST"}
    assert seen["REQUEST_METHOD"] == "GET"


DIFFERENT = [
    ("/", "", {}),
    ("/", "", {"COOKIE": "furigana=1"}),
    ("/", "", {"HOST": "localhost"}),
    ("/", "", {"HOST": "testserver:8000"}),
    ("/", "", {"wsgi.url_scheme": "https"}),
    ("/", "", {"SCRIPT_NAME": "/portal"}),
    ("/goals/1/", "", {}),
    ("/goals/2/", "", {}),
    ("/search/", "", {}),
    ("/search/", "q=", {}),
    ("/search/", "q=a", {}),
    ("/search/", "q=A", {}),
    ("/search/", "q=a&page=1", {}),
    ("/search/", "page=1&q=a", {}),
    ("/search/", "q=%61", {}),
    ("/search/", "q=a&q=b", {}),
]


def test_each_of_these_has_a_page_of_its_own(cached: Cached):
    first = [cached.ask(path, query, **given).body for path, query, given in DIFFERENT]
    again = [cached.ask(path, query, **given).body for path, query, given in DIFFERENT]
    assert first == again
    assert len(set(first)) == len(DIFFERENT) == len(cached.site.asked)
    switched = cached.site.asked[1]
    assert switched["HTTP_COOKIE"] == "furigana=1"
    assert "HTTP_COOKIE" not in cached.site.asked[0]


@pytest.mark.parametrize(
    "cookies", ["furigana=1", 'furigana="1"', "a=b; furigana=1", " furigana = 1 ", "furigana=0;furigana=1"]
)
def test_furigana_is_read_as_django_reads_it(cached: Cached, cookies):
    cached.ask(COOKIE=cookies)
    assert cached.site.asked[0]["HTTP_COOKIE"] == "furigana=1"


PAST = [
    ("/admin/", "", "GET", {}),
    ("/furigana/", "on=1", "GET", {}),
    ("/livez", "", "GET", {}),
    ("/readyz", "", "GET", {}),
    ("/.well-known/security.txt", "", "GET", {}),
    ("/static/css/portal.css", "", "GET", {}),
    ("/nowhere/", "", "GET", {}),
    ("/goals/1", "", "GET", {}),
    ("//", "", "GET", {}),
    ("/goals/１/", "", "GET", {}),
    ("/goals/1/\0", "", "GET", {}),
    ("/", "utm_source=x", "GET", {}),
    ("/", "q=a", "GET", {}),
    ("/search/", "q=a&other=1", "GET", {}),
    ("/search/", "Q=a", "GET", {}),
    ("/search/", "q=" + "a" * LONGEST_QUERY, "GET", {}),
    ("/search/", "&" * MOST_PARAMETERS, "GET", {}),
    ("/search/", "&" * 5000, "GET", {}),
    ("/search/", "q=\xe3", "GET", {}),
    ("/", "", "POST", {"CONTENT_LENGTH": "0"}),
    ("/", "", "OPTIONS", {}),
    ("/", "", "DELETE", {}),
    ("/", "", "GET", {"COOKIE": "sessionid=abc"}),
    ("/", "", "GET", {"COOKIE": "sessionid="}),
    ("/", "", "GET", {"COOKIE": "furigana=1; sessionid=abc"}),
    ("/", "", "GET", {"COOKIE": "messages=abc"}),
    ("/", "", "GET", {"COOKIE": "a=" + "b" * 5000 + "; sessionid=abc"}),
    ("/", "", "GET", {"HOST": "evil.example"}),
    ("/", "", "GET", {"HOST": "evil.example:80"}),
    ("/", "", "GET", {"HOST": "testserver.evil.example"}),
    ("/", "", "GET", {"HOST": "testserver:80@evil.example"}),
    ("/", "", "GET", {"HOST": "testserver/evil"}),
    ("/", "", "GET", {"HOST": "evil.example#testserver"}),
    ("/", "", "GET", {"HOST": "test server"}),
    ("/", "", "GET", {"HOST": ""}),
]


@pytest.mark.parametrize(("path", "query", "method", "given"), PAST)
def test_past_the_cache(cached: Cached, path, query, method, given):
    cached.ask()
    assert cached.times_asked(path, query, method, **given) == 2
    assert cached.site.asked[-1]["REQUEST_METHOD"] == method, "as it came"
    assert len(cached.cache.shelves.pages) + len(cached.cache.shelves.asked) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "404 Not Found"},
        {"status": "301 Moved Permanently"},
        {"status": "206 Partial Content"},
        {"status": "500 Internal Server Error"},
        {"headers": [("Cache-Control", "no-store")]},
        {"headers": [("Cache-Control", "max-age=0, Private")]},
        {"headers": [("cache-control", "No-Cache")]},
        {"headers": [("Content-Encoding", "gzip")]},
        {"text": '<input type="hidden" name="csrfmiddlewaretoken" value="x">'},
    ],
)
def test_answers_that_are_not_kept(cached: Cached, changed):
    for name, value in changed.items():
        setattr(cached.site, name, value)
    assert cached.times_asked() == 2
    answer = cached.ask()
    assert answer.body.endswith(b" 3")
    assert "etag" not in answer.headers
    assert cached.ask("/", "", "HEAD").body == b""
    assert len(cached.cache.shelves.pages) == 0


def test_an_answer_with_a_cookie_is_made_for_the_one_who_asked(cached: Cached):
    cached.site.headers = [("Set-Cookie", "csrftoken=new")]
    answer = cached.ask(COOKIE="csrftoken=old")
    assert cached.site.asked[-1]["HTTP_COOKIE"] == "csrftoken=old"
    assert answer.headers["set-cookie"] == "csrftoken=new"
    assert len(cached.cache.shelves.pages) == 0


def test_a_page_that_is_withdrawn_is_gone(cached: Cached):
    cached.ask()
    cached.version.value, cached.site.status = 2, "404 Not Found"
    assert cached.ask().status == 404
    cached.version.is_gone = True
    assert cached.ask().body.endswith(b" 3"), "nothing of it is left for when the database is gone"


@pytest.mark.parametrize(
    ("told", "scheme"), [("https", "https"), ("https, http", "https"), ("http", "http"), ("x", "http"), (None, "http")]
)
def test_the_scheme_is_what_the_proxy_in_front_says(settings, told, scheme):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    cached = Cached()
    given = {} if told is None else {"X_FORWARDED_PROTO": told}
    assert cached.ask(**given).body.endswith(b" 1")
    assert cached.site.asked[0].get("HTTP_X_FORWARDED_PROTO") == told, "Django reads it too"
    assert cached.ask(X_FORWARDED_PROTO="https").body.endswith(b" 1" if scheme == "https" else b" 2")

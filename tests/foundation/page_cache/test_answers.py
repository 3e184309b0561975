"""What is sent of a kept page: codings, tags, 304, HEAD, headers."""

import gzip

import brotli
import pytest

from tests.foundation.page_cache.asking import TEXT, Cached

SECURITY = [
    ("Content-Security-Policy", "default-src 'none'"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
]
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.parametrize("coding", ["br", "gzip", ""])
@pytest.mark.parametrize("time", ["made", "kept"])
def test_each_coding_is_the_page_with_a_tag_of_its_own(cached: Cached, coding, time):
    if time == "kept":
        cached.ask()
    answer = cached.ask(ACCEPT_ENCODING=coding)
    assert DECODERS[coding](answer.body).decode() == f"{TEXT} 1"
    assert answer.headers.get("content-encoding", "") == coding
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["cache-control"] == "max-age=0, must-revalidate"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["etag"].startswith('"')
    others = {cached.ask(ACCEPT_ENCODING=other).headers["etag"] for other in DECODERS}
    assert len(others) == 3
    assert len(cached.site.asked) == cached.site.closed == 1


def test_another_text_has_another_tag(cached: Cached):
    before = cached.ask().headers["etag"]
    cached.version.value = 2
    assert cached.ask().headers["etag"] != before


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"a",W/{} , "b"', "*", " * "])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["br", ""])
def test_who_has_it_is_told_so(cached: Cached, form, method, coding):
    cached.site.headers = [*SECURITY, ("Content-Disposition", "inline")]
    tag = cached.ask(ACCEPT_ENCODING=coding).headers["etag"]
    answer = cached.ask("/", "", method, ACCEPT_ENCODING=coding, IF_NONE_MATCH=form.format(tag))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == tag
    assert {(name, answer.headers[name.lower()]) for name, _ in SECURITY} == set(SECURITY)
    assert set(answer.headers) == {"cache-control", "vary", "etag"} | {name.lower() for name, _ in SECURITY}


@pytest.mark.parametrize("form", ['"other"', "{}x", "", "x{}", '"*"', "W/"])
def test_who_has_something_else_gets_the_page(cached: Cached, form):
    tag = cached.ask().headers["etag"]
    assert cached.ask(IF_NONE_MATCH=form.format(tag)).status == 200
    assert cached.ask(ACCEPT_ENCODING="br", IF_NONE_MATCH=tag).status == 200, "the tag of another coding"


def test_a_first_request_with_the_right_tag_is_told_so_too(cached: Cached):
    tag = cached.ask().headers["etag"]
    other = Cached()
    assert other.ask(IF_NONE_MATCH=tag).status == 304
    assert other.ask().status == 200


def test_the_date_of_a_feed_counts_when_there_is_no_tag(cached: Cached):
    date = "Thu, 26 Nov 2026 02:40:00 GMT"
    cached.site.headers = [("Last-Modified", date), ("ETag", '"of-django"')]
    answer = cached.ask()
    assert answer.headers["last-modified"] == date
    assert answer.headers["etag"] != '"of-django"'
    assert cached.ask(IF_MODIFIED_SINCE=date).status == 304
    assert cached.ask(IF_MODIFIED_SINCE=date, IF_NONE_MATCH='"other"').status == 200
    assert cached.ask(IF_MODIFIED_SINCE="Thu, 26 Nov 2026 02:39:00 GMT").status == 200
    cached.site.headers = []
    assert cached.ask("/goals/1/", IF_MODIFIED_SINCE=date).status == 200


def test_head_has_the_headers_of_get_and_no_body(cached: Cached):
    for coding in DECODERS:
        whole, head = (cached.ask("/", "", method, ACCEPT_ENCODING=coding) for method in ("GET", "HEAD"))
        assert (head.status, head.headers, head.body) == (200, whole.headers, b"")
    assert len(cached.site.asked) == 1
    other = Cached()
    other.ask("/", "", "HEAD")
    assert other.ask().body.endswith(b" 1"), "a first HEAD keeps the page"


def test_the_headers_of_django_stay(cached: Cached):
    cached.site.headers = [*SECURITY, ("Vary", "Cookie, accept-encoding"), ("Access-Control-Allow-Origin", "*")]
    for _ in range(2):
        answer = cached.ask()
        assert {(name, answer.headers[name.lower()]) for name, _ in SECURITY} == set(SECURITY)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["vary"] == "Cookie, Accept-Encoding"


def test_what_is_packed_is_not_packed_again(cached: Cached):
    cached.site.headers = [("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    answer = cached.ask(ACCEPT_ENCODING="br")
    assert "content-encoding" not in answer.headers
    assert answer.body.decode() == f"{TEXT} 1"
    cached.site.headers, cached.site.text = [], ""
    assert cached.ask("/goals/1/", ACCEPT_ENCODING="br").body == b" 2", "shorter as it is"

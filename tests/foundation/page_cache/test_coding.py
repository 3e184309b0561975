"""Which coding a client gets, and that it is the page."""

import gzip

import brotli
import pytest

from plan_portal.foundation.page_cache.coding import CODERS, wanted


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, ""),
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", ""),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0 , gzip;q=0.000", ""),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0.3, *;q=0.1", "gzip"),
        ("identity;q=1, br;q=0.5", ""),
        ("identity;q=0.5, br", "br"),
        ("identity", ""),
        ("identity;q=0, *;q=0", ""),  # nothing is left: the page, rather than a refusal
        ("br;q=x", ""),
        ("br;q=2", ""),
        ("br;q=nan", ""),
        ("br;q=-1, gzip", "gzip"),
        ("br;level=1;q=0.2, gzip;q=0.1", "br"),
        (",, ;q=1,", ""),
        ("browser", ""),
        ("a" * 5000, ""),
    ],
)
def test_negotiation(accepted, coding):
    assert wanted(accepted) == coding


def test_the_coders_lose_nothing():
    page = "地域の福祉。".encode() * 500
    assert brotli.decompress(CODERS["br"](page)) == page
    assert gzip.decompress(CODERS["gzip"](page)) == page
    assert CODERS["gzip"](page) == CODERS["gzip"](page), "the time of day is no part of it"

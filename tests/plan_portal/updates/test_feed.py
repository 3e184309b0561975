"""The Atom feed, read as a feed reader does."""

import re
from datetime import datetime
from xml.etree.ElementTree import Element, fromstring

import pytest

from plan_portal.content import load_plan
from tests.factories import PublishedChangeFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
HOST = "http://testserver"


def feed(client) -> Element:
    response = client.get("/updates/feed/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return fromstring(response.content)  # noqa: S314  # our own


def links(element: Element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


def texts(element: Element, *names: str) -> list[str]:
    return [element.findtext(f"{ATOM}{name}") for name in names]


def test_the_feed_has_what_atom_demands(client):
    load_plan()
    changes = PublishedChangeFactory.create_batch(2)
    root = feed(client)
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ja"
    assert texts(root, "title", "id") == ["登別市 地域福祉計画ポータル 更新情報", f"{HOST}/updates/"]
    assert links(root) == {"alternate": f"{HOST}/updates/", "self": f"{HOST}/updates/feed/"}
    assert datetime.fromisoformat(root.findtext(f"{ATOM}updated")) == changes[-1].at
    found = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in found] == [change.title for change in reversed(changes)]
    for entry, change in zip(found, reversed(changes), strict=True):
        assert links(entry) == {"alternate": f"{HOST}{change.get_absolute_url()}"}
        assert re.fullmatch(rf"tag:testserver,\d{{4}}-\d\d-\d\d:\S*u{change.pk}", entry.findtext(f"{ATOM}id"))
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) == change.at
        assert [author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author")] == ["市"]
        assert client.get(change.get_absolute_url()).status_code == 200


def test_ids_are_their_own_and_stay(client):
    PublishedChangeFactory.create_batch(3)
    before = [entry.findtext(f"{ATOM}id") for entry in feed(client).iter(f"{ATOM}entry")]
    PublishedChangeFactory()
    after = [entry.findtext(f"{ATOM}id") for entry in feed(client).iter(f"{ATOM}entry")]
    assert after[1:] == before
    assert len(set(after)) == 4


@pytest.mark.parametrize(("by", "name"), [("city", "市"), ("shakyo", "社協"), ("both", "市と社協")])
def test_the_author_is_the_organisation(client, by, name):
    PublishedChangeFactory(by=by)
    assert feed(client).findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name") == name


def test_before_and_after_are_in_the_content(client):
    rows = [{"field": "本文", "before": "相談を受け付けます。", "after": "相談を電話で受け付けます。"}]
    PublishedChangeFactory(note="委員会で決まりました。", changes=rows)
    content = feed(client).find(f"{ATOM}entry/{ATOM}content")
    assert content.get("type") == "html"
    assert "委員会で決まりました。" in content.text
    assert "相談を<ins>" in content.text
    assert ">［追加］</span>電話で</ins>受け付けます。" in content.text


def test_thirty_newest(client):
    changes = PublishedChangeFactory.create_batch(33)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed(client).iter(f"{ATOM}entry")]
    assert titles == [change.title for change in reversed(changes)][:30]


def test_nothing_yet(client):
    root = feed(client)
    assert root.findall(f"{ATOM}entry") == []
    assert root.findtext(f"{ATOM}title") == "地域福祉計画ポータル 更新情報"


def test_without_changes_its_date_stays_the_same(client):
    assert feed(client).findtext(f"{ATOM}updated") == "2000-01-01T00:00:00+00:00"
    assert client.get("/updates/feed/")["Last-Modified"] == "Sat, 01 Jan 2000 00:00:00 GMT"


def test_what_others_wrote_is_escaped_and_what_xml_may_not_hold_is_left_out(client):
    hostile = "<script>alert(1)</script>]]>&\x0b\x1b\ufffe"
    rows = [{"field": hostile, "before": hostile, "after": f"後{hostile}"}]
    PublishedChangeFactory(title=hostile, summary=hostile, note=hostile, changes=rows)
    [entry] = feed(client).iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "<script>alert(1)</script>]]>&"  # text, not HTML
    for name in ("summary", "content"):
        assert entry.find(f"{ATOM}{name}").get("type") == "html"
        assert "<script" not in entry.findtext(f"{ATOM}{name}")
        assert "&lt;script" in entry.findtext(f"{ATOM}{name}")


def test_a_feed_that_is_known_is_not_sent_again(client):
    PublishedChangeFactory()
    first = client.get("/updates/feed/")
    for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get("/updates/feed/", headers=asked)
        assert (again.status_code, again.content) == (304, b"")
    PublishedChangeFactory()
    assert client.get("/updates/feed/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_feed_asks_little(client, django_assert_max_num_queries):
    PublishedChangeFactory.create_batch(30)
    with django_assert_max_num_queries(2):
        client.get("/updates/feed/")


def test_the_feed_is_read_only(client):
    assert client.post("/updates/feed/").status_code == 405
    assert client.head("/updates/feed/").status_code == 200

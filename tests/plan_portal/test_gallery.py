import re
from itertools import pairwise

import html5lib
import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from plan_portal.content import load_plan
from plan_portal.gallery import gallery

pytestmark = pytest.mark.django_db
COMPONENTS = sorted(path.stem for path in (settings.BASE_DIR / "templates/_components").glob("*.html"))
SHEETS = {path.stem for path in (settings.BASE_DIR / "static/css/components").glob("*.css")}
# Parts of another component, which has the sheet.
WITHOUT_SHEET = {"neighbour", "organisation"}


def test_every_component_has_a_sheet_of_its_name():
    assert [name for name in COMPONENTS if name not in SHEETS | WITHOUT_SHEET] == []


def test_every_component_stands_on_the_page(rf):
    load_plan()
    request = rf.get("/components/")
    request.plan = None
    html = gallery(request).content.decode()
    named = " ".join(re.findall(r"<h2>(.*?)</h2>|<p>部品は(.*?)</p>", html).__str__().split())
    assert [name for name in COMPONENTS if name not in named] == []
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    assert parser.errors == []
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


def test_citizens_have_no_such_page(client):
    assert client.get("/components/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("components")

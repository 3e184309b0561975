import json

import pytest

from plan_portal.foundation.json_ld import breadcrumb_list, data_block


@pytest.mark.parametrize(
    "text", ["普通の文", "</script><script>alert(1)</script>", "<!--", "&amp;", "\u2028\u2029", '"\\']
)
def test_data_block_holds_the_text_and_cannot_be_left(text):
    block = str(data_block({"name": text}))
    inner = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert json.loads(inner) == {"name": text}
    assert not set(inner) & set("<>&\u2028\u2029")


def test_a_breadcrumb_is_read_from_its_markup():
    markup = """<li><a href="/">ホーム</a></li>
<li><a class="phrase" href="/a/?b=1&amp;c=2">計画を<wbr>読む</a></li><li><span>「&lt;3&gt;」 &amp; <b>4</b></span></li>"""
    assert breadcrumb_list(markup, "https://plan.example".__add__) == {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "ホーム", "item": "https://plan.example/"},
            {"@type": "ListItem", "position": 2, "name": "計画を読む", "item": "https://plan.example/a/?b=1&c=2"},
            {"@type": "ListItem", "position": 3, "name": "「<3>」 & 4"},
        ],
    }


def test_no_items_no_breadcrumb():
    assert breadcrumb_list(" ", str)["itemListElement"] == []

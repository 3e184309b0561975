import json

import pytest

from plan_portal.foundation.json_ld import data_block


@pytest.mark.parametrize(
    "text", ["普通の文", "</script><script>alert(1)</script>", "<!--", "&amp;", "\u2028\u2029", '"\\']
)
def test_data_block_holds_the_text_and_cannot_be_left(text):
    block = str(data_block({"name": text}))
    inner = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert json.loads(inner) == {"name": text}
    assert not set(inner) & set("<>&\u2028\u2029")

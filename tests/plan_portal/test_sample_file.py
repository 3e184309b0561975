"""A 見本 file that cannot be used is explained, and nothing is written."""

import json

import pytest

from plan_portal.content import ContentError, load_plan, load_sample
from plan_portal.content.sample_loader import SAMPLE_FILE
from tests.plan_portal.test_load_sample import content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plan():
    load_plan()


@pytest.fixture
def sample() -> dict:
    return json.loads(SAMPLE_FILE.read_text(encoding="utf-8"))


def write(folder, sample):
    file = folder / "sample.json"
    file.write_text(sample if isinstance(sample, str) else json.dumps(sample), encoding="utf-8")
    return file


def test_without_the_plan(sample, tmp_path):
    sample["plan"]["ordinal"] = 9
    with pytest.raises(ContentError, match="登別市の第9期の計画がありません"):
        load_sample(source=write(tmp_path, sample))


@pytest.mark.parametrize("broken", ["[", "[]", "{}", '{"plan": {"municipality": "登別市", "ordinal": 3}}'])
def test_broken_file_is_explained(broken, tmp_path):
    with pytest.raises(ContentError, match=r"sample\.json を読めません"):
        load_sample(source=write(tmp_path, broken))
    with pytest.raises(ContentError, match="を開けません"):
        load_sample(source=tmp_path / "nothing.json")


def test_row_that_does_not_say_that_it_is_a_sample_is_refused(sample, tmp_path):
    before = content()
    sample["linkages"][-1]["summary"] = "本物のような文"
    with pytest.raises(ContentError, match="見本の記録には「見本」と書いてください。"):
        load_sample(source=write(tmp_path, sample))
    assert content() == before


@pytest.mark.parametrize("state", ["proposed", "none", "ended", ""])
def test_a_state_that_no_sample_has(state, sample, tmp_path):
    sample["linkages"][0]["state"] = state
    with pytest.raises(ContentError, match=f"連携の state「{state}」は使えません"):
        load_sample(source=write(tmp_path, sample))

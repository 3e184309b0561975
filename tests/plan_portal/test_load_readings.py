import json

import pytest
from django.core.management import CommandError, call_command

from plan_portal.content import ContentError, load_readings
from plan_portal.content.reading_loader import READINGS_FILE, REASON
from plan_portal.foundation.models import Reading
from plan_portal.startup.database import fill_if_empty
from tests.triggers import lifted

pytestmark = pytest.mark.django_db


def written(tmp_path, *records):
    file = tmp_path / "readings.json"
    file.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return file


def record(word, ruby):
    return {"model": "foundation.reading", "fields": {"word": word, "ruby": ruby}}


def test_all_words_are_added_with_their_history():
    shipped = json.loads(READINGS_FILE.read_text(encoding="utf-8"))
    assert load_readings() == len(shipped) > 700
    assert Reading.objects.get(word="育み").ruby == "{育|はぐく}み"
    entry = Reading.history.get(word="育み")
    assert (entry.history_type, entry.history_change_reason) == ("+", REASON)


def test_every_shipped_word_is_valid():
    load_readings()
    for reading in Reading.objects.in_order():
        reading.full_clean()


def test_words_of_the_source_are_among_them(settings):
    lines = (settings.BASE_DIR / "fixtures/source/furigana-glossary.csv").read_text(encoding="utf-8").split()
    load_readings()
    ours = {f"{reading.word},{reading.ruby}" for reading in Reading.objects.all()}
    assert len(lines) == 101
    assert [line for line in lines[1:] if line not in ours] == []


def test_second_time_adds_only_what_is_missing():
    load_readings()
    Reading.objects.filter(word="地域").update(ruby="{地域|かえたよみ}")
    Reading.objects.filter(word="福祉").delete()
    assert load_readings() == 1
    assert Reading.objects.get(word="地域").ruby == "{地域|かえたよみ}"


def test_what_staff_deleted_does_not_come_back_at_a_start():
    load_readings()
    for reading in Reading.objects.in_order():
        reading.delete()
    assert load_readings(if_empty=True) == 0


def test_a_start_brings_the_readings_to_a_portal_that_has_a_plan_already():
    fill_if_empty(with_sample=False)
    with lifted():
        Reading.objects.all().delete()
        Reading.history.all().delete()
    assert fill_if_empty(with_sample=False) is False
    assert Reading.objects.exists()


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([record("地域", "{地域|ちいき}"), record("福祉", "福祉")], "2番目の記録「福祉」を登録できません"),
        ([{"model": "sdgs.sdg", "fields": {"number": 1}}], "読みの辞書の記録ではありません"),
        ([{"model": "auth.user", "fields": {}}], "読み込めません"),
    ],
)
def test_bad_file_is_refused_and_nothing_written(tmp_path, records, said):
    file = written(tmp_path, *records)
    with pytest.raises(ContentError, match=said):
        load_readings(source=file)
    assert not Reading.objects.exists()
    with pytest.raises(CommandError, match="何も登録していません。"):
        call_command("load_readings", file)


def test_a_word_that_stands_twice_is_added_once(tmp_path):
    assert (
        load_readings(source=written(tmp_path, record("地域", "{地域|ちいき}"), record("地域", "{地域|ちいき}"))) == 1
    )


def test_command_says_how_many(capsys):
    call_command("load_readings")
    call_command("load_readings")
    assert capsys.readouterr().out.splitlines()[1] == "読みの辞書：追加 0件"

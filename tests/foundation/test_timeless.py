import io
from zipfile import ZipFile

from openpyxl import load_workbook

from plan_portal.foundation.timeless import without_times
from plan_portal.foundation.workbook import xlsx_bytes

SHEETS = [("表", ("題", "番号"), [("地域福祉", 1), ("=1+1", 2)])]


def test_a_workbook_of_one_content_has_one_form(monkeypatch) -> None:
    now = xlsx_bytes(SHEETS)
    monkeypatch.setattr("zipfile.time.localtime", lambda *_: (2030, 1, 2, 3, 4, 5, 0, 0, 0))
    later = xlsx_bytes(SHEETS)
    assert later != now
    assert without_times(later) == without_times(now)


def test_the_workbook_stays_what_it_was() -> None:
    plain = xlsx_bytes(SHEETS)
    timeless = without_times(plain)
    assert [list(row) for row in load_workbook(io.BytesIO(timeless))["表"].values] == [
        ["題", "番号"],
        ["地域福祉", 1],
        ["=1+1", 2],
    ]
    with ZipFile(io.BytesIO(plain)) as before, ZipFile(io.BytesIO(timeless)) as after:
        assert after.namelist() == before.namelist()
        assert {entry.date_time for entry in after.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in after.read("docProps/core.xml")

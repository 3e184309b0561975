import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from plan_portal.foundation.spreadsheets import LONGEST_CELL, csv_bytes, one_line
from plan_portal.foundation.workbook import xlsx_bytes

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    " =1",
    "\u3000＝1",
    "\ufeff=1",
    "\n=1",
    "'=1",
    '"=1',
]
texts = st.text(max_size=40) | st.sampled_from(DANGEROUS)


def read_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes):
    return load_workbook(io.BytesIO(data), data_only=False)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_formula_in_csv(text):
    (_, (cell,)) = read_csv(csv_bytes(["列"], [[text]]))
    assert cell == "'" + one_line(text)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_formula_in_xlsx(text):
    cell = read_xlsx(xlsx_bytes([("表", ["列"], [[text]])])).active["A2"]
    assert (cell.data_type, cell.value) == ("s", one_line(text))


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
def test_csv_comes_back_as_it_was(rows):
    header, *found = read_csv(csv_bytes(["一", "二"], rows))
    assert header == ["一", "二"]
    assert len(found) == len(rows)
    for row, expected in zip(found, rows, strict=True):
        for cell, text in zip(row, expected, strict=True):
            assert cell in {one_line(text), "'" + one_line(text)}
            assert not re.match(r"\s*[=+\-@＝＋－＠\t\r]", cell)


@given(st.lists(texts, max_size=5))
def test_xlsx_holds_text_only(column):
    sheet = read_xlsx(xlsx_bytes([("表", ["列"], [[text] for text in column])])).active
    found = [sheet.cell(row, 1) for row in range(2, len(column) + 2)]
    assert [cell.value or "" for cell in found] == [one_line(text) for text in column]
    assert {cell.data_type for cell in found} <= {"s", "n"}  # an empty cell is "n"
    assert [cell for cell in found if isinstance(cell.value, int | float)] == []


def test_values_keep_their_kind():
    rows = [["文", 3, True, None], ["", 0, False, None]]
    assert read_csv(csv_bytes(["a", "b", "c", "d"], rows))[1:] == [["文", "3", "はい", ""], ["", "0", "いいえ", ""]]
    sheet = read_xlsx(xlsx_bytes([("表", ["a", "b", "c", "d"], rows)])).active
    assert [cell.value for cell in sheet[2]] == ["文", 3, "はい", None]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("一行目\n二行目\r\n\r\n三行目", "一行目 二行目 三行目"),
        ("あ\x00い\x0bう\x1fえ\ud800お", "あい うえお"),
        ("長" * (LONGEST_CELL + 5), "長" * (LONGEST_CELL - 1) + "…"),
    ],
)
def test_one_line(text, line):
    assert one_line(text) == line


def test_csv_has_crlf_and_bom():
    assert csv_bytes(["あ"], [["い"]]) == "\ufeffあ\r\nい\r\n".encode()

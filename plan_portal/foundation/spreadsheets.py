"""Tables for spreadsheets that stay text: whatever stands in a cell, it never becomes a formula. See also workbook.py."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

Cell = str | int | bool | None
Row = Sequence[Cell]

LONGEST_CELL = 32_767  # characters that Excel takes
YES, NO = "はい", "いいえ"

_LINE_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
# What XML 1.0 cannot hold, and halves of a pair that no file can.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# = + - @ and their full-width twins begin a formula, also behind what a program may trim; tab and CR part cells for some.
_BEGINS_A_FORMULA = re.compile(r"[\s\ufeff\u200b-\u200f\u2060'\"]*[=+\-@＝＋－＠]|[\t\r]")


def one_line(text: str) -> str:
    """What a cell holds of `text`: without line breaks, control characters and what is longer than a cell."""
    line = _NO_TEXT.sub("", _LINE_BREAKS.sub(" ", text))
    return line if len(line) <= LONGEST_CELL else line[: LONGEST_CELL - 1] + "…"


def csv_bytes(header: Row, rows: Iterable[Row]) -> bytes:
    """UTF-8 with BOM, CRLF, as Excel opens it. A text that could begin a formula gets an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_csv_cell(cell) for cell in row] for row in (header, *rows))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _csv_cell(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case bool():
            return YES if cell else NO
        case int():
            return cell
    begins_a_formula = _BEGINS_A_FORMULA.match(cell)  # before its line breaks and tabs are gone
    line = one_line(cell)
    return f"'{line}"[:LONGEST_CELL] if begins_a_formula or _BEGINS_A_FORMULA.match(line) else line

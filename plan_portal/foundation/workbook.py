"""Tables as an Excel workbook. Import it where it is used: openpyxl takes a tenth of a second that no start should wait for."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from plan_portal.foundation.spreadsheets import NO, YES, Cell, Row, one_line

WIDTHS = (8, 60)  # of a column, in characters: the least and the most


def xlsx_bytes(sheets: Iterable[tuple[str, Row, Sequence[Row]]]) -> bytes:
    """A workbook of (title, header, rows): every text is typed as text, the header stays in view."""
    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for index, column in enumerate(zip(header, *rows, strict=True), start=1):
            longest = max(len(str(cell)) for cell in column if cell is not None)
            width = min(max(2 * longest, WIDTHS[0]), WIDTHS[1])
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.append([_bold(sheet, str(cell)) for cell in header])
        for row in rows:
            sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def _bold(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    match cell:
        case bool():
            return YES if cell else NO
        case None | int():
            return cell
    return _text(sheet, cell) if one_line(cell) else None


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, one_line(text))
    cell.data_type = "s"
    return cell

"""Files that depend on nothing but their content: an Excel workbook notes when it was made, twice and in its ZIP archive."""

import io
import re
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MADE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def without_times(workbook: bytes) -> bytes:
    """The same workbook, made on 1 January 1980, when ZIP's time begins."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as archive, ZipFile(out, "w", ZIP_DEFLATED) as timeless:
        for name in archive.namelist():
            content = _MADE.sub(rb"\g<1>1980-01-01T00:00:00Z", archive.read(name))
            timeless.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return out.getvalue()

"""HTML to tagged PDF (PDF/UA-1) with WeasyPrint, where `pip install .[pdf]` has brought it."""

from ctypes.util import find_library
from functools import cache, lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import cast

from plan_portal.static_storage import bundle, sheet

SHEETS = ("css/pages/plan.css", "css/pages/relationship.css", "css/pages/figure.css", "css/pages/pdf.css")
_one_at_a_time = Lock()


@cache
def available() -> bool:
    """Whether WeasyPrint is there, and Pango, which it sets text with. Only looks for them: to load them takes a second and 47 MB."""
    return find_spec("weasyprint") is not None and find_library("pangoft2-1.0") is not None


@lru_cache(maxsize=32)
def pdf(html: str, base_url: str) -> bytes:
    """The PDF of `html`, whose links start from `base_url`. What has been asked for before is not made again."""
    from PIL import ImageFile
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    # WeasyPrint lets the whole process take pictures that are cut off; uploaded icons must not be.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with _one_at_a_time:
        nothing = URLFetcher(allowed_protocols=())  # a document brings its styles and its figure with it
        # WeasyPrint breaks lines anywhere all the same, and would cut every title into pieces for a screen reader.
        page = HTML(string=html.replace("<wbr>", ""), base_url=base_url, url_fetcher=nothing)
        sheets = [CSS(string=_css(), url_fetcher=nothing)]
        return cast(bytes, page.write_pdf(pdf_variant="pdf/ua-1", stylesheets=sheets))


@cache
def _css() -> str:
    return b"\n".join([bundle(), *map(sheet, SHEETS)]).decode()

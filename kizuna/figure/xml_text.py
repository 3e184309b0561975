"""Text that may stand in XML, whatever was typed."""

import re
from functools import lru_cache
from html import escape

NOT_ALLOWED = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE_BREAKS = re.compile("[\t\n\r]")


@lru_cache(maxsize=4096)
def legal(text: str) -> str:
    """Without control characters, lone surrogates, U+FFFE and U+FFFF; a tab or line break becomes a space."""
    return LINE_BREAKS.sub(" ", NOT_ALLOWED.sub("", text))


@lru_cache(maxsize=4096)
def escaped(text: str) -> str:
    """For element content and for attributes in double quotes."""
    return escape(legal(text), quote=True)

"""Public pages as finished bytes, kept for one version of the content: a WSGI application round Django's.

request_key (whose page is asked for) → shelves (is it kept?) → rendering (a miss, once for all who wait) → entry (bytes and headers),
coding (br, gzip or neither); unavailable (the page for when the database is gone).
"""

from plan_portal.foundation.page_cache.cache import PageCache
from plan_portal.foundation.page_cache.request_key import Cacheable

__all__ = ["Cacheable", "PageCache"]

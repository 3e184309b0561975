"""Today's date, asked for so often that only midnight makes it worth a calculation."""

import time
from datetime import date, datetime, timedelta
from datetime import time as clock

from django.utils.timezone import get_default_timezone


class Day:
    def __init__(self) -> None:
        self._known = (date.min, 0.0, 0.0)

    def today(self) -> date:
        """In the portal's time zone."""
        day, begins, ends = self._known
        if not begins <= time.time() < ends:
            zone = get_default_timezone()
            day = datetime.now(zone).date()
            midnights = (datetime.combine(d, clock.min, zone) for d in (day, day + timedelta(days=1)))
            begins, ends = (midnight.timestamp() for midnight in midnights)
            self._known = (day, begins, ends)
        return day

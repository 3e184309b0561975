"""Words that more than one app uses for the state of a record."""

from django.db import models


class EditionState(models.TextChoices):
    """Where an edition of a plan stands. At most one edition is 現行 at a time."""

    PREPARING = "preparing", "準備中"
    CURRENT = "current", "現行"
    ENDED = "ended", "終了"


class Confirmation(models.TextChoices):
    """Whether staff have confirmed a fact that the printed plan does not state."""

    WAITING = "waiting", "確認待ち"
    CONFIRMED = "confirmed", "確認済"

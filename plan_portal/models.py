"""What the roof itself keeps."""

from django.db import models

from plan_portal.foundation.organisations import Organisation


class SentDigest(models.Model):
    """A mail of the day that an organisation has been sent: never a second on the same day."""

    organisation = models.CharField("団体", max_length=8, choices=Organisation.choices)
    day = models.DateField("日")

    class Meta:
        verbose_name = verbose_name_plural = "送ったメール"
        ordering = ["-day", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "day"],
                name="digest_one_a_day",
                violation_error_message="きょうのメールは、もう送りました。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_organisation_display()} {self.day}"

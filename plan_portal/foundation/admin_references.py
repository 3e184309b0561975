"""How records refer to each other in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = admin.ModelAdmin


class KeyReferenceAdmin(_Base):
    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:  # noqa: ARG002
        """By the key alone. Django's own asks a relation, too, whether it is the key, and answers 500."""
        return self.opts.pk is not None and to_field == self.opts.pk.name

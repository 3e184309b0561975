"""One trigger of the database, as it is put in and taken out."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Trigger:
    table: str
    name: str
    create: Sequence[str]

    def drop(self, vendor: str) -> str:
        on_table = f' ON "{self.table}"' if vendor == "postgresql" else ""
        return f'DROP TRIGGER IF EXISTS "{self.name}"{on_table}'

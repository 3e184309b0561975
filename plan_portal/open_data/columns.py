"""What a table of open data is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import QuerySet

from goals.models import Plan
from plan_portal.foundation.fiscal_years import label
from plan_portal.foundation.spreadsheets import Cell

SAMPLE = "使い方を見せるための見本か。見本は実際の内容ではない"

Kind = Literal["string", "integer", "boolean", "date", "uri"]


@dataclass(frozen=True)
class Column:
    """key: in JSON; label: at the head of CSV and Excel. value: from a record of the table.

    fields: the fields of models that it publishes, as "basicgoal.title". nullable: null means 分からない, or none.
    """

    key: str
    label: str
    description: str
    value: Callable[[Any], Cell]
    fields: tuple[str, ...] = ()
    kind: Kind = "string"
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """name: in the address; key: the columns that find a row again, with their look-ups, {} when a row has no address of its own."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    records: Callable[[Plan], QuerySet[Any] | Sequence[Any]]
    key: Mapping[str, str] = field(default_factory=dict)

    def rows(self, plan: Plan) -> list[dict[str, Cell]]:
        """All rows in the order of the plan. At most two queries."""
        return [self._row(record) for record in self.records(plan)]

    def page(self, plan: Plan, start: int, length: int) -> tuple[int, list[dict[str, Cell]]]:
        """How many rows there are, and those from `start` on, which alone are read. At most two queries."""
        records = self.records(plan)
        count = records.count() if isinstance(records, QuerySet) else len(records)
        return count, [self._row(record) for record in records[start : start + length]]

    def row(self, plan: Plan, numbers: Sequence[int]) -> dict[str, Cell] | None:
        """The row with these values of its key. One query."""
        if len(numbers) != len(self.key):
            return None
        records: Any = self.records(plan)
        record = records.filter(**dict(zip(self.key.values(), numbers, strict=True))).first()
        return self._row(record) if record else None

    def _row(self, record: Any) -> dict[str, Cell]:
        return {column.key: column.value(record) for column in self.columns}


def text(key: str, label: str, description: str, field: str) -> Column:
    """A text of the record, named like its column in the model; null where it is empty."""
    return Column(key, label, description, lambda record: getattr(record, key) or None, (field,), nullable=True)


def summary_easy(field: str) -> Column:
    return text("summary_easy", "やさしい日本語", "読むための助け。公式の文ではない", field)


PATH = Column("path", "ページ", "このポータルでのアドレス", lambda record: record.get_absolute_url(), kind="uri")


def years(
    key: str, title: str, description: str, value: Callable[[Any], int | None], field: str
) -> tuple[Column, Column]:
    """A 年度 twice: as a western year to compute with, and as people write it."""

    def written(record: Any) -> str | None:
        year = value(record)
        return None if year is None else label(year)

    return (
        Column(key, f"{title}（西暦）", f"{description}。西暦の年", value, (field,), "integer", nullable=True),
        Column(
            f"{key}_label", f"{title}（年度）", f"{description}。令和8年度（2026年度）の形", written, (), nullable=True
        ),
    )


def period(of: Callable[[Any], Any], model: str) -> tuple[Column, ...]:
    """The first and the last 年度 of a plan. of: the plan of a record; model: as in "kizunaplan.period_start"."""
    return (
        *years(
            "period_start",
            "計画期間の初年度",
            "計画の最初の年度",
            lambda record: of(record).period_start,
            f"{model}.period_start",
        ),
        *years(
            "period_end",
            "計画期間の最終年度",
            "計画の最後の年度",
            lambda record: of(record).period_end,
            f"{model}.period_end",
        ),
    )

"""Reads the 見本 file: plain lists, in which a goal is its number and an initiative is [goal, number]."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from kizuna.models import Standing
from plan_portal.content.errors import ContentError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class SampleDepartment:
    """initiatives: (goal number, number) of those that it carries."""

    name: str
    email: str
    initiatives: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class SampleSdgLink:
    goal: int
    sdg: int
    reason: str


@dataclass(frozen=True)
class SampleLinkage:
    """pairs: (number of the 取組 within its goal, number of the 基本計画)."""

    goal: int
    kizuna_goal: int
    state: Standing
    summary: str
    since: int | None
    partners: str
    agreed_on: date | None
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Sample:
    municipality: str
    ordinal: int
    departments: tuple[SampleDepartment, ...]
    sdg_links: tuple[SampleSdgLink, ...]
    linkages: tuple[SampleLinkage, ...]

    @classmethod
    def read(cls, file: Path) -> Self:
        """Raises ContentError when the file is missing or not of this shape."""
        try:
            content = json.loads(file.read_text(encoding="utf-8-sig"))
            return cls(
                municipality=content["plan"]["municipality"],
                ordinal=content["plan"]["ordinal"],
                departments=tuple(_department(row) for row in content["departments"]),
                sdg_links=tuple(SampleSdgLink(**row) for row in content["sdg_links"]),
                linkages=tuple(_linkage(row) for row in content["linkages"]),
            )
        except OSError as error:
            raise ContentError(f"{file} を開けません。場所と名前を確かめてください。") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ContentError(f"{file.name} を読めません。形は fixtures/README.md にあります。{error}") from error


def _department(row: dict[str, Any]) -> SampleDepartment:
    initiatives = frozenset((goal, number) for goal, number in row["initiatives"])
    return SampleDepartment(row["name"], row["email"], initiatives)


def _linkage(row: dict[str, Any]) -> SampleLinkage:
    agreed_on = row.get("agreed_on")
    return SampleLinkage(
        goal=row["goal"],
        kizuna_goal=row["kizuna_goal"],
        state=_state(row["state"]),
        summary=row["summary"],
        since=row.get("since"),
        partners="\n".join(row.get("partners", ())),
        agreed_on=date.fromisoformat(agreed_on) if agreed_on else None,
        pairs=tuple((initiative, item) for initiative, item in row["pairs"]),
    )


def _state(name: str) -> Standing:
    if name not in (Standing.AGREED, Standing.WAITING, Standing.WRITING):
        raise ValueError(f"連携の state「{name}」は使えません。")
    return Standing(name)

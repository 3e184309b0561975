"""What may be said of the portal's conformance: no more than people have tested.

The degrees are those of 「ウェブコンテンツの JIS X 8341-3:2016 対応度表記ガイドライン」 (ウェブアクセシビリティ基盤委員会). 準拠 and 一部準拠
rest on a whole test and on a policy of level AA, 配慮 on a policy that names its level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from plan_portal.accessibility.criteria import NUMBERS


class Degree(StrEnum):
    FULL = "準拠"
    PARTIAL = "一部準拠"
    CONSIDERED = "配慮"


class Policy(Protocol):
    level: str


class Run(Protocol):
    tested_on: Any
    by_people: bool
    fix_plan: str

    @property
    def is_published(self) -> bool: ...


class Outcome(NamedTuple):
    """Of one criterion. What does not apply cannot be failed."""

    settled: bool
    conforms: bool


@dataclass(frozen=True)
class Claim:
    degree: Degree
    level: str

    @property
    def words(self) -> str:
        return f"JIS X 8341-3:2016 の適合レベル{self.level}に{self.degree}"

    @property
    def is_tested(self) -> bool:
        return self.degree != Degree.CONSIDERED


def claim(policy: Policy | None, test: Run | None, outcomes: Mapping[str, Outcome]) -> Claim | None:
    """`outcomes` are those of the test, by the number of the criterion. None: nothing may be said."""
    if policy is None or not policy.level:
        return None
    tested = _tested_degree(test, outcomes) if test is not None and policy.level == "AA" else None
    return Claim(tested or Degree.CONSIDERED, policy.level)


def _tested_degree(test: Run, outcomes: Mapping[str, Outcome]) -> Degree | None:
    whole = all(number in outcomes and outcomes[number].settled for number in NUMBERS)
    if not (whole and test.is_published and test.by_people and test.tested_on):
        return None
    conforming = [outcomes[number].conforms for number in NUMBERS]
    if all(conforming):
        return Degree.FULL
    return Degree.PARTIAL if any(conforming) and test.fix_plan.strip() else None

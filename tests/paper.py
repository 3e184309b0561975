"""What stands on printed sheets: the texts of a PDF with their places and sizes."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader

from plan_portal.foundation.phrases import cells

MM = 72 / 25.4
SLACK = 2.0  # points
_ALIKE = str.maketrans("⺠⻄⻑⻘⻝⻤⻲〜‧", "民西長青食鬼亀~・")  # which NFKC leaves alone


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text. left, base: where it begins, in points from the lower left corner; size: its height in points."""

    text: str
    left: float
    base: float
    size: float

    @property
    def right(self) -> float:
        return self.left + cells(self.text) * self.size


@dataclass(frozen=True, slots=True)
class Sheet:
    width: float
    height: float
    runs: tuple[Run, ...]

    @property
    def millimetres(self) -> tuple[int, int]:
        return round(self.width / MM), round(self.height / MM)

    @property
    def text(self) -> str:
        return plain("".join(run.text for run in self.runs))

    @property
    def smallest(self) -> float:
        return min((run.size for run in self.runs), default=math.inf)

    def outside(self) -> list[str]:
        """The texts that leave the sheet."""
        return [
            run.text
            for run in self.runs
            if run.left < -SLACK or run.right > self.width + SLACK or not 0 <= run.base <= self.height - run.size / 2
        ]


def plain(text: str) -> str:
    """Without spaces, and with one sign for those that fonts draw alike (⼀ and 一)."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split())


def sheets(pdf: bytes) -> list[Sheet]:
    return [
        Sheet(float(page.mediabox.width), float(page.mediabox.height), tuple(_runs(page)))
        for page in PdfReader(BytesIO(pdf)).pages
    ]


def _runs(page: PageObject) -> Iterator[Run]:
    found: list[Run] = []

    def see(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            a, b, c, d, left, base = _times(tm, cm)
            found.append(Run(text.strip("\n"), left, base, size * math.sqrt(abs(a * d - b * c))))

    page.extract_text(visitor_text=see)
    yield from found


def _times(first: list[float], then: list[float]) -> tuple[float, ...]:
    """One transformation after the other, as PDF writes them: a b c d e f."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def difference(expected: str, found: str) -> tuple[str, str]:
    """The signs that are missing, and those that are too many."""
    wanted, there = Counter(plain(expected)), Counter(plain(found))
    return "".join((wanted - there).elements()), "".join((there - wanted).elements())

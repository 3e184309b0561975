"""The few sums behind the tables."""

import math
import statistics
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of the values do not exceed: nearest rank, no interpolation."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


def spread(values: Sequence[float]) -> float:
    """From the lowest to the highest, as a share of the median; 0 when all are 0."""
    middle = statistics.median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


def exponent(factors: Sequence[float], values: Sequence[float]) -> float:
    """The b of value = a × factor ** b that fits best (least squares of the logarithms). All must be positive."""
    xs, ys = [math.log(factor) for factor in factors], [math.log(value) for value in values]
    return statistics.linear_regression(xs, ys).slope

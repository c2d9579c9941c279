"""Makes values of different units comparable: each method takes (units, signs) and returns the same shape; missing stays NaN.

Only fixed goalposts and anchors (`anchors`) keep a score where it is when another unit's data change: published scores use
those two. The others compare units with each other and belong to studies. Source: OECD/JRC Handbook on Constructing
Composite Indicators (2008), chapter 5; goalposts: UNDP, Human Development Report, technical notes. Lower is better: turn
the values by -1 first, but for `goalposts`, `distance_to_target` and `share_of_target`, which know the direction.
"""

from __future__ import annotations

import numpy as np

from indicators.baselines import Array

FOUR_STEPS = (33.0, 66.0, 95.0)


def minmax(values: Array, low: float = 0.0, high: float = 100.0) -> Array:
    """Return each column between its least and its largest value; NaN where all are alike."""
    return low + (high - low) * _between(values, *_ends(values))


def zscore(values: Array, scale: float = 1.0, centre: float = 0.0) -> Array:
    """Return distances from the mean of the column in standard deviations (n - 1); NaN where all are alike."""
    count = np.sum(~np.isnan(values), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nansum(values, axis=0) / count
        spread = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / (count - 1))
        return np.where(spread > 0, (values - mean) / spread, np.nan) * scale + centre


def scaled(values: Array, start: Array | float, end: Array | float, factor: float = 1.0) -> Array:
    """Return values on the fixed line from `start` (0) to `end` (`factor`), not cut at its ends."""
    return _between(values, start, end) * factor


def goalposts(values: Array, low: Array | float, high: Array | float, *, higher: Array | bool = True, scale: float = 1.0) -> Array:
    """Return values between fixed goalposts, 0 to `scale`, cut at both ends; lower is better: from `scale` to 0."""
    share = np.clip(_between(values, low, high), 0.0, 1.0)
    return np.where(higher, share, 1.0 - share) * scale


def distance_to_maximum(values: Array) -> Array:
    """Return 1 - (max - x) / (max - min) of the column."""
    low, high = _ends(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(high > low, 1.0 - (high - values) / (high - low), np.nan)


def distance_to_reference(values: Array, reference: Array | float, *, cut: bool = False) -> Array:
    """Return 1 - (reference - x) / (reference - min): 1 at the reference; `cut`: never above it."""
    low, _ = _ends(values)
    return _cut(_between(values, low, reference), cut=cut)


def distance_to_target(values: Array, target: Array | float, *, higher: bool = True, cut: bool = False) -> Array:
    """Return how much of the way from the worst value of the column to the target a unit has gone; `cut`: never above 1."""
    low, high = _ends(values)
    return _cut(_between(values, low if higher else high, target), cut=cut)


def share_of_maximum(values: Array) -> Array:
    """Return x / max of the column; NaN where the maximum is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = values / np.fmax.reduce(values, axis=0)
    return np.where(np.isfinite(share), share, np.nan)


def share_of_target(values: Array, target: Array | float, *, higher: bool = True, most: float | None = None) -> Array:
    """Return x / target, or its inverse where lower is better, as CityScore does; NaN where it has no end.

    Such a ratio is unbounded: give `most` before anything is averaged. Source: Boston CityScore toolkit (public code).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = values / target if higher else target / values
    share = np.where(np.isfinite(share), share, np.nan)
    return share if most is None else np.where(np.isnan(share), np.nan, np.fmin(share, most))


def ranking(values: Array) -> Array:
    """Return the place of each value in its column from the least, 1, upward; ties share the smaller place."""
    below = np.sum(values[:, None, ...] > values[None, :, ...], axis=1)
    return np.where(np.isnan(values), np.nan, below + 1.0)


def borda(values: Array) -> Array:
    """Return how many units a unit is better than."""
    return ranking(values) - 1.0


def percentile(values: Array) -> Array:
    """Return (rank - 1) / (n - 1) of the column, 0 to 1; NaN where there is one unit only."""
    others = np.sum(~np.isnan(values), axis=0) - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(others > 0, borda(values) / others, np.nan)


def four_steps(percent: Array) -> Array:
    """Return 1 to 4 points for per cent of a benchmark: from 33, 66 and 95 on the next point.

    A group scores points / (4 x reported). Source: U4SSC, factsheet of Pully (scoring of the KPIs).
    """
    points = 1.0 + np.searchsorted(FOUR_STEPS, percent, side="right")
    return np.where(np.isnan(percent), np.nan, points)


def _ends(values: Array) -> tuple[Array, Array]:
    return np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)


def _between(values: Array, start: Array | float, end: Array | float) -> Array:
    """Return where values stand on the line from `start` to `end`; NaN where that is no line."""
    length = np.asarray(end, dtype=float) - start
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(length != 0, (values - start) / length, np.nan)


def _cut(share: Array, *, cut: bool) -> Array:
    return np.where(share > 1, 1.0, share) if cut else share

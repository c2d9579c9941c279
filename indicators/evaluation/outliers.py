"""Treats outliers of a column by the documented rule: winsorise point by point, and if that is not enough take the log.

A column passes if |skewness| < 2 or kurtosis < 3.5, both as spreadsheets define them. Scores between fixed goalposts are
not treated: they are cut at the ends anyway. Source: JRC practice as in COINr (R package, documentation), section "treat".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import kurtosis, skew

from indicators.baselines import Array

SKEWED, PEAKED, MOST = 2.0, 3.5, 5
_OFFSET = 0.01


@dataclass(frozen=True, slots=True)
class Treated:
    """A column after treatment, and what was done: `none`, `winsorised` with its number of points, or `log`."""

    column: Array
    how: str
    points: int


def passes(column: Array) -> bool:
    """Return whether a column needs no treatment; too few points, or all alike, pass."""
    known = column[~np.isnan(column)]
    if len(known) < 4 or np.ptp(known) == 0:
        return True
    return bool(abs(skew(known, bias=False)) < SKEWED or kurtosis(known, bias=False) < PEAKED)


def treat(column: Array, most: int = MOST) -> Treated:
    """Return a column without its outliers; `most` points are drawn to their neighbours before the log is taken."""
    values, points = column.copy(), 0
    while not passes(values) and points < most:
        known = values[~np.isnan(values)]
        upper = skew(known, bias=False) >= 0
        distinct = np.unique(known)
        end, neighbour = (distinct[-1], distinct[-2]) if upper else (distinct[0], distinct[1])
        values[np.flatnonzero(values == end)[0]] = neighbour
        points += 1
    if passes(values):
        return Treated(values, "winsorised" if points else "none", points)
    low, high = np.nanmin(column), np.nanmax(column)
    return Treated(np.log(column - low + _OFFSET * (high - low)), "log", 0)

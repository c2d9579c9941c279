"""Scores a value from 0 to 100 by the lines that judge it: the target and the thresholds of the four levels.

A proposal of the centre, not a standard: target 100, blue line 85, yellow 75, orange 60, red 40, and 0 at twice the
distance of the red line from the target; straight between, cut at both ends. A sign that is printed on its red line
scores exactly 40, whatever its unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.city import Baseline
from indicators.baselines import Array
from indicators.definition import LEVELS, Indicator, Thresholds

FULL = 100.0
MARKS = {"blue": 85.0, "yellow": 75.0, "orange": 60.0, "red": 40.0}


@dataclass(frozen=True, slots=True)
class Anchors:
    """A broken line from values to scores: `places` rise; `band` folds the lower side of a band sign onto the upper."""

    places: tuple[float, ...]
    scores: tuple[float, ...]
    band: tuple[float, float] | None = None

    def score(self, values: Array) -> Array:
        """Return the scores of values of any shape; missing stays NaN."""
        found = np.interp(folded(values, self.band), self.places, self.scores)
        return np.where(np.isnan(values), np.nan, found)


def folded(values: Array, band: tuple[float, float] | None) -> Array:
    """Return values of a band sign as if all were beyond the upper edge: the lower side mirrors the upper."""
    return values if band is None else np.maximum(values, sum(band) - values)


def threshold_anchors(lines: Thresholds, direction: str, band: tuple[float, float] | None = None) -> Anchors | None:
    """Return the anchors of a sign that is judged by thresholds; None without a target and a red line."""
    if lines.target is None or lines.red is None:
        return None
    points = [(lines.target, FULL)]
    points += [(line, MARKS[level]) for level in LEVELS if (line := getattr(lines, level)) is not None]
    points.append((2 * lines.red - lines.target, 0.0))
    return _rising(points, reverse=direction == "higher", band=band)


def baseline_anchors(lines: Baseline) -> Anchors:
    """Return the anchors of a watch sign, over |z|: 100 where it is as usual, 0 at twice the red line."""
    points = [(0.0, FULL), *((getattr(lines, level), MARKS[level]) for level in LEVELS), (2 * lines.red, 0.0)]
    return _rising(points, reverse=False)


def goalpost_anchors(spec: Indicator) -> Anchors | None:
    """Return the straight line between the goalposts of a definition; None where it has none. Watch signs: over |z|."""
    if spec.goalposts is None:
        return None
    low, high = spec.goalposts.low, spec.goalposts.high
    ends = (0.0, FULL) if spec.direction == "higher" else (FULL, 0.0)
    return Anchors((low, high), ends, band_of(spec))


def band_of(spec: Indicator) -> tuple[float, float] | None:
    """Return the edges of the target band, where there is one."""
    return (spec.band.low, spec.band.high) if spec.band else None


def _rising(points: Sequence[tuple[float, float]], *, reverse: bool, band: tuple[float, float] | None = None) -> Anchors:
    ordered = list(reversed(points)) if reverse else list(points)
    return Anchors(tuple(place for place, _ in ordered), tuple(score for _, score in ordered), band)

"""Gives the signs of units their points: 0 to 100 by the lines in force in each period, or between their goalposts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from data.city import Baseline
from indicators.baselines import Array
from indicators.definition import Indicator, Thresholds
from indicators.evaluation.anchors import Anchors, band_of, baseline_anchors, goalpost_anchors, threshold_anchors
from indicators.evaluation.scheme import Normalise


def points(spec: Indicator, values: Array, distances: Array, starts: Sequence[datetime], baseline: Baseline, how: Normalise) -> Array:
    """Return the points of values and distances (periods, units); NaN where no lines are in force on the first day of a period.

    Watch signs are scored by their distance from what was usual, the others by their value.
    """
    found = np.full(values.shape, np.nan)
    shown = np.where(np.isnan(values), np.nan, distances) if spec.direction == "watch" else values
    for lines, places in _in_force(spec, starts):
        scale = scale_of(spec, lines, baseline, how)
        if scale is not None:
            found[places] = scale.score(shown[places])
    return found


def scale_of(spec: Indicator, lines: Thresholds | None, baseline: Baseline, how: Normalise) -> Anchors | None:
    """Return the line from values to points; without goalposts the anchors hold."""
    if how == "goalposts" and (posts := goalpost_anchors(spec)) is not None:
        return posts
    if spec.direction == "watch":
        return baseline_anchors(baseline)
    return threshold_anchors(lines, spec.direction, band_of(spec)) if lines else None


def lines_at(spec: Indicator, start: datetime) -> Thresholds | None:
    """Return the thresholds in force on the first day of a period."""
    return next((lines for lines in reversed(spec.thresholds) if lines.since <= start.date()), None)


def _in_force(spec: Indicator, starts: Sequence[datetime]) -> list[tuple[Thresholds | None, list[int]]]:
    """Return which periods each set of lines holds for."""
    found: dict[Thresholds | None, list[int]] = {}
    for place, start in enumerate(starts):
        found.setdefault(lines_at(spec, start), []).append(place)
    return list(found.items())

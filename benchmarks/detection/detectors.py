"""The detectors that are compared: each gives every day of every series a score, from the days before it only.

The plain ones have the memory of ours, 56 days: with one line fixed for years a season would be one long alarm.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from benchmarks.detection.series import Series
from data.city import Baseline
from indicators.baselines import at_least_poisson, robust_z
from indicators.smoothing import expect

Array = npt.NDArray[np.float64]
Detector = Callable[[Array, Series], Array]
MEMORY, LEAST = 56, 28


def three_sigma(values: Array, _: Series) -> Array:
    """Distance from the mean of the last 56 days in standard deviations of these days."""
    past = _past(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        count = np.sum(~np.isnan(past), axis=-1)
        mean = np.nansum(past, axis=-1) / count
        deviation = np.sqrt(np.nansum((past - mean[..., None]) ** 2, axis=-1) / (count - 1))
        return _scored(np.abs(values - mean), deviation, count)


def xmr(values: Array, _: Series) -> Array:
    """Distance from the mean of the last 56 days in mean moving ranges of these days."""
    past = _past(values)
    moves = np.abs(np.diff(past, axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        count = np.sum(~np.isnan(past), axis=-1)
        mean = np.nansum(past, axis=-1) / count
        move = np.nansum(moves, axis=-1) / np.sum(~np.isnan(moves), axis=-1)
        return _scored(np.abs(values - mean), move, count)


def ours(values: Array, series: Series) -> Array:
    """|z| as a sign of a day is judged by default."""
    found = expect(values, np.zeros(values.shape, dtype=bool), series.days, Baseline())
    return np.abs(robust_z(values, found.centre, at_least_poisson(found.centre, found.scale) if series.is_count else found.scale))


DETECTORS: dict[str, Detector] = {"three_sigma": three_sigma, "xmr": xmr, "ours": ours}


def _past(values: Array) -> Array:
    """Return the 56 days before each day (series x days x 56)."""
    before = np.full((len(values), MEMORY), np.nan)
    padded = np.hstack([before, values])
    return np.lib.stride_tricks.sliding_window_view(padded, MEMORY, axis=1)[:, :-1]


def _scored(distance: Array, scale: Array, count: npt.NDArray[np.int64]) -> Array:
    """Return distance over scale where enough days teach and they differ."""
    return np.where((count >= LEAST) & (scale > 0), distance / scale, np.nan)

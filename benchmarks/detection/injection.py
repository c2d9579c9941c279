"""Puts spikes, gaps, shifts and drifts of a known size into a clean series, at positions that a seed fixes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.detection.plan import Kind
from benchmarks.detection.series import Series

Array = npt.NDArray[np.float64]
_MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True, slots=True)
class Injected:
    """Copies of a series (copies x days), each with something wrong in `days` days from its `onset` on."""

    values: Array
    onsets: npt.NDArray[np.int64]
    days: int


def scale_unit(series: Series, days: slice, window: int) -> float:
    """Return the scale of some days about a running median and the weekday's median; of a count at least 1."""
    values, half = series.daily[days], window // 2
    running = np.array([_median(values[max(0, day - half) : day + half + 1]) for day in range(len(values))])
    rest = values - running
    for weekday in range(7):
        rest[weekday::7] -= _median(rest[weekday::7])
    unit = _MAD_TO_SIGMA * _median(np.abs(rest - _median(rest)))
    return max(unit, 1.0) if series.is_count else unit


def inject(series: Series, kind: Kind, change: float, within: slice, copies: int, seed: Sequence[int]) -> Injected:
    """Return copies in which `change` was added somewhere within these days; every onset is a day that has a value."""
    dice = np.random.default_rng(seed)
    there = np.flatnonzero(~np.isnan(series.daily))
    onsets = dice.choice(there[(there >= within.start) & (there + kind.days <= within.stop)], copies)
    signs = {"up": np.ones(copies), "down": -np.ones(copies), "either": dice.choice([-1.0, 1.0], copies)}[kind.direction]
    profile = np.arange(1, kind.days + 1) / kind.days if kind.form == "slope" else np.ones(kind.days)
    values = np.tile(series.daily, (copies, 1))
    places = onsets[:, None] + np.arange(kind.days)
    changed = np.take_along_axis(values, places, 1) + signs[:, None] * change * profile
    changed = np.maximum(np.round(changed) if series.is_count else changed, series.floor)
    np.put_along_axis(values, places, changed, 1)
    return Injected(values, onsets, kind.days)


def _median(values: Array) -> float:
    """Return the median of what is there."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else np.nan

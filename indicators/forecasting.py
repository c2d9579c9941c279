"""Foretells one series: what repeats is told apart by STL or MSTL, the rest goes on as a level that drifts and echoes.

A value of a period that is over is NaN where nothing is known or where it must not teach. Nothing is fitted to what stands in
for such a value: the gaps are filled only to tell apart what repeats, and are gaps again before the rest is fitted.

Sources: STL (Cleveland, Cleveland, McRae and Terpenning 1990, J. Official Statistics 6:3-73); MSTL (Bandara, Hyndman and
Bergmeir 2021, arXiv:2107.13462); local level with first-order autoregression by the Kalman filter (Harvey 1989).
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from indicators.baselines import Array

MSTL, STL, LEVEL = "mstl_level", "stl_level", "level"
# How many periods teach, and how many make what repeats; a cycle counts once it was seen `_LEAST_CYCLES` times.
MEMORY = {"hour": 672, "day": 1092, "week": 208, "month": 72, "quarter": 40}
_CYCLES = {"hour": (24, 168), "day": (7, 364), "week": (52,), "month": (12,), "quarter": (4,)}
_LEAST_CYCLES = 2
_LONG, _HALF = 200, 15  # a cycle of more periods is a season: it changes slowly, over as many periods to either side
_REST = 364  # of what is left, the last so many periods tell how it goes on
LEAST = 12  # known values, and as many as two of the shortest cycle
_NEIGHBOURS = 4  # of the same phase that fill a gap
_WARM_UP = 10  # first errors of the filter, which still knows nothing
_ITERATIONS = 50


@dataclass(frozen=True, slots=True)
class Forecast:
    """The middle and the ends of the interval of each period ahead, how it was found, and from how many values."""

    centre: Array
    low: Array
    high: Array
    method: str
    n: int


def forecast(past: Array, grain: str, ahead: int, confidence: float, *, added: tuple[Array, Array] | None = None) -> Forecast | None:
    """Foretell `ahead` periods after `past` (in order of time, one per period); None where too few values are known.

    `added` is what each period ahead adds of its own (a festival, say) and how unsure that is, as a standard deviation.
    """
    taught = np.asarray(past, dtype=float)[-MEMORY[grain] :] if grain in MEMORY else np.array([])
    known = ~np.isnan(taught)
    if known.sum() < LEAST:
        return None
    taught = taught[int(np.argmax(known)) :]
    cycles = tuple(cycle for cycle in _CYCLES[grain] if len(taught) >= _LEAST_CYCLES * cycle)
    repeating = _repeating(taught, cycles)
    centre, error = _rest((taught - repeating.sum(axis=1))[-_REST:], ahead)
    for place, cycle in enumerate(cycles):
        centre = centre + np.resize(repeating[-cycle:, place], ahead)
        # What was learnt from k values has taken 1/k of their noise with it, and is itself unsure by as much.
        seen = len(taught) / cycle * (_HALF if cycle > _LONG else 1)
        error = error * math.sqrt((seen + 1) / (seen - 1))
    more, doubt = added if added is not None else (np.zeros(ahead), np.zeros(ahead))
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * np.hypot(error, doubt)
    method = MSTL if len(cycles) > 1 else STL if cycles else LEVEL
    return Forecast(centre + more, centre + more - half, centre + more + half, method, int((~np.isnan(taught)).sum()))


def _repeating(taught: Array, cycles: tuple[int, ...]) -> Array:
    """Return what repeats with each cycle (periods x cycles): the mean of all cycles, so that chance averages out.

    A season is smoothed as well, and n years count n/(n+1) of what they say, as in what is usual for a day.
    """
    from statsmodels.tsa import seasonal

    if not cycles:
        return np.zeros((len(taught), 0))
    filled, whole = _filled(taught, cycles[-1]), 2 * len(taught) + 1
    if len(cycles) == 1:
        found = seasonal.STL(filled, period=cycles[0], seasonal=whole, seasonal_deg=0, robust=True).fit().seasonal
        return np.asarray(found, dtype=float)[:, None]
    jumps = {"seasonal_deg": 0, "trend_jump": cycles[0], "low_pass_jump": cycles[0]}
    fitted = seasonal.MSTL(filled, periods=cycles, windows=(whole,) * len(cycles), stl_kwargs=jumps).fit()
    parts = np.asarray(fitted.seasonal, dtype=float).copy()
    for place, cycle in enumerate(cycles):
        if cycle > _LONG:
            years = len(taught) / cycle
            around = np.convolve(np.resize(parts[-cycle:, place], 3 * cycle), np.ones(2 * _HALF + 1) / (2 * _HALF + 1), "same")
            calm = around[cycle : 2 * cycle] * years / (years + 1)
            parts[:, place] = np.resize(calm[::-1], len(taught))[::-1]
    return parts


def _filled(taught: Array, cycle: int) -> Array:
    """Return the values with each gap filled by the median of its nearest neighbours of the same phase of the cycle."""
    filled, middle = taught.copy(), float(np.nanmedian(taught))
    for place in np.flatnonzero(np.isnan(taught)):
        alike = np.arange(place % cycle, len(taught), cycle)
        alike = alike[~np.isnan(taught[alike])]
        nearest = alike[np.argsort(np.abs(alike - place), kind="stable")[:_NEIGHBOURS]]
        filled[place] = np.median(taught[nearest]) if len(nearest) else middle
    return filled


def _rest(rest: Array, ahead: int) -> tuple[Array, Array]:
    """Return the middle and the standard error of a level that drifts, with an echo of yesterday; gaps stay gaps."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    middle, scale = float(np.nanmedian(rest)), float(np.nanstd(rest))
    if not scale > 1e-9 * max(abs(middle), 1.0):
        return np.full(ahead, middle), np.zeros(ahead)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of starts and steps of the search; what it ends with is looked at below
        fitted = UnobservedComponents((rest - middle) / scale, level="llevel", autoregressive=1).fit(
            disp=0, maxiter=_ITERATIONS, method="lbfgs"
        )
        told = fitted.get_forecast(ahead)
    centre, error = np.asarray(told.predicted_mean, dtype=float), np.asarray(told.se_mean, dtype=float)
    if not (np.isfinite(centre).all() and np.isfinite(error).all()):
        return np.full(ahead, middle), np.full(ahead, scale)
    return middle + scale * centre, scale * error * _tails(np.asarray(fitted.standardized_forecasts_error, dtype=float)[0])


def _tails(errors: npt.NDArray[np.float64]) -> float:
    """Return by how much 95 % of the errors reach farther than those of a normal distribution; at least 1."""
    seen = np.abs(errors[_WARM_UP:])
    seen = seen[~np.isnan(seen)]
    return max(1.0, float(np.quantile(seen, 0.95)) / NormalDist().inv_cdf(0.975)) if len(seen) else 1.0

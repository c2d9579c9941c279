"""What is usual for a series: a centre and a scale for every point, from its own past only.

Frames are arrays of shape (series, periods); a missing value is NaN. Source: the centre's proposal for watch signs,
a robust z over same-weekday medians with a pooled scale (median absolute deviation times 1.4826).
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
MAD_TO_SIGMA = 1.4826
_FORMER_YEARS, _LEAST_YEARS = 3, 2


def usual_weekday(values: Array, left_out: npt.NDArray[np.bool_], weeks: int, pool_days: int, least: int) -> tuple[Array, Array]:
    """Return (centre, scale) of daily series.

    Centre: the median of the same weekday of the last `weeks` weeks. Scale: 1.4826 x MAD of the residuals of the last
    `pool_days` days, pooled over weekdays. Days that are `left_out` (public holidays) teach nothing but are judged.
    The day judged is never among its own teachers. NaN where fewer than `least` points are there.
    """
    teachers = np.where(left_out, np.nan, values)
    centre = _median_of([shifted(teachers, 7 * week) for week in range(1, weeks + 1)], least)
    residuals = teachers - centre
    scale = _mad_of([shifted(residuals, day) for day in range(1, pool_days + 1)], 2 * least)
    return centre, scale


def usual_periods(values: Array, periods: int, least: int) -> tuple[Array, Array]:
    """Return (centre, scale) of series of weeks or longer: median and MAD of the last `periods` periods."""
    past = [shifted(values, place) for place in range(1, periods + 1)]
    centre = _median_of(past, least)
    return centre, _mad_of(past, least)


def usual_season(values: Array, cycle: int, periods: int, least: int) -> tuple[Array, Array]:
    """Return (centre, scale) of series of weeks or longer with two former years or more, NaN with fewer.

    Centre: the median of the last `periods` periods, and by how much the same period lay above those before it in
    former years (the mean; n years count n/(n+1)). Scale: the spread of what was so foretold wrongly in the last
    2 x `periods` periods (1.4826 x MAD). `cycle` is the number of periods of a year.
    """
    centre, _ = usual_periods(values, periods, least)
    above = values - centre
    former = np.stack([shifted(above, cycle * year) for year in range(1, _FORMER_YEARS + 1)])
    count = np.sum(~np.isnan(former), axis=0)
    season = np.nansum(former, axis=0) / np.maximum(count + 1, 1)
    expected = np.where(count >= _LEAST_YEARS, centre + season, np.nan)
    # A centre of two years is no worse for having been learnt from one only: then there is more to learn the scale from.
    foretold = values - np.where(count >= 1, centre + season, np.nan)
    scale = _mad_of([shifted(foretold, place) for place in range(1, 2 * periods + 1)], 2 * least)
    return expected, np.where(np.isnan(expected), np.nan, scale)


def at_least_poisson(centre: Array, scale: Array) -> Array:
    """Return the scale of counts: at least the square root of the centre, and at least 1."""
    return np.maximum(np.maximum(scale, np.sqrt(np.maximum(centre, 0))), 1.0)


def robust_z(values: Array, centre: Array, scale: Array) -> Array:
    """Return (x - centre) / scale; NaN where the scale is 0 or unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (values - centre) / scale
    return np.where(scale > 0, z, np.nan)


def shifted(values: Array, places: int) -> Array:
    """Return the values `places` periods earlier; later ones where it is negative."""
    out = np.full_like(values, np.nan)
    count = values.shape[1]
    if 0 <= places < count:
        out[:, places:] = values[:, : count - places]
    elif -count < places < 0:
        out[:, :places] = values[:, -places:]
    return out


def weighted_mean(values: Array, weights: Array, least: float) -> Array:
    """Return the mean of the past, `weights[0]` being that of the period before; NaN where less than `least` of the weight is there."""
    there = ~np.isnan(values)
    summed, weight, known = np.zeros_like(values), np.zeros_like(values), np.where(there, values, 0.0)
    for place, one in enumerate(weights, start=1):
        if one and place < values.shape[1]:
            summed[:, place:] += one * known[:, :-place]
            weight[:, place:] += one * there[:, :-place]
    enough = weight >= least * np.sum(weights)
    return np.where(enough & (weight > 0), summed / np.where(weight > 0, weight, 1), np.nan)


def _median_of(past: list[Array], least: int) -> Array:
    stacked = np.stack(past)
    enough = np.sum(~np.isnan(stacked), axis=0) >= least
    return np.where(enough, _nanmedian(stacked), np.nan)


def _mad_of(past: list[Array], least: int) -> Array:
    stacked = np.stack(past)
    enough = np.sum(~np.isnan(stacked), axis=0) >= least
    deviations = np.abs(stacked - _nanmedian(stacked))
    return np.where(enough, MAD_TO_SIGMA * _nanmedian(deviations), np.nan)


def _nanmedian(stacked: Array) -> Array:
    """Return the median along the first axis; NaN sorts last, so the middle of the values that are there is picked."""
    ordered = np.sort(stacked, axis=0)
    count = np.sum(~np.isnan(stacked), axis=0)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        picked = (np.take_along_axis(ordered, low[None], 0) + np.take_along_axis(ordered, np.minimum(high, len(stacked) - 1)[None], 0)) / 2
    return np.where(count > 0, picked[0], np.nan)

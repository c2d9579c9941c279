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


def usual_weekday(values: Array, left_out: npt.NDArray[np.bool_], weeks: int, pool_days: int, least: int) -> tuple[Array, Array]:
    """Return (centre, scale) of daily series.

    Centre: the median of the same weekday of the last `weeks` weeks. Scale: 1.4826 x MAD of the residuals of the last
    `pool_days` days, pooled over weekdays. Days that are `left_out` (public holidays) teach nothing but are judged.
    The day judged is never among its own teachers. NaN where fewer than `least` points are there.
    """
    teachers = np.where(left_out, np.nan, values)
    centre = _median_of([_shifted(teachers, 7 * week) for week in range(1, weeks + 1)], least)
    residuals = teachers - centre
    scale = _mad_of([_shifted(residuals, day) for day in range(1, pool_days + 1)], 2 * least)
    return centre, scale


def usual_periods(values: Array, periods: int, least: int) -> tuple[Array, Array]:
    """Return (centre, scale) of series of weeks or longer: median and MAD of the last `periods` periods."""
    past = [_shifted(values, place) for place in range(1, periods + 1)]
    centre = _median_of(past, least)
    return centre, _mad_of(past, least)


def at_least_poisson(centre: Array, scale: Array) -> Array:
    """Return the scale of counts: at least the square root of the centre, and at least 1."""
    return np.maximum(np.maximum(scale, np.sqrt(np.maximum(centre, 0))), 1.0)


def robust_z(values: Array, centre: Array, scale: Array) -> Array:
    """Return (x - centre) / scale; NaN where the scale is 0 or unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (values - centre) / scale
    return np.where(scale > 0, z, np.nan)


def _shifted(values: Array, places: int) -> Array:
    """Return the values `places` periods earlier."""
    out = np.full_like(values, np.nan)
    if places < values.shape[1]:
        out[:, places:] = values[:, : values.shape[1] - places]
    return out


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

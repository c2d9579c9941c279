"""Says what was to be expected of each period of each series, by the method that a sign declares or that its past allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from data.city import Baseline
from data.register import Reference
from indicators.baselines import Array, at_least_poisson, usual_periods, usual_season, usual_weekday
from indicators.daykinds import day_kinds
from indicators.definition import Definition
from indicators.smoothing import expect, reach

ROBUST, SMOOTHED, SEASONAL = "robust_baseline", "smoothed_baseline", "seasonal_baseline"
CYCLES = {"week": 52, "month": 12, "quarter": 4}
_HOURS_BACK = timedelta(days=380)


@dataclass(frozen=True, slots=True)
class Usual:
    """What was expected, how far off that usually is, and the method that said so (entities x periods)."""

    centre: Array
    scale: Array
    method: npt.NDArray[np.object_]


def needed(grain: str, since: datetime, terms: Baseline) -> datetime:
    """Return from when on a judgement at `since` needs the past."""
    match grain:
        case "hour":
            return since - _HOURS_BACK
        case "day":
            return since - timedelta(days=reach(terms))
    return datetime(1900, 1, 1)


def usual(
    one: Definition, grain: str, teachers: Array, left_out: npt.NDArray[np.bool_], starts: Sequence[datetime], reference: Reference
) -> Usual:
    """Return what was expected of each period, from earlier ones that are not `left_out` (entities x periods)."""
    terms, declared = reference.city.baseline, one.spec.method
    if grain == "day":
        days = day_kinds(starts[0].date(), len(starts), reference.calendar, reference.festivals)
        centre, scale = usual_weekday(teachers, left_out | _holidays(reference, starts), terms.weeks, terms.pool_days, terms.least_points)
    else:
        known = np.where(left_out, np.nan, teachers)
        centre, scale = usual_periods(known, terms.periods, terms.least_points)
    method = np.full(teachers.shape, ROBUST, dtype=object)
    better: tuple[Array, Array] | None = None
    if grain == "day" and declared != "robust":
        expected = expect(teachers, left_out, days, terms)
        better, name = (expected.centre, expected.scale), SMOOTHED
    elif grain in CYCLES and declared != "robust":
        better, name = usual_season(known, CYCLES[grain], terms.periods, terms.least_points), SEASONAL
    if better:
        is_known = np.isfinite(better[0]) & np.isfinite(better[1]) & np.isfinite(scale)
        centre, scale = np.where(is_known, better[0], centre), np.where(is_known, better[1], scale)
        method[is_known] = name
    if one.formula.is_count and not one.spec.per:
        scale = at_least_poisson(centre, scale)
    return Usual(centre, scale, method)


def _holidays(reference: Reference, starts: Sequence[datetime]) -> npt.NDArray[np.bool_]:
    """Return the public holidays: they teach nothing about ordinary days."""
    off = {day.date for day in reference.calendar if day.holiday and not day.is_workday}
    return np.array([start.date() in off for start in starts], dtype=bool)

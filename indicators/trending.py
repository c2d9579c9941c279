"""The straight line through the last figures of a sign, and whether it reaches a threshold soon. Pure: arrays in and out.

Ordinary least squares over the last known figures; a slope within twice its standard error of 0 leads nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from indicators.alerts import Flags
from indicators.definition import Definition
from indicators.watching import Crossing

Numbers = npt.NDArray[np.float64]
SURE = 2.0  # standard errors that a slope must lie from 0
LEAST = 5  # figures in the window


def reaches(when: Crossing, values: Numbers, starts: list[datetime], signs: Sequence[Definition]) -> tuple[Flags, Flags]:
    """Return of each period and sign (as `values`, NaN unknown) whether it reaches the line in time, and whether that can be told.

    A band sign is told by the edge that its figures move to; a sign without that threshold by nothing.
    """
    ends, slope, error = fit(values, when.over)
    lines = np.array([[_line(one, when.line, start) for one in signs] for start in starts], dtype=float).reshape(values.shape)
    ahead = ends + slope * when.within
    sure = np.abs(slope) > SURE * error
    lower = np.array([one.spec.direction == "higher" for one in signs], dtype=bool)  # higher is better: worse below
    with np.errstate(invalid="ignore"):
        there = np.where(lower, ahead < lines, ahead >= lines) & np.where(lower, slope < 0, slope > 0) & sure
    can_tell = ~np.isnan(slope) & ~np.isnan(lines) & ~np.isnan(values)
    return there & can_tell, can_tell


def fit(values: Numbers, over: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return (value at the last period, slope a period, standard error of the slope) of the line through the last `over` periods.

    NaN where fewer than LEAST of them are known.
    """
    known = ~np.isnan(values)
    shift = np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    y = np.where(known, values - shift, 0.0)
    n, st, stt, sy, sty, syy = (np.zeros(values.shape) for _ in range(6))
    for back in range(min(over, len(values))):
        rows = slice(back, None)
        k, v = known[: len(values) - back], y[: len(values) - back]
        n[rows] += k
        st[rows] -= back * k
        stt[rows] += back * back * k
        sy[rows] += v
        sty[rows] -= back * v
        syy[rows] += v * v
    with np.errstate(invalid="ignore", divide="ignore"):
        within = stt - st * st / n
        slope = np.where((n >= LEAST) & (within > 0), (sty - st * sy / n) / within, np.nan)
        mean = sy / n
        left = np.maximum(syy - n * mean * mean - slope * slope * within, 0.0)
        error = np.sqrt(left / (n - 2) / within)
        return mean - slope * st / n + shift, slope, error


def _line(one: Definition, level: str, start: datetime) -> float:
    """Return the threshold of a level in force when a period starts; NaN where there is none."""
    found = [lines for lines in one.spec.thresholds if lines.since <= start.date()]
    line = getattr(found[-1], level) if found else None
    return float("nan") if line is None else float(line)

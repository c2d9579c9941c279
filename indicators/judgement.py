"""Judges values: level, state and reason of each, at the declared precision. Pure: arrays in, arrays out.

Codes of `reason`: `threshold:<level>:<line>`, `within`, `baseline:<z>`, `n:<n>:<min_n>`, `season`, `no_rows`, `empty`,
`few_periods`, `few_persons`, `no_scale`, `no_thresholds`, `feed_late:<feed>`, `not_due:<feed>`, `unheard:<feed>`.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from data.city import Baseline
from indicators.baselines import Array
from indicators.definition import LEVELS, Thresholds

Texts = npt.NDArray[np.object_]


class State(StrEnum):
    """What a sign's value is worth; missing, stale, not evaluated, too few, suppressed and zero are six things."""

    OK = "ok"
    NO_DATA = "no_data"
    LATE = "late"
    SMALL_SAMPLE = "small_sample"
    SUPPRESSED = "suppressed"
    OUT_OF_SEASON = "out_of_season"
    NOT_EVALUATED = "not_evaluated"
    ERROR = "error"


def half_up(values: Array, precision: int) -> Array:
    """Return values rounded half away from zero at the decimals that people see; noise of binary floats is cut first."""
    scaled = twelve_digits(np.abs(values) * 10.0**precision)
    return np.sign(values) * np.floor(scaled + 0.5) / 10.0**precision


def twelve_digits(values: Array) -> Array:
    """Return values at 12 significant digits, as they are stored and printed: what is judged is what people read."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = 10.0 ** (11 - np.floor(np.log10(np.where(values != 0, np.abs(values), 1.0))))
    return np.round(values * factor) / factor


def judge_by_thresholds(values: Array, lines: Thresholds, direction: str) -> tuple[Texts, Texts]:
    """Return (level, reason) of rounded values. Higher is better: worse below a line; else worse at or above it."""
    level = _normal_where_known(values)
    reason = np.where(np.isnan(values), "", "within").astype(object)
    for name in LEVELS:
        line = getattr(lines, name)
        if line is None:
            continue
        beyond = values < line if direction == "higher" else values >= line
        level[beyond], reason[beyond] = name, f"threshold:{name}:{line:g}"
    return level, reason


def judge_by_baseline(z: Array, lines: Baseline) -> tuple[Texts, Texts]:
    """Return (level, reason) by |z|, both sides."""
    rounded = half_up(z, 2)
    level = _normal_where_known(z)
    for name in LEVELS:
        level[np.abs(rounded) >= getattr(lines, name)] = name
    # Each distinct z is written once; told apart by their bits, since -0.00 equals 0.00.
    distinct, places = np.unique(rounded.view(np.int64), return_inverse=True)
    reasons = np.array([f"baseline:{one:.2f}" if not np.isnan(one) else "" for one in distinct.view(np.float64)], dtype=object)
    return level, reasons[places].reshape(z.shape)


def _normal_where_known(values: Array) -> Texts:
    """Return `normal` for every value that is there, None for the others."""
    level = np.full(values.shape, "normal", dtype=object)
    level[np.isnan(values)] = None
    return level

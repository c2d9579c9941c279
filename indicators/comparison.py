"""Changes against an earlier period: rates in percentage points, counts and amounts in per cent.

Rules (domain reference 4.3): nothing to compare with is `no_base`; a base of 0 is `base_zero`, and the change is then
given in the unit of the sign, never as infinity.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.baselines import Array

RATE_UNITS = frozenset({"%", "百分点"})


def change(values: Array, base: Array, unit: str) -> tuple[Array, npt.NDArray[np.object_]]:
    """Return (change, reason): a difference for rates, else per cent; reason empty where the change stands."""
    missing = np.isnan(values) | np.isnan(base)
    if unit in RATE_UNITS:
        result = values - base
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            result = np.where(base > 0, (values - base) / np.abs(base) * 100, np.nan)
    reason = np.where(missing, "no_base", "").astype(object)
    if unit not in RATE_UNITS:
        reason[~missing & (base == 0)] = "base_zero"
        reason[~missing & (base < 0)] = "no_base"
    return np.where(missing, np.nan, result), reason


def change_unit(unit: str) -> str:
    """Return the unit of a change: `points` for rates, `%` for the rest."""
    return "points" if unit in RATE_UNITS else "%"

"""Means over the last axis with weights; what is missing leaves together with its weight.

All are one family, the power mean (sum(w x^p) / sum(w))^(1/p): arithmetic p = 1, geometric p -> 0, harmonic p = -1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.baselines import Array

Flags = npt.NDArray[np.bool_]
POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
# The scale 0..100 is drawn to 1..100 before a mean that cannot bear a 0, and back after it.
_LEAST, _STEP = 1.0, 0.99


def power_mean(values: Array, weights: Array, power: float = 1.0) -> Array:
    """Return the weighted power mean; NaN where nothing is there.

    Raises ValueError for values that it does not exist for: 0 or less where `power` is 0 or less, below 0 where it is not 1.
    """
    if power <= 0 and (values <= 0).any():
        raise ValueError("values above 0 for a geometric or harmonic mean")
    if power != 1 and (values < 0).any():
        raise ValueError("values of 0 or more for a generalised mean")
    share = shares(weights, ~np.isnan(values))
    mean = lowered(np.sum(share * np.nan_to_num(raised(values, power)), axis=-1), power)
    return np.where(share.sum(axis=-1) > 0, mean, np.nan)


def score_mean(scores: Array, weights: Array, power: float = 1.0) -> Array:
    """Return the mean of scores of 0 to 100, within 0 to 100; where a 0 would not do, on the scale 1 to 100."""
    return unstretched(power_mean(stretched(scores, power), weights, power), power)


def shares(weights: Array, present: Flags) -> Array:
    """Return weights of what is present that sum to 1 over the last axis; all 0 where nothing is."""
    kept = np.where(present, weights, 0.0)
    whole = kept.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(kept, whole, out=np.zeros(kept.shape), where=whole > 0), dtype=float)


def raised(values: Array, power: float) -> Array:
    """Return what the mean averages: x^p, or ln x."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return values if power == 1 else np.log(values) if power == 0 else values**power


def lowered(values: Array, power: float) -> Array:
    """Return the inverse of `raised`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return values if power == 1 else np.exp(values) if power == 0 else values ** (1.0 / power)


def stretched(scores: Array, power: float) -> Array:
    """Return scores on the scale that the mean can bear."""
    return scores if power > 0 else _LEAST + _STEP * scores


def unstretched(scores: Array, power: float) -> Array:
    """Return the inverse of `stretched`."""
    return scores if power > 0 else np.clip((scores - _LEAST) / _STEP, 0.0, 100.0)

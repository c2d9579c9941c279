"""Ranks units by comparing them, not by adding: TOPSIS and Copeland, for studies.

Sources: Hwang and Yoon (1981) for TOPSIS; Copeland (1951), OECD/JRC Handbook (2008) chapter 6 for outranking.
"""

from __future__ import annotations

import numpy as np

from indicators.baselines import Array


def topsis(values: Array, weights: Array) -> Array:
    """Return the closeness of each unit (0 to 1) to the best values of all, away from the worst; higher is better in all.

    Columns are scaled to the length of 1. Raises ValueError for missing values; NaN where all units are alike.
    """
    if np.isnan(values).any():
        raise ValueError("no missing values for TOPSIS")
    length = np.sqrt((values**2).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        weighed = np.where(length > 0, values / length, 0.0) * (weights / weights.sum())
        best, worst = (np.sqrt(((weighed - end) ** 2).sum(axis=1)) for end in (weighed.max(axis=0), weighed.min(axis=0)))
        return np.where(best + worst > 0, worst / (best + worst), np.nan)


def outranking(values: Array, weights: Array) -> Array:
    """Return (units, units): the weight of the signs in which one is better than another, ties half; 0 on the diagonal.

    A comparison that is missing counts half for both, so that the order of the rows does not matter.
    """
    one, other = values[:, None, :], values[None, :, :]
    wins = np.where(one > other, 1.0, np.where(one < other, 0.0, 0.5))
    found = wins @ (weights / weights.sum())
    np.fill_diagonal(found, 0.0)
    return np.asarray(found, dtype=float)


def copeland(values: Array, weights: Array) -> Array:
    """Return how many units a unit outranks less by how many it is outranked (more than half of the weights)."""
    won = outranking(values, weights)
    lead = np.round(won - won.T, 12)
    np.fill_diagonal(lead, 0.0)
    return np.asarray(np.sign(lead).sum(axis=1), dtype=float)

"""Finds weights: what people set, or what data say. Every function returns weights that sum to 1.

Set by people: `equal`, `budget_allocation` and, in their own files, experts' weights of a scheme and `pairwise`. Drawn
from data of (units, signs), for studies only: `entropy`, `critic`, `principal_components`; `frontier` has one set a unit.
Sources: OECD/JRC Handbook (2008), chapter 6; entropy: Shannon, as in Hwang and Yoon (1981); CRITIC: Diakoulaki and others
(1995); components: Nicoletti and others (2000), the way of the Handbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from indicators.baselines import Array
from indicators.evaluation.normalise import minmax

BUDGET = 100.0
_EXACT = 1e-9


def equal(count: int) -> Array:
    """Return the same weight for each."""
    return np.full(count, 1.0 / count)


def budget_allocation(points: Sequence[Sequence[float]]) -> Array:
    """Return the mean share that experts gave, each 100 points over all (experts, signs); raises ValueError otherwise."""
    given = np.asarray(points, dtype=float)
    if (given < 0).any() or (np.abs(given.sum(axis=1) - BUDGET) > _EXACT).any():
        raise ValueError("100 points of each expert, none below 0")
    return np.asarray(given.mean(axis=0) / BUDGET, dtype=float)


def entropy(values: Array) -> Array:
    """Return weights by how much a sign tells units apart: 1 - entropy of its shares. Values are not below 0.

    A share of 0 adds nothing (its limit). Raises ValueError for values below 0 or where no sign tells units apart.
    """
    if (values < 0).any():
        raise ValueError("values of 0 or more for the entropy of shares")
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = values / values.sum(axis=0)
        parts = np.where(shares > 0, shares * np.log(shares), 0.0)
    return _shared(1.0 + parts.sum(axis=0) / np.log(len(values)))


def critic(values: Array) -> Array:
    """Return weights by contrast and conflict: the standard deviation times the sum of (1 - correlation) with the others.

    Higher is better in all columns. Raises ValueError where no sign tells units apart.
    """
    shares = minmax(values, 0.0, 1.0)
    spread = np.nan_to_num(shares.std(axis=0, ddof=1))
    return _shared(spread * (1.0 - correlation(values)).sum(axis=0))


def principal_components(values: Array) -> Array:
    """Return weights by components: those with an eigenvalue above 1, turned by varimax; each sign counts where it loads most.

    Its squared loading there, as a share of the component's, is weighed with the share of variance that it explains.
    """
    size, vectors = np.linalg.eigh(correlation(values))
    kept = max(1, int((size > 1.0 + _EXACT).sum()))
    loadings = vectors[:, ::-1][:, :kept] * np.sqrt(size[::-1][:kept])
    squared = varimax(loadings) ** 2
    explained = squared.sum(axis=0)
    best = squared.argmax(axis=1)
    rows = np.arange(len(best))
    return _shared(squared[rows, best] / explained[best] * (explained / explained.sum())[best])


def varimax(loadings: Array, rounds: int = 50) -> Array:
    """Return loadings turned so that each component has few large ones: in the plane of each pair, until none turns (Kaiser 1958)."""
    turned = loadings.copy()
    for _ in range(rounds):
        most = 0.0
        for one, other in combinations(range(turned.shape[1]), 2):
            x, y = turned[:, one], turned[:, other]
            u, v = x**2 - y**2, 2 * x * y
            up = 2 * (np.mean(u * v) - u.mean() * v.mean())
            along = np.mean(u**2 - v**2) - (u.mean() ** 2 - v.mean() ** 2)
            angle = np.arctan2(up, along) / 4
            turned[:, one], turned[:, other] = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
            most = max(most, abs(float(angle)))
        if most < _EXACT:
            break
    return turned


def correlation(values: Array) -> Array:
    """Return Pearson's correlation between columns; a column whose values are all alike goes with none."""
    centred = values - values.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = np.where(length > 0, centred / length, 0.0)
    found = unit.T @ unit
    np.fill_diagonal(found, 1.0)
    return np.asarray(np.clip(found, -1.0, 1.0), dtype=float)


def _shared(parts: Array) -> Array:
    whole = np.where(parts > 0, parts, 0.0)
    if not whole.sum() > _EXACT:
        raise ValueError("signs that tell units apart")
    return np.asarray(whole / whole.sum(), dtype=float)

"""Scores each unit with the weights that suit it best, so long as no unit scores above 1: benefit of the doubt.

Source: Melyn and Moesen (1991); Cherchye and others (2007), J. Operational Research Society; OECD/JRC Handbook, chapter 6.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from indicators.baselines import Array


def benefit_of_the_doubt(values: Array, least: float = 0.0, most: float = 1.0) -> tuple[Array, Array]:
    """Return (scores, weights): one score a unit, 0 to 1, and its own weights (units, signs), for values of 0 or more.

    `least` and `most` bound the share of each sign in the unit's score. Raises ValueError for missing or negative values,
    and for bounds that no weights can keep.
    """
    if np.isnan(values).any() or (values < 0).any():
        raise ValueError("values of 0 or more, none missing, for benefit of the doubt")
    scores, weights = np.zeros(len(values)), np.zeros_like(values)
    for unit, own in enumerate(values):
        rows = [*values]
        if least > 0 or most < 1:
            share = np.diag(own)
            rows += [*(least * own - share), *(share - most * own)]
        limit = np.concatenate([np.ones(len(values)), np.zeros(len(rows) - len(values))])
        found = linprog(-own, A_ub=np.array(rows), b_ub=limit, bounds=(0, None), method="highs")
        if not found.success:
            raise ValueError("bounds of shares that weights can keep")
        scores[unit], weights[unit] = -found.fun, found.x
    return scores, weights

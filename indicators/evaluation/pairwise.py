"""Turns judgements by pairs into weights: the analytic hierarchy process, with the check that the judgements agree.

Source: Saaty (1980), The Analytic Hierarchy Process: principal eigenvector, consistency ratio, its limit 0.10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.baselines import Array

# The mean consistency index of random matrices of 1, 2, 3 ... things.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
MOST_INCONSISTENT = 0.10


@dataclass(frozen=True, slots=True)
class Judged:
    """Weights that sum to 1, and how far the judgements contradict each other."""

    weights: Array
    consistency_ratio: float

    @property
    def is_consistent(self) -> bool:
        """Whether the ratio is at most 0.10."""
        return self.consistency_ratio <= MOST_INCONSISTENT


def comparison_matrix(names: Sequence[str], judgements: Mapping[tuple[str, str], float]) -> Array:
    """Return the reciprocal matrix of `a is x times as important as b`; raises ValueError unless each pair is judged once."""
    place = {name: index for index, name in enumerate(names)}
    matrix = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for (one, other), times in judgements.items():
        if one not in place or other not in place or one == other:
            raise ValueError(f"pairs of {', '.join(names)}")
        if not np.isnan(matrix[place[one], place[other]]):
            raise ValueError(f"each pair once; {one} and {other} again")
        matrix[place[one], place[other]], matrix[place[other], place[one]] = times, 1.0 / times
    if np.isnan(matrix).any():
        one, other = np.argwhere(np.isnan(matrix))[0]
        raise ValueError(f"each pair judged; {names[one]} and {names[other]} are not")
    return matrix


def judge_pairs(matrix: Array) -> Judged:
    """Return the weights of a reciprocal matrix and its consistency ratio; raises ValueError for more than 15 things."""
    count = len(matrix)
    if count > len(RANDOM_INDEX):
        raise ValueError(f"at most {len(RANDOM_INDEX)} things to be judged by pairs")
    sizes, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(sizes.real))
    weights = np.abs(vectors[:, first].real)
    expected = RANDOM_INDEX[count - 1]
    ratio = (float(sizes[first].real) - count) / (count - 1) / expected if expected else 0.0
    return Judged(np.asarray(weights / weights.sum(), dtype=float), max(0.0, ratio))

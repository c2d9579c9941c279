"""Grades, ranks and lists scores as they are printed: two decimals, half up. What is printed alike is alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indicators.baselines import Array
from indicators.evaluation.means import Flags
from indicators.judgement import half_up

DECIMALS = 2


def grades(scores: Array, edges: Sequence[tuple[str, float]]) -> npt.NDArray[np.object_]:
    """Return the grade of each score: the first of (grade, its least score), highest first, that it reaches; None without a score."""
    shown = half_up(scores, DECIMALS)
    found = np.full(scores.shape, None, dtype=object)
    for grade, least in reversed(edges):
        found[shown >= least] = grade
    return found


def ranks(scores: Array, ranked: Flags | None = None) -> Array:
    """Return the rank of each unit over the first axis, 1 the best; ties share it (1, 2, 2, 4); NaN for who is not `ranked`."""
    shown = half_up(scores, DECIMALS)
    if ranked is not None:
        shown = np.where(ranked, shown, np.nan)
    better = np.sum(shown[None, ...] > shown[:, None, ...], axis=1)
    return np.where(np.isnan(shown), np.nan, better + 1.0)


def order(scores: Array, codes: Sequence[str]) -> list[int]:
    """Return the places of units as they are listed: by printed score, the best first, then by administrative code; without one last."""
    shown = half_up(scores, DECIMALS)
    return sorted(range(len(codes)), key=lambda unit: (np.isnan(shown[unit]), -np.nan_to_num(shown[unit]), codes[unit]))


def red_list(scores: Array, is_red: Flags, least: float) -> Flags:
    """Return who is on the red list, which is good: at least so high a score, and no red sign."""
    return (half_up(scores, DECIMALS) >= least) & ~is_red


def black_list(scores: Array, places: Array, below: float, last: int, periods: int) -> Flags:
    """Return who is on the black list (units, periods): a score below the line, or `periods` running among the `last` ranks.

    `places` are ranks: of 13 the last two are 12 and 13, and whoever shares 11 is not among them.
    """
    among = places > np.sum(~np.isnan(places), axis=0) - last
    running = among.copy()
    for back in range(1, periods):
        before = np.zeros_like(among)
        before[:, back:] = among[:, : among.shape[1] - back]
        running &= before
    return np.asarray((half_up(scores, DECIMALS) < below) | running, dtype=bool)

"""Appraises any table by a study: the same methods as the scores of a city, and those that compare units with each other.

Columns of the result: name, score, rank, grade, coverage, and `points:<heading>` of each criterion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd

from indicators.baselines import Array
from indicators.evaluation import normalise as ways
from indicators.evaluation.frontier import benefit_of_the_doubt
from indicators.evaluation.means import POWERS, power_mean, shares
from indicators.evaluation.outliers import treat
from indicators.evaluation.outranking import copeland, topsis
from indicators.evaluation.pairwise import MOST_INCONSISTENT, comparison_matrix, judge_pairs
from indicators.evaluation.ranks import grades, ranks
from indicators.evaluation.study import Criterion, Study
from indicators.evaluation.weights import budget_allocation, critic, entropy, equal, principal_components

_FULL = 100.0
STEPS = (1, 2, 3, 4)
_RELATIVE: dict[str, Callable[[Array], Array]] = {
    "minmax": ways.minmax, "zscore": ways.zscore, "rank": ways.ranking, "percentile": lambda values: ways.percentile(values) * _FULL,
    "distance_to_maximum": lambda values: ways.distance_to_maximum(values) * _FULL,
}  # fmt: skip
_OF_DATA = {"entropy": entropy, "critic": critic, "components": principal_components}


class AppraisalError(ValueError):
    """Raised for a table that a study cannot appraise; says what was found and what would be right."""


def appraise(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return the result, the best first; raises AppraisalError."""
    units, values = read_table(study, table)
    points = points_of(study, values)
    with told(study):
        scores, coverage = scores_of(study, points, weights_of(study, points))
    frame = pd.DataFrame({
        "name": units, "score": scores, "rank": ranks(scores[:, None])[:, 0],
        "grade": grades(scores, list(study.grades.items())) if study.grades else None, "coverage": coverage,
        **{f"points:{name}": points[:, place] for place, name in enumerate(study.criteria)},
    })  # fmt: skip
    return frame.sort_values(["rank", "name"], na_position="last", ignore_index=True)


def read_table(study: Study, table: pd.DataFrame) -> tuple[list[str], Array]:
    """Return the units and their values (units, criteria), outliers treated if the study says so; raises AppraisalError."""
    if absent := [name for name in (study.unit, *study.criteria) if name not in table.columns]:
        raise AppraisalError(f"headings {', '.join(map(str, table.columns))}; {', '.join(absent)} is not among them")
    units = table[study.unit].astype(str).tolist()
    if repeated := sorted({unit for unit in units if units.count(unit) > 1}):
        raise AppraisalError(f"each unit once; {', '.join(repeated)} again")
    values = np.column_stack([_numbers(table, name) for name in study.criteria])
    return units, np.column_stack([treat(column).column for column in values.T]) if study.treat else values


@contextmanager
def told(study: Study) -> Iterator[None]:
    """Say as AppraisalError what a method wanted."""
    try:
        yield
    except ValueError as error:
        raise AppraisalError(f"{study.aggregate} over {study.normalise} with weights {study.weights} wants {error}") from error


def points_of(study: Study, values: Array) -> Array:
    """Return the points of every criterion, higher is better."""
    return np.column_stack([_points(study, one, column) for one, column in zip(study.criteria.values(), values.T, strict=True)])


def scores_of(study: Study, points: Array, weights: Array) -> tuple[Array, Array]:
    """Return scores and coverage of the units; too little known is no score. Raises ValueError for what a method cannot bear."""
    coverage = np.sum(shares(np.broadcast_to(weights, points.shape), np.ones(points.shape, dtype=bool)) * ~np.isnan(points), axis=1)
    return np.where(coverage >= study.least_coverage - 1e-9, _together(study, points, weights), np.nan), coverage


def weights_of(study: Study, points: Array) -> Array:
    """Return the weights of the criteria by the method of the study; raises ValueError where it finds none."""
    if study.weights == "given":
        return np.array([one.weight or 0.0 for one in study.criteria.values()])
    if study.weights == "equal":
        return equal(len(study.criteria))
    if study.weights == "budget":
        return budget_allocation(study.points)
    if study.weights == "pairs":
        judged = judge_pairs(comparison_matrix(list(study.criteria), {(pair.one, pair.other): pair.times for pair in study.pairs}))
        if not judged.is_consistent:
            raise ValueError(f"judgements with a consistency ratio of at most {MOST_INCONSISTENT}, not {judged.consistency_ratio:.3f}")
        return judged.weights
    if np.isnan(points).any():
        raise ValueError(f"no missing values to find weights by {study.weights}")
    return _OF_DATA[study.weights](ways.minmax(points, 0.0, 1.0))


def _numbers(table: pd.DataFrame, name: str) -> Array:
    found = pd.to_numeric(table[name], errors="coerce")
    if (wrong := table[name].notna() & (table[name].astype(str).str.strip() != "") & found.isna()).any():
        row = int(np.flatnonzero(wrong)[0])
        raise AppraisalError(f"line {row + 2}, {name}: found {table[name].iloc[row]!r}, wanted a number")
    return found.to_numpy(dtype=float)


def _points(study: Study, one: Criterion, values: Array) -> Array:
    """Return the points of one column, higher is better."""
    higher = one.direction == "higher"
    column = values[:, None]
    if study.normalise == "goalposts" and one.goalposts:
        return ways.goalposts(column, one.goalposts.low, one.goalposts.high, higher=higher, scale=_FULL)[:, 0]
    if study.normalise == "distance_to_target":
        return ways.distance_to_target(column, one.target or 0.0, higher=higher, cut=True)[:, 0] * _FULL
    if study.normalise == "four_steps":
        return ways.four_steps(ways.share_of_target(column, one.target or 0.0, higher=higher) * _FULL)[:, 0] * _FULL / len(STEPS)
    turned = column if higher else -column
    if study.normalise == "distance_to_reference":
        reference = one.reference or 0.0
        return ways.distance_to_reference(turned, reference if higher else -reference, cut=True)[:, 0] * _FULL
    if study.normalise == "share_of_maximum":
        return ways.share_of_maximum(column if higher else 1.0 / column)[:, 0] * _FULL
    return _RELATIVE[study.normalise](turned)[:, 0]


def _together(study: Study, points: Array, weights: Array) -> Array:
    match study.aggregate:
        case "topsis":
            return topsis(points, weights) * _FULL
        case "copeland":
            return copeland(points, weights)
        case "benefit_of_the_doubt":
            return benefit_of_the_doubt(points)[0] * _FULL
        case "power":
            return power_mean(points, np.broadcast_to(weights, points.shape), study.power)
    return power_mean(points, np.broadcast_to(weights, points.shape), POWERS[study.aggregate])

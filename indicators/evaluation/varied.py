"""Says which choice of a study its ranks depend on: every weight, the way to give points, the way to put them together.

A run turns all of them at once; its shift is the mean distance of its ranks from those of the study, over the units that it ranks.
Columns: factor (`weight:<heading>`, `normalise`, `mean`), first, first_error, total, total_error, text, shift, runs, the strongest first.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.scored import total_text
from indicators.baselines import Array
from indicators.evaluation.appraisal import AppraisalError, points_of, read_table, scores_of, told, weights_of
from indicators.evaluation.ranks import ranks
from indicators.evaluation.sobol import chosen, sobol_indices
from indicators.evaluation.study import Study

NORMALISE, MEAN, WEIGHT = "normalise", "mean", "weight:"
COLUMNS = ("factor", "first", "first_error", "total", "total_error", "text", "shift", "runs")
_LEAST = 3  # ranked units: with fewer there is hardly a rank to shift
_NOT_WEIGHED = "benefit_of_the_doubt"


def study_sensitivity(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return a row per choice that `varied` leaves open; raises AppraisalError where there is none, or hardly a rank to shift."""
    varied = study.varied
    if varied is None:
        raise AppraisalError("varied: what the study leaves open")
    _, values = read_table(study, table)
    ways = [study.model_copy(update={"normalise": way}) for way in dict.fromkeys((study.normalise, *varied.ways))]
    means = tuple(dict.fromkeys((study.aggregate, *varied.means)))
    names = [f"{WEIGHT}{name}" for name in study.criteria] if varied.spread and len(study.criteria) > 1 else []
    names += [NORMALISE] * (len(ways) > 1) + [MEAN] * (len(means) > 1)
    if not names:
        raise AppraisalError("a choice that varied leaves open")
    points = [points_of(way, values) for way in ways]
    with told(study):
        weights = [weights_of(way, found) for way, found in zip(ways, points, strict=True)]
        official = ranks(scores_of(study, points[0], weights[0])[0][:, None])[:, 0]
    ranked = ~np.isnan(official)
    if ranked.sum() < _LEAST:
        raise AppraisalError(f"{_LEAST} ranked units or more; {ranked.sum()} are")

    def shifts(turned: Mapping[str, Array]) -> Array:
        runs = len(next(iter(turned.values())))
        way, mean = chosen(turned, NORMALISE, len(ways), runs), chosen(turned, MEAN, len(means), runs)
        even = np.full(runs, 0.5)
        spread = np.column_stack([1 + varied.spread * (2 * turned.get(f"{WEIGHT}{name}", even) - 1) for name in study.criteria])
        scores, kept = np.empty((len(ranked), runs)), dict[int, Array]()
        for run in range(runs):
            one = ways[way[run]].model_copy(update={"aggregate": means[mean[run]], "least_coverage": 0.0})
            if one.aggregate == _NOT_WEIGHED:  # a linear programme a unit, the same in every run
                if way[run] not in kept:
                    kept[way[run]] = _scores(one, points[way[run]], weights[way[run]])
                scores[:, run] = kept[way[run]]
            else:
                drawn = weights[way[run]] * spread[run]
                scores[:, run] = _scores(one, points[way[run]], drawn / drawn.sum())
        if np.isnan(scores[ranked]).any():
            raise AppraisalError("a score of every ranked unit by all that varied names")
        moved = np.abs(ranks(scores, np.broadcast_to(ranked[:, None], scores.shape)) - official[:, None])
        return np.asarray(moved[ranked].mean(axis=0))

    indices, found = sobol_indices(names, shifts, varied.dice)
    frame = indices.assign(text=total_text(indices), shift=float(found.mean()), runs=float(len(found)))[list(COLUMNS)]
    return frame.sort_values(["total", "factor"], ascending=[False, True], ignore_index=True)


def _scores(study: Study, points: Array, weights: Array) -> Array:
    with told(study):
        return scores_of(study, points, weights)[0]

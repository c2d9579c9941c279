"""Tries other weights and methods on what is published of a scheme: the same engine, nothing saved.

Pure: the rules and the points of one period go in, scores and ranks come out. The page of evaluations may import it, and nothing
else of the engines.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from data.scored import WHOLE
from indicators.evaluation.means import POWERS
from indicators.evaluation.ranks import ranks
from indicators.evaluation.scheme import Edition, Mean, Normalise
from indicators.evaluation.tree import Choice, Rules, Told, roll_up, tree_of


@dataclass(frozen=True, slots=True)
class Trial:
    """What is turned: how signs get points, the mean of the whole, and weights right below it by name.

    Weights are on any scale; one that is left out is as in force.
    """

    normalise: Normalise
    mean: Mean
    weights: Mapping[str, float] = field(default_factory=dict)


def official(edition: Mapping[str, Any]) -> Trial:
    """Return an edition's own choice (of a scheme's published body); its weights sum to 1."""
    index = edition["index"]
    own = {name: float(edition["shares"][f"{WHOLE}/{name}"]) for name in [*(index.get("nodes") or {}), *(index.get("signs") or {})]}
    return Trial(edition["normalise"], index["mean"], own)


def tried(edition: Mapping[str, Any], points: pd.DataFrame, ranked: Collection[str], trial: Trial) -> pd.DataFrame:
    """Return entity, score and rank of every unit in one period; `points` are those of `data.scored` for it, `ranked` who has a rank.

    Raises ValueError for weights that are negative or all 0.
    """
    rules = Edition.model_validate({name: said for name, said in edition.items() if name != "shares"})
    units, signs = sorted(points["entity"].unique()), list(dict.fromkeys(rules.index.leaves()))
    row, column = (pd.Index(known).get_indexer(pd.Index(points[name])) for name, known in (("entity", units), ("indicator", signs)))
    kept = column >= 0
    told = Told(np.full((len(units), len(signs)), np.nan), *(np.zeros((len(units), len(signs)), dtype=bool) for _ in range(2)))
    told.points[row[kept], column[kept]] = points[trial.normalise].to_numpy(float)[kept]
    told.due[row[kept], column[kept]] = points["due"].to_numpy(bool)[kept]
    told.alarmed[row[kept], column[kept]] = points["alarmed"].to_numpy(bool)[kept]
    tree = tree_of(rules, {name: place for place, name in enumerate(signs)})
    weights = np.array(
        [trial.weights.get(child.path.rsplit("/", 1)[-1], own) for child, own in zip(tree.children, tree.weights, strict=True)]
    )
    if (weights < 0).any() or not weights.sum():
        raise ValueError("weights of 0 or more, not all 0")
    choice = Choice({tree.path: weights / weights.sum()}, POWERS[trial.mean])
    score = roll_up(tree, told, Rules(rules.least_coverage, rules.cap.most if rules.cap else 100.0), choice)[WHOLE].score
    large = np.isin(units, list(ranked))
    return pd.DataFrame({"entity": units, "score": score, "rank": ranks(score[:, None], large[:, None])[:, 0]})

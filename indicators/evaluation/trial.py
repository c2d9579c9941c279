"""Tries other weights and methods on what is published of a scheme: the same engine, nothing saved.

Pure: the rules and the points of one period go in, scores and ranks come out. The page of evaluations may import it, and nothing
else of the engines.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from data.scored import WHOLE
from indicators.baselines import Array
from indicators.evaluation import normalise as ways
from indicators.evaluation.means import POWERS
from indicators.evaluation.ranks import ranks
from indicators.evaluation.scheme import Edition, Mean, Normalise
from indicators.evaluation.tree import Choice, Rules, Told, roll_up, tree_of

Compared = Literal["minmax", "percentile", "zscore"]
Way = Normalise | Compared
COMPARED: tuple[Compared, ...] = get_args(Compared)


@dataclass(frozen=True, slots=True)
class Trial:
    """What is turned: how signs get points, the mean of the whole, and weights right below it by name.

    Weights are on any scale; one that is left out is as in force. Ways that compare units with each other are for trials only: such
    a score moves when another unit's figures do.
    """

    normalise: Way
    mean: Mean
    weights: Mapping[str, float] = field(default_factory=dict)


def official(edition: Mapping[str, Any]) -> Trial:
    """Return an edition's own choice (of a scheme's published body); its weights sum to 1."""
    index = edition["index"]
    own = {name: float(edition["shares"][f"{WHOLE}/{name}"]) for name in [*(index.get("nodes") or {}), *(index.get("signs") or {})]}
    return Trial(edition["normalise"], index["mean"], own)


def tried(
    edition: Mapping[str, Any], points: pd.DataFrame, ranked: Collection[str], trial: Trial, directions: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return entity, score and rank of every unit in one period; `points` are those of `data.scored` for it, `ranked` who has a rank.

    `directions` says of each sign whether `higher` or `lower` is better; ways that compare units go by its values then, else by its
    points. Raises ValueError for weights that are negative or all 0.
    """
    rules = Edition.model_validate({name: said for name, said in edition.items() if name != "shares"})
    units, signs = sorted(points["entity"].unique()), list(dict.fromkeys(rules.index.leaves()))
    row, column = (pd.Index(known).get_indexer(pd.Index(points[name])) for name, known in (("entity", units), ("indicator", signs)))
    kept = column >= 0
    told = Told(np.full((len(units), len(signs)), np.nan), *(np.zeros((len(units), len(signs)), dtype=bool) for _ in range(2)))
    told.due[row[kept], column[kept]] = points["due"].to_numpy(bool)[kept]
    told.alarmed[row[kept], column[kept]] = points["alarmed"].to_numpy(bool)[kept]

    def laid(name: str) -> Array:
        found = np.full(told.points.shape, np.nan)
        found[row[kept], column[kept]] = points[name].to_numpy(float)[kept]
        return found

    if trial.normalise in COMPARED:
        shown = laid(edition["normalise"])
        told.points[:] = compared(_turned(laid("value"), shown, [(directions or {}).get(name, "") for name in signs]), trial.normalise)
        told.due[np.isnan(told.points) & ~np.isnan(shown)] = False  # units that are alike in a sign are not told apart by it
    else:
        told.points[:] = laid(trial.normalise)
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


def compared(values: Array, how: Way) -> Array:
    """Return points of 0 to 100 of values (units, signs), higher is better, by what the others have; NaN where all are alike.

    A standard score is told as 50 and ten for each standard deviation, cut at both ends.
    """
    match how:
        case "minmax":
            return ways.minmax(values)
        case "percentile":
            alike = ~(np.fmax.reduce(values, axis=0) > np.fmin.reduce(values, axis=0))
            return np.where(alike, np.nan, 100.0 * ways.percentile(values))
        case "zscore":
            return np.clip(ways.zscore(values, 10.0, 50.0), 0.0, 100.0)
    raise ValueError(how)


def _turned(values: Array, shown: Array, directions: list[str]) -> Array:
    """Return values so that higher is better; of signs without such a direction their points; none where nothing is scored."""
    by = np.array(directions)
    turned = np.where(by == "higher", values, np.where(by == "lower", -values, shown))
    return np.where(np.isnan(shown), np.nan, turned)

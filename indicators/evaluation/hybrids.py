"""States between two periods: each factor of a score is that of the one or of the other, and the tree is rolled up again.

The six factors: `definition` (which signs belong, by which means, and values whose definition changed), `goalposts` (the
lines between value and points), `weights`, `coverage` (what is known), `value`, and `cap`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from indicators.baselines import Array
from indicators.evaluation.means import Flags, lowered, raised, shares, stretched, unstretched
from indicators.evaluation.tree import Branch, Leaf

FACTORS = ("definition", "goalposts", "weights", "coverage", "value", "cap")
BEFORE, AFTER = 0, 1
Side = int  # BEFORE or AFTER


@dataclass(frozen=True, slots=True)
class Joint:
    """A node of both trees: what belongs to it in either, and of each side power, weights (NaN: not in that tree) and cap."""

    path: str
    powers: tuple[float, float]
    weights: tuple[Array, Array]
    capped: tuple[bool, bool]
    children: tuple[Joint | Leaf, ...]

    @property
    def columns(self) -> list[int]:
        """The columns of every sign below it."""
        return [column for child in self.children for column in (child.columns if isinstance(child, Joint) else [child.column])]


@dataclass(frozen=True, slots=True)
class Between:
    """Rows (pairs of periods of a unit) of one pair of editions; arrays are (rows, signs), of each side.

    `points[value][lines]` are the points of the values of one side by the lines of a side; where a side has none, those of the other.
    `is_defined_anew` are signs whose definition changed.
    """

    tree: Joint
    points: tuple[tuple[Array, Array], tuple[Array, Array]]
    known: tuple[Flags, Flags]
    due: tuple[Flags, Flags]
    alarmed: tuple[Flags, Flags]
    most: tuple[float, float]
    least_coverage: tuple[float, float]
    is_defined_anew: Flags


@dataclass(frozen=True, slots=True)
class Step:
    """A node in a hybrid state: of its children (rows, children) scores and weights (0: not known), of itself the rest."""

    scores: Array
    weights: Array
    power: float
    limit: Array
    score: Array
    coverage: Array

    @property
    def total(self) -> Array:
        """The weight of what is known."""
        return np.asarray(self.weights.sum(axis=-1))

    @property
    def shares(self) -> Array:
        """The weights of its children as they count: they sum to 1 where anything is known."""
        return shares(self.weights, self.weights > 0)


def joined(before: Branch | None, after: Branch | None) -> Joint:
    """Return two trees as one; a child that stands elsewhere is another child."""
    either = before or after
    if either is None:
        msg = "a tree"
        raise ValueError(msg)
    sides = [{(isinstance(child, Leaf), child.path): (child, weight) for child, weight in _children(side)} for side in (before, after)]
    keys = list(dict.fromkeys([*sides[0], *sides[1]]))
    children: list[Joint | Leaf] = []
    for key in keys:
        one, other = (side[key][0] if key in side else None for side in sides)
        leaf = next((child for child in (one, other) if isinstance(child, Leaf)), None)
        children.append(leaf or joined(*(child if isinstance(child, Branch) else None for child in (one, other))))
    weights = [np.array([side[key][1] if key in side else np.nan for key in keys]) for side in sides]
    of_each = [side or either for side in (before, after)]
    capped = [bool(side and side.capped) for side in (before, after)]
    return Joint(either.path, (of_each[0].power, of_each[1].power), (weights[0], weights[1]), (capped[0], capped[1]), tuple(children))


def _children(branch: Branch | None) -> list[tuple[Branch | Leaf, float]]:
    return list(zip(branch.children, branch.weights, strict=True)) if branch else []


def hybrid(between: Between, sides: Mapping[str, Side]) -> dict[str, Step]:
    """Return every node in the state in which each factor is that of its side; the whole needs no coverage to be looked at."""
    value, lines = sides["value"], sides["goalposts"]
    points = np.where(between.is_defined_anew, between.points[sides["definition"]][lines], between.points[value][lines])
    known = between.known[sides["coverage"]]
    told = np.where(known, points, np.nan)
    due = between.due[sides["coverage"]] | known
    found: dict[str, Step] = {}
    _roll(between, between.tree, sides, told, due, found)
    return found


def _roll(between: Between, node: Joint, sides: Mapping[str, Side], told: Array, due: Flags, found: dict[str, Step]) -> None:
    columns = []
    for child in node.children:
        if isinstance(child, Joint):
            _roll(between, child, sides, told, due, found)
            own = found[child.path]
            columns.append((own.score, np.where(np.isnan(own.score) & ~np.isnan(own.coverage), 0.0, own.coverage)))
        else:
            own_score = told[:, child.column]
            columns.append((own_score, np.where(due[:, child.column], (~np.isnan(own_score)).astype(float), np.nan)))
    scores, coverages = (np.stack(part, axis=-1) for part in zip(*columns, strict=True))
    side, other = node.weights[sides["weights"]], node.weights[1 - sides["weights"]]
    belongs = ~np.isnan(node.weights[sides["definition"]])
    weights = np.where(belongs, np.where(np.isnan(side), other, side), 0.0)
    scores = np.where(belongs, scores, np.nan)
    expected = shares(np.broadcast_to(weights, scores.shape), ~np.isnan(coverages) & belongs)
    coverage = np.where(expected.sum(axis=-1) > 0, np.sum(np.nan_to_num(coverages) * expected, axis=-1), np.nan)
    counted = np.where(np.isnan(scores), 0.0, weights)
    part = shares(counted, counted > 0)
    power = node.powers[sides["definition"]]
    mean = np.sum(part * np.nan_to_num(lifted(scores, power)), axis=-1)
    cap = sides["cap"]
    held = node.capped[cap] & between.alarmed[cap][:, node.columns].any(axis=-1)
    limit = np.where(held, between.most[cap], np.inf)
    least = 0.0 if node is between.tree else between.least_coverage[sides["definition"]]
    enough = (part.sum(axis=-1) > 0) & (coverage >= least - 1e-9)
    score = np.where(enough, np.minimum(sunk(mean, power), limit), np.nan)
    found[node.path] = Step(scores, counted, power, limit, score, coverage)


def lifted(scores: Array, power: float) -> Array:
    """Return what a mean of that power adds up."""
    return raised(stretched(scores, power), power)


def sunk(mean: Array, power: float) -> Array:
    """Return the score of what a mean of that power has added up."""
    return unstretched(lowered(mean, power), power)

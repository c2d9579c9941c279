"""Says why a score moved between two periods: points by factor and sign that sum to the change, with no residual.

The change is shared between the six factors by Shapley's value: the mean over all orders in which they could have turned
from the one period to the other, so that no order is preferred (Shapley 1953; Shorrocks 2013 for decompositions). Within a
step a mean is split into its children exactly. With weights w that sum to W over what is known, lifted scores f and the mean
m, the change of m is the sum over the children of [w'(f' - m) - w(f - m)] / W', and as well of [w'(f' - m') - w(f - m')] / W;
each child has the mean of both. So a child that stays as it is moves nothing, and one that comes or goes moves the mean by its
distance from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from data.scored import WHOLE
from indicators.baselines import Array
from indicators.evaluation.hybrids import AFTER, BEFORE, FACTORS, Between, Joint, Step, hybrid, lifted, sunk
from indicators.evaluation.means import Flags
from indicators.evaluation.tree import Leaf

State = Mapping[str, Step]
Lift = Callable[[Array, float], Array]
_ALIKE, _NEAR = 1e-9, 1e-5


def moves(between: Between) -> dict[str, Array]:
    """Return points by factor, arrays of (rows, signs); NaN in all where a state between has no score to go through."""
    active = [factor for factor in FACTORS if differs(between, factor)]
    states = {
        chosen: hybrid(between, {factor: AFTER if factor in chosen else BEFORE for factor in FACTORS})
        for size in range(len(active) + 1)
        for chosen in map(frozenset, combinations(active, size))
    }
    found = {factor: np.zeros(between.known[BEFORE].shape) for factor in FACTORS}
    lost = np.any([np.isnan(state[WHOLE].score) for state in states.values()], axis=0)
    for chosen, state in states.items():
        share = factorial(len(chosen)) * factorial(max(len(active) - len(chosen) - 1, 0)) / factorial(len(active))
        for factor in active:
            if factor not in chosen:
                found[factor] += share * _Step(between, state, states[chosen | {factor}]).parts(between.tree)
    return {factor: np.where(lost[:, None], np.nan, parts) for factor, parts in found.items()}


def differs(between: Between, factor: str) -> bool:
    """Whether a factor is another one in any row."""
    points, nodes = between.points, list(_nodes(between.tree))
    if factor == "value":
        return not all(_alike(points[BEFORE][lines], points[AFTER][lines]) for lines in (BEFORE, AFTER))
    if factor == "goalposts":
        return not all(_alike(points[value][BEFORE], points[value][AFTER]) for value in (BEFORE, AFTER))
    if factor == "coverage":
        return not (_alike(*between.known) and _alike(*between.due))
    if factor == "weights":
        return any(not _alike(*node.weights) for node in nodes)
    if factor == "cap":
        return not _alike(*between.alarmed) or between.most[0] != between.most[1] or any(node.capped[0] != node.capped[1] for node in nodes)
    return (
        bool(between.is_defined_anew.any())
        or between.least_coverage[0] != between.least_coverage[1]
        or any(node.powers[0] != node.powers[1] or not _alike(*map(np.isnan, node.weights)) for node in nodes)
    )


def _alike(one: Array | Flags, other: Array | Flags) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype == float)


def _nodes(tree: Joint) -> Iterator[Joint]:
    yield tree
    for child in tree.children:
        if isinstance(child, Joint):
            yield from _nodes(child)


@dataclass(frozen=True, slots=True)
class _Step:
    """One turn of one factor: from a state to another."""

    between: Between
    one: State
    other: State

    def parts(self, node: Joint) -> Array:
        """Return the change of a node's score by sign (rows, signs); 0 where it has no score in either state."""
        a, b = self.one[node.path], self.other[node.path]
        low, high = _mean(a, a.power), _mean(b, a.power)
        came = np.minimum(sunk(high, a.power), a.limit)
        free = sunk(low, a.power) < a.limit
        slope = _ratio(came - a.score, high - low, np.where(free, _gradient(sunk, low, a.power), 0.0))
        found = np.zeros(self.between.known[BEFORE].shape)
        for place, child in enumerate(node.children):
            found += slope[:, None] * self._of_child(child, place, (a, b), (low, high))
        by_mean = np.minimum(sunk(_mean(b, b.power), b.power), a.limit)
        found += self._spread(node, by_mean - came) + self._capped(node, b.score - by_mean, b.limit < a.limit)
        known = ~np.isnan(a.score) & ~np.isnan(b.score)
        return np.where(known[:, None], found, 0.0)

    def _of_child(self, child: Joint | Leaf, place: int, steps: tuple[Step, Step], means: tuple[Array, Array]) -> Array:
        """Return what a child adds to the change of the lifted mean, by sign."""
        power = steps[0].power
        score, weight = ([step.scores[:, place] for step in steps], [step.weights[:, place] for step in steps])
        both = ~np.isnan(score[0]) & ~np.isnan(score[1])
        lift = [np.nan_to_num(lifted(own, power)) for own in score]
        rise, middle = np.where(both, lift[1] - lift[0], 0.0), np.where(both, (weight[0] + weight[1]) / 2, 0.0)
        # What is weighed otherwise, or known in one state only, counts by its distance from the mean.
        above = [np.where(both, (lift[0] + lift[1]) / 2, lift[1] + lift[0]) - mean for mean in means]
        whole = [np.where(step.total > 0, step.total, np.inf) for step in steps]
        turned = (weight[1] - weight[0]) * (above[0] / whole[1] + above[1] / whole[0]) / 2
        middle = middle * (1 / whole[0] + 1 / whole[1]) / 2
        gain = np.where(both, middle * _ratio(rise, score[1] - score[0], _gradient(lifted, score[0], power)), 0.0)
        inside = np.zeros(self.between.known[BEFORE].shape)
        if isinstance(child, Joint):
            inside = self.parts(child)
        else:
            inside[:, child.column] = np.where(both, score[1] - score[0], 0.0)
        return gain[:, None] * inside + self._spread(child, turned)

    def _spread(self, child: Joint | Leaf, amount: Array) -> Array:
        """Return an amount of a child by sign, by the shares of the state in which it is known."""
        found = np.zeros(self.between.known[BEFORE].shape)
        if isinstance(child, Leaf):
            found[:, child.column] = amount
            return found
        a, b = self.one[child.path], self.other[child.path]
        shares = np.where(np.isnan(b.score)[:, None], a.shares, b.shares)
        for place, below in enumerate(child.children):
            found += self._spread(below, np.nan_to_num(amount) * shares[:, place])
        return found

    def _capped(self, node: Joint, amount: Array, is_after: Flags) -> Array:
        """Return what a cap takes or gives back, by the first sign that calls for it."""
        found = np.zeros(self.between.known[BEFORE].shape)
        alarmed = np.where(is_after[:, None], self.between.alarmed[AFTER], self.between.alarmed[BEFORE])[:, node.columns]
        first = np.asarray(node.columns)[np.argmax(alarmed, axis=1)]
        found[np.arange(len(first)), first] = np.nan_to_num(amount)
        return found


def _mean(step: Step, power: float) -> Array:
    """Return what the children of a node add up to under a power."""
    return np.asarray(np.sum(np.where(step.shares > 0, step.shares * np.nan_to_num(lifted(step.scores, power)), 0.0), axis=-1))


def _ratio(rise: Array, run: Array, at_rest: Array) -> Array:
    """Return rise over run; where nothing runs, the slope there."""
    moving = np.abs(run) > _ALIKE
    return np.asarray(np.where(moving, np.divide(rise, run, out=np.zeros(rise.shape), where=moving), at_rest))


def _gradient(of: Lift, at: Array, power: float) -> Array:
    """Return the slope at a place; the means are smooth, so that a small step both ways tells it."""
    return np.asarray((of(at + _NEAR, power) - of(at - _NEAR, power)) / (2 * _NEAR))

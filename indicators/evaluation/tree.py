"""The hierarchy of a scheme as arrays see it, and how the scores of signs become those of nodes and of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from data.scored import WHOLE
from indicators.baselines import Array
from indicators.evaluation.means import Flags, score_mean, shares
from indicators.evaluation.scheme import Edition, Node


@dataclass(frozen=True, slots=True)
class Leaf:
    """A sign in its place: `column` is where its scores stand in arrays of (..., leaves)."""

    path: str
    indicator: str
    column: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A node: the mean of its children with their weights; its path tells it from others, such as `index/hotline`."""

    path: str
    power: float
    capped: bool
    weights: tuple[float, ...]
    children: tuple[Branch | Leaf, ...]

    @property
    def leaves(self) -> Iterator[Leaf]:
        """Every sign below it, in order."""
        for child in self.children:
            yield from (child,) if isinstance(child, Leaf) else child.leaves

    @property
    def branches(self) -> Iterator[Branch]:
        """Every node, the lower ones first, itself last."""
        for child in self.children:
            if isinstance(child, Branch):
                yield from child.branches
        yield self


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every node: how much must be known, and where a cap lies."""

    least_coverage: float = 0.0
    most: float = 100.0


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of signs (..., leaves): points (NaN: none), whether a figure was due, whether it stands at the level of the cap."""

    points: Array
    due: Flags
    alarmed: Flags


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a node comes to, arrays of (...): its score, how much of what was due is known, whether a cap holds it down.

    NaN: no score, since not enough is known; no coverage, since nothing was due.
    """

    score: Array
    coverage: Array
    held: Flags


@dataclass(frozen=True, slots=True)
class Choice:
    """What a study turns: other weights of a node's children (..., children) by path, and another power of the whole."""

    weights: Mapping[str, Array] = field(default_factory=dict)
    power: float | None = None


def tree_of(edition: Edition, columns: Mapping[str, int]) -> Branch:
    """Return the hierarchy of an edition; `columns` says where the scores of a sign stand."""
    return _branch(WHOLE, edition.index, columns)


def _branch(path: str, node: Node, columns: Mapping[str, int]) -> Branch:
    below: tuple[Branch | Leaf, ...] = tuple(_branch(f"{path}/{name}", child, columns) for name, child in node.nodes.items())
    below += tuple(Leaf(f"{path}/{name}", name, columns[name]) for name in node.signs)
    return Branch(path, node.power, node.capped, node.shares(), below)


def roll_up(tree: Branch, told: Told, rules: Rules, choice: Choice | None = None) -> dict[str, Rolled]:
    """Return what every node comes to, by path, the whole last.

    What is missing leaves with its weight, and coverage says how much of what was due is left; a node with less than
    `least_coverage` has no score and is missing above. A capped node with an alarmed sign below it has at most `most`.
    """
    chosen = choice or Choice()
    found: dict[str, Rolled] = {}
    for branch in tree.branches:
        weights = np.asarray(chosen.weights.get(branch.path, branch.weights), dtype=float)
        power = branch.power if chosen.power is None or branch is not tree else chosen.power
        values, known = (np.stack(part, axis=-1) for part in zip(*(_below(child, told, found) for child in branch.children), strict=True))
        due = shares(weights, ~np.isnan(known))
        coverage = np.where(due.sum(axis=-1) > 0, np.sum(np.nan_to_num(known) * due, axis=-1), np.nan)
        mean = score_mean(values, np.broadcast_to(weights, values.shape), power)
        enough = coverage >= rules.least_coverage - 1e-9
        held = branch.capped & told.alarmed[..., [leaf.column for leaf in branch.leaves]].any(axis=-1) & (mean > rules.most) & enough
        found[branch.path] = Rolled(np.where(enough, np.where(held, rules.most, mean), np.nan), coverage, np.asarray(held, dtype=bool))
    return found


def _below(child: Branch | Leaf, told: Told, found: Mapping[str, Rolled]) -> tuple[Array, Array]:
    """Return the score of a child and how much of it is known and counts: nothing of one without a score, NaN where none was due."""
    if isinstance(child, Branch):
        own = found[child.path]
        return own.score, np.where(np.isnan(own.score) & ~np.isnan(own.coverage), 0.0, own.coverage)
    score = told.points[..., child.column]
    known = ~np.isnan(score)
    return score, np.where(known | told.due[..., child.column], known.astype(float), np.nan)

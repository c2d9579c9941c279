"""Says which choice matters to the ranks: Sobol indices of the average shift in rank, by weight, method and sampling.

A run turns every choice at once; its shift is the mean distance, over all ranked units, between the rank of the run and the
official one. Source: Saisana, Saltelli and Tarantola (2005), JRSS A 168:307-323; OECD/JRC Handbook, chapter 7; the indices: `sobol`.

Columns: SENSITIVITY_COLUMNS of `data.scored`. Only the newest period in which units are ranked is told.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data import periods
from data.city import Baseline
from data.scored import SENSITIVITY_COLUMNS
from indicators.baselines import Array
from indicators.definition import Catalogue
from indicators.evaluation.inputs import Inputs
from indicators.evaluation.means import Flags
from indicators.evaluation.ranks import ranks
from indicators.evaluation.scheme import Scheme, Uncertainty
from indicators.evaluation.scores import Epoch
from indicators.evaluation.sobol import chosen, sobol_indices
from indicators.evaluation.tree import Branch
from indicators.evaluation.uncertainty import drawn_points, rolled_anew

NORMALISE, MEAN, SAMPLING = "normalise", "mean", "sampling"
_DRAWS = 64  # samples of the figures, one of which a run takes
_LEAST = 3  # ranked units: with fewer there is hardly a rank to shift


@dataclass(frozen=True, slots=True)
class _Case:
    """One period of a scheme: `row` among those of its edition, and who is ranked in it."""

    scheme: Scheme
    terms: Uncertainty
    inputs: Inputs
    epoch: Epoch
    row: int
    ranked: Flags

    @property
    def place(self) -> int:
        """Where the period stands among those of the inputs."""
        return int(self.epoch.places[self.row])

    @property
    def seed(self) -> int:
        """The dice of the scheme: the same snapshot gives the same digits."""
        return zlib.crc32(f"{self.scheme.scheme}/{self.terms.seed}".encode())


def sensitivity_frame(
    scheme: Scheme, inputs: Inputs, found: list[Epoch], large: Flags, catalogue: Catalogue, baseline: Baseline
) -> pd.DataFrame:
    """Return a row per choice that the scheme leaves open; `large` (periods, units) says who may be ranked."""
    case = _newest(scheme, inputs, found, large)
    names = choices(case.epoch.tree, case.terms) if case else []
    if case is None or not names:
        return pd.DataFrame(columns=list(SENSITIVITY_COLUMNS))
    indices, shifts = sobol_indices(names, lambda turned: _shifts(case, turned, catalogue, baseline), case.seed)
    start = inputs.starts[case.place]
    return indices.assign(
        scheme=scheme.scheme, entity_kind=scheme.kind, grain=scheme.grain, start=pd.Timestamp(start).as_unit("us"),
        period=periods.code(start, scheme.grain), shift=float(shifts.mean()), runs=float(len(shifts)),
    )[list(SENSITIVITY_COLUMNS)]  # fmt: skip


def choices(tree: Branch, terms: Uncertainty) -> list[str]:
    """Return the choices that are open: the path of each weight right below the whole, then the methods that have alternatives."""
    found = [child.path for child in tree.children] if terms.weights and len(tree.children) > 1 else []
    found += [NORMALISE] if len(terms.normalise) > 1 else []
    found += [MEAN] if len(terms.means) > 1 else []
    return found + ([SAMPLING] if terms.sampling else [])


def _newest(scheme: Scheme, inputs: Inputs, found: list[Epoch], large: Flags) -> _Case | None:
    """Return the newest period in which enough units are ranked."""
    for one in reversed(found if scheme.uncertainty else []):
        official = one.rolled()[one.tree.path].score
        for row in range(len(one.places) - 1, -1, -1):
            ranked = np.asarray(~np.isnan(official[row]) & large[one.places[row]], dtype=bool)
            if scheme.uncertainty and ranked.sum() >= _LEAST:
                return _Case(scheme, scheme.uncertainty, inputs, one, row, ranked)
    return None


def _shifts(case: _Case, turned: Mapping[str, Array], catalogue: Catalogue, baseline: Baseline) -> Array:
    """Return the average shift in rank of each run, given what each choice was turned to (0 to 1)."""
    terms, tree, runs = case.terms, case.epoch.tree, len(next(iter(turned.values())))
    few = terms.model_copy(update={"runs": _DRAWS})
    ways = [
        drawn_points(case.inputs, case.place, catalogue, baseline, few, np.full(_DRAWS, number), np.random.default_rng(case.seed))
        for number in range(len(terms.normalise))
    ]
    way, draw, mean = (
        chosen(turned, name, count, runs) for name, count in ((NORMALISE, len(ways)), (SAMPLING, _DRAWS), (MEAN, len(terms.means)))
    )
    weights = [
        share * (1 + terms.weights * (2 * turned.get(child.path, np.full(runs, 0.5)) - 1))
        for share, child in zip(tree.weights, tree.children, strict=True)
    ]
    said = {tree.path: np.stack(weights, axis=-1)[:, None, :]}
    scores = rolled_anew(case.epoch, case.row, np.stack(ways)[way, draw], said, [terms.means[number] for number in mean])
    official = ranks(case.epoch.rolled()[tree.path].score[case.row][:, None], case.ranked[:, None])
    moved = np.abs(ranks(scores.T, np.broadcast_to(case.ranked[:, None], scores.T.shape)) - official)
    return np.asarray(moved[case.ranked].mean(axis=0))

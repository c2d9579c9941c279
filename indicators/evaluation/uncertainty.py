"""Says how sure scores and ranks are: they are computed again many times with weights, methods and samples that could be others.

Each run draws every weight anew within its share, one of the ways to give points, one of the means of the whole, and of
every rate and every count by population a value that its own counts leave open: of k among n a Beta(k + 1/2, n - k + 1/2), of k
events a Gamma(k + 1/2) (Jeffreys' prior). Source: Saisana, Saltelli and Tarantola (2005), JRSS A 168:307-323; OECD/JRC Handbook, chapter 7.
The dice are seeded by scheme and period, so that the same snapshot gives the same digits.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import periods
from data.city import Baseline
from data.scored import WHOLE
from indicators.baselines import Array
from indicators.definition import Catalogue, Definition
from indicators.evaluation.inputs import Inputs
from indicators.evaluation.means import POWERS, Flags
from indicators.evaluation.points import points
from indicators.evaluation.ranks import ranks
from indicators.evaluation.scheme import Mean, Normalise, Scheme, Uncertainty
from indicators.evaluation.scores import Epoch
from indicators.evaluation.tree import Choice, Told, roll_up

INTERVAL_COLUMNS = ("score_low", "score_high", "rank_low", "rank_high", "band")
_SURE = 0.95
_COUNTED = frozenset({"sum", "records"})  # kinds of aggregates whose ratio may be a share


def interval_frame(
    scheme: Scheme, inputs: Inputs, found: list[Epoch], large: Flags, catalogue: Catalogue, baseline: Baseline
) -> pd.DataFrame:
    """Return (entity, start) with INTERVAL_COLUMNS for the whole; units of the same `band` cannot be told apart."""
    terms = scheme.uncertainty
    if terms is None or not found:
        return pd.DataFrame(columns=["entity", "start", *INTERVAL_COLUMNS])
    frames = []
    for one in found:
        for row, place in enumerate(one.places):
            scores = drawn_scores(scheme, inputs, one, row, catalogue, baseline, terms)
            known = np.asarray(~np.isnan(scores).any(axis=0), dtype=bool)
            frames.append(_intervals(inputs, int(place), scores, known, np.asarray(known & large[place], dtype=bool), terms))
    return pd.concat(frames, ignore_index=True)


def drawn_scores(
    scheme: Scheme, inputs: Inputs, one: Epoch, row: int, catalogue: Catalogue, baseline: Baseline, terms: Uncertainty
) -> Array:
    """Return the score of the whole (runs, units) in one period, as it comes out with what each run has drawn."""
    place = int(one.places[row])
    code = periods.code(inputs.starts[place], scheme.grain)
    rng = np.random.default_rng([terms.seed, zlib.crc32(f"{scheme.scheme}/{code}".encode())])
    weights = {
        branch.path: np.asarray(branch.weights) * (1 + rng.uniform(-terms.weights, terms.weights, (terms.runs, 1, len(branch.weights))))
        for branch in one.tree.branches
    }
    how, mean = rng.integers(len(terms.normalise), size=terms.runs), rng.integers(len(terms.means), size=terms.runs)
    drawn = drawn_points(inputs, place, catalogue, baseline, terms, how, rng)
    return rolled_anew(one, row, drawn, weights, [terms.means[number] for number in mean])


def rolled_anew(one: Epoch, row: int, drawn: Array, weights: Mapping[str, Array], means: Sequence[Mean]) -> Array:
    """Return the score of the whole (runs, units) in one period from points drawn (runs, units, signs), weights and means of each run.

    Whether enough is known is decided by the weights in force: what has no score then has none in any run.
    """
    drawn, official = drawn.copy(), one.rolled()
    for branch in one.tree.branches:
        for unit in np.flatnonzero(np.isnan(official[branch.path].score[row])):
            drawn[:, unit, [leaf.column for leaf in branch.leaves]] = np.nan
    rules, named = replace(one.rules, least_coverage=0.0), np.array(means)
    scores = np.full(drawn.shape[:2], np.nan)
    for mean in dict.fromkeys(means):
        runs = named == mean
        points = drawn[runs]
        due, alarmed = (np.broadcast_to(said[row], points.shape) for said in (one.told.due, one.told.alarmed))
        choice = Choice({path: each[runs] for path, each in weights.items()}, POWERS[mean])
        scores[runs] = roll_up(one.tree, Told(points, due, alarmed), rules, choice)[WHOLE].score
    return scores


def drawn_points(
    inputs: Inputs,
    place: int,
    catalogue: Catalogue,
    baseline: Baseline,
    terms: Uncertainty,
    how: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> Array:
    """Return the points of every sign (runs, units, signs); `how` is the place of each run's way to give points."""
    found = np.empty((terms.runs, len(inputs.units), len(inputs.indicators)))
    starts = [inputs.starts[place]] * terms.runs
    for column, name in enumerate(inputs.indicators):
        one = catalogue.definitions[name]
        numbers = {key: array[place, :, column] for key, array in inputs.numbers.items()}
        values = _drawn_values(one, numbers, terms, rng)
        distances = np.broadcast_to(numbers["distance"], values.shape)
        ways: list[Normalise] = list(terms.normalise)
        each = np.stack([points(one.spec, values, distances, starts, baseline, way) for way in ways])
        found[..., column] = each[how, np.arange(terms.runs)]
    return found


def _drawn_values(one: Definition, numbers: dict[str, Array], terms: Uncertainty, rng: np.random.Generator) -> Array:
    """Return values (runs, units): as they are, or drawn where whole numbers say what chance may have added.

    Only of figures that count or sum records: the numerator of a growth, of a published or a derived figure is no part of its whole.
    """
    value, part, whole = numbers["value"], numbers["numerator"], numbers["denominator"]
    values = np.tile(value, (terms.runs, 1))
    if not terms.sampling or any(atom.kind not in _COUNTED for atom in one.formula.atoms):
        return values
    counted = ~np.isnan(value) & (part >= 0) & (part == np.floor(part))
    if one.spec.unit == "%":
        open_ = counted & (whole >= part) & (whole == np.floor(whole)) & (whole > 0)
        share = rng.beta(np.where(open_, part, 0) + 0.5, np.where(open_, whole - part, 0) + 0.5, values.shape)
        return np.where(open_, 100 * share, values)
    if one.spec.per:
        open_ = counted & (part > 0)
        size = rng.gamma(np.where(open_, part, 0) + 0.5, 1.0, values.shape)
        return np.where(open_, value * size / np.where(open_, part, 1), values)
    return values


def _intervals(inputs: Inputs, place: int, scores: Array, known: Flags, ranked: Flags, terms: Uncertainty) -> pd.DataFrame:
    """Return the middle `interval` of scores and ranks, and who cannot be told apart."""
    tail = (1 - terms.interval) / 2
    low, high = np.full(len(known), np.nan), np.full(len(known), np.nan)
    if known.any():
        low[known], high[known] = np.quantile(scores[:, known], [tail, 1 - tail], axis=0)
    drawn = ranks(scores.T, np.broadcast_to(ranked[:, None], scores.T.shape))
    first, last = np.full(len(known), np.nan), np.full(len(known), np.nan)
    if ranked.any():
        first[ranked], last[ranked] = np.quantile(drawn[ranked], [tail, 1 - tail], axis=1, method="closest_observation")
    return pd.DataFrame({
        "entity": list(inputs.units), "start": np.array([inputs.starts[place]] * len(known), dtype="datetime64[us]"),
        "score_low": low, "score_high": high, "rank_low": first, "rank_high": last, "band": bands(scores, ranked),
    })  # fmt: skip


def bands(scores: Array, ranked: Flags) -> Array:
    """Return the number of the band of each unit, 1 the best: a unit opens the next one when the first of the band is surely better."""
    found, middle = np.full(len(ranked), np.nan), np.where(ranked, np.nan_to_num(scores).mean(axis=0), -np.inf)
    band, first = 0, -1
    for unit in np.argsort(-middle, kind="stable"):
        if not ranked[unit]:
            break
        if first < 0 or np.mean(scores[:, first] > scores[:, unit]) >= _SURE:
            band, first = band + 1, int(unit)
        found[unit] = band
    return found

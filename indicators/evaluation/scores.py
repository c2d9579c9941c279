"""Scores the units of a scheme in every period: the whole and each node, with coverage, grade, rank and what holds them down.

Columns: COLUMNS. Scores are points of 100; they are graded, ranked and listed at two decimals. `signs` were due
and `signs_known` of them count. Without a score `state` is `insufficient` (not enough of what was due is known) or `no_data`
(nothing was due). A unit with too small a sample (`small_sample`) has a score for reference, no rank, and is on no list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import periods
from data.city import Baseline
from data.scored import POINT_COLUMNS, WHOLE
from indicators.baselines import Array
from indicators.definition import Catalogue
from indicators.evaluation.inputs import Inputs
from indicators.evaluation.means import Flags
from indicators.evaluation.points import points
from indicators.evaluation.ranks import black_list, grades, ranks, red_list
from indicators.evaluation.scheme import Edition, Normalise, Scheme
from indicators.evaluation.tree import Branch, Rolled, Rules, Told, roll_up, tree_of

COLUMNS = (
    "scheme", "version", "entity_kind", "entity", "grain", "start", "period", "node", "score", "coverage", "signs",
    "signs_known", "n", "state", "grade", "rank", "capped_by", "listed",
)  # fmt: skip
OK, INSUFFICIENT, SMALL_SAMPLE, NO_DATA = "ok", "insufficient", "small_sample", "no_data"
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Epoch:
    """The periods of one edition: `places` among those of the inputs, its tree, what is told of its signs (periods, units, signs)."""

    edition: Edition
    places: Places
    tree: Branch
    told: Told

    @property
    def rules(self) -> Rules:
        """What holds for every node."""
        return Rules(self.edition.least_coverage, self.edition.cap.most if self.edition.cap else 100.0)

    def rolled(self) -> dict[str, Rolled]:
        """Return what every node comes to."""
        return roll_up(self.tree, self.told, self.rules)


def epochs(scheme: Scheme, inputs: Inputs, catalogue: Catalogue, baseline: Baseline) -> list[Epoch]:
    """Return the editions that hold for any period; a period before the first has none."""
    held = [scheme.edition_at(start.date()) for start in inputs.starts]
    found = []
    for edition in scheme.editions:
        places = np.flatnonzero([one is edition for one in held])
        if len(places):
            found.append(epoch(edition, inputs, catalogue, baseline, places))
    return found


def epoch(edition: Edition, inputs: Inputs, catalogue: Catalogue, baseline: Baseline, places: Places) -> Epoch:
    """Return the periods at `places` as an edition sees them."""
    found = points_of(inputs, catalogue, baseline, places, edition.normalise)
    alarmed = np.zeros(found.shape, dtype=bool)
    if edition.cap:
        alarmed = np.asarray((inputs.level[places] == edition.cap.level) & ~np.isnan(found), dtype=bool)
    tree = tree_of(edition, {name: column for column, name in enumerate(inputs.indicators)})
    return Epoch(edition, places, tree, Told(found, inputs.due[places], alarmed))


def points_of(
    inputs: Inputs, catalogue: Catalogue, baseline: Baseline, places: Places, how: Normalise, lines_at: Places | None = None
) -> Array:
    """Return the points of every sign (periods at `places`, units, signs), by the lines of those periods or of others, `lines_at`."""
    starts = [inputs.starts[place] for place in (places if lines_at is None else lines_at)]
    value, distance = inputs.numbers["value"][places], inputs.numbers["distance"][places]
    each = [
        points(catalogue.definitions[name].spec, value[..., column], distance[..., column], starts, baseline, how)
        for column, name in enumerate(inputs.indicators)
    ]
    return np.stack(each, axis=-1)


def sizes(scheme: Scheme, inputs: Inputs) -> Array:
    """Return the sample of each unit (periods, units): the summed n of the scheme's signs; NaN where it asks for none."""
    columns = [inputs.indicators.index(name) for name in scheme.sample]
    found = np.nansum(inputs.numbers["n"][..., columns], axis=-1)
    return np.asarray(found if columns else np.full(found.shape, np.nan))


def score_frame(scheme: Scheme, inputs: Inputs, found: list[Epoch]) -> pd.DataFrame:
    """Return one row per period, unit and node (COLUMNS)."""
    size = sizes(scheme, inputs)
    large = np.asarray(~(size < scheme.min_n), dtype=bool)
    rolled = [one.rolled() for one in found]
    places = [
        {path: _ranks(node.score, large[one.places]) for path, node in below.items()} for one, below in zip(found, rolled, strict=True)
    ]
    listed = _lists(found, rolled, places, size.shape)
    frames = [
        pd.DataFrame(_keys(scheme, inputs, one) | _columns(one, branch, below[branch.path], large[one.places], size[one.places])
                     | {"rank": rank[branch.path].ravel(), "listed": listed[one.places].ravel() if branch.path == WHOLE else None})
        for one, below, rank in zip(found, rolled, places, strict=True)
        for branch in one.tree.branches
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)[list(COLUMNS)] if frames else pd.DataFrame(columns=list(COLUMNS))


def point_frame(scheme: Scheme, inputs: Inputs, found: list[Epoch], catalogue: Catalogue, baseline: Baseline) -> pd.DataFrame:
    """Return what each sign brings (POINT_COLUMNS of `data.scored`) in the periods that have an edition."""
    frames = []
    for one in found:
        ways = {how: points_of(inputs, catalogue, baseline, one.places, how) for how in get_args(Normalise)}
        told = one.told.due | ~np.isnan(one.told.points)
        place, unit, column = np.nonzero(told)
        starts = [inputs.starts[at] for at in one.places]
        frames.append(pd.DataFrame({
            "scheme": scheme.scheme, "entity_kind": scheme.kind, "entity": np.array(inputs.units, dtype=object)[unit],
            "grain": scheme.grain, "start": np.array(starts, dtype="datetime64[us]")[place],
            "period": np.array([periods.code(start, scheme.grain) for start in starts], dtype=object)[place],
            "indicator": np.array(inputs.indicators, dtype=object)[column], "value": inputs.numbers["value"][one.places][told],
            **{how: given[told] for how, given in ways.items()}, "due": one.told.due[told], "alarmed": one.told.alarmed[told],
        }))  # fmt: skip
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(POINT_COLUMNS))


def _ranks(scores: Array, large: Flags) -> Array:
    """Return ranks (periods, units): in each period among those that are large enough."""
    return ranks(scores.T, large.T).T


def _keys(scheme: Scheme, inputs: Inputs, one: Epoch) -> dict[str, object]:
    starts, each = [inputs.starts[place] for place in one.places], len(inputs.units)
    return {
        "scheme": scheme.scheme, "version": one.edition.version, "entity_kind": scheme.kind, "entity": list(inputs.units) * len(starts),
        "grain": scheme.grain, "start": np.repeat(np.array(starts, dtype="datetime64[us]"), each),
        "period": np.repeat(np.array([periods.code(start, scheme.grain) for start in starts], dtype=object), each),
    }  # fmt: skip


def _columns(one: Epoch, branch: Branch, found: Rolled, large: Flags, size: Array) -> dict[str, object]:
    below = [leaf.column for leaf in branch.leaves]
    scored = np.where(large, OK, SMALL_SAMPLE)
    state = np.where(np.isnan(found.coverage), NO_DATA, np.where(np.isnan(found.score), INSUFFICIENT, scored))
    due = one.told.due | ~np.isnan(one.told.points)
    return {
        "node": branch.path, "score": found.score.ravel(), "coverage": found.coverage.ravel(), "n": size.ravel(),
        "signs": due[..., below].sum(axis=-1).ravel(), "signs_known": (~np.isnan(one.told.points[..., below])).sum(axis=-1).ravel(),
        "state": state.ravel(),
        "grade": grades(found.score, list(one.edition.grades.items())).ravel(), "capped_by": _cappers(one, branch, found).ravel(),
    }  # fmt: skip


def _cappers(one: Epoch, branch: Branch, found: Rolled) -> npt.NDArray[np.object_]:
    """Return the first sign that holds a node down, in the order of the scheme; None where none does."""
    named = np.full(found.score.shape, None, dtype=object)
    for leaf in reversed(list(branch.leaves)):
        named[found.held & one.told.alarmed[..., leaf.column]] = leaf.indicator
    return named


def _lists(
    found: list[Epoch], rolled: list[dict[str, Rolled]], places: list[dict[str, Array]], shape: tuple[int, ...]
) -> npt.NDArray[np.object_]:
    """Return who is on which list (periods, units), by the edition of each period; a run of last ranks goes on over editions."""
    score, rank, listed = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, None, dtype=object)
    for one, below, ranked in zip(found, rolled, places, strict=True):
        rank[one.places] = ranked[WHOLE]
        score[one.places] = np.where(np.isnan(ranked[WHOLE]), np.nan, below[WHOLE].score)
    for one in found:
        if lists := one.edition.lists:
            columns = [leaf.column for leaf in one.tree.leaves]
            alarmed = np.asarray(one.told.alarmed[..., columns].any(axis=-1), dtype=bool)
            told = np.full(alarmed.shape, None, dtype=object)
            told[red_list(score[one.places], alarmed, lists.red)] = "red"
            told[black_list(score.T, rank.T, lists.black, lists.last, lists.periods).T[one.places]] = "black"
            listed[one.places] = told
    return listed

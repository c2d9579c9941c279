"""Compares each period of a scheme with the one before it: the effects on the score of every unit, by sign and factor.

Columns of `moves`: MOVE_COLUMNS; `points` of one unit and period sum to the change of its score before rounding. A period
without a score, or after one without, has no rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data import periods
from data.city import Baseline
from data.scored import MOVE_COLUMNS
from indicators.baselines import Array
from indicators.definition import Catalogue
from indicators.evaluation.hybrids import AFTER, BEFORE, Between, joined
from indicators.evaluation.inputs import Inputs
from indicators.evaluation.means import Flags
from indicators.evaluation.moves import moves
from indicators.evaluation.scheme import Scheme
from indicators.evaluation.scores import Epoch, Places, points_of

_NOTHING = 1e-12


def move_frame(scheme: Scheme, inputs: Inputs, found: list[Epoch], catalogue: Catalogue, baseline: Baseline) -> pd.DataFrame:
    """Return what moved each unit's score from one period to the next (MOVE_COLUMNS), effects of nothing left out."""
    held = {int(place): one for one in found for place in one.places}
    frames = []
    for before in found:
        for after in found:
            places = np.array([place for place in after.places if held.get(int(place) - 1) is before], dtype=np.int64)
            if len(places):
                frames.append(_frame(scheme, inputs, before, after, places, _between(inputs, before, after, places, catalogue, baseline)))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(MOVE_COLUMNS))


def _between(inputs: Inputs, before: Epoch, after: Epoch, places: Places, catalogue: Catalogue, baseline: Baseline) -> Between:
    """Return each unit's pair of periods as a row: the period at a place and the one before it."""
    side = {BEFORE: places - 1, AFTER: places}
    values = {
        (value, lines): points_of(inputs, catalogue, baseline, side[value], epoch.edition.normalise, side[lines])
        for value in (BEFORE, AFTER)
        for lines, epoch in ((BEFORE, before), (AFTER, after))
    }
    known = tuple(~np.isnan(values[at, at]) for at in (BEFORE, AFTER))
    filled = {key: _filled(values[key], values[key[0], 1 - key[1]], values[1 - key[0], key[1]]) for key in values}
    version = [inputs.version[side[at]] for at in (BEFORE, AFTER)]
    anew = known[0] & known[1] & (version[0] != version[1])
    due = tuple(inputs.due[side[at]] for at in (BEFORE, AFTER))
    alarmed = tuple(epoch.told.alarmed[np.searchsorted(epoch.places, side[at])] for at, epoch in ((BEFORE, before), (AFTER, after)))
    return Between(
        joined(before.tree, after.tree),
        ((_flat(filled[BEFORE, BEFORE]), _flat(filled[BEFORE, AFTER])), (_flat(filled[AFTER, BEFORE]), _flat(filled[AFTER, AFTER]))),
        (_flags(known[0]), _flags(known[1])), (_flags(due[0]), _flags(due[1])), (_flags(alarmed[0]), _flags(alarmed[1])),
        (before.rules.most, after.rules.most), (before.rules.least_coverage, after.rules.least_coverage), _flags(anew),
    )  # fmt: skip


def _filled(own: Array, *others: Array) -> Array:
    """Return points, where there are none those of another side: of what is known in one period only the other's stand in."""
    for other in others:
        own = np.where(np.isnan(own), other, own)
    return own


def _flat(array: Array) -> Array:
    return array.reshape(-1, array.shape[-1])


def _flags(array: Flags) -> Flags:
    return array.reshape(-1, array.shape[-1])


def _frame(scheme: Scheme, inputs: Inputs, before: Epoch, after: Epoch, places: Places, pairs: Between) -> pd.DataFrame:
    nodes = {leaf.column: leaf.path for epoch in (before, after) for leaf in epoch.tree.leaves}
    codes = {place: periods.code(inputs.starts[place], scheme.grain) for place in {*places, *(places - 1)}}
    frames = []
    for factor, parts in moves(pairs).items():
        rows, columns = np.nonzero(np.abs(np.nan_to_num(parts)) > _NOTHING)
        at = places[rows // len(inputs.units)]
        frames.append(pd.DataFrame({
            "scheme": scheme.scheme, "entity_kind": scheme.kind, "entity": [inputs.units[row % len(inputs.units)] for row in rows],
            "grain": scheme.grain, "start": np.array([inputs.starts[place] for place in at], dtype="datetime64[us]"),
            "period": [codes[place] for place in at], "against": [codes[place - 1] for place in at],
            "node": [nodes[int(column)] for column in columns], "indicator": [inputs.indicators[column] for column in columns],
            "factor": factor, "points": parts[rows, columns],
        }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)

"""Lays the signs of a scheme out as arrays: what each unit's figure was in each period, and whether it may be scored.

A sign that comes less often than the scheme's period counts with its last figure, for as long as the next one is not
overdue by a whole period of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from data import periods
from data.city import Baseline
from indicators.baselines import Array
from indicators.definition import Catalogue, Definition
from indicators.evaluation.means import Flags
from indicators.evaluation.scheme import Scheme
from indicators.judgement import half_up

NUMBERS = ("value", "numerator", "denominator", "n", "distance")
NOT_DUE = "not_due|empty"
_READ = ("value", "numerator", "denominator", "n", "baseline", "baseline_low", "baseline_high")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Arrays of (periods, units, signs). `value` is as printed; `distance` is |z| from what was usual, of watch signs.

    Both are NaN where a sign may not be scored: no figure, too few, out of season, not judged. `due` says whether a figure
    was to be expected: not out of season, not on a day on which nothing is delivered, not of nothing at all, and not of a unit
    that never had one (a sub-district without a worksite). `level` is its level or None, `version` that of its definition.
    The signs stand in the order of `indicators`.
    """

    indicators: tuple[str, ...]
    starts: tuple[datetime, ...]
    units: tuple[str, ...]
    numbers: Mapping[str, Array]
    due: Flags
    level: npt.NDArray[np.object_]
    version: Array


def read_inputs(con: duckdb.DuckDBPyConnection, scheme: Scheme, units: Sequence[str], catalogue: Catalogue, baseline: Baseline) -> Inputs:
    """Return the signs of a scheme for its units, for every period of its grain that any sign of that grain or a finer one has."""
    indicators, grain = scheme.signs, scheme.grain
    frames = {name: _rows(con, catalogue.definitions[name], scheme.kind, grain) for name in indicators}
    own = [frame["start"] for name, frame in frames.items() if len(frame) and _grain(catalogue.definitions[name], grain) == grain]
    starts = [start.to_pydatetime() for start in sorted(set().union(*own))]
    shape = (len(starts), len(units), len(indicators))
    numbers = {name: np.full(shape, np.nan) for name in NUMBERS}
    due, level, version = np.zeros(shape, dtype=bool), np.full(shape, None, dtype=object), np.full(shape, np.nan)
    ends = pd.DatetimeIndex([periods.step(start, grain) for start in starts])
    for column, (name, frame) in enumerate(frames.items()):
        one = catalogue.definitions[name]
        known = dict(iter(frame.groupby("entity")))
        for place, unit in enumerate(units):
            if unit in known:
                at, found = _placed(known[unit], ends, _grain(one, grain))
                rows = known[unit].iloc[found]
                judged = rows["level"].notna() & rows["state"].eq("ok")
                numbers["value"][at, place, column] = half_up(rows["value"].where(judged).to_numpy(float), one.spec.precision)
                for field in ("numerator", "denominator", "n"):
                    numbers[field][at, place, column] = rows[field].to_numpy(float)
                numbers["distance"][at, place, column] = _distance(rows, baseline)
                due[at, place, column] = ~(rows["state"].eq("out_of_season") | rows["reason"].str.match(NOT_DUE, na=False))
                level[at, place, column] = rows["level"].to_numpy(object)
                version[at, place, column] = rows["definition_version"].to_numpy(float)
    due &= np.maximum.accumulate(numbers["n"] > 0, axis=0)
    return Inputs(indicators, tuple(starts), tuple(units), numbers, due, level, version)


def _grain(one: Definition, grain: str) -> str:
    return grain if grain in one.grains else one.spec.cadence


def _rows(con: duckdb.DuckDBPyConnection, one: Definition, kind: str, grain: str) -> pd.DataFrame:
    return con.execute(
        f"SELECT entity, start, level, state, reason, definition_version, {', '.join(_READ)}"
        " FROM signs WHERE indicator = ? AND entity_kind = ? AND grain = ? ORDER BY start",
        [one.name, kind, _grain(one, grain)],
    ).df()


def _placed(rows: pd.DataFrame, ends: pd.DatetimeIndex, grain: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (place among the scheme's periods, row) of the figure that counts in each of them."""
    closed = pd.DatetimeIndex([periods.step(start, grain) for start in rows["start"].dt.to_pydatetime()])
    found = np.asarray(closed.searchsorted(ends, side="right") - 1)
    overdue = pd.DatetimeIndex([periods.step(periods.step(end, grain), grain) for end in closed])
    at = np.flatnonzero((found >= 0) & (ends <= overdue[np.maximum(found, 0)]))
    return at, found[at]


def _distance(rows: pd.DataFrame, baseline: Baseline) -> Array:
    """Return |z|: the lines drawn around what was usual are `blue` scale units away, the farther one where the other is cut at an end."""
    centre = rows["baseline"].to_numpy(float)
    scale = np.fmax(rows["baseline_high"].to_numpy(float) - centre, centre - rows["baseline_low"].to_numpy(float)) / baseline.blue
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.abs(rows["value"].to_numpy(float) - centre) / scale)

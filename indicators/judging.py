"""Judges the cells of one indicator and grain: level, state, reason, the method that judged, and what was usual."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.register import Reference
from indicators.baselines import Array, robust_z
from indicators.definition import Definition
from indicators.judgement import State, half_up, judge_by_baseline, judge_by_thresholds
from indicators.usual import usual


def judge(
    one: Definition,
    grain: str,
    fields: dict[str, Array],
    entities: pd.DataFrame,
    starts: list[datetime],
    unusual: npt.NDArray[np.bool_],
    reference: Reference,
    *,
    withheld: npt.NDArray[np.bool_],
) -> dict[str, Any]:
    """Return the fields and the columns of judgement as arrays (entities x periods); what is `unusual` teaches nothing.

    Of what is `withheld` nothing but that is told, nor does it teach.
    """
    spec, settings = one.spec, reference.city.baseline
    values = fields["value"]
    rounded = half_up(values, spec.precision)
    small = _small(one, fields["n"], entities, reference)
    season = np.array([spec.active is None or spec.active.holds(start.date()) for start in starts])
    teachers = np.where(season & ~small & ~withheld, values, np.nan)
    expected = usual(one, grain, teachers, unusual, starts, reference)
    centre, scale = expected.centre, expected.scale
    known = np.isfinite(centre) & np.isfinite(scale)
    if spec.direction == "watch":
        method = expected.method
        level, reason = judge_by_baseline(robust_z(values, centre, scale), settings)
        reason[~np.isnan(values) & ~known] = "few_periods"
        reason[~np.isnan(values) & known & ~(scale > 0)] = "no_scale"
    else:
        method = np.full(values.shape, "thresholds", dtype=object)
        level, reason = _by_dated_thresholds(one, rounded, starts)
    state = np.where(np.isnan(values), State.NO_DATA, State.OK).astype(object)
    empty = np.isnan(values) & (fields["n"] == 0)
    reason[np.isnan(values)] = "no_rows"
    state[empty], reason[empty] = State.NOT_EVALUATED, "empty"
    unjudged = ~np.isnan(values) & (level == None)  # noqa: E711  # element by element
    state[unjudged] = State.NOT_EVALUATED
    held = values.copy()
    for row, column in zip(*np.nonzero(small & ~np.isnan(fields["n"])), strict=True):
        state[row, column], level[row, column] = State.SMALL_SAMPLE, None
        reason[row, column] = f"n:{fields['n'][row, column]:g}:{spec.min_n}"
    state[withheld], reason[withheld], level[withheld] = State.SUPPRESSED, "few_persons", None
    state[:, ~season], reason[:, ~season], level[:, ~season] = State.OUT_OF_SEASON, "season", None
    # A watch sign without enough past still shows its number; other unjudged states show none.
    held[~(np.isin(state, [State.OK, State.SMALL_SAMPLE]) | unjudged) | withheld] = np.nan
    low, high = centre - settings.blue * scale, centre + settings.blue * scale
    counts = one.formula.is_count or spec.unit == "%"
    told = {name: np.where(withheld, np.nan, fields[name]) for name in ("numerator", "denominator", "n")}
    return fields | told | {
        "value": held, "level": level, "state": state, "reason": reason, "method": method,
        "baseline": np.where(known, centre, np.nan), "baseline_low": np.where(known, np.fmax(low, 0) if counts else low, np.nan),
        "baseline_high": np.where(known, np.fmin(high, 100) if spec.unit == "%" else high, np.nan),
    }  # fmt: skip


def _small(one: Definition, n: Array, entities: pd.DataFrame, reference: Reference) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether a sample is below the minimum; the widest area has none."""
    widest = (entities["entity_kind"] == reference.city.areas[0]).to_numpy()
    return (np.nan_to_num(n, nan=np.inf) < one.spec.min_n) & ~widest[:, None]


def _by_dated_thresholds(one: Definition, rounded: Array, starts: list[datetime]) -> tuple[Any, Any]:
    """Judge each period by the thresholds in force on its first day."""
    level = np.full(rounded.shape, None, dtype=object)
    reason = np.full(rounded.shape, "no_thresholds", dtype=object)
    for lines in one.spec.thresholds:
        from_here = np.array([start.date() >= lines.since for start in starts])
        if from_here.any():
            level[:, from_here], reason[:, from_here] = judge_by_thresholds(rounded[:, from_here], lines, one.spec.direction)
    return level, reason

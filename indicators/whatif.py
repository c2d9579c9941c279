"""Moves one threshold of a sign and plays a rule on the past again. Pure, on what is published: the same machine raises and tries.

Only the line of one level moves; figures, the other lines and the rule stay. Levels of periods that were not judged stay unjudged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from data import periods
from indicators.alerts import Evidence, Observed, Standing, run
from indicators.backtest import FLAP, lives
from indicators.definition import LEVELS, Indicator
from indicators.judgement import half_up, judge_by_thresholds
from indicators.observing import KEY, Laid, lay
from indicators.rule import Rule
from indicators.watching import RANKS

Raised = tuple[tuple[datetime, datetime | None, str], ...]
EACH_WAY = 2  # lines to either side of the present one


@dataclass(frozen=True, slots=True)
class Moved:
    """What a rule would have raised with a line: each alert (first day, last day or None while open, level), and how well that fits events.

    `right` of the alerts began within an event (or the week before its end), `told` of the events had an alert.
    """

    line: float
    is_present: bool
    alerts: Raised
    flaps: int
    right: int
    told: int


def lines_around(body: Mapping[str, Any], level: str) -> list[float]:
    """Return the present line of a level and two to either side, a quarter of the way to its nearest neighbour apart; none without one."""
    spec = Indicator.model_validate(body)
    if not spec.thresholds or getattr(spec.thresholds[-1], level) is None:
        return []
    said = spec.thresholds[-1]
    here = float(getattr(said, level))
    others = [value for name in (*LEVELS, "target") if (value := getattr(said, name)) is not None]
    least = min((abs(value - here) for value in others if value != here), default=abs(here) or 1.0)
    step = max(round(least / 4, spec.precision), 10.0**-spec.precision)
    return [round(here + place * step, spec.precision + 1) for place in range(-EACH_WAY, EACH_WAY + 1)]


def moved(
    signs: pd.DataFrame, body: Mapping[str, Any], rule: Rule, level: str, lines: Sequence[float], events: Sequence[tuple[date, date]]
) -> list[Moved]:
    """Return what each line would have raised on one sign of an entity: `signs` of one grain (SIGN_COLUMNS) in order of time."""
    spec = Indicator.model_validate(body)
    grain, keys = str(signs["grain"].iloc[0]), signs[KEY].iloc[:1]
    last = signs["start"].iloc[-1].to_pydatetime()
    starts = periods.spine(signs["start"].iloc[0].to_pydatetime(), periods.step(last, grain), grain)
    present = getattr(spec.thresholds[-1], level)
    found = []
    for line in lines:
        laid = lay(signs.assign(level=_levels(signs, spec, level, line)), grain, keys, starts)
        seen = _observed(laid, RANKS[rule.least])
        _, told = run(rule.terms(1), Standing.new(1), list(zip(starts, seen, strict=True)))
        alerts = tuple((one["fired_at"], one["resolved_at"], one["level"]) for one in lives(told.itertuples(index=False)))
        found.append(_held(line, alerts, events, is_present=line == present))
    return found


def _observed(laid: Laid, line: int) -> list[Observed]:
    """Return each period of the one sign as the machine takes it."""
    level = np.maximum(laid.rank, 0)
    evidence = np.where((laid.seen == Evidence.SEEN) & (laid.rank < 0), Evidence.NONE, laid.seen)
    return [Observed(evidence[at], level[at], level[at] >= line, level[at] >= line) for at in range(len(laid.starts))]


def _levels(signs: pd.DataFrame, spec: Indicator, level: str, line: float) -> pd.Series:
    """Return the levels with a moved line, by the lines in force on the first day of each period."""
    values = half_up(signs["value"].to_numpy(dtype=float, na_value=np.nan), spec.precision)
    levels = np.full(len(signs), None, dtype=object)
    for lines in spec.thresholds:
        said, _ = judge_by_thresholds(values, lines.model_copy(update={level: line}), spec.direction)
        levels = np.where(signs["start"].dt.date.to_numpy() >= lines.since, said, levels)
    return pd.Series(levels, index=signs.index, dtype=object).where(signs["level"].notna(), None)


def _held(line: float, alerts: Raised, events: Sequence[tuple[date, date]], *, is_present: bool) -> Moved:
    """Hold alerts against events."""
    flaps = sum(before[1] is not None and after[0] - before[1] < FLAP for before, after in pairwise(alerts))
    right = sum(any(first <= fired.date() <= last for first, last in events) for fired, _, _ in alerts)
    told = sum(any(first <= fired.date() <= last for fired, _, _ in alerts) for first, last in events)
    return Moved(line, is_present, alerts, flaps, right, told)

"""Tries an alert rule on the past: the alerts that it would have raised over published signs, and how much noise that is.

Levels are those of the snapshot, so a figure that was restated counts as it is known now. Pure but for the reading of signs.

Columns of the alerts: ALERT_COLUMNS; `pending_since` is the first period in breach, `resolved_at` empty while open, `level` the
highest it reached, `observed` how many periods of it were seen and `unconfirmed` how many were not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from data import periods, readings
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.alerts import Evidence, Observed, Standing, Transition, run
from indicators.definition import LEVELS, Catalogue
from indicators.judgement import State
from indicators.rule import RANKS, Rule

ALERT_COLUMNS = (
    "indicator",
    "entity_kind",
    "entity",
    "entity_name",
    "grain",
    "pending_since",
    "fired_at",
    "resolved_at",
    "level",
    "observed",
    "unconfirmed",
)
FLAP = timedelta(days=7)  # an alert so soon after the last one of the same sign and entity is a flap
_NAMES = ("normal", *LEVELS)
_OVER = {Transition.RESOLVED.value, Transition.ENDED.value}
_EVIDENCE = {State.OK.value: Evidence.SEEN, State.OUT_OF_SEASON.value: Evidence.ENDED, State.ERROR.value: Evidence.ERROR}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a rule would have done; `busiest` are the numbers of alerts raised on the median day and on one in twenty."""

    rule: str
    version: int
    first: date
    last: date
    signs: int
    alerts: pd.DataFrame
    flaps: int
    median_days: float | None
    busiest: tuple[float, float]


def backtest(settings: Settings, snapshot: Snapshot, catalogue: Catalogue, rule: Rule, first: date, last: date) -> Backtest:
    """Return what a rule would have done from the first day to the last, both included."""
    start, end = (datetime.combine(day, datetime.min.time()) for day in (first, last + timedelta(days=1)))
    found: list[Row] = []
    watched = 0
    for grain, names in _by_grain(rule, catalogue).items():
        for kind in rule.kinds:
            frame = readings.signs(settings, snapshot, indicator=names, entity_kind=kind, grain=grain, start=start, end=end)
            frame = frame[frame["start"].map(lambda moment, grain=grain: periods.step(moment.to_pydatetime(), grain)) <= end]
            if len(frame):
                watched += frame.groupby(["indicator", "entity"]).ngroups
                found += _alerts(rule, catalogue, frame, grain)
    alerts = pd.DataFrame(found, columns=list(ALERT_COLUMNS)).sort_values(["fired_at", "indicator", "entity"], ignore_index=True)
    return Backtest(rule.rule, rule.version, first, last, watched, alerts, _flaps(found), _length(found), _busiest(found, first, last))


def _by_grain(rule: Rule, catalogue: Catalogue) -> dict[str, list[str]]:
    """Return the names of the watched signs by the grain at which they are watched."""
    found: dict[str, list[str]] = {}
    for one in catalogue.definitions.values():
        grain = rule.grain or one.spec.cadence
        if rule.watches(one) and set(rule.kinds) & set(one.spec.grain) and grain in one.grains:
            found.setdefault(grain, []).append(one.name)
    return found


def _alerts(rule: Rule, catalogue: Catalogue, frame: pd.DataFrame, grain: str) -> Iterator[Row]:
    """Yield the alerts on signs of one grain and kind."""
    keys = frame[["indicator", "entity_kind", "entity", "entity_name"]].drop_duplicates(["indicator", "entity"], ignore_index=True)
    starts = periods.spine(frame["start"].min().to_pydatetime(), periods.step(frame["start"].max().to_pydatetime(), grain), grain)
    row = pd.MultiIndex.from_frame(keys[["indicator", "entity"]]).get_indexer(pd.MultiIndex.from_frame(frame[["indicator", "entity"]]))
    column = pd.DatetimeIndex(starts).get_indexer(pd.DatetimeIndex(frame["start"]))
    level = np.zeros((len(starts), len(keys)), dtype=np.int64)
    evidence = np.full(level.shape, int(Evidence.NONE), dtype=np.int64)
    judged = frame["level"].notna().to_numpy()
    level[column, row] = frame["level"].map(RANKS).fillna(0).to_numpy(np.int64)
    seen = frame["state"].map(_EVIDENCE).fillna(Evidence.NONE).to_numpy(np.int64)
    evidence[column, row] = np.where((seen == Evidence.SEEN) & ~judged, Evidence.NONE, seen)
    line = np.array([rule.line(catalogue.definitions[name]) for name in keys["indicator"]])
    breaches = level >= line
    series = [(start, Observed(evidence[at], level[at], breaches[at], breaches[at])) for at, start in enumerate(starts)]
    _, told = run(rule.terms(len(keys)), Standing.new(len(keys)), series)
    for place, mine in told.groupby("identity"):
        key = {str(name): value for name, value in keys.iloc[int(str(place))].to_dict().items()} | {"grain": grain}
        for one in _lives(mine.itertuples(index=False)):
            inside = [
                at
                for at, start in enumerate(starts)
                if start >= one["fired_at"] and (one["resolved_at"] is None or start < one["resolved_at"])
            ]
            known = int((evidence[inside, int(str(place))] == Evidence.SEEN).sum())
            yield key | one | {"observed": known, "unconfirmed": len(inside) - known}


def _lives(transitions: Iterable[Any]) -> Iterator[Row]:
    """Yield when it began, was raised and ended, and the highest level, of each alert of one identity."""
    since: datetime | None = None
    now: Row | None = None
    for told in transitions:
        at = told.at.to_pydatetime()
        if told.kind == Transition.PENDING:
            since = at
        elif told.kind == Transition.FIRED:
            now = {"pending_since": since or at, "fired_at": at, "resolved_at": None, "level": _NAMES[told.level]}
        elif told.kind == Transition.RAISED and now:
            now["level"] = _NAMES[max(told.level, RANKS[now["level"]])]
        elif told.kind in _OVER:
            if now:
                yield now | {"resolved_at": at}
            since, now = None, None
        elif told.kind == Transition.DROPPED:
            since = None
    if now:
        yield now


def _flaps(found: list[Row]) -> int:
    """Return how many alerts were raised soon after the last one of the same sign and entity had ended."""
    ordered = sorted(found, key=lambda one: (one["indicator"], one["entity"], one["fired_at"]))
    return sum(
        (before["indicator"], before["entity"]) == (after["indicator"], after["entity"])
        and before["resolved_at"] is not None and after["fired_at"] - before["resolved_at"] < FLAP
        for before, after in pairwise(ordered)
    )  # fmt: skip


def _length(found: list[Row]) -> float | None:
    """Return the median length in days of the alerts that have ended."""
    lengths = [(one["resolved_at"] - one["fired_at"]) / timedelta(days=1) for one in found if one["resolved_at"] is not None]
    return float(median(lengths)) if lengths else None


def _busiest(found: list[Row], first: date, last: date) -> tuple[float, float]:
    """Return how many alerts are raised on the median day, and on the day that one in twenty exceeds."""
    days = np.zeros((last - first).days + 1)
    for one in found:
        days[(one["fired_at"].date() - first).days] += 1
    return float(np.median(days)), float(np.quantile(days, 0.95, method="closest_observation"))

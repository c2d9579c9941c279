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

from data import noted, periods, readings
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.alerts import Evidence, Standing, Transition, run
from indicators.definition import LEVELS, Catalogue
from indicators.feedwatch import feeds_seen
from indicators.observing import KEY, Watched, lay, observe, watched_at
from indicators.rule import Rule
from indicators.watching import RANKS

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
_NIGHT = (22, 6)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a rule would have done; `busiest` are the numbers of alerts raised on the median day and on one in twenty.

    `at_night` counts those raised between 22:00 and 06:00, None without a sign by the hour. Of `events` (annotations of the span that
    mark an incident) `caught` had an alert on a sign and entity that they concern, the median one `lead_days` before their end.
    """

    rule: str
    version: int
    digest: str
    first: date
    last: date
    signs: int
    alerts: pd.DataFrame
    flaps: int
    median_days: float | None
    busiest: tuple[float, float]
    at_night: int | None
    events: int
    caught: int
    lead_days: float | None


def backtest(settings: Settings, snapshot: Snapshot, catalogue: Catalogue, rule: Rule, first: date, last: date) -> Backtest:
    """Return what a rule would have done from the first day to the last, both included; one on feeds by the days of its deliveries."""
    start, end = (datetime.combine(day, datetime.min.time()) for day in (first, last + timedelta(days=1)))
    found: list[Row] = []
    watched = 0
    for grain in periods.GRAINS:
        for keys, starts, seen in _seen(settings, snapshot, catalogue, rule, grain, start, end):
            watched += len(keys)
            found += _alerts(rule, keys, grain, starts, seen)
    alerts = pd.DataFrame(found, columns=list(ALERT_COLUMNS)).sort_values(["fired_at", "indicator", "entity"], ignore_index=True)
    events = _events(settings, snapshot, found, first, last)
    return Backtest(
        rule.rule, rule.version, rule.digest, first, last, watched, alerts, _flaps(found), _length(found), _busiest(found, first, last),
        _at_night(found), *events,
    )  # fmt: skip


def _seen(
    settings: Settings, snapshot: Snapshot, catalogue: Catalogue, rule: Rule, grain: str, start: datetime, end: datetime
) -> Iterator[tuple[pd.DataFrame, list[datetime], Watched]]:
    """Yield the identities (KEY and entity_name) of a grain, the periods of the span in a row, and what the rule sees of them."""
    if rule.watches_feeds:
        if grain == "day":
            yield from feeds_seen(settings, snapshot, rule, start, end)
        return
    names = [name for name in catalogue.definitions if watched_at(rule, catalogue, name) == grain]
    if not names:
        return
    lookback = rule.when.lookback if rule.when else 0
    since = periods.step(periods.floor(start, grain), grain, -lookback)
    frame = readings.signs(settings, snapshot, indicator=names, grain=grain, start=since, end=end)
    frame = frame[frame["entity_kind"].isin(rule.kinds)]
    starts = [one for one in periods.spine(since, end, grain) if one <= frame["start"].max()] if len(frame) else []
    inside = next((place for place, one in enumerate(starts) if one >= start), len(starts))
    if inside == len(starts):
        return
    signs = frame[[*KEY, "entity_name"]].drop_duplicates(KEY, ignore_index=True)
    whole = observe(rule, catalogue, lay(frame, grain, signs, starts))
    arrays = (getattr(whole, name)[inside:] for name in ("evidence", "level", "breaches"))
    yield (
        whole.keys.assign(entity_name=signs["entity_name"].to_numpy()[whole.sign]),
        starts[inside:],
        Watched(whole.keys, whole.sign, *arrays),
    )


def _alerts(rule: Rule, keys: pd.DataFrame, grain: str, starts: list[datetime], seen: Watched) -> Iterator[Row]:
    """Yield the alerts on the identities of one grain."""
    series = [(start, seen.at(place)) for place, start in enumerate(starts)]
    _, told = run(rule.terms(len(keys)), Standing.new(len(keys)), series)
    moments = np.array(starts, dtype="datetime64[us]")
    for place, mine in told.groupby("identity"):
        key = {str(name): value for name, value in keys.iloc[int(str(place))].to_dict().items()} | {"grain": grain}
        for one in lives(mine.itertuples(index=False)):
            inside = moments >= np.datetime64(one["fired_at"])
            if one["resolved_at"] is not None:
                inside &= moments < np.datetime64(one["resolved_at"])
            known = int((seen.evidence[inside, int(str(place))] == Evidence.SEEN).sum())
            yield key | one | {"observed": known, "unconfirmed": int(inside.sum()) - known}


def lives(transitions: Iterable[Any]) -> Iterator[Row]:
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


def _at_night(found: list[Row]) -> int | None:
    """Return how many alerts of signs by the hour were raised at night; None where there are none by the hour."""
    by_hour = [one["fired_at"].hour for one in found if one["grain"] == "hour"]
    return sum(hour >= _NIGHT[0] or hour < _NIGHT[1] for hour in by_hour) if by_hour else None


def _events(settings: Settings, snapshot: Snapshot, found: list[Row], first: date, last: date) -> tuple[int, int, float | None]:
    """Return how many incidents are marked in the span, how many of them had an alert, and the median days from that to their end."""
    start, end = datetime.combine(first, datetime.min.time()), datetime.combine(last + timedelta(days=1), datetime.min.time())
    marked = noted.annotations(settings, snapshot, start=start, end=end)
    marked = marked[marked["excluded"].astype(bool)]
    leads = []
    for event in marked.itertuples():
        mine = [
            one["fired_at"].date() for one in found
            if event.start <= one["fired_at"].date() <= event.end and noted.concerns(event, one["indicator"], one["entity"])
        ]  # fmt: skip
        leads += [(event.end - min(mine)).days] if mine else []
    return len(marked), len(leads), float(median(leads)) if leads else None

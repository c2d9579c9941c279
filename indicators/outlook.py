"""Says where a sign is heading: what is to be expected of its next periods, and how long it is until its yellow line.

It reads a snapshot and the definitions that were in force with it, so that it says the same for as long as that is kept. What
judges a sign knows nothing of it: a period that is over is judged by what is usual, never by what was foretold.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from data import defined, definitions, periods, readings
from data.past import past
from data.readings import EVERYTHING, Scope
from data.register import Reference, load_reference
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.baselines import Array
from indicators.daykinds import day_kinds
from indicators.definition import Indicator
from indicators.forecasting import MEMORY, Forecast, forecast
from indicators.judgement import half_up, judge_by_thresholds, twelve_digits
from indicators.left_out import excluded, marked_periods
from indicators.smoothing import expect, reach

FORECAST_COLUMNS = (
    "indicator", "entity_kind", "entity", "entity_name", "period", "value", "text", "low", "high", "low_text", "high_text", "confidence",
    "unit", "level", "state", "reason", "method", "n", "made_from", "days_until_yellow", "soonest_until_yellow", "as_of", "provenance",
    "snapshot", "grain", "start",
)  # fmt: skip
BEYOND = ("yellow", "orange", "red")
WHOLE = 100.0


def forecasts(
    settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, indicator: str, entity_kind: str = "", entity: str = "",
    grain: str = "",
) -> pd.DataFrame:  # fmt: skip
    """Return what is expected of each period after the newest figure of one sign (FORECAST_COLUMNS); default: the whole city.

    `low` and `high` hold a figure to come with `confidence`; `made_from` is the newest figure's period. `days_until_yellow`
    counts from its end to that of the first period whose expected value has reached the yellow line (0: it is there already,
    null: not within what is foretold), `soonest_until_yellow` to that whose interval has. Where nothing is foretold one row says why
    (`state` not_evaluated or out_of_season; `reason` no_rows, few_periods, season, not_foretold). Empty without such a sign.
    """
    reference = _reference(settings, snapshot.definitions)
    bodies = defined.definitions(settings, snapshot).set_index("indicator")["body"]
    if indicator not in bodies:  # or an older version published the snapshot
        return pd.DataFrame(columns=list(FORECAST_COLUMNS))
    row = readings.indicators(settings, snapshot).set_index("indicator").loc[indicator]
    spec = Indicator.model_validate(json.loads(bodies[indicator]))
    grain = grain or spec.cadence
    known = past(
        settings, snapshot, scope, indicator=indicator, entity_kind=entity_kind or reference.city.areas[0],
        entity=entity or reference.root.entity, grain=grain, start=_first(snapshot, reference, grain),
    )  # fmt: skip
    if known.empty:
        return pd.DataFrame(columns=list(FORECAST_COLUMNS))
    frame = pd.DataFrame(_Outlook(spec, str(row["domain"]), entity or reference.root.entity, grain, reference).rows(known))
    names = readings.entities(settings, snapshot).drop_duplicates("entity").set_index("entity")
    code = entity or reference.root.entity
    own = names.loc[code]
    frame = frame.assign(
        indicator=indicator, entity_kind=own["entity_kind"], entity=code, entity_name=own["name_zh"], unit=spec.unit, grain=grain,
        confidence=reference.city.forecast.confidence, as_of=snapshot.as_of.isoformat(), provenance=snapshot.city["provenance"],
        snapshot=snapshot.id,
    )  # fmt: skip
    for name, column in (("text", "value"), ("low_text", "low"), ("high_text", "high")):
        frame[name] = [readings.printed(value, spec.precision, spec.unit) for value in frame[column]]
    return frame[list(FORECAST_COLUMNS)]


@lru_cache(maxsize=4)
def _reference(settings: Settings, said: str) -> Reference:
    """Return the city by the definitions of a fingerprint, read once for all its signs."""
    with definitions.in_force(settings, said) as then:
        return load_reference(then)


def _first(snapshot: Snapshot, reference: Reference, grain: str) -> datetime:
    """Return from when on the past is asked for; that of days also tells what a festival adds."""
    now = periods.floor(snapshot.as_of.replace(tzinfo=None), grain)
    if grain == "day":
        return now - timedelta(days=reach(reference.city.baseline))
    return periods.step(now, grain, -MEMORY.get(grain, 0) - 2)


def _may_turn(formula: str) -> bool:
    """Whether a figure may fall below 0 although it never has: growth, what is published as it is, and differences."""
    tree = ast.walk(ast.parse(formula, mode="eval"))
    return any((isinstance(node, ast.Name) and node.id in {"growth", "published"}) or isinstance(node, ast.Sub) for node in tree)


class _Outlook:
    """One sign, and what it goes by."""

    def __init__(self, spec: Indicator, domain: str, entity: str, grain: str, reference: Reference) -> None:
        self.spec, self.domain, self.entity, self.grain, self.reference = spec, domain, entity, grain, reference
        self.ahead = reference.city.forecast.ahead.get(grain, 0)  # type: ignore[call-overload]  # a year is no key of it

    def rows(self, known: pd.DataFrame) -> list[dict[str, Any]]:
        """Return a row per period ahead, or the one that says why there is none."""
        told = known[known["value"].notna()]
        if not self.ahead:
            return [self._none("not_evaluated", "not_foretold")]
        if told.empty:
            return [self._none("not_evaluated", "no_rows")]
        last = told["start"].iloc[-1].to_pydatetime()
        starts = periods.spine(known["start"].iloc[0].to_pydatetime(), periods.step(last, self.grain), self.grain)
        coming = [periods.step(last, self.grain, place) for place in range(1, self.ahead + 1)]
        season = self.spec.active
        out = next((place for place, start in enumerate(coming) if season and not season.holds(start.date())), self.ahead)
        made_from = periods.code(last, self.grain)
        if not out:
            return [self._none("out_of_season", "season", made_from)]
        values = told.set_index("start")["value"].reindex(pd.DatetimeIndex(starts)).to_numpy(dtype=float)
        firm = told[told["state"] != "small_sample"].set_index("start")["value"].reindex(pd.DatetimeIndex(starts)).to_numpy(dtype=float)
        found = self._foretold(firm, starts, len(coming))
        if found is None:
            return [self._none("not_evaluated", "few_periods", made_from)]
        centre, low, high = (twelve_digits(side) for side in self._within(found, values))
        level = self._levels(centre, coming)
        until = self._until(last, float(values[-1]), coming[:out], level)
        worse = self._levels(low if self.spec.direction == "higher" else high, coming)
        soonest = self._until(last, float(values[-1]), coming[:out], worse)
        return [
            {
                "start": start, "period": periods.code(start, self.grain), "value": centre[place], "low": low[place], "high": high[place],
                "level": level[place], "state": "ok", "reason": None, "method": found.method, "n": found.n, "made_from": made_from,
                "days_until_yellow": until, "soonest_until_yellow": soonest,
            }
            for place, start in enumerate(coming[:out])
        ]  # fmt: skip

    def _foretold(self, firm: Array, starts: Sequence[datetime], ahead: int) -> Forecast | None:
        """Foretell from what teaches: no incident, no festival or public holiday; what such days add is told apart."""
        marked = excluded(self.spec.indicator, self.domain, self.reference)
        incident = marked_periods(marked, self.grain, starts, [self.entity], self.reference)[0]
        taught, added = np.where(incident, np.nan, firm), None
        if self.grain == "day":
            days = day_kinds(starts[0].date(), len(starts) + ahead, self.reference.calendar, self.reference.festivals)
            if days.special[-ahead:].any():
                row = np.append(firm, np.full(ahead, np.nan))[None]
                usual = expect(row, np.append(incident, np.zeros(ahead, dtype=bool))[None], days, self.reference.city.baseline)
                added = usual.holiday[0, -ahead:], usual.doubt[0, -ahead:]
            taught[days.special[: len(starts)]] = np.nan
        return forecast(taught, self.grain, ahead, self.reference.city.forecast.confidence, added=added)

    def _within(self, found: Forecast, values: Array) -> tuple[Array, Array, Array]:
        """Return middle and ends within what the figures can be: counts and shares do not fall below 0, nor shares pass 100 %."""
        is_bound = not _may_turn(self.spec.formula)
        floor = 0.0 if is_bound and np.nanmin(values) >= 0 else -np.inf
        ceiling = WHOLE if is_bound and self.spec.unit == "%" and np.nanmax(values) <= WHOLE else np.inf
        centre, low, high = (np.clip(side, floor, ceiling) for side in (found.centre, found.low, found.high))
        return centre, low, high

    def _levels(self, values: Array, starts: Sequence[datetime]) -> list[str | None]:
        """Return the level of each value by the lines in force on the first day of its period."""
        rounded = half_up(values, self.spec.precision)
        levels: list[str | None] = [None] * len(starts)
        for lines in self.spec.thresholds:
            said, _ = judge_by_thresholds(rounded, lines, self.spec.direction)
            levels = [said[place] if start.date() >= lines.since else levels[place] for place, start in enumerate(starts)]
        return levels

    def _until(self, last: datetime, value: float, coming: Sequence[datetime], levels: Sequence[str | None]) -> int | None:
        """Return the days from the end of the newest period to that of the first one at the yellow line or beyond it."""
        if self._levels(np.array([value]), [last])[0] in BEYOND:
            return 0
        there = next((start for start, level in zip(coming, levels, strict=False) if level in BEYOND), None)
        if there is None:
            return None
        return math.ceil((periods.step(there, self.grain) - periods.step(last, self.grain)) / timedelta(days=1))

    @staticmethod
    def _none(state: str, reason: str, made_from: str | None = None) -> dict[str, Any]:
        return dict.fromkeys(FORECAST_COLUMNS) | {"state": state, "reason": reason, "made_from": made_from, "value": np.nan, "low": np.nan,
                                                  "high": np.nan}  # fmt: skip

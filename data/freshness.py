"""Says when each drop was due, and what state each feed is in at `as_of`. The clock is an argument.

A late feed is known by its due time on the city's calendar, whatever the rest of the data say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import duckdb
import pandas as pd

from data import periods
from data.contract import Cadence, Contract
from data.register import Reference

KEPT_DAYS = 60


class FeedState(StrEnum):
    """How a feed stands at `as_of`."""

    ON_TIME = "on_time"
    DUE = "due"
    LATE = "late"
    MISSING = "missing"
    PARTIAL = "partial"
    UNEXPECTED = "unexpected"
    REFUSED = "refused"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One drop that speaks for a span of time."""

    feed: str
    covers_from: datetime
    covers_to: datetime
    arrived_at: datetime


class Timetable:
    """The due times of one feed on the working calendar."""

    def __init__(self, cadence: Cadence, reference: Reference) -> None:
        """Index the working days of the city."""
        self.cadence = cadence
        self._working = {day.date for day in reference.calendar if day.is_workday}
        self._due = time.fromisoformat(cadence.due)

    def due_at(self, period_end: datetime) -> datetime:
        """Return the moment by which the drop of the period that ends then must be there."""
        if self.cadence.every == "hour":
            return period_end + timedelta(hours=self._due.hour, minutes=self._due.minute)
        day = period_end.date() + timedelta(days=self.cadence.lag)
        while self.cadence.on == "workdays" and day not in self._working:
            day += timedelta(days=1)
        return datetime.combine(day, self._due)

    def late_at(self, period_end: datetime) -> datetime:
        """Return the moment from which the drop is late."""
        return self.due_at(period_end) + timedelta(minutes=self.cadence.grace)

    def is_due_on(self, day: date) -> bool:
        """Return whether a drop is due on that day."""
        if self.cadence.every in {"hour", "day"}:
            return self.cadence.on == "every_day" or day in self._working
        if self.cadence.every == "once":
            return False
        return self.due_at(self.period_end(datetime.combine(day, time.max))).date() == day

    def period_end(self, as_of: datetime) -> datetime:
        """Return the end of the last period whose drop was due by `as_of`."""
        grain = "day" if self.cadence.every == "once" else self.cadence.every
        end = periods.floor(as_of, grain)
        while self.due_at(end) > as_of:
            end = periods.step(end, grain, -1)
        return end


def late_reason(contract: Contract, reference: Reference, period_end: datetime, as_of: datetime) -> str:
    """Return why a complete period is not covered: `feed_late:<feed>` after the grace, else `not_due:<feed>`."""
    late = Timetable(contract.cadence, reference).late_at(period_end) <= as_of.replace(tzinfo=None)
    return f"{'feed_late' if late else 'not_due'}:{contract.feed}"


def feed_states(con: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], reference: Reference, as_of: datetime) -> pd.DataFrame:
    """Return one row per feed: feed, state, due_at, data_until, arrived_at, drops, rows, accepted, quarantined, quality."""
    now, rows = as_of.replace(tzinfo=None), []
    for feed, contract in contracts.items():
        timetable = Timetable(contract.cadence, reference)
        counts = con.execute(
            "SELECT count(*) FILTER (WHERE state = 'taken'), coalesce(sum(rows), 0)::BIGINT, coalesce(sum(accepted), 0)::BIGINT,"
            " coalesce(sum(quarantined), 0)::BIGINT, max(arrived_at) FILTER (WHERE state = 'taken')"
            " FROM ledger WHERE feed = ? AND arrived_at <= ?",
            [feed, now],
        ).fetchall()[0]
        until = con.execute(
            'SELECT min(until) FROM (SELECT max(covers_to) AS until FROM coverage WHERE feed = ? GROUP BY "table")', [feed]
        ).fetchall()[0][0]
        wanted = timetable.period_end(now)
        state = _state(timetable, wanted, until, now)
        judged = counts[2] + counts[3]
        rows.append({
            "feed": feed, "state": state.value, "due_at": timetable.due_at(periods.step(wanted, _grain(contract), 1)), "data_until": until,
            "arrived_at": counts[4], "drops": counts[0], "rows": counts[1], "accepted": counts[2], "quarantined": counts[3],
            "quality": 100 * counts[2] / judged if judged else None,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _grain(contract: Contract) -> str:
    return "day" if contract.cadence.every == "once" else contract.cadence.every


def _state(timetable: Timetable, wanted: datetime, until: datetime | None, now: datetime) -> FeedState:
    """Nothing due any more: on time. Due and within the grace: due. Past it: late; a whole period later: missing."""
    if timetable.cadence.every == "once":
        return FeedState.ON_TIME if until else FeedState.MISSING
    if until is not None and until >= wanted:
        return FeedState.ON_TIME
    if until is None or until < periods.step(wanted, timetable.cadence.every, -1):
        return FeedState.MISSING
    return FeedState.DUE if now < timetable.late_at(wanted) else FeedState.LATE


def deliveries(con: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], reference: Reference, as_of: datetime) -> pd.DataFrame:
    """Return feed x day of the last days: feed, due_on, due_at, state, arrived_at, drops, rows, quarantined."""
    now, rows = as_of.replace(tzinfo=None), []
    for feed, contract in contracts.items():
        timetable = Timetable(contract.cadence, reference)
        drops = con.execute(
            "SELECT arrived_at, covers_from, covers_to, rows, quarantined, state FROM ledger"
            " WHERE feed = ? AND arrived_at <= ? ORDER BY arrived_at",
            [feed, now],
        ).fetchall()
        for place in range(KEPT_DAYS - 1, -1, -1):
            day = now.date() - timedelta(days=place)
            rows.append({"feed": feed, "due_on": day} | _delivery(timetable, day, drops, now))
    return pd.DataFrame(rows)


def _delivery(timetable: Timetable, day: date, drops: list[tuple[object, ...]], now: datetime) -> dict[str, object]:
    """Return what was due on a day, and what came of it."""
    today = [drop for drop in drops if drop[0].date() == day]  # type: ignore[attr-defined]
    counts = {"drops": len(today), "rows": sum(drop[3] for drop in today), "quarantined": sum(drop[4] for drop in today)}  # type: ignore[misc]
    if not timetable.is_due_on(day):
        return counts | {"due_at": None, "arrived_at": None, "state": FeedState.NOT_DUE.value}
    due_day = datetime.combine(day, time())
    end = due_day if timetable.cadence.every in {"hour", "day"} else timetable.period_end(datetime.combine(day, time.max))
    due, late = timetable.due_at(end), timetable.late_at(end)
    arrived = next((drop[0] for drop in drops if drop[5] == "taken" and drop[1] < end <= drop[2]), None)  # type: ignore[operator]
    if arrived is not None:
        state = FeedState.ON_TIME if arrived <= late else FeedState.LATE  # type: ignore[operator]
    elif any(drop[5] == "refused" for drop in today):
        state = FeedState.REFUSED
    else:
        state = FeedState.DUE if now < late else FeedState.MISSING
    return counts | {"due_at": due, "arrived_at": arrived, "state": state.value}

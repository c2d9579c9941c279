"""Holds the deliveries of a city against its timetables: how each feed and table stands, and what came day by day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import duckdb
import pandas as pd

from data import periods
from data.contract import Contract
from data.freshness import Delivery, Expected, FeedState, Spoken, Standing, judged, off_schedule, standing, worst
from data.register import Reference
from data.timetable import EVER, Due, Timetable, Timetables, timetables

KEPT_DAYS = 60
KEPT_MONTHS = 13
WHOLE = ""  # the name of no table: the feed as a whole

Key = tuple[str, str]


class Deliveries:
    """Every delivery of the last months, as it stands at `as_of`; keys are (feed, table)."""

    def __init__(self, con: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], reference: Reference, as_of: datetime) -> None:
        """Read who said what and when, once, and judge every delivery by it."""
        self.con, self.contracts, self.reference, self.now = con, contracts, reference, as_of.replace(tzinfo=None)
        self.first = periods.step(periods.floor(self.now, "month"), "month", 1 - KEPT_MONTHS)
        self.timetables: Timetables = timetables(contracts, reference)
        self.judged: dict[Key, list[Delivery]] = {}
        self.standing: dict[Key, Standing] = {}
        self.unexpected: dict[Key, list[datetime]] = {(feed, WHOLE): moments for feed, moments in self._too_early().items()}
        spoken, promised = self._spoken(), {}
        for key, timetable in self.timetables.items():
            promise = (timetable.cadence, timetable.since)  # many tables share one, and its due times
            if promise not in promised:
                promised[promise] = self._dues(timetable)
            dues, following = promised[promise]
            expected, said = Expected(timetable.cadence.each, reference), spoken.get(key, [])
            dues = dues[bisect_left(dues, _in_service(said), key=lambda due: due.due_at) :]
            self.judged[key] = judged(dues, following, said, expected, self.now)
            self.unexpected[key] = off_schedule(timetable, self.judged[key], said)
            self.standing[key] = standing(timetable, said, self.unexpected[key], expected, self.now)

    def _dues(self, timetable: Timetable) -> tuple[list[Due], datetime | None]:
        """Return the deliveries due from the first month to the end of today, and when the next one is."""
        tonight = datetime.combine(self.now.date(), time.max)
        return timetable.dues(self.first, tonight), timetable.around(tonight)[1]

    def _spoken(self) -> dict[Key, list[Spoken]]:
        """Return what was said of each table, in order of arrival; of long periods also what was said before the first month."""
        slow = sorted({feed for (feed, _), one in self.timetables.items() if one.cadence.every in {"quarter", "year", "once"}})
        rows = self.con.execute(
            'SELECT c.feed, c."table", c.covers_from, c.covers_to, l.arrived_at, c.entities FROM coverage c JOIN ledger l USING ("drop")'
            " WHERE l.arrived_at <= ? AND (c.covers_to > ? OR list_contains(?::VARCHAR[], c.feed)) ORDER BY l.arrived_at, l.seq",
            [self.now, self.first - timedelta(days=62), slow],
        ).fetchall()
        found: dict[Key, list[Spoken]] = {}
        for feed, table, start, end, arrived_at, entities in rows:
            found.setdefault((feed, table), []).append(Spoken(start, end, arrived_at, tuple(entities or ())))
        return found

    def _too_early(self) -> dict[str, list[datetime]]:
        """Return, by feed, when drops came that speak for no time that has passed."""
        found: dict[str, list[datetime]] = {}
        for feed, arrived_at in self.con.execute(
            'SELECT feed, arrived_at FROM ledger ANTI JOIN coverage USING ("drop")'
            " WHERE state = 'taken' AND accepted > 0 AND arrived_at <= ? ORDER BY arrived_at",
            [self.now],
        ).fetchall():
            found.setdefault(feed, []).append(arrived_at)
        return found

    def of(self, feed: str) -> list[Key]:
        """Return the keys of the tables of a feed."""
        return [(feed, table) for table in self.contracts[feed].tables]


def _in_service(spoken: list[Spoken]) -> datetime:
    """Return from when on a table is judged: the day on which its first drop came. What is brought from before is no lateness."""
    return datetime.combine(min((said.arrived_at for said in spoken), default=EVER), time())


def feed_states(known: Deliveries) -> pd.DataFrame:
    """Return one row per feed and one per table (`table` empty: the feed, as its worst table).

    Columns: feed, table, state, due_at, next_due_at, came_at, late_min, came, expected, missing, data_until, arrived_at.
    """
    rows, marks = [], _marks(known)
    for feed in known.contracts:
        standings = {key: known.standing[key] for key in known.of(feed)}
        whole = _whole(known, feed, standings)
        rows += [_standing(feed, WHOLE, *whole), *(_standing(*key, one, one.state) for key, one in standings.items())]
    return pd.DataFrame(rows).merge(marks, on=["feed", "table"], how="left") if rows else pd.DataFrame()


def _whole(known: Deliveries, feed: str, standings: dict[Key, Standing]) -> tuple[Standing, FeedState]:
    """Return the standing of the worst table (the latest of several), with the next due time of all, and the state of the feed."""
    state = worst(one.state for one in standings.values())
    of_worst = [one for one in standings.values() if one.state is state]
    chosen = max(of_worst, key=lambda one: (one.last.late_min, one.last.due.due_at) if one.last else (-1, EVER))
    ahead = known.unexpected.get((feed, WHOLE), [])
    newest = max((one.last.due.due_at for one in standings.values() if one.last), default=EVER)
    if any(moment >= newest for moment in ahead):
        state = worst((state, FeedState.UNEXPECTED))
    following = min((one.next_due_at for one in standings.values() if one.next_due_at), default=None)
    return Standing(chosen.last, state, following), state


def _standing(feed: str, table: str, one: Standing, state: FeedState) -> dict[str, Any]:
    facts = _facts(one.last) if one.last else {}
    facts["came_at"] = facts.pop("arrived_at", None)
    return {"feed": feed, "table": table, "state": state.value, "next_due_at": one.next_due_at} | facts


def _facts(one: Delivery) -> dict[str, Any]:
    return {
        "due_at": one.due.due_at, "arrived_at": one.arrived_at, "late_min": one.late_min, "came": one.came,
        "expected": one.expected, "missing": ";".join(one.missing),
    }  # fmt: skip


def _marks(known: Deliveries) -> pd.DataFrame:
    """Return both clocks per feed and table: the end of the last covered time (of a feed: the least of its tables), the last arrival."""
    return known.con.execute(
        """
        WITH marks AS (
          SELECT c.feed, c."table", max(c.covers_to) AS data_until, max(l.arrived_at) AS arrived_at
          FROM coverage c JOIN ledger l USING ("drop") WHERE l.arrived_at <= $now GROUP BY ALL)
        FROM marks UNION ALL BY NAME
        SELECT feed, '' AS "table", max(arrived_at) AS arrived_at,
               (SELECT min(m.data_until) FROM marks m WHERE m.feed = l.feed) AS data_until
        FROM ledger l WHERE state = 'taken' AND arrived_at <= $now GROUP BY feed""",
        {"now": known.now},
    ).df()


def calendar(known: Deliveries) -> pd.DataFrame:
    """Return feed, table (empty: the feed) x day of the last days: DELIVERY_COLUMNS of readings."""
    days = [known.now.date() - timedelta(days=place) for place in range(KEPT_DAYS - 1, -1, -1)]
    counts, rows = _counts(known, days[0]), []
    for feed in known.contracts:
        tables = {key: _by_day(known, key) for key in known.of(feed)}
        outside = {moment.date() for moment in known.unexpected.get((feed, WHOLE), [])}
        for day in days:
            count = counts.get((feed, day), {"drops": 0, "rows": 0, "quarantined": 0, "refused": 0})
            found = {key: table[day] for key, table in tables.items() if day in table}
            rows += [{"feed": feed, "table": WHOLE, "due_on": day} | count | _day(found.values(), count["refused"], outside=day in outside)]
            rows += [{"feed": feed, "table": key[1], "due_on": day} | found.get(key, _NOTHING_DUE) for key in tables]
    counted = ["drops", "rows", "quarantined", "late_min", "came", "expected"]
    frame = pd.DataFrame(rows, columns=["feed", "table", "due_on", "due_at", "state", "arrived_at", "missing", *counted])
    return frame.astype(dict.fromkeys(counted, "Int64"))


_NOTHING_DUE: dict[str, Any] = {"state": FeedState.NOT_DUE.value}


def _by_day(known: Deliveries, key: Key) -> dict[date, dict[str, Any]]:
    """Return what was due of a table on each day, and the days on which something came that was not."""
    found = {one.due.due_at.date(): _facts(one) | {"state": one.state.value} for one in known.judged[key]}
    for moment in known.unexpected[key]:
        one = found.setdefault(moment.date(), {"arrived_at": moment, "state": FeedState.NOT_DUE.value})
        one["state"] = worst((FeedState(one["state"]), FeedState.UNEXPECTED)).value
    return found


def _day(tables: Iterable[dict[str, Any]], refused: int, *, outside: bool) -> dict[str, Any]:
    """Return the day of a feed: its worst table; refused where nothing else explains what did not come."""
    found = sorted(tables, key=lambda one: one.get("late_min") or 0, reverse=True)
    state = worst([*(FeedState(one["state"]) for one in found), FeedState.UNEXPECTED if outside else FeedState.NOT_DUE])
    facts = next((one for one in found if one["state"] == state.value), found[0] if found else _NOTHING_DUE)
    if refused and state in {FeedState.DUE, FeedState.LATE, FeedState.MISSING} and not facts.get("arrived_at"):
        state = FeedState.REFUSED
    return facts | {"state": state.value}


def _counts(known: Deliveries, first: date) -> dict[tuple[str, date], dict[str, int]]:
    """Return what came of each feed on each day: drops, rows, quarantined, and how many of the drops were refused."""
    rows = known.con.execute(
        "SELECT feed, arrived_at::DATE, count(*), sum(rows)::BIGINT, sum(quarantined)::BIGINT, count(*) FILTER (WHERE state = 'refused')"
        " FROM ledger WHERE arrived_at <= ? AND arrived_at >= ? GROUP BY ALL",
        [known.now, first],
    ).fetchall()
    return {(feed, day): dict(zip(("drops", "rows", "quarantined", "refused"), said, strict=True)) for feed, day, *said in rows}

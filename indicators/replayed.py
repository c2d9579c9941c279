"""When a figure would have been said where a fixed clock stands for the past: a replay says each thing as it became known.

A city on the wall clock says what it says at the refresh. One whose clock is fixed takes in years at once, and its refresh stands for all
those that a live city would have made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime

import duckdb

from data import periods

SaidAt = Callable[[str, str, datetime], datetime]
Tables = Callable[[str], set[tuple[str, str]]]


def known_when(con: duckdb.DuckDBPyConnection, tables: Tables, as_of: datetime) -> SaidAt:
    """Return a function of (indicator, grain, period start): the arrival that made the period whole, at the latest `as_of`.

    `tables` gives the tables that an indicator waits for; what rests on none, such as an alert on a feed, is said at `as_of`.
    """
    rows = con.execute(
        'SELECT c.feed, c."table", l.arrived_at, max(c.covers_to) FROM coverage c JOIN ledger l USING ("drop") GROUP BY ALL ORDER BY 3'
    ).fetchall()
    reached: dict[tuple[str, str], tuple[list[datetime], list[datetime]]] = {}
    for feed, table, arrived_at, covers_to in rows:
        ends, moments = reached.setdefault((feed, table), ([], []))
        if not ends or covers_to > ends[-1]:
            ends.append(covers_to)
            moments.append(arrived_at)
    kept: dict[str, list[tuple[list[datetime], list[datetime]]]] = {}

    def said_at(indicator: str, grain: str, start: datetime) -> datetime:
        if indicator not in kept:
            kept[indicator] = [reached[key] for key in tables(indicator) if key in reached]
        if not kept[indicator]:
            return as_of
        end = periods.step(start, grain)
        places = [(bisect_left(ends, end), moments) for ends, moments in kept[indicator]]
        known = [moments[place] for place, moments in places if place < len(moments)]
        return min(max(known), as_of) if known else as_of

    return said_at

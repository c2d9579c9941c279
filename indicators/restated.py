"""Finds what rules see otherwise now of periods that they had judged, and the drop that brought it about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data import periods
from indicators.alertlog import SUPERSEDED
from indicators.alerts import Counts, Evidence, Times
from indicators.definition import Catalogue
from indicators.observing import Watched

_NEVER = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True)
class Cell:
    """A period of an identity (its place) that breaches at another level than before, 0: not at all. No drop: a definition changed."""

    place: int
    start: datetime
    was: int
    level: int
    drop: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The first period of each identity that says otherwise (never: NaT), and all of them."""

    first: Times
    cells: list[Cell]


def first_changes(
    con: duckdb.DuckDBPyConnection, catalogue: Catalogue, grain: str, indicators: pd.Series, judged: Times, watched: Callable[..., Watched]
) -> Changes:
    """Hold the signs that this refresh replaced (`superseded`) against those of now, as the rules see both.

    `indicators` and `judged` (the last period judged) are by identity; `watched` lays out what rules see of periods in a row.
    """
    none = Changes(np.full(len(judged), _NEVER), [])
    known = judged[~np.isnat(judged)]
    if not len(known):
        return none
    old = con.execute(
        f"SELECT {SUPERSEDED} FROM superseded WHERE grain = ? AND start <= ? QUALIFY row_number() OVER"
        " (PARTITION BY indicator, entity_kind, entity, start ORDER BY rowid) = 1",
        [grain, known.max().astype(datetime)],
    ).df()
    if old.empty:
        return none
    starts = periods.spine(old["start"].min().to_pydatetime(), periods.step(known.max().astype(datetime), grain), grain)
    before, now = watched(starts, old), watched(starts)
    moments = np.array(starts, dtype="datetime64[us]")
    differs = (before.evidence != now.evidence) | (_breach(before) != _breach(now))
    differs &= moments[:, None] <= judged[None, :]
    first = np.where(differs.any(axis=0), moments[differs.argmax(axis=0)], _NEVER)
    drops = _Drops(con, catalogue, grain)
    was, level = _breach(before), _breach(now)
    cells = [
        Cell(place, starts[at], int(was[at, place]), int(level[at, place]), drops.of(indicators.iloc[place], starts[at]))
        for at, place in zip(*(axis.tolist() for axis in np.nonzero(differs)), strict=True)
    ]
    return Changes(first, cells)


def _breach(seen: Watched) -> Counts:
    """Return the level where it breaches and was seen, else 0."""
    return np.where(seen.breaches & (seen.evidence == Evidence.SEEN), seen.level, 0)


class _Drops:
    """The drops that this refresh has computed first."""

    def __init__(self, con: duckdb.DuckDBPyConnection, catalogue: Catalogue, grain: str) -> None:
        self.catalogue, self.grain = catalogue, grain
        self.rows = con.execute(
            'SELECT feed, "drop", covers_from, covers_to FROM newly_taken ORDER BY arrived_at DESC, "drop" DESC'
        ).fetchall()
        self.known: dict[tuple[Any, datetime], str | None] = {}

    def of(self, indicator: str, start: datetime) -> str | None:
        """Return the newest drop that speaks of a period, or else of others that have a say in how it is judged."""
        if (indicator, start) not in self.known:
            feeds, end = self.catalogue.feeds_of(indicator), periods.step(start, self.grain)
            mine = [row for row in self.rows if row[0] in feeds]
            inside = [row for row in mine if row[2] < end and row[3] > start]
            self.known[indicator, start] = next((row[1] for row in [*inside, *mine]), None)
        return self.known[indicator, start]

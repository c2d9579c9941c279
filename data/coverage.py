"""What a drop speaks for: days without rows inside it are zero or missing, days outside it are not its business.

Where a cadence says `each`, also for whom.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import duckdb

from data.contract import Table
from data.layout import DropPeriod
from data.places import Places
from data.text import normal
from data.upsert import Stored


@dataclass(frozen=True, slots=True)
class Covered:
    """From when to when a drop speaks (local times), in how many rows, and of which entities where each owes its share."""

    start: datetime
    end: datetime
    rows: int = 0
    entities: tuple[str, ...] = ()


def span_of(covers: Collection[Covered]) -> tuple[datetime | None, datetime | None]:
    """Return from when to when several tables speak together."""
    if not covers:
        return None, None
    return min(one.start for one in covers), max(one.end for one in covers)


def coverage(
    table: Table, period: DropPeriod | None, arrived_at: datetime, earliest: datetime | None, latest: datetime | None
) -> tuple[datetime, datetime] | None:
    """Return the start and end of what a drop speaks for; it cannot speak for what came after its arrival (local time)."""
    if table.covers != "time" and period:
        end = min(datetime.combine(period.end + timedelta(days=1), time()), datetime.combine(arrived_at.date(), time()))
        start = datetime.combine(period.start, time())
        if table.covers == "register" and earliest:
            start = min(start, datetime.combine(earliest.date(), time()))
        return (start, end) if start < end else None
    if earliest is None or latest is None:
        return None
    step = {"hour": timedelta(hours=1), "day": timedelta(days=1)}.get(table.every, timedelta(days=1))
    if table.every == "month":
        following = date(latest.year + latest.month // 12, latest.month % 12 + 1, 1)
        return earliest, datetime.combine(following, time())
    return earliest, latest + step


def spoken_for(
    con: duckdb.DuckDBPyConnection, table: Table, each: str, stored: Stored, given: Sequence[Mapping[str, str]], places: Places
) -> tuple[str, ...]:
    """Return the entities of the kind `each` that a drop speaks of: those that its names give, and those of its records."""
    name = table.column_of(each) if each else ""
    if not name:
        return ()
    texts = [one[by] for one in given if (by := table.columns[name].given) in one]
    codes = {code for text in texts if (code := places.find(each, normal(text)))}
    if stored.accepted:
        rows = con.execute(f'SELECT DISTINCT "{name}" FROM ({stored.relation}) WHERE "{name}" IS NOT NULL').fetchall()
        codes |= {str(code) for (code,) in rows}
    return tuple(sorted(codes))

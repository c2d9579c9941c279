"""Periods in SQL: how long a grain is, what a period counts, and which ones were computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# Whether the entity of roll-up `u` is there in the target period `t`, for a day of it at least.
ALIVE = "t.start::DATE <= u.last AND t.finish > u.first"


@dataclass(frozen=True, slots=True)
class Computed:
    """Which periods of an indicator were computed: every start of `grain` from `since` on may have changed."""

    indicator: str
    grain: str
    since: datetime


def interval(grain: str) -> str:
    """Return the SQL length of a period."""
    return {"quarter": "INTERVAL 3 MONTH"}.get(grain, f"INTERVAL 1 {grain.upper()}")


def within(moment: str, grain: str, reach: int) -> str:
    """Return the SQL condition that a moment counts for target `t`: its own period, or the days of its window."""
    if reach:
        return f"{moment} >= t.start - INTERVAL {reach} DAY AND {moment} < t.finish"
    return f"date_trunc('{grain}', {moment}) = t.start"

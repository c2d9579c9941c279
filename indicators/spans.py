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


def begin(reach: str) -> str:
    """Return the SQL of the moment from which on target `t` counts: its start, or so long a `reach` before it."""
    return f"t.start - {reach}" if reach else "t.start"


def within(moment: str, grain: str, reach: str) -> str:
    """Return the SQL condition that a moment counts for target `t`: its own period, or what its window reaches back to."""
    if reach:
        return f"{moment} >= {begin(reach)} AND {moment} < t.finish"
    return f"date_trunc('{grain}', {moment}) = t.start"


def entities_of(kinds: str) -> str:
    """Return SQL of the entities `u` of some kinds (listed as SQL): entity_kind, entity, is_unassigned, first and last day."""
    return f"(SELECT DISTINCT entity_kind, entity, is_unassigned, first, last FROM rollup WHERE entity_kind IN ({kinds}))"

"""Reads the past of one sign narrowly: its values, states and levels, over years in the time of a glance."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from data import engine, readings
from data.settings import Settings
from data.snapshots import Snapshot

PAST_COLUMNS = ("start", "value", "state", "level")


def past(
    settings: Settings,
    snapshot: Snapshot,
    scope: readings.Scope = readings.EVERYTHING,
    *,
    indicator: str,
    entity_kind: str,
    entity: str,
    grain: str,
    start: datetime | None = None,
) -> pd.DataFrame:
    """Return PAST_COLUMNS of one sign from `start` on, in order of time; nothing of an entity outside the scope."""
    parts = readings.files(settings, snapshot, "signs", lambda part: readings.overlaps(part, grain, start, None))
    if not parts or (scope.entities and entity not in scope.entities):
        return pd.DataFrame(columns=list(PAST_COLUMNS))
    with engine.reading() as con:
        return con.execute(
            f"SELECT {', '.join(PAST_COLUMNS)} FROM read_parquet($parts) WHERE indicator = $indicator AND entity_kind = $kind"
            " AND entity = $entity AND grain = $grain AND start >= $start ORDER BY start",
            {
                "parts": parts, "indicator": indicator, "kind": entity_kind, "entity": entity, "grain": grain,
                "start": start or datetime(1900, 1, 1),
            },
        ).df()  # fmt: skip

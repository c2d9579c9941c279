"""Reads what happened, as a snapshot tells it: the annotations that concern a sign, and public holidays, for charts and pages."""

from datetime import datetime
from typing import Any

import pandas as pd

from data import readings
from data.settings import Settings
from data.snapshots import Snapshot

HOLIDAY_COLUMNS = ("holiday", "start", "end")
ANNOTATION_COLUMNS = ("annotation", "kind", "text_zh", "text_en", "author", "start", "end", "excluded", "entities", "indicators")


def annotations(
    settings: Settings,
    snapshot: Snapshot,
    scope: readings.Scope = readings.EVERYTHING,
    *,
    indicator: str | None = None,
    entity: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> pd.DataFrame:
    """Return the annotations (ANNOTATION_COLUMNS) that concern a sign and touch `start <= day < end`, in order of time.

    `start` and `end` of a row are days, both included. `entities` and `indicators` list all that it concerns; empty: every one.
    """
    if not readings.files(settings, snapshot, "annotations"):  # an older version published it
        return pd.DataFrame(columns=list(ANNOTATION_COLUMNS))
    frame = readings.published(settings, snapshot, "annotations")
    frame = frame.assign(**{end: pd.to_datetime(frame[end]).dt.date for end in ("start", "end")})
    seen = [
        (indicator is None or _names(row.indicators, indicator))
        and (entity is None or _names(row.entities, entity.rstrip("U")))
        and (not scope.entities or any(_names(row.entities, code) for code in scope.entities))
        for row in frame.itertuples()
    ]
    frame = frame[pd.Series(seen, index=frame.index, dtype=bool)]
    if start:
        frame = frame[frame["end"] >= start.date()]
    if end:
        frame = frame[pd.to_datetime(frame["start"]) < end]
    return frame.reset_index(drop=True)


def holidays(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the public holidays of the city's calendar (HOLIDAY_COLUMNS), first and last day of each, in order of time."""
    if not readings.files(settings, snapshot, "holidays"):  # an older version published it
        return pd.DataFrame(columns=list(HOLIDAY_COLUMNS))
    return readings.published(settings, snapshot, "holidays")


def concerns(event: Any, indicator: str, entity: str) -> bool:
    """Whether a row of the annotations concerns a sign of an entity."""
    return _names(event.indicators, indicator) and _names(event.entities, entity.rstrip("U"))


def _names(listed: object, code: str) -> bool:
    return not listed or code in str(listed).split(";")

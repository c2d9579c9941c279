"""Reads what a department is told of one drop beside its ledger row: what it speaks for, and the workbook that goes back."""

from __future__ import annotations

import pandas as pd

from data import readings
from data.readings import EVERYTHING, Scope
from data.settings import Settings
from data.snapshots import Snapshot

SPOKEN_COLUMNS = ("drop", "feed", "table", "covers_from", "covers_to")


def spoken(settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, drop: str) -> pd.DataFrame:
    """Return what a drop speaks for (SPOKEN_COLUMNS), one row per table; empty where it covers nothing or may not be seen."""
    if not _feed_of(settings, snapshot, scope, drop):
        return pd.DataFrame(columns=list(SPOKEN_COLUMNS))
    files = [settings.parts / part.file for part in snapshot.parts if part.table == "coverage"]
    frame = pd.concat([pd.read_parquet(file) for file in files])
    return frame.loc[frame["drop"] == drop, list(SPOKEN_COLUMNS)].drop_duplicates(ignore_index=True)


def return_workbook(settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, drop: str) -> bytes | None:
    """Return the workbook in which the faulty rows of a drop go back; None where there is none, or none to be seen."""
    feed = _feed_of(settings, snapshot, scope, drop)
    path = settings.returns / feed / f"{drop}.xlsx"
    return path.read_bytes() if feed and path.is_file() else None


def _feed_of(settings: Settings, snapshot: Snapshot, scope: Scope, drop: str) -> str:
    """Return the feed of a drop that the scope may see, or nothing."""
    known = readings.drops(settings, snapshot, scope)
    found = known.loc[known["drop"] == drop, "feed"]
    return str(found.iloc[0]) if len(found) else ""

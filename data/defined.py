"""Reads the definitions as a snapshot keeps them: whole, with what they rest on and what rests on them."""

from __future__ import annotations

import pandas as pd

from data import readings
from data.settings import Settings
from data.snapshots import Snapshot

INDICATOR_COLUMNS = (
    "indicator", "domain", "name_zh", "name_en", "unit", "precision", "direction", "formula", "by", "per", "feed",
    "table", "day_from", "cadence", "grains", "entity_kinds", "min_n", "window_days", "window_kinds", "active_from", "active_to",
    "blue", "yellow", "orange", "red", "target", "band_low", "band_high", "owner", "pillar", "weight", "since", "version",
    "initials", "numerator_zh", "numerator_en", "denominator_zh", "denominator_en", "goalpost_low", "goalpost_high", "credibility",
    "reference", "note",
)  # fmt: skip
DEFINITION_COLUMNS = ("indicator", "body", "inputs", "derived", "tables", "columns")


def definitions(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the definitions in force at the snapshot (DEFINITION_COLUMNS), in catalogue order.

    `body` is the definition as JSON, by the keys of the grammar; `inputs` and `derived` name indicators, `tables`
    `feed.table`, `columns` `feed.table.column`, each list joined by `;`.
    """
    if not readings.files(settings, snapshot, "definitions"):  # an older version published it
        return pd.DataFrame(columns=list(DEFINITION_COLUMNS))
    return readings.published(settings, snapshot, "definitions")


def catalogue(settings: Settings, snapshot: Snapshot, *, indicator: str | None = None, feed: str | None = None) -> pd.DataFrame:
    """Return the catalogue (INDICATOR_COLUMNS) with what each rests on and carries; of one indicator, or of those that rest on a feed."""
    frame = readings.indicators(settings, snapshot).merge(definitions(settings, snapshot), on="indicator", how="left")
    if feed:
        frame = frame[[feed in str(feeds).split(";") for feeds in frame["feed"]]]
    return frame[frame["indicator"] == indicator] if indicator else frame

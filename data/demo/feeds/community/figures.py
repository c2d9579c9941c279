"""What the indicators of community life must say."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from data.demo.figures import FROM_WEEK, LONG, NONE_OF_NONE, NOTHING, Figure, Slice, counted, parts, share


def _closed(cut: Slice) -> pd.DataFrame:
    """Of the events due or closed in the period those closed in it."""
    low, high = np.datetime64(cut.start, "s"), np.datetime64(cut.end, "s")
    closed = cut.rows[(cut.rows["closed_at"] >= low) & (cut.rows["closed_at"] < high)]
    return share(counted(closed), counted(cut.rows))


def _cared_for(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["home_care", "aged"]].sum()
    return share(sums["home_care"], sums["aged"])


def _settled(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["in_time", "applied"]].sum()
    return share(sums["in_time"], sums["applied"])


def _households(cut: Slice) -> pd.DataFrame:
    """Add up the households of each community by its last report, which holds for 62 days."""
    rows = cut.rows[cut.rows["month"] >= np.datetime64(cut.end - HOLDS, "s")]
    last = rows.sort_values("month").groupby(["entity", "community"])["households"].last()
    total = last.groupby("entity").sum()
    return parts(total, total, None, last.groupby("entity").count())


def _ahead(cut: Slice) -> pd.DataFrame:
    """Return by how many points of the year's target the new jobs are ahead of the calendar."""
    highest = cut.rows.groupby("entity")[["so_far", "target"]].max()
    year = datetime(cut.start.year, 1, 1)
    elapsed = (cut.end - year) / (datetime(year.year + 1, 1, 1) - year)
    return parts(100 * (highest["so_far"] / highest["target"] - elapsed), highest["so_far"], highest["target"], highest["target"])


_COARSE, _AREAS = ("district", "street"), ("district", "street", "community")
HOLDS = timedelta(days=62)
FIGURES = (
    Figure("grid_event_close", "grid_events", ("due_at", "closed_at"), _AREAS, _closed, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("households", "welfare", ("month",), _AREAS, _households, NOTHING, lengths=LONG, running=True),
    Figure("elder_service_cover", "welfare", ("month",), _AREAS, _cared_for, NOTHING, lengths=("quarter", "year")),
    Figure("relief_ontime", "welfare", ("month",), _COARSE, _settled, NOTHING, lengths=LONG),
    Figure("jobs_progress", "jobs", ("month",), ("district",), _ahead, NOTHING, lengths=LONG),
)

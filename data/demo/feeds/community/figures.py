"""What the indicators of community life must say."""

from __future__ import annotations

import pandas as pd

from data.demo.figures import LONG, NONE_OF_NONE, NOTHING, Figure, Slice, counted, parts, share


def _in_time(cut: Slice) -> pd.DataFrame:
    return share(counted(cut.rows[cut.rows["closed_at"] <= cut.rows["due_at"]]), counted(cut.rows))


def _cared_for(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["home_care", "aged"]].sum()
    return share(sums["home_care"], sums["aged"])


def _settled(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["in_time", "applied"]].sum()
    return share(sums["in_time"], sums["applied"])


def _jobs(cut: Slice) -> pd.DataFrame:
    highest = cut.rows.groupby("entity")[["so_far", "target"]].max()
    return parts(100 * highest["so_far"] / highest["target"], highest["so_far"], highest["target"], highest["target"])


_COARSE = ("district", "street")
FIGURES = (
    Figure("grid_event_ontime", "grid_events", "due_at", (*_COARSE, "community"), _in_time, NONE_OF_NONE, lengths=("week", *LONG)),
    Figure("elder_service_cover", "welfare", "month", (*_COARSE, "community"), _cared_for, NOTHING, lengths=("quarter", "year")),
    Figure("relief_ontime", "welfare", "month", _COARSE, _settled, NOTHING, lengths=LONG),
    Figure("jobs_target_share", "jobs", "month", ("district",), _jobs, NOTHING, lengths=LONG),
)

"""What the indicators of projects and platforms must say."""

from __future__ import annotations

import pandas as pd

from data.demo.figures import LONG, NONE_OF_NONE, NOTHING, Figure, Slice, counted, parts, share


def _available(cut: Slice) -> pd.DataFrame:
    watched = cut.rows[cut.rows["down"].notna()]
    sums = watched.groupby("entity")[["planned", "down"]].sum()
    return share(sums["planned"] - sums["down"], sums["planned"])


def _in_time(cut: Slice) -> pd.DataFrame:
    return share(counted(cut.rows[cut.rows["delivered_at"] <= cut.rows["expected_at"]]), counted(cut.rows))


def _quality(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["rows", "faulty"]].sum()
    good = sums["rows"] - sums["faulty"]
    return parts(100 * good / sums["rows"].where(sums["rows"] > 0), 100 * good, sums["rows"], sums["rows"])


def _answered(cut: Slice) -> pd.DataFrame:
    return share(counted(cut.rows[cut.rows["replied_at"] <= cut.rows["due_at"]]), counted(cut.rows))


def _behind(cut: Slice) -> pd.DataFrame:
    tenths = ((cut.rows["planned"] - cut.rows["actual"]) * 10).round().clip(lower=0)
    groups = (tenths / 10).groupby(cut.rows["entity"])
    return parts(groups.max(), groups.max(), None, groups.count())


def _funded(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["funds_arrived", "funds_planned"]].sum()
    return share(sums["funds_arrived"], sums["funds_planned"])


def _rated(cut: Slice) -> pd.DataFrame:
    groups = cut.rows.groupby("entity")["score"]
    return parts(groups.mean(), groups.sum(), groups.count(), groups.count())


_PROJECTS = ("district", "project")
FIGURES = (
    Figure("sys_availability", "systems", ("day",), ("district", "system"), _available, NOTHING),
    Figure("feed_ontime", "arrivals", ("expected_at",), ("district", "dept", "feed"), _in_time, NONE_OF_NONE),
    Figure("feed_quality", "arrivals", ("expected_at",), ("district", "dept", "feed"), _quality, NONE_OF_NONE),
    Figure("share_reply_ontime", "requests", ("due_at",), ("district", "dept"), _answered, NONE_OF_NONE, lengths=LONG),
    Figure("proj_progress_dev", "projects", ("month",), _PROJECTS, _behind, NOTHING, lengths=LONG),
    Figure("proj_fund_ratio", "projects", ("month",), _PROJECTS, _funded, NOTHING, lengths=LONG),
    Figure("proj_perf", "projects", ("month",), _PROJECTS, _rated, NOTHING, lengths=("quarter", "year")),
)

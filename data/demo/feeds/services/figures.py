"""What the indicators of government services must say."""

from __future__ import annotations

import pandas as pd

from data.demo.feeds.services.simulate import BY_DEFAULT, COUNTER
from data.demo.figures import FROM_WEEK, LONG, NONE_OF_NONE, NOTHING, Figure, Slice, counted, parts, share

LEAST_GOOD = 3
"""Ratings up to this position, after the one by default, are good."""


def _online(cut: Slice) -> pd.DataFrame:
    return share(counted(cut.rows[cut.rows["channel"] != COUNTER]), counted(cut.rows))


def _ontime(cut: Slice) -> pd.DataFrame:
    return share(counted(cut.rows[cut.rows["closed_at"] <= cut.rows["due_at"]]), counted(cut.rows))


def _given(cut: Slice) -> pd.DataFrame:
    return cut.rows[cut.rows["rating"] > BY_DEFAULT]


def _good(cut: Slice) -> pd.DataFrame:
    given = _given(cut)
    return share(counted(given[given["rating"] <= LEAST_GOOD]), counted(given))


def _rated(cut: Slice) -> pd.DataFrame:
    return share(counted(_given(cut)), counted(cut.rows))


def _wait(cut: Slice) -> pd.DataFrame:
    minutes = (cut.rows["called_at"] - cut.rows["ticket_at"]).dt.total_seconds() / 60
    groups = minutes.groupby(cut.rows["entity"])
    return parts(groups.mean(), groups.sum(), groups.count(), groups.count())


def _overdue(cut: Slice) -> pd.DataFrame:
    return share(counted(cut.rows[~(cut.rows["done_at"] <= cut.rows["due_at"])]), counted(cut.rows))


_HALLS, _WORKED = ("district", "hall"), ("district", "hall", "dept")
FIGURES = (
    Figure("online_full_rate", "items", ("closed_at",), ("district", "dept"), _online, NONE_OF_NONE, lengths=LONG),
    Figure("service_ontime", "items", ("due_at",), _WORKED, _ontime, NONE_OF_NONE),
    Figure("service_good", "items", ("closed_at",), _WORKED, _good, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("service_rated", "items", ("closed_at",), _HALLS, _rated, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("hall_wait", "items", ("ticket_at",), _HALLS, _wait, NOTHING),
    Figure("doc_overdue", "documents", ("due_at",), ("district", "dept"), _overdue, NONE_OF_NONE, lengths=FROM_WEEK),
)

"""What the indicators of urban cases must say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.figures import FROM_WEEK, NONE_COUNTED, NONE_OF_NONE, Figure, Slice, counted, parts, share

MANHOLE = 8
"""The place of 井盖缺损 among the items."""


def _cases(cut: Slice) -> pd.DataFrame:
    cases = counted(cut.rows)
    return parts(cases, cases, None, cases)


def _overdue(cut: Slice) -> pd.DataFrame:
    """Count what was due before the end and not closed before it, by what is known now; due_at cuts the rows."""
    end = np.datetime64(cut.end, "s")
    rows = cut.rows[~(cut.rows["closed_at"] < end) & (cut.rows["deferred"] != 1)]
    return _cases(Slice(rows, cut.start, cut.end, cut.entity_kind, cut.reference))


def _manholes(cut: Slice) -> pd.DataFrame:
    """Count the manholes that were reported before the end and not made safe before it; opened_at cuts the rows."""
    rows = cut.rows[~(cut.rows["closed_at"] < np.datetime64(cut.end, "s")) & (cut.rows["item"] == MANHOLE)]
    return _cases(Slice(rows, cut.start, cut.end, cut.entity_kind, cut.reference))


def _in_time(cut: Slice) -> pd.DataFrame:
    """Of the cases due or closed in the period those that were closed by their limit."""
    return share(counted(cut.rows[cut.rows["closed_at"] <= cut.rows["due_at"]]), counted(cut.rows))


def _reworked(cut: Slice) -> pd.DataFrame:
    return share(counted(cut.rows[cut.rows["rework_count"] > 0]), counted(cut.rows))


_WORKED = ("district", "street", "dept")
_AREAS, _COARSE = ("district", "street", "community"), ("district", "street")
FIGURES = (
    Figure("cg_case_volume", "cases", ("opened_at",), _AREAS, _cases, NONE_COUNTED),
    Figure("cg_overdue_open", "cases", ("due_at",), _WORKED, _overdue, NONE_COUNTED, running=True),
    Figure("cg_ontime_close", "cases", ("due_at", "closed_at"), _WORKED, _in_time, NONE_OF_NONE, window=("street", "dept")),
    Figure("cg_rework", "cases", ("due_at", "closed_at"), ("district", "dept"), _reworked, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("manhole_open", "cases", ("opened_at",), _COARSE, _manholes, NONE_COUNTED, running=True),
)

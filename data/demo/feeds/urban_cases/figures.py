"""What the indicators of urban cases must say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.figures import NONE_COUNTED, Figure, Slice, counted, parts

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


_AREAS, _COARSE = ("district", "street", "community"), ("district", "street")
FIGURES = (
    Figure("cg_case_volume", "cases", "opened_at", _AREAS, _cases, NONE_COUNTED),
    Figure("cg_overdue_open", "cases", "due_at", _COARSE, _overdue, NONE_COUNTED, running=True),
    Figure("manhole_open", "cases", "opened_at", _COARSE, _manholes, NONE_COUNTED, running=True),
)

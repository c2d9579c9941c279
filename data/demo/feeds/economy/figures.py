"""What the indicators of the economy must say."""

from __future__ import annotations

import pandas as pd

from data.demo.figures import LONG, NOTHING, Figure, Slice, parts

BUDGET_REVENUE = 6
"""The place of 一般公共预算收入 among the figures of the bulletin."""


def _total(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    groups = rows.groupby("entity")[column]
    total = groups.sum(min_count=1)
    return parts(total, total, None, groups.count())


def _revenue(cut: Slice) -> pd.DataFrame:
    return _total(cut.rows[cut.rows["figure"] == BUDGET_REVENUE], "month_amount")


def _new(cut: Slice) -> pd.DataFrame:
    return _total(cut.rows, "new_count")


def _vacancy(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["vacant_space", "office_space"]].sum()
    return parts(100 * sums["vacant_space"] / sums["office_space"], sums["vacant_space"], sums["office_space"], sums["office_space"])


FIGURES = (
    Figure("budget_revenue", "monthly", "month_end", ("district",), _revenue, NOTHING, lengths=LONG[1:]),
    Figure("entity_new", "entities", "reported_month", ("district",), _new, NOTHING, lengths=LONG),
    Figure("office_vacancy", "buildings", "quarter_end", ("district", "street", "building"), _vacancy, NOTHING, lengths=LONG[1:]),
)

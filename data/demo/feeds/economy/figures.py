"""What the indicators of the economy must say."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from data.demo.figures import LONG, NOTHING, Figure, Slice, parts

GDP, INDUSTRY, INVESTMENT, RETAIL, BUDGET_REVENUE, TAX, ELECTRICITY, FOREIGN = 0, 2, 3, 4, 6, 7, 9, 11
"""The places of the headline figures in the bulletin."""


def _total(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    groups = rows.groupby("entity")[column]
    total = groups.sum(min_count=1)
    return parts(total, total, None, groups.count())


def _last(cut: Slice, figure: int) -> pd.DataFrame:
    """Return what the last bulletin of the period says of a figure, by entity."""
    rows = cut.rows[cut.rows["figure"] == figure].sort_values("month_end")
    return rows.groupby("entity").last()


def _published(figure: int) -> Callable[[Slice], pd.DataFrame]:
    """Return the growth as it was published: at constant prices, so that it cannot be computed again."""

    def compute(cut: Slice) -> pd.DataFrame:
        growth = _last(cut, figure)["growth"]
        return parts(growth, growth, None, growth.notna())

    return compute


def _to_date(figure: int) -> Callable[[Slice], pd.DataFrame]:
    """Return what has come in since January over what had by the same month of the year before."""

    def compute(cut: Slice) -> pd.DataFrame:
        last = _last(cut, figure)
        return parts(100 * (last["to_date"] / last["last_year"] - 1), last["to_date"], last["last_year"], 1)

    return compute


def _electricity(cut: Slice) -> pd.DataFrame:
    return _total(cut.rows[cut.rows["figure"] == ELECTRICITY], "month_amount")


def _new(cut: Slice) -> pd.DataFrame:
    return _total(cut.rows, "new_count")


def _closed(cut: Slice) -> pd.DataFrame:
    return _total(cut.rows, "closed_count")


def _growth(rows: pd.DataFrame, cut: Slice, by: str, column: str) -> pd.DataFrame:
    """Compare the sum of a period with that of the same months of the year before, by entity; `rows` run back to then."""
    ends, ago = (pd.Timestamp(cut.start), pd.Timestamp(cut.end)), pd.DateOffset(years=1)
    spans = (ends, (ends[0] - ago, ends[1] - ago))
    now, then = (rows[(rows[by] >= low) & (rows[by] < high)].groupby("entity")[column].sum(min_count=1) for low, high in spans)
    base = then.reindex(now.index)
    return parts(100 * (now / base - 1), now, base, base)


def _new_growth(cut: Slice) -> pd.DataFrame:
    return _growth(cut.rows, cut, "reported_month", "new_count")


def _electricity_growth(cut: Slice) -> pd.DataFrame:
    return _growth(cut.rows[cut.rows["figure"] == ELECTRICITY], cut, "month_end", "month_amount")


def _vacancy(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["vacant_space", "office_space"]].sum()
    return parts(100 * sums["vacant_space"] / sums["office_space"], sums["vacant_space"], sums["office_space"], sums["office_space"])


FIGURES = (
    Figure("gdp_growth", "monthly", ("month_end",), ("district",), _published(GDP), NOTHING, lengths=LONG[1:]),
    Figure("budget_rev_growth", "monthly", ("month_end",), ("district",), _to_date(BUDGET_REVENUE), NOTHING, lengths=LONG),
    Figure("retail_growth", "monthly", ("month_end",), ("district",), _published(RETAIL), NOTHING, lengths=LONG),
    Figure("entity_new", "entities", ("reported_month",), ("district", "street"), _new, NOTHING, lengths=LONG),
    Figure("entity_new_growth", "entities", ("reported_month",), ("district", "street"), _new_growth, NOTHING, lengths=LONG, running=True),
    Figure("elec_use_growth", "monthly", ("month_end",), ("district",), _electricity_growth, NOTHING, lengths=LONG, running=True),
    Figure("elec_use", "monthly", ("month_end",), ("district",), _electricity, NOTHING, lengths=LONG),
    Figure("industry_growth", "monthly", ("month_end",), ("district",), _published(INDUSTRY), NOTHING, lengths=LONG),
    Figure("invest_growth", "monthly", ("month_end",), ("district",), _published(INVESTMENT), NOTHING, lengths=LONG),
    Figure("foreign_growth", "monthly", ("month_end",), ("district",), _published(FOREIGN), NOTHING, lengths=LONG),
    Figure("tax_growth", "monthly", ("month_end",), ("district",), _to_date(TAX), NOTHING, lengths=LONG),
    Figure("entity_closed", "entities", ("reported_month",), ("district", "street"), _closed, NOTHING, lengths=LONG),
    Figure("office_vacancy", "buildings", ("quarter_end",), ("district", "street", "building"), _vacancy, NOTHING, lengths=LONG[1:]),
)

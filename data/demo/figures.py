"""What a figure is: how an indicator's value, numerator, denominator and n come out of the records of a period, by entity.

Apart from the product's own engine: plain pandas over whole records, nothing read from the indicator definitions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from data.demo.periods import DAY, Period
from data.register import Reference

SUMMER = set(range(4, 11))
LONGEST_WINTER_DAYS = 152
ALL_LENGTHS = ("day", "week", "month", "quarter", "year")
FROM_WEEK = ("week", "month", "quarter", "year")
LONG = ("month", "quarter", "year")
Parts = dict[str, float | None]
NOTHING: Parts = {"value": None, "numerator": None, "denominator": None, "n": 0}
NONE_COUNTED: Parts = {"value": 0, "numerator": 0, "denominator": None, "n": 0}
NONE_OF_NONE: Parts = {"value": None, "numerator": 0, "denominator": 0, "n": 0}


@dataclass(frozen=True, slots=True)
class Slice:
    """The records of one period, with the column `entity`."""

    rows: pd.DataFrame
    start: datetime
    end: datetime
    entity_kind: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator over one table; `by` places a record in time, `grain` names the kinds of entity.

    Of several times a record counts once in each period that one falls in. `without_rows` is the figure of an entity without
    rows in a period that drops have covered. `window` names the kinds whose day is told over seven days, being too thin alone,
    `running` looks at everything since the beginning, `heating` is told in that season only.
    """

    indicator: str
    table: str
    by: tuple[str, ...]
    grain: tuple[str, ...]
    compute: Callable[[Slice], pd.DataFrame]
    without_rows: Parts | Callable[[Slice, str], Parts]
    lengths: tuple[str, ...] = ALL_LENGTHS
    window: tuple[str, ...] = ()
    running: bool = False
    heating: bool = False

    def reach(self, kind: str, length: str) -> timedelta:
        """Return how long before a period of that length the figure of a kind of entity begins."""
        if kind in self.window and length == "day":
            return 6 * DAY
        return 0 * DAY

    def in_season(self, period: Period) -> bool:
        """Say whether the whole period lies between 1 November and 31 March, where that matters."""
        last = period.end - DAY
        spans_summer = (period.end - period.start).days > LONGEST_WINTER_DAYS
        return not self.heating or not (spans_summer or {period.start.month, last.month} & SUMMER)

    def empty(self, cut: Slice, entity: str) -> Parts:
        """Return the figure of an entity without rows in a period that drops have covered."""
        return self.without_rows if isinstance(self.without_rows, dict) else self.without_rows(cut, entity)


def parts(value: pd.Series, numerator: object, denominator: object, n: object) -> pd.DataFrame:
    """Return figures by entity, as `value` has them."""
    return pd.DataFrame({"value": value, "numerator": numerator, "denominator": denominator, "n": n}, index=value.index)


def counted(rows: pd.DataFrame) -> pd.Series:
    """Count the rows of each entity."""
    return rows.groupby("entity").size()


def share(numerator: pd.Series, denominator: pd.Series) -> pd.DataFrame:
    """Return `numerator` as a percentage of `denominator`, which is also n; an entity that lacks the former has 0."""
    above = numerator.reindex(denominator.index, fill_value=0)
    return parts(100 * above / denominator.where(denominator > 0), above, denominator, denominator)


def of_sums(above: str, below: str, times: float = 100) -> Callable[[Slice], pd.DataFrame]:
    """Return the figure of one summed column by another, `times` as large; missing values stand in neither."""

    def compute(cut: Slice) -> pd.DataFrame:
        groups = cut.rows.groupby("entity")
        over, under = groups[above].sum(min_count=1), groups[below].sum(min_count=1)
        return parts(times * over / under.where(under > 0), over, under, groups[below].count())

    return compute


def total(column: str) -> Callable[[Slice], pd.DataFrame]:
    """Return the figure that sums one column."""

    def compute(cut: Slice) -> pd.DataFrame:
        groups = cut.rows.groupby("entity")[column]
        return parts(groups.sum(min_count=1), groups.sum(min_count=1), None, groups.count())

    return compute


def weighted_mean(value: str, weight: str) -> Callable[[Slice], pd.DataFrame]:
    """Return the mean of one column, each value as often as another column says; a row without a value has no weight."""

    def compute(cut: Slice) -> pd.DataFrame:
        known = cut.rows[cut.rows[value].notna()]
        groups = known.assign(over=known[value] * known[weight]).groupby("entity")
        over, under = groups["over"].sum(min_count=1), groups[weight].sum(min_count=1)
        return parts(over / under.where(under > 0), over, under, groups[weight].count())

    return compute


def residents(cut: Slice, entity: str) -> float | None:
    """Return the residents valid on the first day of the period."""
    return measured(cut, "residents", entity)


def measured(cut: Slice, measure: str, entity: str) -> float | None:
    """Return a measure of an entity that is valid on the first day of the period."""
    known = (value for value in cut.reference.measures if value.measure == measure and value.entity == entity)
    valid = [value for value in known if value.valid_from <= cut.start.date()]
    return max(valid, key=lambda value: value.valid_from).value if valid else None

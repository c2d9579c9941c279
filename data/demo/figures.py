"""How each indicator's figure comes out of the records of a period: value, numerator, denominator and n by entity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.demo.periods import DAY, Period
from data.register import Reference

HEATING_THEME = 0
SUMMER = set(range(4, 11))
LONGEST_WINTER_DAYS = 152
ALL_LENGTHS = ("day", "week", "month", "quarter", "year")
LONG = ("month", "quarter", "year")
NOTHING: dict[str, float | None] = {"value": None, "numerator": None, "denominator": None, "n": 0}
NONE_COUNTED: dict[str, float | None] = {"value": 0, "numerator": 0, "denominator": None, "n": 0}
NONE_OF_NONE: dict[str, float | None] = {"value": None, "numerator": 0, "denominator": 0, "n": 0}


@dataclass(frozen=True, slots=True)
class Slice:
    """The records of one period, with the column `entity`."""

    rows: pd.DataFrame
    start: date
    end: date
    entity_kind: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator. `running` looks at everything since the beginning; `heating` is told in that season only."""

    indicator: str
    feed: str
    by: str
    grain: tuple[str, ...]
    compute: Callable[[Slice], pd.DataFrame]
    without_rows: dict[str, float | None]
    lengths: tuple[str, ...] = ALL_LENGTHS
    window: bool = False
    running: bool = False
    heating: bool = False

    def in_season(self, period: Period) -> bool:
        """Say whether the whole period lies between 1 November and 31 March, where that matters."""
        last = period.end - DAY
        spans_summer = (period.end - period.start).days > LONGEST_WINTER_DAYS
        return not self.heating or not (spans_summer or {period.start.month, last.month} & SUMMER)

    def empty(self, cut: Slice, entity: str) -> dict[str, float | None]:
        """Return the figure of an entity without rows in a period that drops have covered."""
        match self.indicator:
            case "hotline_10k":
                return {"value": 0, "numerator": 0, "denominator": _residents(cut, entity), "n": 0}
            case "air_valid_share":
                expected = _expected(cut)
                return {"value": 0, "numerator": 0, "denominator": expected, "n": expected}
        return self.without_rows


def _frame(value: pd.Series, numerator: object, denominator: object, n: object) -> pd.DataFrame:
    return pd.DataFrame({"value": value, "numerator": numerator, "denominator": denominator, "n": n}, index=value.index)


def _distinct(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("entity")["order"].nunique()


def _counted(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("entity").size()


def _ratio(numerator: pd.Series, denominator: pd.Series) -> pd.DataFrame:
    above = numerator.reindex(denominator.index, fill_value=0)
    return _frame(100 * above / denominator.where(denominator > 0), above, denominator, denominator)


def _volume(cut: Slice) -> pd.DataFrame:
    orders = _distinct(cut.rows)
    return _frame(orders, orders, None, _counted(cut.rows))


def _heating(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["theme"] == HEATING_THEME]


def _heat_orders(cut: Slice) -> pd.DataFrame:
    heating = _heating(cut.rows)
    orders = _distinct(heating)
    return _frame(orders, orders, None, _counted(heating))


def _residents(cut: Slice, entity: str) -> float | None:
    """Return the residents valid on the first day of the period."""
    valid = [value for value in cut.reference.measures if value.entity == entity and value.valid_from <= cut.start]
    return max(valid, key=lambda value: value.valid_from).value if valid else None


def _per_10k(cut: Slice) -> pd.DataFrame:
    orders = _distinct(cut.rows)
    residents = pd.Series({entity: _residents(cut, entity) for entity in orders.index}, dtype=float)
    return _frame(orders / residents * 10_000, orders, residents, _counted(cut.rows))


def _ontime(cut: Slice) -> pd.DataFrame:
    in_time = cut.rows[cut.rows["closed_at"] <= cut.rows["due_at"]]
    return _ratio(_distinct(in_time), _distinct(cut.rows))


def _heat_share(cut: Slice) -> pd.DataFrame:
    return _ratio(_distinct(_heating(cut.rows)), _distinct(cut.rows))


def _close_p90(cut: Slice) -> pd.DataFrame:
    hours = (cut.rows["closed_at"] - cut.rows["received_at"]).dt.total_seconds() / 3600
    groups = hours.groupby(cut.rows["entity"])
    return _frame(groups.agg(lambda one: np.quantile(one, 0.9)), None, None, groups.size())


def _cases(cut: Slice) -> pd.DataFrame:
    counted = _counted(cut.rows)
    return _frame(counted, counted, None, counted)


def _overdue(cut: Slice) -> pd.DataFrame:
    """Count what was due before the end and not closed before it, by what is known now; due_at cuts the rows."""
    end = np.datetime64(cut.end, "s")
    rows = cut.rows[~(cut.rows["closed_at"] < end) & (cut.rows["deferred"] != 1)]
    return _cases(Slice(rows, cut.start, cut.end, cut.entity_kind, cut.reference))


def _pm25(cut: Slice) -> pd.DataFrame:
    tenths = (cut.rows["pm25"] * 10).round()
    groups = tenths.groupby(cut.rows["entity"])
    total, count = groups.sum() / 10, groups.count()
    return _frame(total / count.where(count > 0), total, count, count)


def _aqi_max(cut: Slice) -> pd.DataFrame:
    groups = cut.rows.groupby("entity")["aqi"]
    return _frame(groups.max(), None, None, groups.count())


def _good_air(cut: Slice) -> pd.DataFrame:
    days = cut.rows.groupby(["entity", cut.rows["hour"].dt.floor("D")])["aqi"].agg(["max", "count"]).reset_index()
    valid = days[days["count"] >= 20]
    return _ratio(valid[valid["max"] <= 100].groupby("entity").size(), valid.groupby("entity").size())


def _expected(cut: Slice) -> int:
    stations = len(cut.reference.of_kind("station")) if cut.entity_kind == "district" else 1
    return (cut.end - cut.start).days * 24 * stations


def _valid_share(cut: Slice) -> pd.DataFrame:
    valid = cut.rows.groupby("entity")["pm25"].count()
    expected = _expected(cut)
    return _frame(100 * valid / expected, valid, expected, expected)


_AREAS, _COARSE, _AIR = ("district", "street", "community"), ("district", "street"), ("district", "station")
FIGURES = (
    Figure("hotline_volume", "hotline", "received_at", _AREAS, _volume, NONE_COUNTED),
    Figure("hotline_10k", "hotline", "received_at", _COARSE, _per_10k, NONE_COUNTED),
    Figure("hotline_ontime", "hotline", "due_at", _COARSE, _ontime, NONE_OF_NONE, window=True),
    Figure("hotline_close_p90", "hotline", "closed_at", _COARSE, _close_p90, NOTHING, window=True),
    Figure("heat_orders", "hotline", "received_at", _AREAS, _heat_orders, NONE_COUNTED, heating=True),
    Figure("heat_share", "hotline", "received_at", _COARSE, _heat_share, NONE_OF_NONE, heating=True),
    Figure("cg_case_volume", "urban_cases", "opened_at", _AREAS, _cases, NONE_COUNTED),
    Figure("cg_overdue_open", "urban_cases", "due_at", _COARSE, _overdue, NONE_COUNTED, running=True),
    Figure("pm25_day", "environment", "hour", _AIR, _pm25, NOTHING),
    Figure("aqi_max", "environment", "hour", _AIR, _aqi_max, NOTHING),
    Figure("good_air_ratio", "environment", "hour", _AIR, _good_air, NOTHING, lengths=LONG),
    Figure("air_valid_share", "environment", "hour", _AIR, _valid_share, NOTHING),
)

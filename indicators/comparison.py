"""Compares figures with earlier periods: the preceding one, the same weekday, last year's, and the year up to now.

Rules (domain reference 4.3): a rate changes by percentage points, a score by points, everything else by per cent. Nothing to
compare with is `no_base`; a base of 0 is `base_zero`, one below 0 `base_negative`, never infinity; beside each change
stands the difference in the unit of the sign. What is 0 at the declared precision has not changed.

Columns (COLUMNS): change_, difference_, change_..reason and change_..basis against the preceding period (prev), the same weekday
(week) and last year (year); change_unit; change_year_vintage, that of last year's figure; value_to_date and change_to_date.
A basis is marks joined by commas: those of `bases`, `daily_mean` (months of unequal length are compared by the day), `merged`
(January and February are one) and `small` (counts so small that their difference says more than per cent).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from data import periods
from data.festivals import Festivals
from indicators.baselines import Array
from indicators.bases import year_bases
from indicators.judgement import half_up, twelve_digits

if TYPE_CHECKING:
    from data.register import Reference
    from indicators.definition import Definition

Texts = npt.NDArray[np.object_]
RATE_UNITS = frozenset({"%", "百分点"})
JANUARY, FEBRUARY, MARCH = 1, 2, 3
SCORE_UNITS = frozenset({"分", "‰"})
NUMBERS = ("change_prev", "change_week", "change_year", "difference_prev", "difference_week", "difference_year",
           "value_to_date", "change_to_date")  # fmt: skip
COLUMNS = (*NUMBERS, "change_unit", "change_reason", "change_week_reason", "change_year_reason", "change_basis", "change_week_basis",
           "change_year_basis", "change_year_vintage")  # fmt: skip


def change_unit(unit: str, told: str | None = None) -> str:
    """Return the unit of a change: `points` for rates, the unit itself for scores and where a difference is asked for, else `%`."""
    if unit in RATE_UNITS:
        return "points"
    return unit if told == "difference" or (unit in SCORE_UNITS and told is None) else "%"


def change(values: Array, base: Array, unit: str, told: str | None = None) -> tuple[Array, Texts]:
    """Return (change, reason) of figures in `unit`, in `change_unit`; the reason is empty where the change stands."""
    missing = np.isnan(values) | np.isnan(base)
    reason = np.where(missing, "no_base", "").astype(object)
    if change_unit(unit, told) != "%":
        return values - base, reason
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.where(base > 0, (values - base) / base * 100, np.nan)
    reason[~missing & (base == 0)] = "base_zero"
    reason[~missing & (base < 0)] = "base_negative"
    return np.where(missing, np.nan, result), reason


def changes(
    one: Definition, grain: str, starts: Sequence[datetime], fields: dict[str, Array], vintages: Texts, reference: Reference
) -> dict[str, Any]:
    """Return COLUMNS as arrays (entities x periods); `fields` hold value, numerator and denominator, NaN where none is told."""
    return _Compared(one, grain, starts, fields, vintages, reference).columns()


def compared_anew(one: Definition, sign: dict[str, Any], base: float, vintage: str) -> dict[str, Any]:
    """Return the columns against last year of one sign when its base is another figure of the same period.

    Months that are told with another, or by the day, are left as they are: nothing is returned.
    """
    if {"merged", "daily_mean"} & set(str(sign["change_year_basis"]).split(",")):
        return {}
    size, reason = change(np.array([sign["value"]]), np.array([base]), one.spec.unit, one.spec.comparison.change)
    difference = float(twelve_digits(np.array([sign["value"] - base]))[0])
    if half_up(np.array([difference]), one.spec.precision)[0] == 0 and not reason[0]:
        size[0] = 0.0
    names = ("change_year", "difference_year", "change_year_reason", "change_year_vintage")
    return dict(zip(names, (float(size[0]), difference, reason[0] or None, vintage), strict=True))


class _Compared:
    """One sign's figures of one grain, and how they are set against each other."""

    def __init__(
        self, one: Definition, grain: str, starts: Sequence[datetime], fields: dict[str, Array], vintages: Texts, reference: Reference
    ) -> None:
        self.one, self.grain, self.starts, self.fields, self.vintages = one, grain, starts, fields, vintages
        self.terms, self.values = one.spec.comparison, fields["value"]
        self.small = reference.city.comparison.small_count
        self.festivals = Festivals(reference.festivals)
        self.unit = change_unit(one.spec.unit, self.terms.change)
        self.place = {start: index for index, start in enumerate(starts)}
        self.merges = grain == "month" and self.terms.january_with_february
        counts = one.formula.is_count and not one.formula.backlog
        self.by_day = grain == "month" and self.unit == "%" and (counts if self.terms.daily_mean is None else self.terms.daily_mean)

    def columns(self) -> dict[str, Any]:
        before = [periods.step(start, self.grain, -1) for start in self.starts]
        week = [start - timedelta(days=7) for start in self.starts] if self.grain in {"hour", "day"} else self.starts
        year, marks = zip(*year_bases(self.starts, self.grain, self.festivals), strict=True) if self.starts else ((), ())
        found: dict[str, Any] = {"change_unit": np.full(self.values.shape, self.unit, dtype=object)}
        found |= self._against("prev", before, [""] * len(before), self.values)
        found |= self._against("week", week, [""] * len(week), self.values)
        if self.grain not in {"hour", "day"}:
            self._hide(found, "week", np.ones(len(self.starts), dtype=bool), "no_base")
        found |= self._against("year", year, marks, self._with_january() if self.merges else self.values)
        if self.merges:
            told_with = np.array([start.month for start in self.starts])
            for name, months in (("prev", (JANUARY, FEBRUARY, MARCH)), ("year", (JANUARY,))):
                self._hide(found, name, np.isin(told_with, months), "merged")
        index = np.array([self.place.get(start, -1) for start in year], dtype=int)
        found["change_year_vintage"] = np.broadcast_to(self.vintages[index], self.values.shape).copy()
        found["change_year_vintage"][np.isnan(found["difference_year"])] = None
        return found | self._year_to_date(year)

    def _against(self, name: str, bases: Sequence[datetime], marks: Sequence[str], values: Array) -> dict[str, Any]:
        """Return change, difference, reason and basis against the periods that start at `bases`."""
        index = np.array([self.place.get(start, -1) for start in bases], dtype=int)
        base = np.where(index >= 0, values[:, index], np.nan) if len(index) else values
        days, days_of_base = self._days(self.starts), self._days(bases)
        unequal = self.by_day & (days != days_of_base)
        of, to = values / np.where(unequal, days, 1), base / np.where(unequal, days_of_base, 1)
        size, reason = change(of, to, self.one.spec.unit, self.terms.change)
        difference = twelve_digits(values - base)
        size[~unequal & (half_up(difference, self.one.spec.precision) == 0) & (reason == "")] = 0.0
        known = ~np.isnan(difference)
        small = known & self._is_small(values, base)
        basis = np.full(values.shape, None, dtype=object)
        merged = np.array([self.merges and name == "year" and start.month == FEBRUARY for start in self.starts], dtype=bool)
        for mark, where in (*((one, np.array([mark == one for mark in marks], dtype=bool)) for one in sorted(set(marks) - {""})),
                            ("merged", merged), ("daily_mean", unequal), ("small", small)):  # fmt: skip
            told = known & where
            basis[told] = [f"{said},{mark}" if said else mark for said in basis[told]]
        reason[reason == ""] = None
        infix = "" if name == "prev" else f"_{name}"
        return {f"change_{name}": size, f"difference_{name}": difference, f"change{infix}_reason": reason, f"change{infix}_basis": basis}

    def _days(self, starts: Sequence[datetime]) -> npt.NDArray[np.int64]:
        """Return the days that each period holds; with January, February holds those of both."""
        if not self.by_day:
            return np.ones(len(starts), dtype=np.int64)
        firsts = [start.replace(month=JANUARY) if self.merges and start.month == FEBRUARY else start for start in starts]
        return np.array([(periods.step(start, "month") - first).days for start, first in zip(starts, firsts, strict=True)], dtype=np.int64)

    def _is_small(self, values: Array, base: Array) -> npt.NDArray[np.bool_]:
        """Whether the figures count things, and few of them."""
        spec = self.one.spec
        if self.unit != "%" or self.one.formula.denominator is not None or spec.per or spec.precision:
            return np.zeros(values.shape, dtype=bool)
        return np.fmin(np.abs(values), np.abs(base)) < self.small

    def _with_january(self) -> Array:
        """Return the figures with January in February's."""
        groups = [[place] for place in range(len(self.starts))]
        for place, start in enumerate(self.starts):
            january = self.place.get(start.replace(month=JANUARY))
            if start.month == FEBRUARY and january is not None:
                groups[place].insert(0, january)
        return self._together(groups)

    def _year_to_date(self, year: Sequence[datetime]) -> dict[str, Array]:
        """Return value_to_date and change_to_date: from the first period of the year on, none of which may lack."""
        none = np.full(self.values.shape, np.nan)
        if not self.terms.year_to_date or self.grain not in {"month", "quarter"}:
            return {"value_to_date": none, "change_to_date": none}
        groups = []
        for place, start in enumerate(self.starts):
            wanted = [start.replace(month=month) for month in range(1, start.month + 1, 3 if self.grain == "quarter" else 1)]
            groups.append([self.place[one] for one in wanted] if all(one in self.place for one in wanted) else [place, -1])
        values = self._together(groups)
        index = np.array([self.place.get(start, -1) for start in year], dtype=int)
        base = np.where(index >= 0, values[:, index], np.nan) if len(index) else values
        size, reason = change(values, base, self.one.spec.unit, self.terms.change)
        size[(half_up(values - base, self.one.spec.precision) == 0) & (reason == "")] = 0.0
        return {"value_to_date": values, "change_to_date": size}

    def _together(self, groups: list[list[int]]) -> Array:
        """Return one figure of each group of periods; where January is told with February, it alone may lack."""
        value, above, below = (self.fields[name] for name in ("value", "numerator", "denominator"))
        result = np.full(value.shape, np.nan)
        for place, group in enumerate(groups):
            if -1 in group:
                continue
            needed = [one for one in group if not (self.merges and len(group) > 1 and self.starts[one].month == JANUARY)]
            if self.one.formula.denominator is None:
                found = np.nansum(value[:, group], axis=1)
            else:
                scale = 100.0 if self.one.formula.is_ratio and self.one.spec.unit == "%" else 1.0
                with np.errstate(divide="ignore", invalid="ignore"):
                    found = scale * np.nansum(above[:, group], axis=1) / np.nansum(below[:, group], axis=1)
            result[:, place] = np.where(np.isnan(value[:, needed]).any(axis=1), np.nan, found)
        return twelve_digits(result)

    @staticmethod
    def _hide(found: dict[str, Any], name: str, where: npt.NDArray[np.bool_], reason: str) -> None:
        infix = "" if name == "prev" else f"_{name}"
        for column in (f"change_{name}", f"difference_{name}"):
            found[column][:, where] = np.nan
        found[f"change{infix}_reason"][:, where], found[f"change{infix}_basis"][:, where] = reason, None

"""Festivals that move over the calendar, such as those of the lunar year: when each lay, and what stands for what a year before.

Rows of the table: festival,first,day,last,source. `day` is the festival's own day, `first` and `last` the days of the year's
life that follow it (腊月廿三 to 正月十五); days of two years are compared by their distance from `day`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from data.problems import Problem

_A_YEAR_AND_A_MONTH = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Festival:
    """One year's festival; its days reach from `first` to `last`, both included."""

    festival: str
    first: date
    day: date
    last: date


class Festivals:
    """The festivals of a city, ready for look-ups."""

    def __init__(self, festivals: Sequence[Festival]) -> None:
        """Index every day of every festival, and each festival's own day."""
        self._of: dict[date, Festival] = {}
        for one in festivals:
            for place in range((one.last - one.first).days + 1):
                self._of.setdefault(one.first + timedelta(days=place), one)
        self._before = {
            after: before
            for after in festivals
            for before in festivals
            if before.festival == after.festival and timedelta(0) < after.day - before.day < _A_YEAR_AND_A_MONTH
        }

    def holds(self, day: date) -> bool:
        """Whether a day belongs to a festival."""
        return day in self._of

    def is_own(self, day: date) -> bool:
        """Whether a day is the festival's own."""
        return day in self._of and self._of[day].day == day

    def year_before(self, day: date) -> date | None:
        """Return the day of last year's festival that lies as far from its own day; None outside, or where that year is not known."""
        now = self._of.get(day)
        before = self._before.get(now) if now else None
        return day - (now.day - before.day) if now and before else None


def festival_of(row: dict[str, str]) -> Festival:
    """Return a row of the table; raises KeyError or ValueError."""
    one = Festival(row["festival"], *(date.fromisoformat(row[name]) for name in ("first", "day", "last")))
    if not one.first <= one.day <= one.last:
        msg = f"first {one.first}, day {one.day}, last {one.last}, wanted in this order"
        raise ValueError(msg)
    return one


def check_festivals(festivals: Sequence[Festival], lines: dict[int, int], file: str) -> Iterator[Problem]:
    """Festivals follow each other, so that each day belongs to one."""
    for place, (before, after) in enumerate(pairwise(festivals), start=1):
        if after.first <= before.last:
            yield Problem(file, lines[place], "first", str(after.first), f"a day after {before.last}")

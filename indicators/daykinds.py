"""Tells ordinary days from the others: a festival's, public holidays and make-up workdays, each beside its like of former years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from data.festivals import Festival
from data.register import Day

ORDINARY, ANY_WORKDAY = 0, 7
_SUNDAY = 6
_MAKE_UP = ("make-up workday",)


@dataclass(frozen=True, slots=True)
class DayKinds:
    """Of each day in a row without holes: its kind and its rhythm.

    `kind` is 0 of an ordinary day; days of the same other number are each other's like in different years. `rhythm` is
    the weekday (Monday is 0) that a day goes by: a public holiday goes by Sunday, a make-up workday by all workdays (7).
    """

    first_weekday: int
    kind: npt.NDArray[np.int64]
    rhythm: npt.NDArray[np.int64]

    @property
    def special(self) -> npt.NDArray[np.bool_]:
        """Days that teach nothing about ordinary ones."""
        return np.not_equal(self.kind, ORDINARY)


def day_kinds(first: date, count: int, calendar: Sequence[Day], festivals: Sequence[Festival] = ()) -> DayKinds:
    """Return the kinds of `count` days from `first` on.

    A day of a festival's span is like that of the same distance from the festival's own day, whatever its date; another
    public holiday is like the same day of the same holiday; make-up workdays are like each other.
    """
    likes = _likes(calendar, festivals)
    off = {day.date for day in calendar if day.holiday and not day.is_workday}
    made_up = {day.date for day in calendar if day.holiday and day.is_workday}
    days = [first + timedelta(days=place) for place in range(count)]
    numbers = {like: number for number, like in enumerate(sorted(set(likes.values()), key=str), start=1)}
    kind = np.array([numbers[likes[day]] if day in likes else ORDINARY for day in days], dtype=np.int64)
    rhythm = [_SUNDAY if day in off else ANY_WORKDAY if day in made_up else day.weekday() for day in days]
    return DayKinds(first.weekday(), kind, np.array(rhythm, dtype=np.int64))


def _likes(calendar: Sequence[Day], festivals: Sequence[Festival]) -> dict[date, tuple[object, ...]]:
    """Return what each day that is not ordinary is like."""
    likes: dict[date, tuple[object, ...]] = {}
    before, place = "", 0
    for day in calendar:
        name = day.holiday if not day.is_workday else ""
        place = place + 1 if name and name == before else 0
        before = name
        if name:
            likes[day.date] = (name, place)
        elif day.holiday:
            likes[day.date] = _MAKE_UP
    for one in festivals:
        for place in range((one.last - one.first).days + 1):
            day_of_it = one.first + timedelta(days=place)
            likes[day_of_it] = (one.festival, (day_of_it - one.day).days)
    return likes

"""Working-day arithmetic of the generator, on whole arrays; apart from the product's, so that it can check it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from data.register import Day


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days as datetime64[D], ascending, and the public holidays with a name."""

    days: np.ndarray
    holidays: frozenset[date]

    def hold(self, day: date) -> bool:
        """Say whether people work on a day."""
        at = np.datetime64(day, "D")
        place = np.searchsorted(self.days, at)
        return bool(place < len(self.days) and self.days[place] == at)

    def add(self, moments: np.ndarray, count: np.ndarray) -> np.ndarray:
        """Return the same clock time on the count-th working day after each moment's day; 0: the moment itself."""
        day = moments.astype("datetime64[D]")
        place = np.searchsorted(self.days, day, side="right") + np.maximum(count, 1) - 1
        return np.where(count > 0, self.days[place] + (moments - day), moments)


def workdays(calendar: Iterable[Day]) -> Workdays:
    """Take the working days out of the reference calendar."""
    rows = list(calendar)
    worked = np.array([row.date for row in rows if row.is_workday], dtype="datetime64[D]")
    return Workdays(worked, frozenset(row.date for row in rows if row.holiday and not row.is_workday))

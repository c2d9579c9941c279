"""Says which period another is compared with, and what a reader must know of the pair.

Marks: `festival` (days compared by their distance from a moving festival), `festival_moved` (春节错月影响: the festival lies
in one of the two and not in the other), `week_53` (last year had no such week: its last one stands for it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field

from data import periods
from data.festivals import Festivals
from data.grammar import Part


class Comparison(Part):
    """How a sign is compared with other periods; what is not said follows from its unit and its formula."""

    change: Literal["relative", "difference"] | None = Field(default=None, description="absent: a difference for rates and scores")
    daily_mean: bool | None = Field(default=None, description="whether months are compared by the day; absent: where rows are counted")
    january_with_february: bool = Field(default=False, description="January is told with February, as statistics publish them")
    year_to_date: bool = Field(default=False, description="also told from January on, and compared with last year's same months")

    @property
    def needs_sums(self) -> bool:
        """Whether figures of several periods are added up."""
        return self.january_with_february or self.year_to_date


def year_bases(starts: Sequence[datetime], grain: str, festivals: Festivals) -> list[tuple[datetime, str]]:
    """Return, for each period, the start of last year's that it is compared with, and its mark or nothing."""
    return [_year_base(start, grain, festivals) for start in starts]


def _year_base(start: datetime, grain: str, festivals: Festivals) -> tuple[datetime, str]:
    base = periods.year_before(start, grain)
    if grain in {"hour", "day"}:
        day = start.date()
        if same := festivals.year_before(day):
            return start - (day - same), "festival"
        return base, "festival_moved" if festivals.holds(day) != festivals.holds(base.date()) else ""
    if grain == "week":
        if start.isocalendar().week != base.isocalendar().week:
            return base, "week_53"
        return base, "festival_moved" if _days(start, grain, festivals.holds) != _days(base, grain, festivals.holds) else ""
    return base, "festival_moved" if _days(start, grain, festivals.is_own) != _days(base, grain, festivals.is_own) else ""


def _days(start: datetime, grain: str, counts: Callable[[date], bool]) -> int:
    """Return how many days of a period count."""
    end = periods.step(start, grain)
    return sum(counts((start + timedelta(days=place)).date()) for place in range((end - start).days))

"""The periods whose truth is told, each with its code, first day and the day after its last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period; `end` is the first day after it."""

    kind: str
    code: str
    start: date
    end: date


def each_day(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both of them too."""
    return [first + DAY * place for place in range((last - first).days + 1)]


def day_period(day: date) -> Period:
    """Return the period of one day."""
    return Period("day", day.isoformat(), day, day + DAY)


def complete_periods(start: date, until: date) -> list[Period]:
    """Return every period that lies wholly between `start` and the end of `until`, in order of kind and time."""
    days = each_day(start, until)
    found = [day_period(day) for day in days]
    for kind, of in (("week", _week), ("month", _month), ("quarter", _quarter), ("year", _year)):
        known = {period.code: period for period in map(of, days)}
        found += [Period(kind, *rest) for rest in _inside(known, start, until)]
    return found


def _inside(known: dict[str, Period], start: date, until: date) -> Iterator[tuple[str, date, date]]:
    return ((one.code, one.start, one.end) for one in known.values() if one.start >= start and one.end <= until + DAY)


def _week(day: date) -> Period:
    year, week, weekday = day.isocalendar()
    first = day - DAY * (weekday - 1)
    return Period("week", f"{year}-W{week:02d}", first, first + 7 * DAY)


def _month(day: date) -> Period:
    first = day.replace(day=1)
    return Period("month", f"{day:%Y-%m}", first, (first + 32 * DAY).replace(day=1))


def _quarter(day: date) -> Period:
    number = (day.month - 1) // 3
    first = date(day.year, 3 * number + 1, 1)
    return Period("quarter", f"{day.year}-Q{number + 1}", first, (first + 95 * DAY).replace(day=1))


def _year(day: date) -> Period:
    return Period("year", f"{day.year}", date(day.year, 1, 1), date(day.year + 1, 1, 1))

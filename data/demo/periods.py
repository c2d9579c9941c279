"""The periods whose truth is told, each with its code, its beginning and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period; `end` is the first moment after it."""

    kind: str
    code: str
    start: datetime
    end: datetime


def each_day(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both of them too."""
    return [first + DAY * place for place in range((last - first).days + 1)]


def day_period(day: date) -> Period:
    """Return the period of one day."""
    return Period("day", day.isoformat(), _midnight(day), _midnight(day + DAY))


def end_of(code: str) -> datetime:
    """Return the first moment after the day, week, month, quarter or year of a code."""
    year, _, rest = code.partition("-")
    if rest.startswith("W"):
        return _midnight(date.fromisocalendar(int(year), int(rest[1:]), 7) + DAY)
    if rest.startswith("Q"):
        return _midnight(_quarter(date(int(year), 3 * int(rest[1:]), 1))[2])
    if "-" in rest:
        return _midnight(date.fromisoformat(code) + DAY)
    return _midnight(_month(date(int(year), int(rest or 12), 1))[2])


def complete_periods(start: date, until: date) -> list[Period]:
    """Return every period that lies wholly between `start` and the end of `until`, in order of kind and time."""
    days, end = each_day(start, until), _midnight(until + DAY)
    found = [day_period(day) for day in days]
    for kind, of in (("week", _week), ("month", _month), ("quarter", _quarter), ("year", _year)):
        known = {code: Period(kind, code, _midnight(first), _midnight(after)) for code, first, after in map(of, days)}
        found += [one for one in known.values() if one.start >= _midnight(start) and one.end <= end]
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _week(day: date) -> tuple[str, date, date]:
    year, week, weekday = day.isocalendar()
    first = day - DAY * (weekday - 1)
    return f"{year}-W{week:02d}", first, first + 7 * DAY


def _month(day: date) -> tuple[str, date, date]:
    first = day.replace(day=1)
    return f"{day:%Y-%m}", first, (first + 32 * DAY).replace(day=1)


def _quarter(day: date) -> tuple[str, date, date]:
    number = (day.month - 1) // 3
    first = date(day.year, 3 * number + 1, 1)
    return f"{day.year}-Q{number + 1}", first, (first + 95 * DAY).replace(day=1)


def _year(day: date) -> tuple[str, date, date]:
    return f"{day.year}", date(day.year, 1, 1), date(day.year + 1, 1, 1)

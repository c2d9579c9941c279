"""The periods that figures speak of: their codes, starts and ends. Grains: hour, day, week (ISO), month, quarter, year.

Codes: 2015, 2015-Q4, 2015-11, 2015-W48, 2015-11-30, 2015-11-30T08.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

GRAINS = ("hour", "day", "week", "month", "quarter", "year")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_FORMS = {
    "hour": re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d)"),
    "day": re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    "week": re.compile(r"(\d{4})-W(\d\d)"),
    "month": re.compile(r"(\d{4})-(\d\d)"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}


def floor(moment: datetime, grain: str) -> datetime:
    """Return the start of the period of `grain` that `moment` lies in."""
    if grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain in _MONTHS:
        length = _MONTHS[grain]
        return day.replace(day=1, month=(day.month - 1) // length * length + 1)
    return day


def step(start: datetime, grain: str, count: int = 1) -> datetime:
    """Return the start of the period `count` periods after the one that starts at `start`."""
    if grain in _MONTHS:
        months = start.year * 12 + start.month - 1 + count * _MONTHS[grain]
        return start.replace(year=months // 12, month=months % 12 + 1)
    return start + count * {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}[grain]


def year_before(start: datetime, grain: str) -> datetime:
    """Return the same period of last year: weekday aligned (-364 days) below the week, the same ISO week for weeks."""
    if grain in _MONTHS:
        return step(start, grain, -12 // _MONTHS[grain])
    if grain == "week":
        year, week, _ = start.isocalendar()
        weeks = date(year - 1, 12, 28).isocalendar().week
        return datetime.combine(date.fromisocalendar(year - 1, min(week, weeks), 1), start.time())
    return start - timedelta(days=364)


def first_of_year(start: datetime, grain: str) -> datetime:
    """Return the first period of the year that a period lies in; of a week, that of its ISO year."""
    if grain == "week":
        return datetime.combine(date.fromisocalendar(start.isocalendar().year, 1, 1), datetime.min.time())
    return datetime(start.year, 1, 1)


def year_so_far(start: datetime, grain: str) -> list[datetime]:
    """Return the periods of its year up to a period, itself included."""
    return spine(first_of_year(start, grain), step(start, grain), grain)


def spine(first: datetime, end: datetime, grain: str) -> list[datetime]:
    """Return the starts of all periods from the one of `first` on that end at or before `end`."""
    starts, start = [], floor(first, grain)
    while (after := step(start, grain)) <= end:
        starts.append(start)
        start = after
    return starts


def code(start: datetime, grain: str) -> str:
    """Return the code of the period that starts then."""
    if grain == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    if grain == "quarter":
        return f"{start.year}-Q{(start.month + 2) // 3}"
    return start.strftime({"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[grain])


def read(text: str) -> tuple[str, datetime]:
    """Return (grain, start) of a period code; raises ValueError with the forms that are known."""
    for grain, form in _FORMS.items():
        if found := form.fullmatch(text):
            numbers = [int(number) for number in found.groups()]
            try:
                return grain, _start(grain, numbers)
            except ValueError:
                break
    msg = f"{text!r} is no period; wanted 2015, 2015-Q4, 2015-11, 2015-W48, 2015-11-30 or 2015-11-30T08"
    raise ValueError(msg)


def _start(grain: str, numbers: list[int]) -> datetime:
    if grain == "week":
        return datetime.combine(date.fromisocalendar(numbers[0], numbers[1], 1), datetime.min.time())
    if grain == "quarter":
        return datetime(numbers[0], numbers[1] * 3 - 2, 1)
    year, month, day, hour = (*numbers, *(1, 1, 1, 0)[len(numbers) :])
    return datetime(year, month, day, hour)

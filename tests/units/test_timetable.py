"""Due times on the working calendar: what is one delivery, when it is due, and from when on it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.cadence import Cadence
from data.register import Day
from data.timetable import Timetable, WorkingCalendar

# Spring Festival 2016: seven days off, and two weekend days worked for them (调休).
OFF = {date(2016, 2, day) for day in range(7, 14)}
MADE_UP = {date(2016, 2, 6), date(2016, 2, 14)}


@dataclass
class Register:
    """A register that has nothing but a calendar."""

    calendar: tuple[Day, ...]


def days() -> tuple[Day, ...]:
    """Return January to March 2016 as the State Council had them, as far as this test needs."""
    span = [date(2016, 1, 1) + timedelta(days=place) for place in range(91)]
    return tuple(Day(day, day in MADE_UP or (day.weekday() < 5 and day not in OFF), "") for day in span)


WORKING = WorkingCalendar(Register(days()))  # type: ignore[arg-type]


def timetable(since: date = date(2015, 1, 1), **cadence: Any) -> Timetable:
    """Return the timetable of a promise."""
    return Timetable(Cadence.model_validate(cadence), since, WORKING)


def due_days(found: Timetable, first: date, last: date) -> list[str]:
    """Return start, end and due time of the deliveries due in these days, shortly."""
    dues = found.dues(datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.max.time()))
    return [f"{due.start:%m-%d}..{due.end:%m-%d} {due.due_at:%m-%d %H:%M}" for due in dues]


def test_a_daily_drop_is_due_on_the_next_morning() -> None:
    """The day that ends at midnight is due at 06:30, and late half an hour after that."""
    (due,) = timetable(every="day", due="06:30", grace=30).dues(datetime(2016, 3, 7), datetime(2016, 3, 7, 23))

    assert (datetime(2016, 3, 6), datetime(2016, 3, 7)) == (due.start, due.end)
    assert (datetime(2016, 3, 7, 6, 30), datetime(2016, 3, 7, 7, 0)) == (due.due_at, due.late_at)


def test_days_off_belong_to_the_drop_of_the_next_working_day() -> None:
    """Friday to Sunday are one delivery, due on Monday; Saturday and Sunday owe nothing."""
    found = timetable(every="day", due="08:00", on="workdays")

    assert due_days(found, date(2016, 3, 4), date(2016, 3, 8)) == [
        "03-03..03-04 03-04 08:00",
        "03-04..03-07 03-07 08:00",
        "03-07..03-08 03-08 08:00",
    ]


def test_holidays_and_make_up_days_are_those_of_the_city() -> None:
    """The Saturday worked before Spring Festival is a due day; the whole holiday falls due on the Sunday worked after it."""
    found = timetable(every="day", due="08:00", on="workdays")

    assert due_days(found, date(2016, 2, 5), date(2016, 2, 15)) == [
        "02-04..02-05 02-05 08:00",
        "02-05..02-06 02-06 08:00",
        "02-06..02-14 02-14 08:00",
        "02-14..02-15 02-15 08:00",
    ]


def test_hours_of_days_off_wait_too() -> None:
    """An hourly table on workdays brings the hours of the weekend on Monday."""
    found = timetable(every="hour", due="00:30", on="workdays")
    due = found.dues(datetime(2016, 3, 7), datetime(2016, 3, 7, 1, 45), "hour")

    assert [(datetime(2016, 3, 4, 23), datetime(2016, 3, 7))] == [(due[0].start, due[0].end)]
    assert [datetime(2016, 3, 7, 0, 30), datetime(2016, 3, 7, 1, 30)] == [one.due_at for one in due]


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        ({"every": "week", "due": "09:00", "lag": 1}, ["02-22..02-29 03-01 09:00", "02-29..03-07 03-08 09:00"]),
        ({"every": "month", "due": "18:00", "lag": 4}, ["02-01..03-01 03-05 18:00"]),
        ({"every": "month", "due": "18:00", "lag": 4, "on": "workdays"}, ["02-01..03-01 03-07 18:00"]),
        ({"every": "quarter", "lag": 60}, ["10-01..01-01 03-01 08:00"]),
        ({"every": "year", "lag": 65}, ["01-01..01-01 03-06 08:00"]),
        ({"every": "once"}, []),
    ],
)
def test_longer_periods_fall_due_after_their_lag(cadence: dict[str, Any], expected: list[str]) -> None:
    """Days are counted from the day on which the period ends; a day off moves the due day on."""
    assert expected == due_days(timetable(**cadence), date(2016, 3, 1), date(2016, 3, 8))


def test_months_told_as_one_are_one_delivery() -> None:
    """Where January is told with February, nothing is due for it alone, and what speaks for both is due after February."""
    found = Timetable(Cadence(every="month", lag=20), date(2015, 1, 1), WORKING, [(1, 2)])
    past, following = found.around(datetime(2016, 3, 7, 8))

    assert due_days(found, date(2016, 1, 1), date(2016, 4, 30)) == [
        "12-01..01-01 01-21 08:00",
        "01-01..03-01 03-21 08:00",
        "03-01..04-01 04-21 08:00",
    ]
    assert (datetime(2016, 1, 21, 8), datetime(2016, 3, 21, 8)) == (past[-1].due_at, following)
    assert datetime(2016, 3, 21, 8) == found.late_at(datetime(2016, 2, 1))


def test_what_is_due_once_is_due_from_the_day_it_holds() -> None:
    """A once-only table is due on the day of `since`, and never again."""
    found = timetable(since=date(2016, 3, 2), every="once", due="12:00")

    assert [datetime(2016, 3, 2, 12)] == [due.due_at for due in found.dues(datetime(2016, 1, 1), datetime(2016, 12, 1))]
    past, following = found.around(datetime(2016, 5, 1))
    assert ([datetime(2016, 3, 2, 12)], None) == ([due.due_at for due in past], following)
    assert found.late_at(datetime(2016, 5, 1)) is None


def test_nothing_is_due_before_the_promise_holds() -> None:
    """The first delivery speaks for the first day of the contract."""
    assert ["03-05..03-06 03-06 08:00"] == due_days(timetable(since=date(2016, 3, 5), every="day"), date(2016, 3, 1), date(2016, 3, 6))


def test_beyond_the_calendar_weekdays_are_worked() -> None:
    """A calendar that ends does not stop the clock."""
    assert ["01-29..02-01 02-01 08:00"] == due_days(timetable(every="day", on="workdays"), date(2044, 1, 30), date(2044, 2, 1))


def test_a_figure_waits_for_the_delivery_that_speaks_for_it() -> None:
    """A day inside a month is late when the drop of that month is, not earlier."""
    found = timetable(every="month", due="08:00", lag=5, grace=60)

    assert datetime(2016, 3, 6, 9) == found.late_at(datetime(2016, 2, 10)) == found.late_at(datetime(2016, 3, 1))


@given(
    every=st.sampled_from(["hour", "day", "week", "month", "quarter", "year"]),
    lag=st.integers(0, 40), on=st.sampled_from(["every_day", "workdays"]),
    first=st.datetimes(datetime(2014, 1, 1), datetime(2017, 1, 1)), span=st.integers(1, 500),
)  # fmt: skip
def test_deliveries_follow_each_other_without_a_gap(every: str, lag: int, on: str, first: datetime, span: int) -> None:
    """Every moment belongs to one delivery; due times rise; a longer look finds the same ones."""
    found = timetable(since=date(2010, 1, 1), every=every, lag=lag, on=on)
    dues = found.dues(first, first + timedelta(days=span))

    assert all(left.end == right.start and left.due_at < right.due_at for left, right in pairwise(dues))
    assert all(first <= due.due_at <= first + timedelta(days=span) and due.end <= due.due_at for due in dues)
    assert dues == [due for due in found.dues(first - timedelta(days=90), first + timedelta(days=span)) if due.due_at >= first]


@given(
    every=st.sampled_from(["hour", "day", "week", "month", "year"]),
    on=st.sampled_from(["every_day", "workdays"]),
    now=st.datetimes(datetime(2014, 1, 1), datetime(2017, 1, 1)),
)
def test_now_lies_between_what_was_due_and_what_will_be(every: str, on: str, now: datetime) -> None:
    """There is always a last delivery, one before it, and a next one."""
    (before, last), following = timetable(since=date(2005, 1, 1), every=every, on=on).around(now)

    assert following is not None
    assert before.due_at < last.due_at <= now < following

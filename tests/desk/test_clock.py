"""Clocks of deadlines: day and night, in working hours, on working days; pauses stand still."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.desk.clock import Clock
from data.register import load_reference
from data.settings import Settings

ROOT = Path(__file__).parents[2]
CLOCK = Clock(load_reference(Settings(ROOT, ROOT / "var")))
UNITS = ["urgent_minutes", "urgent_hours", "work_minutes", "work_hours", "work_days", "natural_days"]
MOMENTS = st.datetimes(datetime(2016, 1, 1), datetime(2016, 3, 1)).map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    ("since", "count", "unit", "due"),
    [
        ("2016-03-04T16:50", 10, "urgent_minutes", "2016-03-04T17:00"),
        ("2016-03-04T16:50", 20, "work_minutes", "2016-03-07T08:40"),  # a Friday; work ends at 17:00
        ("2016-03-04T11:30", 1, "work_hours", "2016-03-04T13:30"),  # over the noon break
        ("2016-03-04T15:00", 2, "work_days", "2016-03-08T15:00"),
        ("2016-03-05T10:00", 2, "work_days", "2016-03-09T00:00"),  # from a Saturday: with the Tuesday
        ("2016-03-04T15:00", 5, "natural_days", "2016-03-09T15:00"),
        ("2016-02-05T15:00", 2, "work_days", "2016-02-14T15:00"),  # Spring Festival; Saturday 6 and Sunday 14 are worked
    ],
)
def test_what_is_due(since: str, count: int, unit: str, due: str) -> None:
    """Weekends and festivals are not worked, days that were moved (调休) are."""
    assert CLOCK.due(datetime.fromisoformat(since), count, unit) == datetime.fromisoformat(due)


@given(since=MOMENTS, unit=st.sampled_from(UNITS), first=st.integers(1, 30), second=st.integers(1, 30))
@settings(max_examples=80, deadline=None)
def test_two_limits_in_a_row_are_one(since: datetime, unit: str, first: int, second: int) -> None:
    """Due times add up, rise, and lie as far away as the clock says."""
    half = CLOCK.due(since, first, unit)
    assert half is not None
    whole = CLOCK.due(since, first + second, unit)

    assert CLOCK.due(half, second, unit) == whole
    assert since < half < whole
    assert CLOCK.share(since, whole, first + second, unit) == pytest.approx(1)
    assert CLOCK.passed(since, half, unit) + CLOCK.passed(half, whole, unit) == pytest.approx(CLOCK.passed(since, whole, unit))


@given(since=MOMENTS, unit=st.sampled_from(UNITS), count=st.integers(1, 10), start=st.integers(0, 5000), length=st.integers(0, 5000))
@settings(max_examples=80, deadline=None)
def test_a_pause_stands_still(since: datetime, unit: str, count: int, start: int, length: int) -> None:
    """Whatever a pause takes is given back on the same clock; one that ends before, or begins after, changes nothing."""
    pause = (since + timedelta(minutes=start), since + timedelta(minutes=start + length))
    plain, paused = CLOCK.due(since, count, unit), CLOCK.due(since, count, unit, [pause])
    assert plain is not None
    assert paused is not None

    assert paused >= plain
    assert CLOCK.passed(since, paused, unit, [pause]) == pytest.approx(CLOCK.passed(since, plain, unit))
    if pause[0] >= plain or length == 0:
        assert paused == plain


def test_a_pause_without_an_end_is_never_due() -> None:
    """And what has passed before it is known."""
    since, never = datetime(2016, 3, 1, 9), (datetime(2016, 3, 1, 10), datetime(9999, 1, 1))

    assert CLOCK.due(since, 2, "urgent_hours", [never]) is None
    assert CLOCK.share(since, datetime(2016, 3, 5), 2, "urgent_hours", [never]) == pytest.approx(0.5)

"""The codes, starts and ends of periods, and how far one is from the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import periods

MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2199, 12, 31))
GRAINS = st.sampled_from(periods.GRAINS)


@pytest.mark.parametrize(
    ("text", "grain", "start", "end"),
    [
        ("2015", "year", datetime(2015, 1, 1), datetime(2016, 1, 1)),
        ("2015-Q4", "quarter", datetime(2015, 10, 1), datetime(2016, 1, 1)),
        ("2016-02", "month", datetime(2016, 2, 1), datetime(2016, 3, 1)),
        ("2015-W53", "week", datetime(2015, 12, 28), datetime(2016, 1, 4)),
        ("2016-W01", "week", datetime(2016, 1, 4), datetime(2016, 1, 11)),
        ("2016-02-29", "day", datetime(2016, 2, 29), datetime(2016, 3, 1)),
        ("2015-12-31T23", "hour", datetime(2015, 12, 31, 23), datetime(2016, 1, 1)),
    ],
)
def test_codes_and_spans(text: str, grain: str, start: datetime, end: datetime) -> None:
    """A code names one grain and one span, and is written back as itself."""
    assert (grain, start) == periods.read(text)
    assert end == periods.step(start, grain)
    assert text == periods.code(start, grain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15",
        "2015-13",
        "2015-00",
        "2015-Q5",
        "2015-Q0",
        "2015-W54",
        "2014-W53",
        "2015-02-29",
        "2015-1-1",
        "2015-11-30T24",
        "2015-11-30 08",
        "今天",
        "2015/11",
    ],
)
def test_what_is_no_period(text: str) -> None:
    """What cannot be a period is refused, with the forms that are known."""
    with pytest.raises(ValueError, match="is no period; wanted 2015, 2015-Q4"):
        periods.read(text)


@given(MOMENTS, GRAINS)
@settings(max_examples=300, deadline=None)
def test_every_moment_lies_in_one_period(moment: datetime, grain: str) -> None:
    """floor <= moment < next floor, and the code of the period leads back to it."""
    start = periods.floor(moment, grain)

    assert start <= moment < periods.step(start, grain)
    assert (grain, start) == periods.read(periods.code(start, grain))


@given(MOMENTS, GRAINS, st.integers(-40, 40))
@settings(max_examples=300, deadline=None)
def test_steps_lead_there_and_back(moment: datetime, grain: str, count: int) -> None:
    """n periods on and n periods back is where one was; a step of n is n steps."""
    start = periods.floor(moment, grain)

    if 2001 <= periods.step(start, grain, count).year <= 2199:
        assert start == periods.step(periods.step(start, grain, count), grain, -count)
    if count > 0 and periods.step(start, grain, count).year <= 2199:
        assert periods.step(start, grain, count) == periods.step(periods.step(start, grain, count - 1), grain)


@given(MOMENTS, GRAINS, st.integers(0, 30))
@settings(max_examples=200, deadline=None)
def test_a_spine_has_no_gap_and_ends_in_time(moment: datetime, grain: str, count: int) -> None:
    """The periods of a spine touch each other, and the last one is over at the end."""
    end = periods.step(periods.floor(moment, grain), grain, count)
    starts = periods.spine(moment, end, grain)

    assert count == len(starts)
    assert all(periods.step(one, grain) == other for one, other in pairwise(starts))
    assert not starts or periods.step(starts[-1], grain) == end


@pytest.mark.parametrize(
    ("grain", "start", "before"),
    [
        ("day", datetime(2016, 3, 7), datetime(2015, 3, 9)), ("hour", datetime(2016, 3, 7, 8), datetime(2015, 3, 9, 8)),
        ("week", datetime(2016, 1, 4), datetime(2014, 12, 29)), ("week", datetime(2015, 12, 28), datetime(2014, 12, 22)),
        ("month", datetime(2016, 2, 1), datetime(2015, 2, 1)), ("quarter", datetime(2016, 1, 1), datetime(2015, 1, 1)),
        ("year", datetime(2016, 1, 1), datetime(2015, 1, 1)),
    ],
)  # fmt: skip
def test_the_same_period_of_last_year(grain: str, start: datetime, before: datetime) -> None:
    """Days align their weekday, weeks their number (53 falls back to 52), the rest the calendar."""
    assert before == periods.year_before(start, grain)


@given(MOMENTS, st.sampled_from(["hour", "day"]))
@settings(max_examples=100, deadline=None)
def test_a_year_before_is_the_same_weekday(moment: datetime, grain: str) -> None:
    """周同比 compares a Monday with a Monday, 364 days earlier."""
    start = periods.floor(moment, grain)

    assert timedelta(days=364) == start - periods.year_before(start, grain)
    assert start.weekday() == periods.year_before(start, grain).weekday()

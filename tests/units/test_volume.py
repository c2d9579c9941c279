"""The usual volume of a drop: learnt from those before it, by the kind of day, and never from itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.cadence import Volume
from data.city import VolumeTerms
from data.register import Day
from data.timetable import WorkingCalendar
from data.volume import Range, Sent, VolumeState, day_kind, expected, ranges

TERMS = VolumeTerms()
NOTHING_SAID = Volume()
BEGIN = datetime(2016, 1, 4)  # a Monday


class Register:
    """A calendar with one holiday on a Monday, and the Sunday before it worked."""

    calendar = (Day(date(2016, 2, 8), False, "春节"), Day(date(2016, 2, 14), True, ""))


REGISTER: Any = Register()
WORKING = WorkingCalendar(REGISTER)


def days(rows: list[int]) -> list[Sent]:
    """Return a drop a day from BEGIN on, each compared by its weekday."""
    return [Sent(f"D{place}", BEGIN + timedelta(days=place), count, place % 7) for place, count in enumerate(rows)]


def judge(rows: list[int], said: Volume = NOTHING_SAID) -> list[Range]:
    """Return what was expected of each of these days."""
    return [found for _, found in ranges(days(rows), "day", said, TERMS)]


def test_a_worked_example() -> None:
    """Mondays of 90, 100, 110 and 100 rows: 100, plus and minus four scales of at least the root of 100."""
    mondays = [Sent(f"D{week}", BEGIN + timedelta(weeks=week), rows, 0) for week, rows in enumerate((90, 100, 110, 100))]

    assert Range(60.0, 140.0, 4) == expected(mondays, 0, 1.0, NOTHING_SAID, TERMS)


def test_the_scale_is_pooled_over_the_kinds_of_day() -> None:
    """Weekends that swing by 40 widen what is expected of steady Mondays; their level does not."""
    steady = [Sent(f"M{week}", BEGIN + timedelta(weeks=week), 900, 0) for week in range(4)]
    swinging = [
        Sent(f"S{week}{day}", BEGIN + timedelta(weeks=week, days=day), 240 if week % 2 else 160, day) for week in range(4) for day in (5, 6)
    ]
    found = expected(steady + swinging, 0, 1.0, NOTHING_SAID, TERMS)

    assert (900 - 4 * 1.4826 * 40, 900 + 4 * 1.4826 * 40) == pytest.approx((found.low, found.high))


def test_too_few_drops_teach_nothing() -> None:
    """Three weeks are too few for the fourth Monday; the fifth can be judged, by its weekday only."""
    found = judge([100, 10, 10, 10, 10, 10, 10] * 4 + [100])

    assert Range(None, None, 0) == found[21]
    assert (4, VolumeState.USUAL) == (found[28].n, found[28].judge(100))


def test_weekends_are_held_against_weekends() -> None:
    """Ten rows are usual on a Sunday and low on a Monday."""
    found = judge([100, 100, 100, 100, 100, 10, 10] * 5)

    assert (VolumeState.USUAL, VolumeState.LOW) == (found[34].judge(10), found[28].judge(10))
    assert VolumeState.HIGH == found[34].judge(100)


def test_the_contract_has_the_last_word() -> None:
    """An end that is said stands; the other one is learnt; both said need no past."""
    said = judge([100] * 40, Volume(low=95))[-1]

    assert (95, 140.0) == (said.low, said.high)
    assert [Range(5, 50, 0)] == judge([100], Volume(low=5, high=50))
    assert VolumeState.HIGH == Range(5, 50, 0).judge(100)


def test_a_correction_is_not_judged_and_teaches_nothing() -> None:
    """Three corrected rows of a day are no small drop, and the day counts once."""
    plain = days([100] * 36)
    found = ranges([*plain[:35], Sent("again", plain[34].start, 3, plain[34].kind), plain[35]], "day", NOTHING_SAID, TERMS)

    assert Range(None, None, 0) == found[35][1]
    assert judge([100] * 36)[-1] == found[36][1]


def test_months_are_compared_by_the_day() -> None:
    """February has as many rows a day as January, and is not low for being short."""
    months = [Sent(f"M{month}", datetime(2015, month, 1), 31_000, "", 31.0) for month in (1, 3, 5, 7)]
    found = expected(months, "", 28.0, NOTHING_SAID, TERMS)

    assert (VolumeState.USUAL, VolumeState.LOW) == (found.judge(28_000), found.judge(20_000))


@pytest.mark.parametrize(
    ("day", "grain", "kind"),
    [
        (datetime(2016, 2, 1), "day", 0),
        (datetime(2016, 2, 7), "day", 6),
        (datetime(2016, 2, 8), "day", "off"),
        (datetime(2016, 2, 14), "day", "worked"),
        (datetime(2016, 2, 8, 9), "hour", (9, False)),
        (datetime(2016, 2, 1), "month", ""),
    ],
)
def test_holidays_and_make_up_days_are_days_of_their_own(day: datetime, grain: str, kind: object) -> None:
    """A Monday off is no Monday, a Sunday worked is no Sunday."""
    assert kind == day_kind(day, grain, WORKING)


ROWS = st.lists(st.integers(0, 2000), min_size=1, max_size=80)


@given(ROWS, st.data())
def test_a_drop_never_teaches_what_is_expected_of_it(rows: list[int], data: st.DataObject) -> None:
    """Whatever a drop holds, what was expected of it and of those before it stays."""
    place = data.draw(st.integers(0, len(rows) - 1))
    other = [*rows[:place], data.draw(st.integers(0, 10**6)), *rows[place + 1 :]]

    assert judge(rows)[: place + 1] == judge(other)[: place + 1]


@given(ROWS)
def test_the_range_lies_around_the_median(rows: list[int]) -> None:
    """Low is never below 0 nor above high, and what was sent the same way for weeks is usual."""
    found = judge(rows)

    assert all(0 <= one.low <= one.high for one in found if one.low is not None and one.high is not None)
    assert VolumeState.USUAL == judge([*([rows[0]] * 60), rows[0]])[-1].judge(rows[0])


@given(ROWS, st.integers(0, 80))
def test_what_is_known_need_not_be_judged_again(rows: list[int], known: int) -> None:
    """Passing over the drops judged before gives the rest of the same answers."""
    sent = days(rows)

    assert ranges(sent, "day", NOTHING_SAID, TERMS)[known:] == ranges(sent, "day", NOTHING_SAID, TERMS, {one.drop for one in sent[:known]})


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 500)), min_size=8, max_size=60), st.randoms())
def test_the_order_of_the_past_is_of_no_account(past: list[tuple[int, int]], random: Any) -> None:
    """Medians do not know who came first."""
    sent = [Sent(f"D{place}", BEGIN, rows, kind) for place, (kind, rows) in enumerate(past)]
    shuffled = random.sample(sent, len(sent))

    assert expected(sent, 3, 1.0, NOTHING_SAID, TERMS) == expected(shuffled, 3, 1.0, NOTHING_SAID, TERMS)

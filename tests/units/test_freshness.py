"""The six states of a feed, each by the one rule that makes it, and the day of a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.cadence import Cadence
from data.freshness import Delivery, Expected, FeedState, Spoken, Standing, arrivals, judged, late_reason, off_schedule, standing, worst
from data.register import Entity
from data.timetable import Due, Timetable, WorkingCalendar


@dataclass
class Register:
    """Three streets, one of them gone since March, and a calendar that knows no holiday."""

    calendar: tuple[()] = ()

    def of_kind(self, kind: str) -> tuple[Entity, ...]:
        """Return the streets."""
        gone = {"S3": date(2016, 2, 29)}
        codes = ("S1", "S2", "S3")
        return tuple(Entity(kind, code, code, code, "", date(2000, 1, 1), gone.get(code), None, None, "") for code in codes)


REGISTER: Any = Register()
DAILY = {"every": "day", "due": "06:30", "grace": 30}


def timetable(**cadence: Any) -> Timetable:
    """Return the timetable of a promise that holds since 2015."""
    return Timetable(Cadence.model_validate(cadence), date(2015, 1, 1), WorkingCalendar(REGISTER))


def day(number: int, arrived_at: datetime, *whose: str) -> Spoken:
    """Return a drop that speaks for one day of March 2016."""
    start = datetime(2016, 3, number)
    return Spoken(start, start + timedelta(days=1), arrived_at, whose)


def stand(now: datetime, *spoken: Spoken, unexpected: tuple[datetime, ...] = (), each: str = "", **cadence: Any) -> Standing:
    """Return how a table stands; by default a daily one."""
    found = timetable(**(cadence or DAILY))
    return standing(found, spoken, unexpected, Expected(each, REGISTER), now)


YESTERDAYS = day(5, datetime(2016, 3, 6, 6, 10))
EIGHT = datetime(2016, 3, 7, 8)


def test_on_time() -> None:
    """The last delivery came before its grace was over, however little before; it tells how long after the due time."""
    found = stand(EIGHT, YESTERDAYS, day(6, datetime(2016, 3, 7, 7, 0)))

    assert found.last is not None
    assert (FeedState.ON_TIME, 30, datetime(2016, 3, 7, 7, 0)) == (found.state, found.last.late_min, found.last.arrived_at)
    assert datetime(2016, 3, 8, 6, 30) == found.next_due_at


def test_due() -> None:
    """Its time has come, its grace is not over."""
    assert FeedState.DUE == stand(datetime(2016, 3, 7, 6, 59), YESTERDAYS).state
    assert FeedState.ON_TIME == stand(datetime(2016, 3, 7, 6, 29), YESTERDAYS).state


def test_late_as_long_as_it_is_not_there() -> None:
    """Past its grace and not there; the next one is not due yet."""
    found = stand(EIGHT, YESTERDAYS)

    assert found.last is not None
    assert (FeedState.LATE, 90, None) == (found.state, found.last.late_min, found.last.arrived_at)


def test_late_stays_late_when_it_came() -> None:
    """A delivery that came after its grace was late until the next one is due."""
    came = day(6, datetime(2016, 3, 7, 7, 1))

    assert FeedState.LATE == stand(datetime(2016, 3, 7, 23), YESTERDAYS, came).state
    assert FeedState.DUE == stand(datetime(2016, 3, 8, 6, 30), YESTERDAYS, came).state


def test_missing() -> None:
    """A whole delivery was left out and the next one is due as well: even before the grace of that one is over."""
    before = day(4, datetime(2016, 3, 5, 6))

    assert FeedState.MISSING == stand(datetime(2016, 3, 7, 6, 31), before).state
    assert FeedState.MISSING == stand(EIGHT).state


def test_a_gap_behind_does_not_hide_what_came() -> None:
    """When the last delivery is there the feed is on time; the gap before it stays in the calendar."""
    assert FeedState.ON_TIME == stand(EIGHT, day(6, datetime(2016, 3, 7, 6))).state


def test_partial() -> None:
    """Some streets came and some did not: due until the grace is over, then partial, with those that are missing."""
    mine = day(6, datetime(2016, 3, 7, 6), "S1")
    early, after = (stand(now, mine, each="street") for now in (datetime(2016, 3, 7, 6, 45), EIGHT))

    assert (FeedState.DUE, FeedState.PARTIAL) == (early.state, after.state)
    assert after.last is not None
    assert (1, 2, ("S2",), None) == (after.last.came, after.last.expected, after.last.missing, after.last.arrived_at)


def test_partial_stays_partial() -> None:
    """A day of which some streets never came is partial for ever, not missing."""
    dues = timetable(**DAILY).dues(datetime(2016, 3, 6), datetime(2016, 3, 8, 12))
    found = judged(dues, None, [day(5, datetime(2016, 3, 6, 6), "S2")], Expected("street", REGISTER), datetime(2016, 3, 8, 12))

    assert [FeedState.PARTIAL, FeedState.MISSING, FeedState.MISSING] == [one.state for one in found]


def test_whole_when_the_last_street_came() -> None:
    """A delivery in several files came when the last of them did; a file for all counts for each."""
    late = day(6, datetime(2016, 3, 7, 7, 30), "S2")
    in_pieces = stand(EIGHT, day(6, datetime(2016, 3, 7, 6), "S1"), late, each="street")
    in_one = stand(EIGHT, day(6, datetime(2016, 3, 7, 6)), late, each="street")

    assert in_pieces.last is not None
    assert (FeedState.LATE, datetime(2016, 3, 7, 7, 30)) == (in_pieces.state, in_pieces.last.arrived_at)
    assert FeedState.ON_TIME == in_one.state


def test_streets_owe_while_they_are_valid() -> None:
    """A street that merged into another owes nothing after its last day."""
    february, march = timetable(**DAILY).dues(datetime(2016, 3, 1), datetime(2016, 3, 2, 12))

    assert [("S1", "S2", "S3"), ("S1", "S2")] == [Expected("street", REGISTER).at(due) for due in (february, march)]


def test_unexpected() -> None:
    """All that was due is there, and something came since that nobody expected."""
    came = day(6, datetime(2016, 3, 7, 6))

    assert FeedState.UNEXPECTED == stand(EIGHT, came, unexpected=(datetime(2016, 3, 7, 7),)).state
    assert FeedState.ON_TIME == stand(EIGHT, came, unexpected=(datetime(2016, 3, 7, 6, 29),)).state
    assert FeedState.LATE == stand(EIGHT, YESTERDAYS, unexpected=(datetime(2016, 3, 7, 7),)).state


def test_a_once_only_table_that_comes_again_is_unexpected() -> None:
    """The first drop is what was promised; every further one is outside of it."""
    found = timetable(every="once")
    first, again = day(1, datetime(2016, 3, 2)), day(1, datetime(2016, 3, 5))

    assert [] == off_schedule(found, [], [first])
    assert [datetime(2016, 3, 5)] == off_schedule(found, [], [first, again])


def test_each_street_may_come_once() -> None:
    """A once-only table of two streets is brought by two drops; the third is one too many."""
    found = timetable(every="once", each="street")
    drops = [day(1, datetime(2016, 3, number), whose) for number, whose in ((2, "S1"), (3, "S2"), (4, "S1"))]

    assert [datetime(2016, 3, 4)] == off_schedule(found, [], drops)


def test_a_delivery_that_comes_early_on_a_day_off_is_unexpected() -> None:
    """Saturday brings what is due on Monday; a late one or a correction on a Saturday is no surprise."""
    found = timetable(every="day", due="08:00", on="workdays")
    saturday = datetime(2016, 3, 5, 10)
    spoken = [day(3, saturday), day(4, saturday), day(4, datetime(2016, 3, 6, 9))]
    dues = found.dues(datetime(2016, 3, 3), datetime(2016, 3, 7, 9))
    deliveries = judged(dues, None, spoken, Expected("", REGISTER), datetime(2016, 3, 7, 9))

    assert [FeedState.MISSING, FeedState.LATE, FeedState.ON_TIME] == [one.state for one in deliveries]
    assert [saturday] == off_schedule(found, deliveries, spoken)
    assert [] == off_schedule(found, deliveries[:2], spoken)


def test_what_was_never_due_is_due() -> None:
    """Before the first delivery there is nothing to be late with."""
    found = Timetable(Cadence(every="month"), date(2016, 3, 1), WorkingCalendar(REGISTER))

    assert Standing(None, FeedState.DUE, datetime(2016, 4, 1, 8)) == standing(found, [], [], Expected("", REGISTER), EIGHT)


def test_half_a_day_is_no_delivery() -> None:
    """A drop that came before its day was over and does not reach its end brings nothing yet; one that came after does."""
    (due,) = timetable(**DAILY).dues(datetime(2016, 3, 7), EIGHT)
    noon = Spoken(datetime(2016, 3, 6), datetime(2016, 3, 6, 12), datetime(2016, 3, 6, 12, 5))
    morning = Spoken(datetime(2016, 3, 6), datetime(2016, 3, 6, 23), datetime(2016, 3, 7, 6))

    assert [None] == arrivals([due], [noon])
    assert [datetime(2016, 3, 7, 6)] == arrivals([due], [noon, morning])


@pytest.mark.parametrize(("now", "reason"), [(datetime(2016, 3, 7, 6, 59), "not_due:calls"), (datetime(2016, 3, 7, 7), "feed_late:calls")])
def test_a_figure_says_whose_fault_it_is(now: datetime, reason: str) -> None:
    """Until the grace is over a missing day is not due; after it the feed is late."""
    found = {("calls", "daily"): timetable(**DAILY), ("calls", "monthly"): timetable(every="month")}

    assert reason == late_reason(found, [("calls", "daily")], datetime(2016, 3, 7), now)
    assert "not_due:calls" == late_reason(found, [("calls", "monthly")], datetime(2016, 3, 7), now)


def test_the_worst_state_speaks_for_the_rest() -> None:
    """A feed stands as the worst of its tables."""
    order = [FeedState.MISSING, FeedState.LATE, FeedState.PARTIAL, FeedState.UNEXPECTED, FeedState.DUE, FeedState.ON_TIME]

    assert order == [worst(order[place:]) for place in range(len(order))]


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10), st.integers(0, 60)), max_size=25)


def naive_arrival(due: Due, spoken: list[Spoken]) -> datetime | None:
    """Return the first arrival by the words of the contract, drop by drop."""
    came = [
        said.arrived_at for said in spoken
        if said.start < due.end and due.start < said.end and (said.end >= due.ripe_at or said.arrived_at >= due.ripe_at)
    ]  # fmt: skip
    return min(came, default=None)


@given(SPANS)
def test_arrivals_are_the_first_that_speak(spans: list[tuple[int, int, int]]) -> None:
    """The quick search finds what the plain rule finds, whatever overlaps."""
    begin = datetime(2016, 3, 1)
    hours = [tuple(timedelta(hours=6 * number) for number in one) for one in spans]
    spoken = sorted((Spoken(begin + at, begin + at + long, begin + came) for at, long, came in hours), key=lambda said: said.arrived_at)
    dues = timetable(**DAILY).dues(datetime(2016, 3, 2), datetime(2016, 3, 12))

    assert [naive_arrival(due, spoken) for due in dues] == arrivals(dues, spoken)


@given(SPANS, st.integers(0, 400))
def test_states_only_get_worse_until_a_drop_comes(spans: list[tuple[int, int, int]], hours: int) -> None:
    """Without a new drop a delivery goes from due to late or partial to missing, and never back."""
    begin = datetime(2016, 3, 1)
    spoken = [Spoken(begin + timedelta(hours=at), begin + timedelta(hours=at + long), begin) for at, long, _ in spans]
    dues = timetable(**DAILY).dues(datetime(2016, 3, 2), datetime(2016, 3, 12))
    order = [FeedState.ON_TIME, FeedState.DUE, FeedState.LATE, FeedState.MISSING]

    def ranks(now: datetime) -> list[int]:
        return [order.index(one.state) for one in judged(dues, None, spoken, Expected("", REGISTER), now)]

    now = begin + timedelta(hours=hours)
    assert all(early <= late for early, late in zip(ranks(now), ranks(now + timedelta(hours=7)), strict=True))


def test_without_each_nobody_is_missing() -> None:
    """A table that expects no entity has one share, and names nobody."""
    found = stand(EIGHT).last

    assert isinstance(found, Delivery)
    assert (0, 1, ()) == (found.came, found.expected, found.missing)

"""The due times of one table on the city's working calendar: which deliveries there are, and when each must be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from data import periods
from data.cadence import Cadence
from data.contract import Contract
from data.register import Reference

# Further back than the longest holiday: periods that fall due together are seen together.
_BEFORE = timedelta(days=31)
_WEEKEND = 5
EVER, FOREVER = datetime(1900, 1, 1), datetime(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Due:
    """One delivery: the time that it speaks for, when it must be there, and from when on it is late (local times).

    `ripe_at` is the end of its first period: where days off belong to it, it can come before all of them are over.
    """

    start: datetime
    ripe_at: datetime
    end: datetime
    due_at: datetime
    late_at: datetime


class WorkingCalendar:
    """Which days are worked; days beyond the city's calendar are worked from Monday to Friday."""

    def __init__(self, reference: Reference) -> None:
        """Index the days of the city."""
        self._known = {day.date: day.is_workday for day in reference.calendar}

    def works(self, day: date) -> bool:
        """Return whether a day is a working day."""
        return self._known.get(day, day.weekday() < _WEEKEND)


class Timetable:
    """When the drops of a table are due."""

    def __init__(self, cadence: Cadence, since: date, working: WorkingCalendar, together: Sequence[tuple[int, int]] = ()) -> None:
        """Keep the promise, from when it holds, the working days, and the months that are told as one."""
        self.together = together if cadence.every == "month" else ()
        self.cadence, self.since, self.working = cadence, datetime.combine(since, time()), working
        self._due, self._grace = time.fromisoformat(cadence.due), timedelta(minutes=cadence.grace)

    @property
    def is_once(self) -> bool:
        """Whether only one delivery is ever due."""
        return self.cadence.every == "once"

    def dues(self, first: datetime, last: datetime, grain: str = "") -> list[Due]:
        """Return the deliveries that fall due from `first` to `last`, in order.

        An hourly table is one delivery a day, due with its last hour, unless `grain` hour is asked for.
        """
        if self.is_once:
            due_at = self._due_at(self.since)
            only = Due(EVER, EVER, FOREVER, due_at, due_at + self._grace)
            return [only] if first <= due_at <= last else []
        grain = grain or ("day" if self.cadence.every == "hour" else self.cadence.every)
        merged: list[Due] = []
        for one in self._periods(first, last, grain):
            if merged and merged[-1].due_at == one.due_at:
                merged[-1] = replace(merged[-1], end=one.end)  # the days off belong to it
            else:
                merged.append(one)
        return [one for one in merged if first <= one.due_at]

    def _periods(self, first: datetime, last: datetime, grain: str) -> Iterator[Due]:
        back = _BEFORE + timedelta(days=self.cadence.lag + self._waits())
        start = max(periods.floor(first - back, grain), periods.floor(self.since, grain))
        while True:
            end = periods.step(start, grain)
            due_at = self._due_at(end)
            if due_at > last:
                return
            yield Due(start, end, end, due_at, due_at + self._grace)
            start = end

    def around(self, now: datetime) -> tuple[list[Due], datetime | None]:
        """Return the last two deliveries that were due by `now` (fewer where there are fewer), and when the next one is."""
        grain, reach = self.cadence.every, self._reach()
        found = self.dues(now - 3 * reach, now + reach, grain)
        past = [one for one in found if one.due_at <= now]
        return past[-2:], next((one.due_at for one in found if one.due_at > now), None)

    def _reach(self) -> timedelta:
        """At most so long between two due times."""
        if self.is_once:
            return timedelta(days=36525)
        length = {"hour": 1, "day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[self.cadence.every]
        return timedelta(days=length + self._waits() + (15 if self.cadence.on == "workdays" else 1))

    def _waits(self) -> int:
        """At most so many days does a month wait for those that are told with it."""
        return 31 * max((last - first for first, last in self.together), default=0)

    def late_at(self, moment: datetime) -> datetime | None:
        """Return from when on the delivery is late that speaks for the time up to `moment`; None: nothing more is owed."""
        if self.is_once:
            return None
        start = periods.floor(moment, self.cadence.every)
        return self._due_at(moment if start == moment else periods.step(start, self.cadence.every)) + self._grace

    def _due_at(self, end: datetime) -> datetime:
        """Return when the drop of the period that ends then must be there."""
        if self.cadence.every == "hour":
            moment = end + timedelta(hours=self._due.hour, minutes=self._due.minute)
            day = self._worked(moment.date())
            return moment if day == moment.date() else datetime.combine(day, self._due)
        month = (end - timedelta(days=1)).month
        last = next((last for first, last in self.together if first <= month < last), month)
        end = periods.step(end, "month", last - month) if last > month else end
        return datetime.combine(self._worked(end.date() + timedelta(days=self.cadence.lag)), self._due)

    def _worked(self, day: date) -> date:
        while self.cadence.on == "workdays" and not self.working.works(day):
            day += timedelta(days=1)
        return day


Timetables = dict[tuple[str, str], Timetable]


def timetables(contracts: dict[str, Contract], reference: Reference) -> Timetables:
    """Return the timetable of every feed and table."""
    working = WorkingCalendar(reference)

    def together(contract: Contract, table: str) -> Sequence[tuple[int, int]]:
        source = contract.files.period
        return source.together if source and contract.tables[table].covers != "time" else ()

    return {
        (feed, table): Timetable(contract.cadence_of(table), contract.since, working, together(contract, table))
        for feed, contract in contracts.items()
        for table in contract.tables
    }

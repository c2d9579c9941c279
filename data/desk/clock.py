"""How long something takes in the time that counts for it: day and night, in working hours, or on working days; pauses left out.

Each unit has its own clock, which runs within spans of each day. A working day counts as one from midnight to midnight, so that two of
them from a Friday afternoon on end on a Tuesday afternoon, and from a Saturday on with the Tuesday.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from data.register import Reference
from data.timetable import WorkingCalendar

Span = tuple[datetime, datetime]
DAY = 86_400
_SECONDS = {"urgent_minutes": 60, "urgent_hours": 3600, "work_minutes": 60, "work_hours": 3600, "work_days": DAY, "natural_days": DAY}
_FAR = 3660  # days: beyond ten years nothing is due


class Clock:
    """The clocks of a city: its working calendar and hours. Moments are local and naive."""

    def __init__(self, reference: Reference) -> None:
        """Take the calendar of a city."""
        self._calendar = WorkingCalendar(reference)
        self._hours = [span.seconds for span in reference.city.working_hours]

    def due(self, since: datetime, count: float, unit: str, pauses: Sequence[Span] = ()) -> datetime | None:
        """Return when so many of a unit have passed since a moment; None: not within ten years, as in a pause without an end."""
        left = float(count * _SECONDS[unit])
        if left <= 0:
            return since
        for start, end in self._running(since, since + timedelta(days=_FAR), unit, pauses):
            length = (end - start).total_seconds()
            if length >= left:
                return start + timedelta(seconds=left)
            left -= length
        return None

    def passed(self, since: datetime, until: datetime, unit: str, pauses: Sequence[Span] = ()) -> float:
        """Return how many seconds of a unit's clock lie between two moments; 0 where the second is not after the first."""
        return sum((end - start).total_seconds() for start, end in self._running(since, until, unit, pauses))

    def share(self, since: datetime, until: datetime, count: int, unit: str, pauses: Sequence[Span] = ()) -> float:
        """Return what share of a limit has passed."""
        return self.passed(since, until, unit, pauses) / (count * _SECONDS[unit])

    def _running(self, since: datetime, until: datetime, unit: str, pauses: Sequence[Span]) -> Iterator[Span]:
        """Yield the stretches in which the clock of a unit runs, in order."""
        day = datetime.combine(since.date(), time())
        while day < until:
            for first, last in self._spans(day, unit):
                start, end = max(day + timedelta(seconds=first), since), min(day + timedelta(seconds=last), until)
                yield from _without(start, end, pauses)
            day += timedelta(days=1)

    def _spans(self, day: datetime, unit: str) -> Sequence[tuple[int, int]]:
        if unit.startswith("work") and not self._calendar.works(day.date()):
            return ()
        return self._hours if unit in {"work_minutes", "work_hours"} else ((0, DAY),)


def _without(start: datetime, end: datetime, pauses: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of a stretch outside pauses."""
    for first, last in sorted(pauses):
        if last <= start or first >= end:
            continue
        if first > start:
            yield start, first
        start = max(start, last)
    if start < end:
        yield start, end

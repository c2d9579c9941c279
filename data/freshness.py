"""Judges deliveries: which of those that were due came, when, and from whom; and how a table stands at `as_of`.

A late feed is known by its due time on the city's calendar, whatever the rest of the data say. The clock is an argument.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.register import Reference
from data.timetable import Due, Timetable, Timetables


class FeedState(StrEnum):
    """How a delivery, a table or a feed stands; `refused` and `not_due` are said of a day only."""

    ON_TIME = "on_time"
    DUE = "due"
    LATE = "late"
    MISSING = "missing"
    PARTIAL = "partial"
    UNEXPECTED = "unexpected"
    REFUSED = "refused"
    NOT_DUE = "not_due"


_WORST_FIRST = (
    FeedState.MISSING, FeedState.REFUSED, FeedState.LATE, FeedState.PARTIAL, FeedState.UNEXPECTED, FeedState.DUE, FeedState.ON_TIME,
    FeedState.NOT_DUE,
)  # fmt: skip


def worst(states: Iterable[FeedState]) -> FeedState:
    """Return the state that asks most for attention."""
    return min(states, key=_WORST_FIRST.index)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one drop says of one table: from when to when, of whom (empty: of all), and when it came."""

    start: datetime
    end: datetime
    arrived_at: datetime
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one delivery. `arrived_at`: when it was whole; `missing`: who still owes a share, where `each` does."""

    due: Due
    state: FeedState
    arrived_at: datetime | None
    late_min: int
    came: int
    expected: int
    missing: tuple[str, ...] = ()


class Expected:
    """The entities each of which owes its share of a delivery, by the time that it speaks for."""

    def __init__(self, kind: str, reference: Reference) -> None:
        """Keep the entities of a kind with the days on which they are valid; no kind: one share of nobody's."""
        self._entities = reference.of_kind(kind) if kind else ()
        self.kind = kind

    def at(self, due: Due) -> tuple[str, ...]:
        """Return who owes a share: every entity that is valid on the last day of the delivery."""
        if not self.kind:
            return ("",)
        day = (due.end - datetime.resolution).date()
        return tuple(one.entity for one in self._entities if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to))


def arrivals(dues: Sequence[Due], spoken: Sequence[Spoken]) -> list[datetime | None]:
    """Return when each delivery first came, from what was said in order of arrival.

    A drop brings a delivery when it speaks for some of its time, and reaches the end of its (first) period or came after it.
    """
    came: list[datetime | None] = [None] * len(dues)
    waiting = list(range(len(dues)))
    for said in spoken:
        place = bisect_right(waiting, said.start, key=lambda index: dues[index].end)
        while place < len(waiting) and (due := dues[waiting[place]]).start < said.end:
            if said.end >= due.ripe_at or said.arrived_at >= due.ripe_at:
                came[waiting.pop(place)] = said.arrived_at
            else:
                place += 1
    return came


def judged(dues: Sequence[Due], following: datetime | None, spoken: Sequence[Spoken], expected: Expected, now: datetime) -> list[Delivery]:
    """Return what became of each delivery; `following` is when the one after the last is due."""
    shares = [expected.at(due) for due in dues]
    by_whom = {
        one: arrivals(dues, [said for said in spoken if not one or not said.entities or one in said.entities])
        for one in sorted({one for share in shares for one in share})
    }
    if not dues:
        return []
    next_due = [*(due.due_at for due in dues[1:]), following]
    return [
        _judged(due, after, {one: by_whom[one][place] for one in share}, now)
        for place, (due, after, share) in enumerate(zip(dues, next_due, shares, strict=True))
    ]


def _judged(due: Due, following: datetime | None, came: dict[str, datetime | None], now: datetime) -> Delivery:
    """On time, or late: by when it was whole. Else due until its grace is over, then partial, late, or missing once the next is due."""
    there = [moment for moment in came.values() if moment]
    missing = tuple(one for one, moment in came.items() if not moment)
    whole = max(there) if there and not missing else None
    if whole:
        state = FeedState.ON_TIME if whole <= due.late_at else FeedState.LATE
    elif now < due.late_at:
        state = FeedState.DUE
    elif there:
        state = FeedState.PARTIAL
    else:
        state = FeedState.MISSING if following is None or following <= now else FeedState.LATE
    late_min = max(0, int(((whole or now) - due.due_at).total_seconds() // 60))
    return Delivery(due, state, whole, late_min, len(there), len(came), tuple(filter(None, missing)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a table stands: the last delivery that was due (None before the first), its state, and when the next is due."""

    last: Delivery | None
    state: FeedState
    next_due_at: datetime | None


def standing(timetable: Timetable, spoken: Sequence[Spoken], unexpected: Sequence[datetime], expected: Expected, now: datetime) -> Standing:
    """Return how a table stands at `now`; `unexpected` are the arrivals of its drops outside what is due."""
    dues, following = timetable.around(now)
    found = judged(dues, following, spoken, expected, now)
    if not found:
        return Standing(None, FeedState.DUE, following)
    last, state = found[-1], found[-1].state
    if last.came == 0 and len(found) > 1 and found[-2].state is FeedState.MISSING:
        state = FeedState.MISSING
    if timetable.is_once and last.arrived_at:
        state = FeedState.ON_TIME  # however late it came: nothing is owed after it that would end its being late
    if any(moment >= last.due.due_at for moment in unexpected):
        state = worst((state, FeedState.UNEXPECTED))
    return Standing(last, state, following)


def off_schedule(timetable: Timetable, deliveries: Sequence[Delivery], spoken: Sequence[Spoken]) -> list[datetime]:
    """Return the arrivals outside what is due: a once-only table that comes again, a delivery that comes early on a day off."""
    if timetable.is_once:
        return _again(spoken)
    if timetable.cadence.on == "every_day":
        return []
    moments = {one.arrived_at for one in deliveries if one.arrived_at and one.arrived_at < one.due.due_at}
    return sorted(moment for moment in moments if not timetable.working.works(moment.date()))


def _again(spoken: Sequence[Spoken]) -> list[datetime]:
    """Return the arrivals that speak only of what had been spoken of before, each entity for itself."""
    found: list[datetime] = []
    seen: set[str] = set()
    for said in spoken:
        whose = set(said.entities) or {""}
        if seen >= whose or "" in seen:
            found.append(said.arrived_at)
        seen |= whose
    return found


def late_reason(found: Timetables, tables: Iterable[tuple[str, str]], period_end: datetime, as_of: datetime) -> str:
    """Return why a complete period is not covered: `feed_late:<feed>` after the grace of a table, else `not_due:<feed>`."""
    now, reasons = as_of.replace(tzinfo=None), []
    for feed, table in tables:
        late_at = found[feed, table].late_at(period_end)
        reasons.append(f"{'feed_late' if late_at and late_at <= now else 'not_due'}:{feed}")
    return min(reasons)

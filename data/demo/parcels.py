"""Plans which file arrives when: the history at go-live, then day by day, with the mishaps of the world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from data.demo.dice import dice
from data.demo.periods import DAY, each_day
from data.demo.world import World

GO_LIVE = date(2016, 1, 7)
OPENS = time(8)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file to be written: the days it speaks of, what is known in it, and how it fares.

    `known` is the moment whose knowledge it holds. `hour` is given for an hourly file, `fate` is
    whole, again (the same bytes once more), broken or empty.
    """

    feed: str
    first: date
    last: date
    known: date
    arrived: datetime
    file: str
    fate: str = "whole"
    hour: int | None = None

    @property
    def is_history(self) -> bool:
        """Say whether this is a back-file of the night of go-live."""
        return self.first < GO_LIVE

    def dice(self, seed: int) -> np.random.Generator:
        """Return the stream by which this file is written, whatever is written beside it."""
        return dice(seed, f"{self.feed}_{self.known}_{self.hour}", self.first)


def clock_after(day: date) -> datetime:
    """Return the moment at which the demonstration of `day` is looked at: the next morning."""
    return datetime.combine(day + DAY, OPENS)


def back_files(feed: str, start: date, turn: int, name: Callable[[date], str], *, yearly: bool = False) -> Iterator[Parcel]:
    """Yield the back-files, one a month or a year, that were taken over in the night of go-live; `turn` is the feed's place in it."""
    first = start
    while first < GO_LIVE:
        after = min(date(first.year + 1, 1, 1) if yearly else _next_month(first), GO_LIVE)
        position = (first.year - 2013) * 12 + first.month - 1
        arrived = datetime.combine(GO_LIVE, time(1)) + timedelta(minutes=6 * position + 2 * turn)
        yield Parcel(feed, first, after - DAY, GO_LIVE, arrived, name(first))
        first = after


def month_files(
    feed: str, start: date, until: date, turn: int, comes: Callable[[date], datetime], name: Callable[[date], str]
) -> Iterator[Parcel]:
    """Yield the file of each whole month since `start`, which comes when `comes` says of the day after its last.

    The months before go-live were taken over in its night, as other back-files were.
    """
    first = _next_month(start - DAY)
    while (after := _next_month(first)) <= until + DAY:
        position = (first.year - 2013) * 12 + first.month - 1
        taken_over = datetime.combine(GO_LIVE, time(1)) + timedelta(minutes=6 * position + 2 * turn)
        known, arrived = (GO_LIVE, taken_over) if after <= GO_LIVE else (after, comes(after))
        yield Parcel(feed, first, after - DAY, known, arrived, name(first))
        first = after


def by_month(stem: str) -> Callable[[date], str]:
    """Return how the workbook of a month is called, from its first day."""
    return lambda first: f"{stem}_{first:%Y%m}.xlsx"


def by_day(stem: str) -> Callable[[date], str]:
    """Return how the workbook of a day is called."""
    return lambda day: f"{stem}_{day:%Y%m%d}.xlsx"


def on_day(day: int, at: time) -> Callable[[date], datetime]:
    """Return when a monthly file comes, from the day after the last of its month: on that day of the next one."""
    return lambda after: datetime.combine(after.replace(day=day), at)


def whole_months(until: date) -> date:
    """Return the last day of the last month that has ended by `until`: how far monthly files can speak."""
    return (until + DAY).replace(day=1) - DAY


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def day_files(world: World, feed: str, until: date, usual: Callable[[date], time], name: Callable[[date], str]) -> Iterator[Parcel]:
    """Yield the drop of each day since go-live, which comes at the time `usual` of the next one, unless a mishap befalls it."""
    for day in each_day(GO_LIVE, until):
        yield from befallen(world, Parcel(feed, day, day, day + DAY, datetime.combine(day + DAY, usual(day)), name(day)))


def befallen(world: World, whole: Parcel) -> Iterator[Parcel]:
    """Yield a parcel as it was meant, or the one or two that the mishap of its first day makes of it."""
    mishap = next((one for one in world.mishaps if (one.feed, one.day) == (whole.feed, whole.first)), None)
    if mishap is None:
        yield whole
        return
    whole = replace(whole, arrived=mishap.arrived)
    if mishap.then is None:
        yield whole
        return
    twice = mishap.kind == "twice"
    yield whole if twice else replace(whole, fate=mishap.kind)
    stem, dot, suffix = whole.file.rpartition(".")
    second = f"{stem}_{'重发' if twice else '补发'}{dot}{suffix}"
    yield replace(whole, arrived=mishap.then, file=second, fate="again" if twice else "whole")

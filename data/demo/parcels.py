"""Plans which drop arrives when: the history at go-live, then day by day, with the mishaps of the world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from data.demo.world import World

GO_LIVE = date(2016, 1, 7)
OPENS = time(8)
FEEDS = ("hotline", "urban_cases", "environment")
DAY = timedelta(days=1)


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


def clock_after(day: date) -> datetime:
    """Return the moment at which the demonstration of `day` is looked at: the next morning."""
    return datetime.combine(day + DAY, OPENS)


def parcels(world: World, start: date, until: date) -> list[Parcel]:
    """Return everything that has arrived by the morning after `until`, in order of arrival."""
    days = [GO_LIVE + DAY * back for back in range((until - GO_LIVE).days + 1)]
    daily = [one for feed in FEEDS for day in days for one in _daily(world, feed, day)]
    arrived = [one for one in (*_history(start), *daily, *_morning(until)) if one.arrived <= clock_after(until)]
    return sorted(arrived, key=lambda one: (one.arrived, one.feed))


def _history(start: date) -> Iterator[Parcel]:
    """Yield the back-files, one a month, that were taken over in the night of go-live."""
    first = start
    while first < GO_LIVE:
        after = min((first.replace(day=1) + timedelta(days=32)).replace(day=1), GO_LIVE)
        position = (first.year - 2013) * 12 + first.month - 1
        for place, feed in enumerate(FEEDS):
            arrived = datetime.combine(GO_LIVE, time(1)) + timedelta(minutes=6 * position + 2 * place)
            yield Parcel(feed, first, after - DAY, GO_LIVE, arrived, _month_name(feed, first))
        first = after


def _daily(world: World, feed: str, day: date) -> Iterator[Parcel]:
    """Yield the drop of a day, or the two that a mishap makes of it."""
    mishap = next((one for one in world.mishaps if (one.feed, one.day) == (feed, day)), None)
    usual = datetime.combine(day + DAY, time(6, 5 + day.toordinal() * 7 % 24) if feed != "environment" else time(0, 20))
    whole = Parcel(feed, day, day, day + DAY, mishap.arrived if mishap else usual, _day_name(feed, day))
    if mishap is None or mishap.then is None:
        yield whole
        return
    twice = mishap.kind == "twice"
    yield whole if twice else replace(whole, fate=mishap.kind)
    stem, dot, suffix = whole.file.rpartition(".")
    second = f"{stem}_{'重发' if twice else '补发'}{dot}{suffix}"
    yield replace(whole, arrived=mishap.then, file=second, fate="again" if twice else "whole")


def _morning(until: date) -> Iterator[Parcel]:
    """Yield the hourly files of the last morning."""
    day = until + DAY
    for hour in range(1, OPENS.hour):
        arrived = datetime.combine(day, time(hour, 8))
        yield Parcel("environment", day, day, day, arrived, f"环境与气象小时值_{day:%Y%m%d}{hour:02d}.csv", hour=hour)


def _month_name(feed: str, first: date) -> str:
    if feed == "hotline":
        return f"12345工单明细({first.year}年{first.month}月).xlsx"
    return f"{'城管案件' if feed == 'urban_cases' else '环境与气象小时值'}_{first:%Y%m}.csv"


def _day_name(feed: str, day: date) -> str:
    if feed == "hotline":
        return f"12345工单明细({day.month}月{day.day}日).xlsx"
    return f"{'城管案件' if feed == 'urban_cases' else '环境与气象小时值'}_{day:%Y%m%d}.csv"

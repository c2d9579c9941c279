"""The economy: a bulletin a month (none for January alone), market subjects a month, office buildings a quarter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from data.demo.areas import at_places, in_areas
from data.demo.dice import dice
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.economy.figures import FIGURES
from data.demo.feeds.economy.sheet import bulletin_book, office_book, subject_book
from data.demo.feeds.economy.simulate import bulletin, is_slight, offices, subjects
from data.demo.parcels import GO_LIVE, OPENS, Parcel, month_files
from data.demo.periods import DAY
from data.demo.world import World

BULLETIN, SUBJECTS, OFFICES = "主要经济指标", "市场主体", "重点楼宇"
JANUARY, FEBRUARY = 1, 2
QUARTER = 3


def plan(_world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield the files of every month and quarter that ended since `start`; the market subjects of earlier years one a year."""
    for one in month_files("economy", start, until, 0, _bulletin_comes, lambda first: f"{BULLETIN}{first:%Y%m}.xls"):
        if one.first.month == FEBRUARY and one.first.replace(month=JANUARY) >= start:
            yield _from(one, one.first.replace(month=JANUARY), _bulletin_comes)
        elif one.first.month not in {JANUARY, FEBRUARY}:
            yield _from(one, one.first, _bulletin_comes)
    for one in month_files("economy", start, until, 2, _offices_come, lambda first: f"{OFFICES}{first.year}Q{_quarter(first)}.xls"):
        if one.first.month % QUARTER == 0 and one.first.replace(month=one.first.month - 2) >= start:
            yield _from(one, one.first.replace(month=one.first.month - 2), _offices_come)
    monthly = list(month_files("economy", start, until, 1, _subjects_come, lambda first: f"{SUBJECTS}{first:%Y%m}.xls"))
    for year in sorted({one.first.year for one in monthly if one.known == GO_LIVE}):
        of_year = [one for one in monthly if one.first.year == year]
        arrived = datetime.combine(GO_LIVE, time(5, year - 2000))
        yield Parcel("economy", of_year[0].first, of_year[-1].last, GO_LIVE, arrived, f"{SUBJECTS}{year}.xls")
    yield from (one for one in monthly if one.known > GO_LIVE)


def write(world: World, seed: int, _start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the files of a span."""
    return (_write(world, seed, parcel) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel) -> Written:
    rng = dice(seed, parcel.file, parcel.last)
    if parcel.file.startswith(BULLETIN):
        told = bulletin(world, seed, parcel.first, parcel.last)
        content, soiled = bulletin_book(world, told, parcel.first, parcel.last, rng)
        slight = np.array([is_slight(amount, unit) for amount, unit in zip(told["month_amount"], told["unit"], strict=True)])
        return written(content, {"monthly": (soiled, told.assign(month_amount=told["month_amount"].mask(slight)))})
    if parcel.file.startswith(OFFICES):
        told = offices(world, seed, parcel.last)
        content, soiled = office_book(world, told, parcel.last, rng)
        return written(content, {"buildings": (soiled, told)})
    months = [parcel.first.replace(month=month) for month in range(parcel.first.month, parcel.last.month + 1)]
    told = pd.concat([subjects(world, seed, month) for month in months], ignore_index=True)
    content, soiled = subject_book(world, told, rng)
    return written(content, {"entities": (soiled, told)})


def _from(parcel: Parcel, first: date, comes: Callable[[date], datetime]) -> Parcel:
    """Return a parcel that speaks from `first` on; what was not yet out in the night of go-live comes when it is out."""
    return replace(parcel, first=first, arrived=max(parcel.arrived, comes(parcel.last + DAY)))


def _quarter(month: date) -> int:
    return (month.month + 2) // QUARTER


def _bulletin_comes(after: date) -> datetime:
    return datetime.combine(after + timedelta(days=19), time(15, 20))


def _subjects_come(after: date) -> datetime:
    return datetime.combine(after + timedelta(days=3), time(16, 20))


def _offices_come(after: date) -> datetime:
    return datetime.combine(after + timedelta(days=18), time(10, 30))


def _told(until: date) -> date:
    """Return the last day of the last month whose bulletin has come by the morning after `until`; January waits for February."""
    after = (until + DAY).replace(day=1)
    while _bulletin_comes(after) > datetime.combine(until + DAY, OPENS) or (after - DAY).month == JANUARY:
        after = (after - DAY).replace(day=1)
    return after - DAY


def _counted(until: date) -> date:
    """Return the last day of the last quarter whose buildings have come by the morning after `until`."""
    after = (until + DAY).replace(day=1)
    while _offices_come(after) > datetime.combine(until + DAY, OPENS) or (after - DAY).month % QUARTER:
        after = (after - DAY).replace(day=1)
    return after - DAY


def _place(world: World, table: str, records: pd.DataFrame) -> pd.DataFrame:
    if table == "monthly":
        return records.assign(district_code=world.root)
    return in_areas(world, records) if table == "entities" else at_places(world, "building", in_areas(world, records))


FEED = Feed(
    feed="economy",
    tables={
        "monthly": Table(key=("month_end", "figure"), facts=("month_amount", "to_date", "last_year", "growth"), speaks_until=_told),
        "entities": Table(key=("reported_month", "street"), facts=("new_count", "closed_count"), time="reported_month", every="month"),
        "buildings": Table(key=("quarter_end", "building"), facts=("street", "office_space", "vacant_space"), speaks_until=_counted),
    },
    plan=plan,
    write=write,
    place=_place,
    figures=FIGURES,
)

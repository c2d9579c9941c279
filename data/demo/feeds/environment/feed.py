"""Environment and weather: a CSV a day, and one an hour on the last morning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from data.demo.areas import at_places
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.environment.figures import FIGURES
from data.demo.feeds.environment.sheet import air_sheet
from data.demo.feeds.environment.simulate import GASES, simulate_air
from data.demo.parcels import OPENS, Parcel, back_files, day_files
from data.demo.periods import DAY, each_day
from data.demo.world import World

NAME = "环境与气象小时值"


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield a back-file a month, a drop a day soon after midnight, and the hourly files of the last morning."""
    yield from back_files("environment", start, 2, lambda first: f"{NAME}_{first:%Y%m}.csv")
    yield from day_files(world, "environment", until, lambda _day: time(0, 20), lambda day: f"{NAME}_{day:%Y%m%d}.csv")
    day = until + DAY
    for hour in range(1, OPENS.hour):
        arrived = datetime.combine(day, time(hour, 8))
        yield Parcel("environment", day, day, day, arrived, f"{NAME}_{day:%Y%m%d}{hour:02d}.csv", hour=hour)


def write(world: World, seed: int, _start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the files of a span."""
    days = each_day(parcels[0].first, max(parcel.last for parcel in parcels))
    readings = pd.concat([simulate_air(world, seed, day) for day in days], ignore_index=True)
    return (_write(world, seed, parcel, readings) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel, readings: pd.DataFrame) -> Written:
    """Send the hours of the span; what a flagged instrument showed is no reading."""
    low, high = np.datetime64(parcel.first, "s"), np.datetime64(parcel.last + DAY, "s")
    if parcel.hour is not None:
        high = low + np.timedelta64(parcel.hour * 3600, "s")
        low = high - np.timedelta64(3600, "s")
    known = readings[(readings["hour"] >= low) & (readings["hour"] < high)]
    content, soiled = air_sheet(world, known, parcel.dice(seed))
    flagged = (known["status"] != 0).to_numpy()
    return written(content, {"hourly": (soiled, known.assign(**{name: known[name].mask(flagged) for name in GASES}))})


def _place(world: World, _table: str, readings: pd.DataFrame) -> pd.DataFrame:
    placed = at_places(world, "station", readings)
    return placed.assign(street_code=placed["station_code"].map(world.parents))


FEED = Feed(
    feed="environment",
    tables={"hourly": Table(key=("hour", "station"), facts=("pm25", "aqi", "noise"), time="hour", every="hour")},
    plan=plan,
    write=write,
    place=_place,
    figures=FIGURES,
)

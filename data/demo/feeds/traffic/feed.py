"""Traffic: three offices send a CSV a day each; of earlier years they kept the peak hours, every bus day and four looks a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from data.demo.areas import at_places, in_areas
from data.demo.dice import dice
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.traffic.figures import FIGURES
from data.demo.feeds.traffic.sheet import bus_sheet, flow_sheet, parking_sheet
from data.demo.feeds.traffic.simulate import ARCHIVED_FLOW, ARCHIVED_PARKING, simulate_bus, simulate_flow, simulate_parking
from data.demo.parcels import OPENS, Parcel, back_files, day_files
from data.demo.periods import DAY, each_day
from data.demo.world import World

NAMES = {"flow": "道路流量", "bus": "公交班次", "parking": "停车泊位"}
COMES = {"flow": time(0, 25), "bus": time(5, 50), "parking": time(0, 40)}
SIMULATE: dict[str, Callable[[World, int, date], pd.DataFrame]] = {
    "flow": simulate_flow, "bus": simulate_bus, "parking": simulate_parking,
}  # fmt: skip


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield a back-file a year and a drop a day from each office, and the roads by the hour on the last morning."""
    for turn, table in enumerate(NAMES):
        yield from _of_office(world, table, turn, start, until)
    day = until + DAY
    for hour in range(1, OPENS.hour):
        arrived = datetime.combine(day, time(hour, 10))
        yield Parcel("traffic", day, day, day, arrived, f"{NAMES['flow']}_{day:%Y%m%d}{hour:02d}.csv", hour=hour)


def _of_office(world: World, table: str, turn: int, start: date, until: date) -> Iterator[Parcel]:
    name, comes = NAMES[table], COMES[table]
    yield from back_files("traffic", start, turn, lambda first: f"{name}_{first:%Y}.csv", yearly=True)
    yield from day_files(world, "traffic", until, lambda _day: comes, lambda day: f"{name}_{day:%Y%m%d}.csv")


def write(world: World, seed: int, _start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the files of a span."""
    return (_write(world, seed, parcel) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel) -> Written:
    table = next(table for table, name in NAMES.items() if parcel.file.startswith(name))
    rng = dice(seed, parcel.file, parcel.first)
    records = pd.concat([SIMULATE[table](world, seed, day) for day in each_day(parcel.first, parcel.last)], ignore_index=True)
    if table == "bus":
        content, soiled = bus_sheet(world, records, rng, dated=parcel.is_history)
    elif table == "flow":
        records = _of_hours(records, parcel, ARCHIVED_FLOW)
        content, soiled = flow_sheet(world, records, rng)
    else:
        records = _of_hours(records, parcel, ARCHIVED_PARKING)
        content, soiled = parking_sheet(world, records, rng)
    return written(content, {table: (soiled, records)})


def _of_hours(records: pd.DataFrame, parcel: Parcel, archived: tuple[int, ...]) -> pd.DataFrame:
    """Return the rows that a file holds: a back-file the hours that were kept, an hourly one its hour."""
    hour = records["measured_at"].dt.hour.to_numpy()
    if parcel.hour is not None:
        return records[hour == parcel.hour - 1]
    return records[np.isin(hour, archived)] if parcel.is_history else records


def _place(world: World, table: str, records: pd.DataFrame) -> pd.DataFrame:
    if table == "bus":
        return at_places(world, "bus_line", records)
    return in_areas(world, records) if table == "flow" else at_places(world, "car_park", in_areas(world, records))


FEED = Feed(
    feed="traffic",
    tables={
        "flow": Table(key=("measured_at", "street"), facts=("index", "speed", "length_km")),
        "bus": Table(key=("run_on", "bus_line"), facts=("planned", "on_time")),
        "parking": Table(key=("measured_at", "car_park"), facts=("street", "spaces", "occupied")),
    },
    plan=plan,
    write=write,
    place=_place,
    figures=FIGURES,
)

"""Community grid and civil affairs: grid events day by day, welfare by sub-district and month, jobs by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time

import pandas as pd

from data.demo.areas import in_areas
from data.demo.dice import dice
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.community.figures import FIGURES
from data.demo.feeds.community.grid import LONGEST, event_sheets, simulate_events
from data.demo.feeds.community.monthly import job_sheet, welfare_sheet
from data.demo.parcels import GO_LIVE, Parcel, back_files, by_day, by_month, day_files, month_files, on_day, whole_months
from data.demo.periods import each_day
from data.demo.workbook import workbook
from data.demo.world import World

EVENTS, WELFARE, JOBS, TURN = "网格事件", "社区民政", "就业月报", 4


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield the events of a day soon after six, the reports of a month in its first days, and the back-files."""
    yield from back_files("community", start, TURN, by_month(EVENTS))
    yield from day_files(world, "community", until, lambda day: time(6, 5 + day.toordinal() * 5 % 20), by_day(EVENTS))
    yield from month_files("community", start, until, TURN, on_day(3, time(11)), by_month(JOBS))
    whole = month_files("community", start, until, TURN, on_day(1, time(10)), by_month(WELFARE))
    yield from (parcel for parcel in whole if parcel.known == GO_LIVE)
    for street, code in enumerate(world.streets):
        comes, name = on_day(1 + street % 5, time(10, street)), by_month(f"{world.names[code]}_{WELFARE}")
        own = month_files("community", start, until, TURN, comes, name)  # since go-live each sub-district sends its own
        yield from (parcel for parcel in own if parcel.known != GO_LIVE)


def write(world: World, seed: int, start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the reports of a span; a day looks back to events that are still open."""
    daily = [parcel for parcel in parcels if parcel.file.startswith(EVENTS)]
    reported = [pd.DataFrame()]
    if daily:
        first = daily[0].first if daily[0].is_history else max(start, daily[0].first - LONGEST)
        reported = [simulate_events(world, seed, day) for day in each_day(first, max(parcel.last for parcel in daily))]
    events = pd.concat(reported, ignore_index=True)
    return (_write(world, seed, parcel, events) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel, events: pd.DataFrame) -> Written:
    name = parcel.file.partition("_")[0]
    rng = dice(seed, f"{name}_{parcel.known}", parcel.first)
    if name == EVENTS:
        sheets, soiled, records = event_sheets(world, events, parcel, rng)
        return written(workbook(*sheets), {"grid_events": (soiled, records)})
    if name == JOBS:
        sheet, soiled, records = job_sheet(world, seed, parcel, rng)
        return written(workbook(sheet), {"jobs": (soiled, records)})
    street = None if name == WELFARE else [world.names[code] for code in world.streets].index(name)
    sheet, soiled, records = welfare_sheet(world, seed, parcel, street, rng)
    return written(workbook(sheet), {"welfare": (soiled, records)})


FEED = Feed(
    feed="community",
    tables={
        "grid_events": Table(key=("event",), facts=("street", "community", "due_at", "closed_at")),
        "welfare": Table(
            key=("community", "month"), facts=("street", "households", "aged", "home_care", "applied", "in_time"), speaks_until=whole_months
        ),
        "jobs": Table(key=("month",), facts=("so_far", "target"), speaks_until=whole_months),
    },
    plan=plan,
    write=write,
    place=lambda world, table, records: records.assign(district_code=world.root) if table == "jobs" else in_areas(world, records),
    figures=FIGURES,
)

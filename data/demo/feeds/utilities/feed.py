"""Utilities: a workbook a day, a sheet each, collected by the construction bureau before half past four."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time

import numpy as np
import pandas as pd

from data.demo.areas import in_areas
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.utilities.sheet import NOTES, WORKS, heating_sheet, works_sheet
from data.demo.feeds.utilities.simulate import simulate_heating, simulate_works
from data.demo.figures import NOTHING, Figure, of_sums, total
from data.demo.parcels import Parcel, back_files, day_files
from data.demo.periods import each_day
from data.demo.workbook import workbook
from data.demo.world import World

TURN = 6


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield a back-file a month and a workbook a day."""
    yield from back_files("utilities", start, TURN, lambda first: f"公用事业运行日报_{first:%Y%m}.xlsx")
    yield from day_files(
        world, "utilities", until, lambda day: time(4, 2 + day.toordinal() * 7 % 26), lambda day: f"公用事业运行日报_{day:%Y%m%d}.xlsx"
    )


def write(world: World, seed: int, _start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the workbooks of a span."""
    return (_write(world, seed, parcel) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel) -> Written:
    """Fill a sheet a utility; a report of one day has no faults but in heating, or its day would have no figure."""
    rng, span = parcel.dice(seed), each_day(parcel.first, parcel.last)
    works = pd.concat([simulate_works(world, seed, day) for day in span], ignore_index=True)
    works = works.assign(pressure_share=works["pressure_ok"] / works["pressure_checks"])
    day = "" if parcel.is_history else f"{parcel.last.day}日"
    title = f"公用事业运行日报（{parcel.first.year}年{parcel.first.month}月{day}）"
    # The first and the last day bound what a file speaks for.
    eligible = np.full(len(works), parcel.is_history)
    eligible[[0, -1]] = False
    sheets, made = [], {}
    for table, form in WORKS.items():
        sheet, soiled = works_sheet(form, works, eligible, title, rng)
        sheets.append(sheet)
        made[table] = (soiled, works)
    heating = pd.concat([simulate_heating(world, seed, one) for one in span], ignore_index=True)
    if len(heating):
        troubled = {world.streets.index(one.area) for one in world.happening("utilities", parcel.last) if one.area in world.streets}
        sheet, soiled = heating_sheet(world, heating, ~heating["street"].isin(troubled).to_numpy(), title, rng)
        sheets.insert(3, sheet)
        made["heating"] = (soiled, heating)
    return written(workbook(*sheets, NOTES), made)


FEED = Feed(
    feed="utilities",
    tables={
        "water_supply": Table(("day",), ("pressure_checks", "pressure_ok", "outage_households"), time="day"),
        "power_supply": Table(("day",), ("outage_hours", "customers"), time="day"),
        "gas_supply": Table(("day",), ("leaks",), time="day"),
        "heating": Table(("day", "company", "street"), ("households", "measured", "warm"), time="day"),
        "drainage": Table(("day",), ("flooded",), time="day"),
        "lighting": Table(("day",), ("lamps", "lamps_on"), time="day"),
        "sanitation": Table(("day",), ("waste", "waste_cleared"), time="day"),
    },
    plan=plan,
    write=write,
    place=lambda world, table, records: in_areas(world, records) if table == "heating" else records.assign(district_code=world.root),
    figures=(
        Figure("water_pressure_ok_rate", "water_supply", ("day",), ("district",), of_sums("pressure_ok", "pressure_checks"), NOTHING),
        Figure("water_outage_households", "water_supply", ("day",), ("district",), total("outage_households"), NOTHING),
        Figure("power_outage_min", "power_supply", ("day",), ("district",), of_sums("outage_hours", "customers", times=60), NOTHING),
        Figure("gas_leak_reports", "gas_supply", ("day",), ("district",), total("leaks"), NOTHING),
        Figure("heat_temp_ok_rate", "heating", ("day",), ("district", "street"), of_sums("warm", "measured"), NOTHING, heating=True),
        Figure("heated_households", "heating", ("day",), ("district", "street"), total("households"), NOTHING, heating=True),
        Figure("waterlogging_points", "drainage", ("day",), ("district",), total("flooded"), NOTHING),
        Figure("light_on_rate", "lighting", ("day",), ("district",), of_sums("lamps_on", "lamps"), NOTHING),
        Figure("waste_daily_clear", "sanitation", ("day",), ("district",), of_sums("waste_cleared", "waste"), NOTHING),
    ),
)

"""Work safety and market regulation: the register of hazards, lifts and dust day by day, samples and accidents by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time

import pandas as pd

from data.demo.areas import at_places, in_areas
from data.demo.dice import dice
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.safety.figures import FIGURES
from data.demo.feeds.safety.hazards import LONGEST, hazard_sheet, simulate_hazards
from data.demo.feeds.safety.reports import Report, accident_report, dust_report, lift_report, sample_report
from data.demo.parcels import Parcel, back_files, by_day, by_month, day_files, month_files, on_day, whole_months
from data.demo.periods import each_day
from data.demo.workbook import workbook
from data.demo.world import World

HAZARDS, TURN = "安全隐患台账", 3
DAILY: dict[str, tuple[str, Report]] = {"电梯运行": ("lifts", lift_report), "扬尘监测": ("dust", dust_report)}
MONTHLY: dict[str, tuple[str, Report]] = {"食品抽检": ("samples", sample_report), "生产安全事故": ("accidents", accident_report)}


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield the reports of each day, which come before six, those of each month on its fourth day, and their back-files."""
    for name in (HAZARDS, *DAILY):
        yield from back_files("safety", start, TURN, by_month(name))
        yield from day_files(world, "safety", until, lambda day: time(5, 5 + day.toordinal() * 11 % 50), by_day(name))
    for name in MONTHLY:
        yield from month_files("safety", start, until, TURN, on_day(4, time(16, 20)), by_month(name))


def write(world: World, seed: int, start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the reports of a span; a daily register looks back to hazards that are still open."""
    registers = [parcel for parcel in parcels if parcel.file.startswith(HAZARDS)]
    found = [pd.DataFrame()]
    if registers:
        first = registers[0].first if registers[0].is_history else max(start, registers[0].first - LONGEST)
        found = [simulate_hazards(world, seed, day) for day in each_day(first, max(parcel.last for parcel in registers))]
    hazards = pd.concat(found, ignore_index=True)
    return (_write(world, seed, parcel, hazards) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel, hazards: pd.DataFrame) -> Written:
    name = parcel.file.partition("_")[0]
    rng = dice(seed, f"{name}_{parcel.known}", parcel.first)
    if name == HAZARDS:
        table, (sheet, soiled, records) = "hazards", hazard_sheet(world, hazards, parcel, rng)
    else:
        table, report = (DAILY | MONTHLY)[name]
        sheet, soiled, records = report(world, seed, parcel, rng)
    return written(workbook(sheet), {table: (soiled, records)})


def place(world: World, table: str, records: pd.DataFrame) -> pd.DataFrame:
    """Name the district, and the street or building site where there is one."""
    if table == "hazards":
        return in_areas(world, records)
    if table == "dust":
        placed = at_places(world, "worksite", records.rename(columns={"site": "worksite"}))
        return placed.assign(street_code=placed["worksite_code"].map(world.parents))
    return records.assign(district_code=world.root)


FEED = Feed(
    feed="safety",
    tables={
        "hazards": Table(key=("hazard",), facts=("street", "found_on", "due_on", "fixed_on")),
        "lifts": Table(key=("day",), facts=("trapped",)),
        "samples": Table(key=("month",), facts=("sampled", "passed"), speaks_until=whole_months),
        "dust": Table(key=("site", "day"), facts=("measured", "exceeded")),
        "accidents": Table(key=("day",), facts=("deaths",), speaks_until=whole_months),
    },
    plan=plan,
    write=write,
    place=place,
    figures=FIGURES,
)

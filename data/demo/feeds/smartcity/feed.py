"""Projects by month, and the logs of the platform day by day in one workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time

import pandas as pd

from data.demo.areas import at_places
from data.demo.dice import dice
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.smartcity.figures import FIGURES
from data.demo.feeds.smartcity.logs import SHOWN, arrival_sheet, request_sheet, simulate_requests, system_sheet
from data.demo.feeds.smartcity.projects import project_sheet
from data.demo.parcels import Parcel, back_files, by_day, by_month, day_files, month_files, on_day, whole_months
from data.demo.periods import each_day
from data.demo.workbook import workbook
from data.demo.world import World

LOGS, PROJECTS, TURN = "平台日志", "智慧城市项目", 5


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield the logs of a day after two in the morning, the projects of a month on the seventh, and the back-files."""
    yield from back_files("smartcity", start, TURN, by_month(LOGS))
    yield from day_files(world, "smartcity", until, lambda _day: time(2, 10), by_day(LOGS))
    yield from month_files("smartcity", start, until, TURN, on_day(7, time(2, 15)), by_month(PROJECTS))


def write(world: World, seed: int, start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the reports of a span; a day looks back to the requests that are still shown."""
    logs = [parcel for parcel in parcels if parcel.file.startswith(LOGS)]
    made = [pd.DataFrame()]
    if logs:
        first = logs[0].first if logs[0].is_history else max(start, logs[0].first - SHOWN)
        made = [simulate_requests(world, seed, day) for day in each_day(first, max(parcel.last for parcel in logs))]
    requests = pd.concat(made, ignore_index=True)
    return (_write(world, seed, parcel, requests) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel, requests: pd.DataFrame) -> Written:
    name = parcel.file.partition("_")[0]
    rng = dice(seed, f"{name}_{parcel.known}", parcel.first)
    if name == PROJECTS:
        sheet, soiled, records = project_sheet(world, seed, parcel, rng)
        return written(workbook(sheet), {"projects": (soiled, records)})
    made = {
        "systems": system_sheet(world, seed, parcel, rng),
        "arrivals": arrival_sheet(world, seed, parcel, rng),
        "requests": request_sheet(world, requests, parcel, rng),
    }
    content = workbook(*(sheet for sheet, _, _ in made.values()))
    return written(content, {table: (soiled, records) for table, (_, soiled, records) in made.items()})


def place(world: World, table: str, records: pd.DataFrame) -> pd.DataFrame:
    """Name the project, the system, or the feed and department of each record."""
    if table == "arrivals":
        placed = at_places(world, "feed", records)
        return placed.assign(dept_code=placed["feed_code"].map(world.parents))
    if table == "requests":
        return at_places(world, "dept", records.rename(columns={"provider": "dept"}))
    return at_places(world, "project" if table == "projects" else "system", records)


FEED = Feed(
    feed="smartcity",
    tables={
        "projects": Table(
            key=("project", "month"),
            facts=("planned", "actual", "funds_planned", "funds_arrived", "score"),
            speaks_until=whole_months,
        ),
        "systems": Table(key=("system", "day"), facts=("planned", "down")),
        "arrivals": Table(key=("feed", "expected_at"), facts=("delivered_at", "rows", "faulty")),
        "requests": Table(key=("request",), facts=("provider", "due_at", "replied_at")),
    },
    plan=plan,
    write=write,
    place=place,
    figures=FIGURES,
)

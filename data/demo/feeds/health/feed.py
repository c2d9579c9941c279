"""Health: a workbook a day with the reports of all hospitals, and earlier days again where a hospital put them right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

import numpy as np
import pandas as pd

from data.demo.areas import at_places
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.health.sheet import health_sheet
from data.demo.feeds.health.simulate import LATEST_CORRECTION, simulate_health
from data.demo.figures import NOTHING, Figure, of_sums, weighted_mean
from data.demo.parcels import Parcel, back_files, day_files
from data.demo.periods import each_day
from data.demo.workbook import workbook
from data.demo.world import World

TURN = 5


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield a back-file a month and a report a day, which is due at half past six and often late."""
    yield from back_files("health", start, TURN, lambda first: f"卫生日报({first.year}年{first.month}月).xlsx")
    yield from day_files(world, "health", until, lambda day: time(6, day.toordinal() * 11 % 28), lambda day: f"卫生日报_{day:%Y%m%d}.xlsx")


def write(world: World, seed: int, start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the reports of a span; a daily one looks back as far as corrections reach."""
    back = timedelta(days=0 if parcels[0].is_history else LATEST_CORRECTION)
    span = each_day(max(start, parcels[0].first - back), max(parcel.last for parcel in parcels))
    reports = pd.concat([simulate_health(world, seed, day) for day in span], ignore_index=True)
    return (_write(world, seed, parcel, reports) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel, reports: pd.DataFrame) -> Written:
    """Send the newest that is known of the span, and what has become known of earlier days on its morning."""
    known, first = np.datetime64(parcel.known, "s"), np.datetime64(parcel.first, "s")
    sent = reports[reports["known_at"] <= known]
    sent = sent.drop_duplicates(["day", "hospital"], keep="last") if parcel.is_history else sent[sent["known_at"] > first]
    sent = sent[sent["day"] <= np.datetime64(parcel.last, "s")].sort_values(["day", "hospital"], ascending=[False, True])
    day = "" if parcel.is_history else f"{parcel.last.day}日"
    title = f"和平区卫生日报（{parcel.first.year}年{parcel.first.month}月{day}）"
    sheet, soiled = health_sheet(world, sent, title, parcel.dice(seed))
    return written(workbook(sheet), {"daily": (soiled, sent)})


_DISTRICT = ("district",)
FIGURES = (
    Figure("ili_ratio", "daily", ("day",), _DISTRICT, of_sums("ili_cases", "visits"), NOTHING),
    Figure("ems_response", "daily", ("day",), _DISTRICT, weighted_mean("ems_min", "ems_calls"), NOTHING),
    Figure(
        "infect_timely",
        "daily",
        ("day",),
        _DISTRICT,
        of_sums("infections_timely", "infections"),
        NOTHING,
        lengths=("week", "month", "quarter", "year"),
    ),
    Figure("bed_occupancy", "daily", ("day",), ("district", "hospital"), of_sums("beds_used", "beds"), NOTHING),
)
FEED = Feed(
    feed="health",
    tables={
        "daily": Table(
            key=("day", "hospital"),
            facts=("visits", "ili_cases", "beds", "beds_used", "ems_calls", "ems_min", "infections", "infections_timely"),
            time="day",
        )
    },
    plan=plan,
    write=write,
    place=lambda world, _table, records: at_places(world, "hospital", records),
    figures=FIGURES,
)

"""Police, fire brigade and video: an xls a morning, of the 24 hours that ended at seven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time

import numpy as np
import pandas as pd

from data.demo.areas import at_places
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.police_fire.sheet import call_sheet, crowd_sheet
from data.demo.feeds.police_fire.simulate import COUNTERS_SINCE, simulate_calls, simulate_crowd
from data.demo.figures import NOTHING, Figure, Slice, of_sums, parts, residents, total, weighted_mean
from data.demo.oldbook import old_workbook
from data.demo.parcels import Parcel, back_files, day_files
from data.demo.periods import DAY, each_day
from data.demo.world import World

TURN = 4


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield a back-file a month and a report a day, named for the morning on which its day ends."""
    yield from back_files("police_fire", start, TURN, lambda first: f"和平警情日报{first.year}年{first.month}月.xls")
    yield from day_files(world, "police_fire", until, _comes, lambda day: f"和平警情日报{(day + DAY).month}.{(day + DAY).day}.xls")


def write(world: World, seed: int, _start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the reports of a span."""
    return (_write(world, seed, parcel) for parcel in parcels)


def _comes(day: date) -> time:
    return time(7, 8 + day.toordinal() * 7 % 20)


def _write(world: World, seed: int, parcel: Parcel) -> Written:
    rng, span = parcel.dice(seed), each_day(parcel.first, parcel.last)
    calls = pd.concat([simulate_calls(world, seed, day) for day in span], ignore_index=True)
    crowd = pd.concat([simulate_crowd(world, seed, day) for day in span if day >= COUNTERS_SINCE] or [pd.DataFrame()], ignore_index=True)
    after = parcel.last + DAY
    title = f"和平公安分局警情日报（{_said(parcel.first)}7时至{_said(after)}7时）"
    sheet, soiled, records = call_sheet(world, calls, np.ones(len(calls), dtype=bool), title, rng)
    sheets, made = [sheet], {"daily": (soiled, records)}
    if len(crowd):
        # The last count of a day bounds what the sheet speaks for, so that it stays clean.
        eligible = (crowd["counted_at"].dt.hour < 23).to_numpy()
        sheet, soiled, records = crowd_sheet(world, crowd, eligible, rng)
        sheets.append(sheet)
        made["crowd"] = (soiled, records)
    return written(old_workbook(*sheets), made)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def place(world: World, table: str, records: pd.DataFrame) -> pd.DataFrame:
    """Name the district, and the police station or the key site."""
    return at_places(world, "police_station" if table == "daily" else "site", records)


def _per_10k(cut: Slice) -> pd.DataFrame:
    """Count crimes and breaches of public order per ten thousand residents of the district."""
    groups = cut.rows.groupby("entity")
    counted = groups["criminal"].sum(min_count=1) + groups["public_order"].sum(min_count=1)
    among = pd.Series({entity: residents(cut, entity) for entity in counted.index}, dtype=float)
    return parts(counted / among * 10_000, counted, among, groups["criminal"].count())


_BOTH = ("district", "police_station")
FIGURES = (
    Figure("police_calls_10k", "daily", ("day",), ("district",), _per_10k, NOTHING),
    Figure("police_arrival", "daily", ("day",), _BOTH, weighted_mean("arrival", "calls"), NOTHING),
    Figure("traffic_alarm", "daily", ("day",), ("district",), total("traffic_calls"), NOTHING),
    Figure("fire_count", "daily", ("day",), _BOTH, total("fires"), NOTHING),
    Figure("fire_arrival", "daily", ("day",), ("district",), weighted_mean("fire_arrival", "fire_calls"), NOTHING),
    Figure("video_online", "daily", ("day",), _BOTH, of_sums("online", "cameras"), NOTHING),
    Figure("crowd_saturation", "crowd", ("counted_at",), ("district", "site"), of_sums("people", "capacity"), NOTHING),
)
FACTS = tuple("calls criminal public_order traffic_calls arrival fires fire_calls fire_arrival cameras online".split())
FEED = Feed(
    feed="police_fire",
    tables={
        "daily": Table(
            key=("day", "police_station"),
            facts=FACTS,
            time="day",
        ),
        "crowd": Table(key=("site", "counted_at"), facts=("people", "capacity"), time="counted_at", every="hour"),
    },
    plan=plan,
    write=write,
    place=place,
    figures=FIGURES,
)

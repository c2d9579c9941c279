"""The hotline: a workbook a day with the orders received, earlier ones to which something happened, and the calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

import numpy as np
import pandas as pd

from data.demo.areas import in_areas, in_depts
from data.demo.dice import dice
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.hotline.calls import call_sheet
from data.demo.feeds.hotline.figures import FIGURES
from data.demo.feeds.hotline.sheet import order_sheet
from data.demo.feeds.hotline.simulate import LEARNT, handlers, known_orders, simulate_orders
from data.demo.parcels import Parcel, back_files, day_files
from data.demo.periods import each_day
from data.demo.workbook import workbook
from data.demo.world import World

LONGEST = timedelta(days=95)
"""No order changes later than this after it was received."""
TITLE = "沈阳市和平区12345政务服务便民热线"


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield a back-file a month and a drop a day, which comes soon after six."""
    yield from back_files("hotline", start, 0, lambda first: f"12345工单明细({first.year}年{first.month}月).xlsx")
    yield from day_files(
        world,
        "hotline",
        until,
        lambda day: time(6, 5 + day.toordinal() * 7 % 24),
        lambda day: f"12345工单明细({day.month}月{day.day}日).xlsx",
    )


def write(world: World, seed: int, start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the workbooks of a span; a daily one looks back to orders that are still open."""
    first = parcels[0].first if parcels[0].is_history else max(start, parcels[0].first - LONGEST)
    days = each_day(first, max(parcel.last for parcel in parcels))
    orders = pd.concat([simulate_orders(world, seed, day) for day in days], ignore_index=True)
    return (_write(world, seed, parcel, orders) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel, orders: pd.DataFrame) -> Written:
    """Send the orders of the span and, whole, the earlier ones to which something happened in it."""
    known = known_orders(orders, np.datetime64(parcel.known, "s"))
    first = np.datetime64(parcel.first, "s")
    happened = (known[["received_at", *LEARNT]] >= first).any(axis=1)
    known = known[known["order"].isin(known.loc[happened, "order"])]
    new = (known["received_at"] >= first).to_numpy()
    span = f"({parcel.first.year}年{parcel.first.month}月{'' if parcel.is_history else f'{parcel.first.day}日'})"
    orders_sheet, soiled = order_sheet(world, known, new, parcel.first, f"{TITLE}工单明细{span}", parcel.dice(seed))
    rng = dice(seed, f"hotline_calls_{parcel.known}", parcel.first)
    calls_sheet, counted, calls = call_sheet(world, seed, parcel, f"{TITLE}话务日报{span}", rng)
    return written(workbook(orders_sheet, calls_sheet), {"orders": (soiled, _with_due(world, known)), "calls": (counted, calls)})


def _with_due(world: World, orders: pd.DataFrame) -> pd.DataFrame:
    """Add the moment by which each order was to be closed."""
    sent = orders["sent_at"].to_numpy()
    known = ~np.isnat(sent)
    due = np.full(len(orders), np.datetime64("NaT"), dtype="datetime64[s]")
    due[known] = world.calendar.add(sent[known], orders["limit_days"].to_numpy()[known])
    return orders.assign(due_at=due)


def _place(world: World, table: str, records: pd.DataFrame) -> pd.DataFrame:
    if table == "calls":
        return records.assign(district_code=world.root)
    return in_depts(world, in_areas(world, records), handlers(world))


FACTS = tuple("theme street community received_at due_at closed_at called_back_at resolved satisfaction repeated".split())
FEED = Feed(
    feed="hotline",
    tables={
        "orders": Table(key=("order", "handler"), facts=FACTS),
        "calls": Table(key=("day",), facts=("incoming", "connected"), time="day"),
    },
    plan=plan,
    write=write,
    place=_place,
    figures=FIGURES,
)

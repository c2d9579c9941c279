"""Government services: the items of each working day, and every Sunday the whole register of supervised documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.services.figures import FIGURES
from data.demo.feeds.services.sheet import document_sheet, item_sheet
from data.demo.feeds.services.simulate import known_at, simulate_documents, simulate_items
from data.demo.parcels import GO_LIVE, Parcel, back_files, befallen
from data.demo.periods import DAY, each_day
from data.demo.world import World

LONGEST = timedelta(days=80)
"""No item is closed later than this after it was accepted."""
ITEMS, DOCUMENTS = "政务服务办件", "督办公文"
SUNDAY = 6


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield a back-file of items a year and a drop each working morning; one register at go-live and one a week."""
    yield from back_files("services", start, 3, lambda first: f"{ITEMS}_{first:%Y}.csv", yearly=True)
    yield from _mornings(world, until)
    before = GO_LIVE - DAY
    yield Parcel("services", start, before, GO_LIVE, datetime.combine(GO_LIVE, time(5)), f"{DOCUMENTS}_{before:%Y%m%d}.csv")
    for day in each_day(GO_LIVE, until):
        if day.weekday() == SUNDAY:
            arrived = datetime.combine(day + DAY, time(6, 10))
            yield Parcel("services", day, day, day + DAY, arrived, f"{DOCUMENTS}_{day:%Y%m%d}.csv")


def _mornings(world: World, until: date) -> Iterator[Parcel]:
    """Yield what is sent on each working morning: the day before, and after days off all days since the last working day."""
    first = GO_LIVE
    for morning in each_day(GO_LIVE + DAY, until + DAY):
        if world.calendar.hold(morning):
            last = morning - DAY
            name = f"{ITEMS}_{first:%Y%m%d}" + (f"-{last:%m%d}" if last > first else "")
            yield from befallen(world, Parcel("services", first, last, morning, datetime.combine(morning, time(6, 2)), f"{name}.csv"))
            first = morning


def write(world: World, seed: int, start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the files of a span; an item's daily file looks back to those that are still open, a register to the beginning."""
    items: pd.DataFrame | None = None
    for parcel in parcels:
        if parcel.file.startswith(DOCUMENTS):
            yield _register(world, seed, start, parcel)
            continue
        if items is None:
            first = parcel.first if parcel.is_history else max(start, parcel.first - LONGEST)
            days = each_day(first, max(one.last for one in parcels if one.file.startswith(ITEMS)))
            items = pd.concat([simulate_items(world, seed, day) for day in days], ignore_index=True)
        yield _day(world, seed, parcel, items)


def _day(world: World, seed: int, parcel: Parcel, items: pd.DataFrame) -> Written:
    """Send the items accepted in the span and the earlier ones that were closed in it; faults fall on new ones only."""
    known = known_at(parcel.known, items, "accepted_at", "closed_at")
    first = np.datetime64(parcel.first, "s")
    new = (known["accepted_at"] >= first).to_numpy()
    sent = new | (known["closed_at"] >= first).to_numpy()
    content, soiled = item_sheet(world, known[sent], new[sent], dice(seed, parcel.file, parcel.first))
    learnt = known[sent]
    return written(content, {"items": (soiled, learnt.assign(rating=learnt["rating"].where(learnt["closed_at"].notna(), -1)))})


def _register(world: World, seed: int, start: date, parcel: Parcel) -> Written:
    documents = simulate_documents(world, seed, each_day(start, parcel.last))
    known = known_at(parcel.known, documents, "assigned_at", "done_at")
    content, soiled = document_sheet(world, known, dice(seed, parcel.file, parcel.last))
    return written(content, {"documents": (soiled, known)})


def _place(world: World, table: str, records: pd.DataFrame) -> pd.DataFrame:
    placed = records.assign(district_code=world.root)
    if table == "documents":
        bureaus = np.array(world.words["services"]["bureaus"], dtype=object)
        return placed.assign(dept_code=bureaus[records["bureau"].to_numpy()])
    halls = np.array([*world.places["hall"], None], dtype=object)  # -1, the last: no hall
    bureaus = np.array([one["bureau"] for one in world.words["services"]["items"]], dtype=object)
    return placed.assign(hall_code=halls[records["hall"].to_numpy()], dept_code=bureaus[records["item"].to_numpy()])


def _last_sunday(until: date) -> date:
    return until - DAY * ((until.weekday() - SUNDAY) % 7)


FEED = Feed(
    feed="services",
    tables={
        "items": Table(
            key=("item_no",), facts=("item", "channel", "hall", "ticket_at", "called_at", "accepted_at", "due_at", "closed_at", "rating")
        ),
        "documents": Table(key=("document",), facts=("bureau", "due_at", "done_at"), speaks_until=_last_sunday),
    },
    plan=plan,
    write=write,
    place=_place,
    figures=FIGURES,
)

"""Urban cases: a CSV a day with the cases opened or closed in it and all that are still open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

import numpy as np
import pandas as pd

from data.demo.areas import in_areas, in_depts
from data.demo.feed import Feed, Table, Written, written
from data.demo.feeds.urban_cases.figures import FIGURES
from data.demo.feeds.urban_cases.sheet import case_sheet
from data.demo.feeds.urban_cases.simulate import known_cases, simulate_cases
from data.demo.parcels import Parcel, back_files, day_files
from data.demo.periods import each_day
from data.demo.world import World

LONGEST = timedelta(days=95)
"""No case changes later than this after it was opened."""


def plan(world: World, start: date, until: date) -> Iterator[Parcel]:
    """Yield a back-file a month and a drop a day, which comes soon after six."""
    yield from back_files("urban_cases", start, 1, lambda first: f"城管案件_{first:%Y%m}.csv")
    yield from day_files(
        world, "urban_cases", until, lambda day: time(6, 5 + day.toordinal() * 7 % 24), lambda day: f"城管案件_{day:%Y%m%d}.csv"
    )


def write(world: World, seed: int, start: date, parcels: Sequence[Parcel]) -> Iterator[Written]:
    """Write the files of a span; a daily one looks back to cases that are still open."""
    first = parcels[0].first if parcels[0].is_history else max(start, parcels[0].first - LONGEST)
    days = each_day(first, max(parcel.last for parcel in parcels))
    cases = pd.concat([simulate_cases(world, seed, day) for day in days], ignore_index=True)
    return (_write(world, seed, parcel, cases) for parcel in parcels)


def _write(world: World, seed: int, parcel: Parcel, cases: pd.DataFrame) -> Written:
    """Send the cases opened in the span, all that are still open, and those closed in it.

    Faults fall on new or open cases only: a quarantined closing would leave its case open for ever.
    """
    known = known_cases(cases, np.datetime64(parcel.known, "s"))
    first = np.datetime64(parcel.first, "s")
    new, is_open = (known["opened_at"] >= first).to_numpy(), known["closed_at"].isna().to_numpy()
    sent = new | is_open | (known["closed_at"] >= first).to_numpy()
    content, soiled = case_sheet(world, known[sent], (new | is_open)[sent], parcel.dice(seed))
    return written(content, {"cases": (soiled, known[sent])})


def _place(world: World, _table: str, cases: pd.DataFrame) -> pd.DataFrame:
    names = [item["handler"] for item in world.words["urban_cases"]["items"]]
    return in_depts(world, in_areas(world, cases.assign(handler=cases["item"])), names)


FACTS = ("item", "street", "community", "opened_at", "due_at", "closed_at", "rework_count", "deferred")
FEED = Feed(
    feed="urban_cases",
    tables={"cases": Table(key=("case",), facts=FACTS)},
    plan=plan,
    write=write,
    place=_place,
    figures=FIGURES,
)

"""The grid events: simulates what grid workers report, and writes it as the sub-districts do, a sheet each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data.demo.dice import dice, draw, minutes
from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil, together
from data.demo.forms import CHINESE, DASHES, EXCEL, ISO, SLASHES, named, stamps
from data.demo.laying import lay_out
from data.demo.parcels import Parcel
from data.demo.workbook import Cell, Sheet
from data.demo.world import UNKNOWN, World

EVENT, COMMUNITY, GRID, REPORTED, CATEGORY, TIER, DUE, CLOSED = range(8)
HABITS: tuple[tuple[dict[int, str], bool], ...] = (
    ({EVENT: "事件编号", COMMUNITY: "社区", GRID: "网格", REPORTED: "上报时间", CATEGORY: "类别", TIER: "处理层级", DUE: "处理时限",
      CLOSED: "办结时间"}, False),
    ({EVENT: "事件编号", CATEGORY: "事件类别", COMMUNITY: "所属社区", GRID: "网格编码", TIER: "处理层级", REPORTED: "上报时间",
      DUE: "处理时限", CLOSED: "办结时间"}, True),
    ({COMMUNITY: "社区", GRID: "网格编码", EVENT: "事件编号", REPORTED: "上报时间", DUE: "处理时限", CLOSED: "办结时间", CATEGORY: "类别",
      TIER: "处理层级"}, True),
)  # fmt: skip
"""The columns of a sheet in the order and under the headings of some sub-districts, and whether a title stands above."""
LONGEST = timedelta(days=40)
"""No event changes later than this after it was reported."""

FAULTS = (
    Fault("BAD_VALUE", 0.002, put(TIER, "网格长")),
    Fault("BAD_DATE", 0.001, put(REPORTED, "昨日上午")),
    Fault("FUTURE_DATE", 0.0006, put(CLOSED, "2061-3-7 10:20")),
    Fault("INCONSISTENT", 0.001, put(CLOSED, "2012-12-31 9:30")),
    Fault("MISSING_KEY", 0.001, put(EVENT, "—")),
    Fault("DUPLICATE_CONFLICT", 0.0008, conflict(CATEGORY, "其他")),
    Fault(COPY, 0.001, copy),
)


def simulate_events(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per event reported on a day, with everything that will ever happen to it."""
    words, rng = world.words["community"], dice(seed, "grid", day)
    size = int(rng.poisson(words["events_a_day"] * (1.0 if day.weekday() < 5 else 0.6)))
    street = np.sort(rng.choice(len(world.streets), size, p=world.street_share))
    reported = np.datetime64(day, "s") + minutes(rng, 7 * 60, 20 * 60, size)
    tier = draw(rng, words["tiers"], size)
    hours = np.array(words["hours"])[tier]
    late = rng.random(size) < words["late"]
    took = np.where(late, hours * (1 + rng.exponential(0.8, size)), hours * rng.beta(1.5, 2, size)) * 3600
    return pd.DataFrame({
        "event": int(f"{day:%Y%m%d}") * 10_000 + np.arange(1, size + 1),
        "street": street,
        "community": world.place_people(rng, street, 0.02),
        "grid": rng.integers(1, 16, size),
        "reported_at": reported,
        "category": draw(rng, words["categories"], size),
        "tier": tier,
        "due_at": reported + (hours * 3600).astype("timedelta64[s]"),
        "closed_at": reported + np.minimum(took, 35 * 86400).astype(int) // 60 * 60 * np.timedelta64(1, "s"),
    })  # fmt: skip


def event_sheets(world: World, events: pd.DataFrame, parcel: Parcel, rng: np.random.Generator) -> tuple[list[Sheet], Soiled, pd.DataFrame]:
    """Return a sheet for each sub-district, what is in them all, and the events beside their rows.

    A day's sheets hold the events reported or closed in it and all that are open; faults fall on new or open ones only.
    """
    moment, first = np.datetime64(parcel.known, "s"), np.datetime64(parcel.first, "s")
    events = events[events["reported_at"] < np.datetime64(parcel.last + timedelta(days=1), "s")]
    events = events.assign(closed_at=events["closed_at"].mask(events["closed_at"] >= moment))
    new, is_open = (events["reported_at"] >= first).to_numpy(), events["closed_at"].isna().to_numpy()
    sent = new if parcel.is_history else new | is_open | (events["closed_at"] >= first).to_numpy()
    known, eligible = events[sent], (new | is_open)[sent]
    sheets, parts, order = [], [], []
    for street in range(len(world.streets)):
        here = (known["street"] == street).to_numpy()
        sheet, soiled = _sheet(world, street, known[here], eligible[here], parcel, rng)
        sheets.append(sheet)
        parts.append(soiled)
        order.append(known[here])
    return sheets, together(parts), pd.concat(order)


def _sheet(
    world: World, street: int, events: pd.DataFrame, eligible: np.ndarray, parcel: Parcel, rng: np.random.Generator
) -> tuple[Sheet, Soiled]:
    """Write the events of one sub-district as it is used to."""
    columns, titled = HABITS[street % len(HABITS)]
    soiled = soil(_rows(world, street, events, rng), eligible, FAULTS, rng)
    soiled.rows = [[row[place] for place in columns] for row in soiled.rows]
    spellings = world.spellings[world.streets[street]]
    title = f"{spellings[0]}网格事件（{parcel.first.year}年{parcel.first.month}月）" if titled else ""
    return lay_out(spellings[street % 2], title, list(columns.values()), soiled)


def _rows(world: World, street: int, events: pd.DataFrame, rng: np.random.Generator) -> list[Row]:
    words, size = world.words["community"], len(events)
    form = rng.choice([EXCEL, DASHES, SLASHES, CHINESE, ISO], size, p=[0.5, 0.2, 0.1, 0.1, 0.1])
    community = events["community"].tolist()
    columns: list[list[Cell]] = [
        [f"WG{event}" for event in events["event"].tolist()],
        _communities(world, community, rng),
        [f"{world.streets[street]}{max(one, 0) % 100:03d}{grid:03d}" for one, grid in zip(community, events["grid"].tolist(), strict=True)],
        stamps(events["reported_at"].to_numpy(), form, None),
        named(list(words["categories"]), events["category"].tolist(), None),
        named(list(words["tiers"]), events["tier"].tolist(), None),
        stamps(events["due_at"].to_numpy(), form, None),
        stamps(events["closed_at"].to_numpy().astype("datetime64[s]"), form, None),
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _communities(world: World, communities: list[int], rng: np.random.Generator) -> list[Any]:
    """Write a community by one of its spellings; what lies in none is blank or a name that nobody knows."""
    names: list[Any] = []
    for community, luck in zip(communities, (rng.random(len(communities)) * 1000).astype(int).tolist(), strict=True):
        if community < 0:
            names.append("示例新村" if community == UNKNOWN else None)
            continue
        spellings = world.spellings[world.communities[community]]
        names.append(spellings[0] if luck < 900 else spellings[luck % len(spellings)])
    return names

"""The register of hazards: simulates what is found and put right, and writes the register as the bureau would send it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data.demo.dice import dice, draw
from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.forms import CHINESE, DASHES, EXCEL, SERIAL, SLASHES, days
from data.demo.laying import lay_out
from data.demo.parcels import Parcel
from data.demo.workbook import Cell, Sheet
from data.demo.world import World

HEADINGS = ("隐患编号", "单位名称", "街道", "隐患等级", "隐患数(处)", "发现日期", "整改期限", "整改完成日期")
NUMBER, COMPANY, STREET, GRADE, COUNT, FOUND, DUE, FIXED = range(len(HEADINGS))
SHOWN = timedelta(days=42)
"""A hazard stands in the register so long, and longer while it is open."""
LONGEST = timedelta(days=95)
"""No hazard is open for longer."""

FAULTS = (
    Fault("BAD_DATE", 0.004, put(DUE, "15日内")),
    Fault("BAD_DATE", 0.003, put(DUE, "立即")),
    Fault("UNKNOWN_UNIT", 0.001, put(STREET, "示例新区街道")),
    Fault("BAD_VALUE", 0.001, put(GRADE, "轻微")),
    Fault("BAD_DATE", 0.0008, put(FOUND, "2016年2月30日")),
    Fault("OUT_OF_RANGE", 0.0006, put(COUNT, 0)),
    Fault("BAD_NUMBER", 0.0006, put(COUNT, "若干")),
    Fault("MISSING_KEY", 0.0006, put(NUMBER, None)),
    Fault("INCONSISTENT", 0.001, put(FIXED, "2012-12-31")),
    Fault("DUPLICATE_CONFLICT", 0.0006, conflict(COMPANY, "示例商行（重复登记）")),
    Fault(COPY, 0.001, copy),
)


def simulate_hazards(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per hazard found on a day, with everything that will ever become of it."""
    words, rng = world.words["safety"], dice(seed, "hazards", day)
    size = int(rng.poisson(words["hazards_a_day"] * (0.3 if day.weekday() > 4 or day in world.calendar.holidays else 1.3)))
    grade = draw(rng, {one["grade"]: one["share"] for one in words["grades"]}, size)
    limits = [words["grades"][one]["days"] for one in grade.tolist()]
    turn = rng.integers(0, 1000, size).tolist()
    limit = np.array([allowed[place % len(allowed)] for allowed, place in zip(limits, turn, strict=True)], dtype=int)
    late = rng.random(size) < 0.035
    took = np.where(late, limit + rng.geometric(0.25, size), np.floor(rng.beta(2, 1.4, size) * (limit + 1)).astype(int))
    found = np.full(size, np.datetime64(day, "s"))
    a_day = np.timedelta64(86400, "s")
    return pd.DataFrame({
        "hazard": int(f"{day:%Y%m%d}") * 1000 + np.arange(1, size + 1),
        "company": rng.integers(0, 4000, size),
        "street": rng.choice(len(world.streets), size, p=world.street_share),
        "grade": grade,
        "hazards": np.where(rng.random(size) < 0.97, 1, rng.integers(2, 5, size)),
        "found_on": found,
        "due_on": found + limit * a_day,
        "fixed_on": found + np.minimum(took, 60) * a_day,
    })  # fmt: skip


def hazard_sheet(world: World, hazards: pd.DataFrame, parcel: Parcel, rng: np.random.Generator) -> tuple[Sheet, Soiled, pd.DataFrame]:
    """Return the register of a day, or of a month of history, what is in it, and the hazards beside its rows."""
    known = _known(hazards, parcel)
    spoilt = next((one for one in reversed(world.words["safety"]["spoilt"]) if one["from"] <= parcel.first <= one["until"]), None)
    if spoilt and "adds_up" in spoilt:
        known = _adding_up(known, spoilt["adds_up"])
    rows = _rows(world, known, rng)
    soiled = _spoil(world, rows, known, spoilt, rng) if spoilt else soil(rows, np.ones(len(rows), dtype=bool), FAULTS, rng)
    total: Row = ["合计", *[None] * (len(HEADINGS) - 1)]
    total[COUNT] = spoilt["says"] if spoilt and "says" in spoilt else _sum(soiled.rows)
    until = "" if parcel.is_history else f"（截至{parcel.first.year}年{parcel.first.month}月{parcel.first.day}日）"
    return *lay_out("隐患台账", f"和平区安全隐患台账{until}", HEADINGS, soiled, [total]), known


def _known(hazards: pd.DataFrame, parcel: Parcel) -> pd.DataFrame:
    """Return what a register holds: the hazards of its span or shown for a while, and all that are open."""
    moment = np.datetime64(parcel.known, "s")
    open_ = ~(hazards["fixed_on"] < moment).to_numpy()
    first = parcel.first if parcel.is_history else parcel.first - SHOWN
    held = (hazards["found_on"] >= np.datetime64(first, "s")).to_numpy() | (open_ & (not parcel.is_history))
    known = hazards.assign(fixed_on=hazards["fixed_on"].mask(open_))
    return known[held & (hazards["found_on"] < np.datetime64(parcel.last + timedelta(days=1), "s")).to_numpy()]


def _adding_up(known: pd.DataFrame, wanted: int) -> pd.DataFrame:
    """Return the latest rows whose counts add up to `wanted`, if there are as many."""
    chosen, total = [], 0
    for place, count in reversed(list(enumerate(known["hazards"].tolist()))):
        if total + count <= wanted:
            chosen.append(place)
            total += count
    return known.iloc[chosen[::-1]]


def _rows(world: World, known: pd.DataFrame, rng: np.random.Generator) -> list[Row]:
    words, size = world.words["safety"], len(known)
    grades = [one["grade"] for one in words["grades"]]
    trades, kinds = words["trades"], words["kinds"]
    form = rng.choice([EXCEL, SERIAL, DASHES, SLASHES, CHINESE], size, p=[0.5, 0.15, 0.2, 0.1, 0.05])
    found, due, fixed = (known[name].to_numpy().astype("datetime64[s]") for name in ("found_on", "due_on", "fixed_on"))
    limit = (due - found).astype("timedelta64[D]").astype(int).tolist()
    agreed = (rng.random(size) < 0.5).tolist()
    said = days(due, form, None)
    deadlines = [words["agreed"].get(one, cell) if by_word else cell for one, cell, by_word in zip(limit, said, agreed, strict=True)]
    columns: list[list[Cell]] = [
        [f"AQ{one // 1000}-{one % 1000:03d}" for one in known["hazard"].tolist()],
        [f"示例{trades[one % len(trades)]}{kinds[one % len(kinds)]}{one:04d}" for one in known["company"].tolist()],
        _streets(world, known["street"].tolist(), rng),
        [grades[one] for one in known["grade"].tolist()],
        known["hazards"].tolist(),
        days(found, form, None),
        deadlines,
        days(fixed, form, None),
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _streets(world: World, streets: list[int], rng: np.random.Generator) -> list[Cell]:
    """Write the street by its name, now and then by another of its spellings."""
    names: list[Cell] = []
    for street, luck in zip(streets, rng.random(len(streets)).tolist(), strict=True):
        spellings = world.spellings[world.streets[street]]
        names.append(spellings[0] if luck < 0.85 else spellings[int(luck * 1000) % len(spellings)])
    return names


def _spoil(world: World, rows: list[Row], known: pd.DataFrame, spoilt: dict[str, Any], rng: np.random.Generator) -> Soiled:
    """Spoil a register as its clerk did; what stands in it besides is clean."""
    soiled = Soiled(rows, np.ones(len(rows), dtype=bool))
    places = iter(rng.permutation(len(rows)).tolist())
    fixed = known["fixed_on"].notna().to_numpy()
    deeds = [("INCONSISTENT", FIXED, "2015-12-31", spoilt.get("backwards", 0))]
    deeds += [("BAD_DATE", DUE, word, spoilt.get(name, 0)) for word, name in (("15日内", "in_15_days"), ("立即", "at_once"))]
    words = world.words["safety"]
    deeds += [("BAD_VALUE", GRADE, words["renamed"], int(spoilt["renamed"] * len(rows)))]
    deeds += [("UNKNOWN_UNIT", STREET, words["office"], int(spoilt["offices"] * len(rows)))]
    for reason, column, cell, count in deeds:
        for _ in range(count):
            place = next(one for one in places if column != FIXED or fixed[one])
            rows[place][column] = cell
            soiled.accepted[place] = False
            soiled.quarantined[reason] += 1
    return soiled


def _sum(rows: list[Row]) -> int:
    """Add up the counts of the rows, of mere repetitions one."""
    different = {tuple(row): row[COUNT] for row in rows}
    return sum(count for count in different.values() if isinstance(count, int))

"""The monthly reports: population and welfare of each community, by its sub-district, and the jobs of the district."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.dirt import COPY, Fault, Row, Soiled, copy, put, soil
from data.demo.laying import lay_out
from data.demo.parcels import Parcel
from data.demo.workbook import Cell, Sheet
from data.demo.world import World

FIGURES = ("registered", "residents", "households", "allowance_households", "allowance_people", "aged", "home_care", "applied", "in_time")
HEADINGS = "街道,社区,户籍人口,常住人口,户数,低保户数,低保人数,60岁以上,享受居家养老人数,救助申请,按期办结".split(",")
OTHERS = "街道,社区名称,户籍人数,常住人口(人),总户数,低保户,低保人口,60周岁以上,居家养老人数,救助申请数,按期办结数".split(",")
COMMUNITY, RESIDENTS, AGED, HOME_CARE = 1, 3, 7, 8
FAULTS = (
    Fault("MISSING_KEY", 0.003, put(COMMUNITY, "示例新村")),
    Fault("BAD_NUMBER", 0.003, put(AGED, "约三千")),
    Fault("INCONSISTENT", 0.002, put(HOME_CARE, 90_000)),
    Fault(COPY, 0.004, copy),
)


def simulate_welfare(world: World, seed: int, month: date) -> pd.DataFrame:
    """Return how each community stands at the end of a month."""
    words, rng, fixed = world.words["community"], dice(seed, "welfare", month), dice(seed, "welfare", date(2013, 1, 1))
    size = len(world.communities)
    poverty, care = fixed.uniform(0.003, 0.014, size), fixed.uniform(0.2, 0.3, size)
    age = (month - date(2013, 1, 1)).days / 365.25
    residents = np.round(world.community_share * words["residents"] * (1 + 0.008 * age)).astype(int)
    aged = np.round(residents * (0.2 + 0.006 * age)).astype(int)
    allowance = np.round(residents * poverty).astype(int)
    applied = rng.poisson(2.4, size)
    return pd.DataFrame({
        "community": np.arange(size),
        "street": world.community_street,
        "month": np.full(size, np.datetime64(month, "s")),
        "registered": np.round(residents * 0.92).astype(int),
        "residents": residents,
        "households": np.round(residents / 2.55).astype(int),
        "allowance_households": np.round(allowance / 1.6).astype(int),
        "allowance_people": allowance,
        "aged": aged,
        "home_care": np.round(aged * (care + 0.012 * age) * rng.uniform(0.98, 1.02, size)).astype(int),
        "applied": applied,
        "in_time": rng.binomial(applied, 0.96),
    })  # fmt: skip


def welfare_sheet(
    world: World, seed: int, parcel: Parcel, street: int | None, rng: np.random.Generator
) -> tuple[Sheet, Soiled, pd.DataFrame]:
    """Return the report of a sub-district under its own headings, or the back-file of all, which names the 街道 of each row."""
    records = simulate_welfare(world, seed, parcel.first)
    records = records if street is None else records[records["street"] == street]
    rows = _rows(world, records, parcel.first, rng)
    soiled = soil(rows, np.ones(len(rows), dtype=bool), FAULTS, rng)
    if street is None:
        return *lay_out("社区民政", "和平区社区人口与民政情况", HEADINGS, soiled), records
    return *_own_report(world, street, parcel.first, soiled), records


def _own_report(world: World, street: int, month: date, soiled: Soiled) -> tuple[Sheet, Soiled]:
    """Lay a report out as one sub-district does: without 街道, under headings of its own, some in 万人, some with 备注."""
    name, in_wan = world.names[world.streets[street]], world.words["community"]["in_wan_since"]
    headings = list(OTHERS if street % 2 else HEADINGS)
    if name == in_wan["place"] and month >= in_wan["month"]:
        headings[RESIDENTS] = "常住人口(万人)"
        soiled.rows = [[*row[:RESIDENTS], row[RESIDENTS] / 10_000, *row[RESIDENTS + 1 :]] for row in soiled.rows]
    total: Row = ["合计", *(_sum(soiled.rows, place) for place in range(2, len(headings)))]
    if street % 3 == 0:
        soiled.rows, headings = [[*row, "无变化"] for row in soiled.rows], [*headings, "备注"]
    soiled.rows = [row[1:] for row in soiled.rows]
    return lay_out("社区民政", f"{name}社区人口与民政情况", headings[1:], soiled, [total, ["填报人：示例"]])


def _rows(world: World, records: pd.DataFrame, month: date, rng: np.random.Generator) -> list[Row]:
    """Write each community by the name that it bore, now and then by another of its spellings."""
    former = {one["community"]: one["name"] for one in world.words["community"]["renamed"] if month <= one["until"]}
    picks = (rng.random(len(records)) * 20).astype(int).tolist()
    rows: list[Row] = []
    for pick, (street, community, *figures) in zip(picks, records[["street", "community", *FIGURES]].to_numpy().tolist(), strict=True):
        code = world.communities[community]
        spellings = world.spellings[code]
        name = former.get(code, spellings[0]) if pick < 18 else spellings[pick % len(spellings)]
        rows.append([world.names[world.streets[street]], name, *figures])
    return rows


def _sum(rows: list[Row], place: int) -> float:
    """Add up a column, mere repetitions once."""
    cells = {tuple(row): row[place] for row in rows}.values()
    return round(sum(cell for cell in cells if not isinstance(cell, str)), 4)


def job_sheet(world: World, seed: int, parcel: Parcel, rng: np.random.Generator) -> tuple[Sheet, Soiled, pd.DataFrame]:
    """Return the new jobs of a month, with units and separators now and then."""
    new = [_new_jobs(world, seed, parcel.first.replace(month=month)) for month in range(1, parcel.first.month + 1)]
    target = world.words["community"]["jobs_target"][parcel.first.year]
    records = pd.DataFrame({"month": np.array([parcel.first], dtype="datetime64[s]"), "so_far": [sum(new)], "target": [target]})
    cell: Cell = f"{new[-1]}人" if rng.random() < 0.3 else new[-1]
    soiled = Soiled([[cell, f"{sum(new):,}", target]], np.ones(1, dtype=bool))
    title = f"和平区{parcel.first.year}年{parcel.first.month}月就业情况"
    return *lay_out("就业", title, ("本月新增就业", "累计", "年目标"), soiled, [["填报人：示例"]]), records


def _new_jobs(world: World, seed: int, month: date) -> int:
    words = world.words["community"]
    expected = words["jobs_target"][month.year] * words["jobs_monthly"][month.month - 1]
    return int(dice(seed, "jobs", month).normal(1.02, 0.05) * expected)

"""The smaller reports of safety and market regulation: lifts, food samples, dust at building sites, accidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.dirt import COPY, Fault, Row, Soiled, copy, put, soil
from data.demo.forms import DASHES, EXCEL, ISO, SERIAL, WIDE, days
from data.demo.laying import lay_out
from data.demo.parcels import Parcel
from data.demo.periods import each_day
from data.demo.workbook import Sheet
from data.demo.world import World

Made = tuple[Sheet, Soiled, pd.DataFrame]
Report = Callable[[World, int, Parcel, np.random.Generator], Made]

LIFT_FAULTS = (Fault("BAD_NUMBER", 0.004, put(1, "6千余")), Fault("OUT_OF_RANGE", 0.003, put(2, -1)), Fault(COPY, 0.01, copy))
DUST_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.003, put(0, "示例工地99")),
    Fault("BAD_NUMBER", 0.003, put(2, "设备故障")),
    Fault("INCONSISTENT", 0.003, put(3, 1000)),
    Fault("MISSING_KEY", 0.002, put(0, "—")),
)


def lift_report(world: World, seed: int, parcel: Parcel, rng: np.random.Generator) -> Made:
    """Write the lifts in use and the people trapped in them, a row a day."""
    words, of = world.words["safety"], each_day(parcel.first, parcel.last)
    dices = [dice(seed, "lifts", day) for day in of]
    records = pd.DataFrame({
        "day": np.array(of, dtype="datetime64[s]"),
        "lifts": [words["lifts"] + (day - date(2013, 1, 1)).days // 4 for day in of],
        "trapped": [int(one.poisson(words["trapped_a_day"])) for one in dices],
    })  # fmt: skip
    said = days(records["day"].to_numpy(), np.full(len(of), rng.choice([EXCEL, SERIAL, DASHES])), None)
    rows: list[Row] = [
        [day, lifts, f"{trapped}次" if trapped and rng.random() < 0.2 else trapped]
        for day, lifts, trapped in zip(said, records["lifts"].tolist(), records["trapped"].tolist(), strict=True)
    ]
    soiled = soil(rows, np.full(len(rows), parcel.is_history), LIFT_FAULTS, rng)
    return *lay_out("电梯运行", "电梯运行日报", ("日期", "在用电梯", "困人次数"), soiled), records


def sample_report(world: World, seed: int, parcel: Parcel, rng: np.random.Generator) -> Made:
    """Write the food samples of a month; digits are wide now and then."""
    words, of = world.words["safety"], dice(seed, "samples", parcel.first)
    sampled = int(of.poisson(words["samples"]))
    passed = int(of.binomial(sampled, words["pass_rate"]))
    records = pd.DataFrame({"month": np.array([parcel.first], dtype="datetime64[s]"), "sampled": [sampled], "passed": [passed]})
    count: Any = str(sampled).translate(WIDE) if rng.random() < 0.3 else sampled
    month = f"{parcel.first.year}年{parcel.first.month}月"
    soiled = Soiled([[month, count, f"{passed}批次" if rng.random() < 0.2 else passed]], np.ones(1, dtype=bool))
    tail: list[Row] = [["合计", sampled, passed], ["制表人：示例"]]
    return *lay_out("食品抽检", "食品安全抽检月报", ("月份", "抽检批次", "合格批次"), soiled, tail), records


def dust_report(world: World, seed: int, parcel: Parcel, rng: np.random.Generator) -> Made:
    """Write the dust at each building site; only a back-file says the day, since a daily one bears it in its name."""
    records = pd.concat([_dust(world, seed, day) for day in each_day(parcel.first, parcel.last)], ignore_index=True)
    sites = world.places["worksite"]
    by_code = (rng.random(len(records)) < 0.1).tolist()
    rows: list[Row] = [
        [sites[place] if coded else world.names[sites[place]], world.names[world.parents[sites[place]]], measured, exceeded]
        for coded, (place, measured, exceeded) in zip(
            by_code, records[["site", "measured", "exceeded"]].itertuples(index=False, name=None), strict=True
        )
    ]
    headings = ["工地", "街道", "监测次数", "超标次数"]
    soiled = soil(rows, np.ones(len(rows), dtype=bool), DUST_FAULTS, rng)
    if not parcel.is_history:
        return *lay_out("扬尘监测", "工地扬尘监测", headings, soiled, [["备注：超标次数以小时均值计"]]), records
    said = days(records["day"].to_numpy(), np.full(len(records), ISO), None)
    soiled.rows = [[*row, day] for row, day in zip(soiled.rows, said, strict=True)]
    return *lay_out("扬尘监测", "工地扬尘监测", [*headings, "日期"], soiled), records


def _dust(world: World, seed: int, day: date) -> pd.DataFrame:
    words, rng = world.words["safety"], dice(seed, "dust", day)
    size = len(world.places["worksite"])
    measured = rng.choice(words["dust_measured"], size)
    share = words["dust_exceeded"] * (2.0 if day.month in {3, 4, 11} else 1.0) * rng.uniform(0.2, 1.8, size)
    return pd.DataFrame({
        "site": np.arange(size), "day": np.full(size, np.datetime64(day, "s")),
        "measured": measured, "exceeded": rng.binomial(measured, share),
    })  # fmt: skip


def accident_report(world: World, seed: int, parcel: Parcel, _rng: np.random.Generator) -> Made:
    """Write the accidents of a month, a row a day that had one; a month without any is a 零报告."""
    words, of = world.words["safety"], dice(seed, "accidents", parcel.first)
    span = each_day(parcel.first, parcel.last)
    counts = of.poisson(words["accidents_a_month"] / len(span), len(span))
    deaths = of.binomial(counts, words["deadly"])
    records = pd.DataFrame({"day": np.array(span, dtype="datetime64[s]"), "accidents": counts, "deaths": deaths})[counts > 0]
    headings, title = ("日期", "事故起数", "死亡人数"), f"{parcel.first.year}年{parcel.first.month}月生产安全事故"
    if records.empty:
        return *lay_out("事故", title, headings, Soiled([], np.ones(0, dtype=bool)), [["零报告"]]), records
    form = np.full(len(records), DASHES)
    said = days(records["day"].to_numpy(), form, None)
    rows: list[Row] = [list(row) for row in zip(said, records["accidents"].tolist(), records["deaths"].tolist(), strict=True)]
    total: Row = ["合计", int(records["accidents"].sum()), int(records["deaths"].sum())]
    return *lay_out("事故", title, headings, Soiled(rows, np.ones(len(rows), dtype=bool)), [total]), records

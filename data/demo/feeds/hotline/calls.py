"""The calls of the hotline: simulates how many came, were answered and passed on, and writes the sheet beside the orders."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.dirt import COPY, Fault, Row, Soiled, copy, put, soil
from data.demo.forms import CHINESE, DASHES, EXCEL, ISO, SERIAL, WIDE, days
from data.demo.laying import lay_out
from data.demo.parcels import Parcel
from data.demo.periods import each_day
from data.demo.workbook import Cell, Sheet
from data.demo.world import World

HEADINGS = ("日期", "呼入量", "接通量", "15秒接通量", "平均等待(秒)", "直接答复量", "转办量")
IN_THOUSANDS = 0.15
FAULTS = (
    Fault("BAD_NUMBER", 0.006, put(4, "较长")),
    Fault("INCONSISTENT", 0.004, put(2, 99_999)),
    Fault("OUT_OF_RANGE", 0.003, put(6, -1)),
    Fault("BAD_DATE", 0.003, put(0, "2月30日")),
    Fault(COPY, 0.006, copy),
)


def simulate_calls(world: World, seed: int, day: date) -> dict[str, float]:
    """Return the calls of a day: trend, week, holidays, and what is told of some days."""
    words, rng = world.words["hotline"]["calls"], dice(seed, "hotline_calls", day)
    years = (day - date(2013, 1, 1)).days / 365.25
    usual = words["a_day"] * (1 + 0.06 * years) * (0.7 if day in world.calendar.holidays else words["week"][day.weekday()])
    busy = np.prod([one.of_day("calls", day, 1) for one in world.happening("hotline", day)])
    answered = words["answered"] * np.prod([one.of_day("answered", day, 1) for one in world.happening("hotline", day)])
    told = words["told"].get(day, {})
    incoming = told.get("incoming", int(rng.poisson(usual * busy)))
    connected = told.get("connected", int(rng.binomial(incoming, min(answered * rng.normal(1, 0.006), 0.995))))
    settled = int(rng.binomial(connected, words["settled"]))
    return {
        "day": np.datetime64(day, "s"), "incoming": incoming, "connected": connected, "within_15s": int(rng.binomial(connected, 0.9)),
        "waited": round(float(rng.gamma(9, 1.1)), 1), "settled": settled, "passed_on": int(rng.binomial(connected - settled, 0.8)),
    }  # fmt: skip


def call_sheet(world: World, seed: int, parcel: Parcel, title: str, rng: np.random.Generator) -> tuple[Sheet, Soiled, pd.DataFrame]:
    """Return the sheet of a day or a month, what is in it, and its records; the first and the last day bound what it speaks for."""
    records = pd.DataFrame([simulate_calls(world, seed, day) for day in each_day(parcel.first, parcel.last)])
    said = days(records["day"].to_numpy(), np.full(len(records), rng.choice([EXCEL, SERIAL, DASHES, CHINESE, ISO])), None)
    counts = [_counts(records[name].tolist(), rng) for name in ("incoming", "connected", "within_15s")]
    waited = [f"{one}秒" if draw < 0.2 else one for one, draw in zip(records["waited"].tolist(), rng.random(len(records)), strict=True)]
    columns: list[list[Cell]] = [said, *counts, waited, records["settled"].tolist(), records["passed_on"].tolist()]
    eligible = np.full(len(records), parcel.is_history)
    eligible[[0, -1]] = False
    soiled = soil([list(row) for row in zip(*columns, strict=True)], eligible, FAULTS, rng)
    tail: list[Row] = [["填报人：示例"]] if rng.random() < 0.4 else []
    return *lay_out("话务日报", title, HEADINGS, soiled, tail), records


def _counts(counts: list[int], rng: np.random.Generator) -> list[Cell]:
    """Write some counts with their thousands set apart or in full-width digits."""
    draws = rng.random(len(counts)).tolist()
    return [
        f"{count:,}" if draw < IN_THOUSANDS else str(count).translate(WIDE) if draw > 1 - IN_THOUSANDS / 5 else count
        for count, draw in zip(counts, draws, strict=True)
    ]

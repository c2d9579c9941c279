"""Turns hospital reports into the workbook that the health bureau would send, with its usual mess."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.forms import CHINESE, DASHES, EXCEL, ISO, SERIAL, WIDE, days
from data.demo.laying import lay_out
from data.demo.workbook import Cell, Sheet
from data.demo.world import World

HEADINGS = (
    "日期,医疗机构,所属街道,门急诊人次,发热门诊人次,ILI病例数,编制床位,实际占用床位,120呼叫次数,120平均反应时间(分),传染病报告例数,及时报告例数"
).split(",")
AT = {heading: place for place, heading in enumerate(HEADINGS)}
COUNTS = ("visits", "fever_visits", "ili_cases", "beds", "beds_used", "ems_calls")
LAST = ("infections", "infections_timely")

FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0015, put(AT["医疗机构"], "示例新区医院")),
    Fault("BAD_NUMBER", 0.001, put(AT["门急诊人次"], "约200")),
    Fault("OUT_OF_RANGE", 0.0006, put(AT["120平均反应时间(分)"], 960)),
    Fault("INCONSISTENT", 0.0008, put(AT["ILI病例数"], 9999)),
    Fault("BAD_DATE", 0.0006, put(AT["日期"], "16/3/6")),
    Fault("FUTURE_DATE", 0.0003, put(AT["日期"], "2061-3-6")),
    Fault("MISSING_KEY", 0.0005, put(AT["医疗机构"], "—")),
    Fault("DUPLICATE_CONFLICT", 0.0006, conflict(AT["门急诊人次"], 49999)),
    Fault(COPY, 0.001, copy),
)


def health_sheet(world: World, reports: pd.DataFrame, title: str, rng: np.random.Generator) -> tuple[Sheet, Soiled]:
    """Return the sheet of `reports` and what is in it."""
    places = world.places["hospital"]
    hospitals = [places[place] for place in reports["hospital"].tolist()]
    form = np.full(len(reports), rng.choice([EXCEL, SERIAL, DASHES, CHINESE, ISO]))
    columns: list[list[Cell]] = [
        days(reports["day"].to_numpy(), form, None),
        [
            world.spellings[one][int(draw * len(world.spellings[one]))]
            for one, draw in zip(hospitals, rng.random(len(hospitals)), strict=True)
        ],
        [world.spellings[world.parents[one]][int(draw * 2)] for one, draw in zip(hospitals, rng.random(len(hospitals)), strict=True)],
        *(_counts(reports[name].tolist(), rng) for name in COUNTS),
        [None if np.isnan(length) else length for length in reports["ems_min"].tolist()],
        *(reports[name].tolist() for name in LAST),
    ]
    soiled = soil([list(row) for row in zip(*columns, strict=True)], np.ones(len(reports), dtype=bool), FAULTS, rng)
    tail: list[Row] = [["合计", None, None, *(int(reports[name].sum()) for name in COUNTS)]]
    if rng.random() < 0.4:
        tail.append(["填报人：示例"])
    return lay_out("卫生日报", title, HEADINGS, soiled, tail)


def _counts(counts: list[int], rng: np.random.Generator) -> list[Cell]:
    """Write some counts in full-width digits or with their thousands set apart."""
    draws = rng.random(len(counts)).tolist()
    return [
        str(count).translate(WIDE) if draw < 0.004 else f"{count:,}" if draw < 0.03 else count
        for count, draw in zip(counts, draws, strict=True)
    ]

"""Turns a span of reports into the true xls that the command centre's old system exports, a sheet of calls and one of crowds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.forms import CHINESE, DASHES, EXCEL, SERIAL, SLASHES, days, stamps
from data.demo.laying import lay_out
from data.demo.workbook import Cell, Sheet
from data.demo.world import World

HEADINGS = "日期,派出所,110有效警情,刑事,治安,纠纷,求助,交通警情,平均到场时长,火灾起数,消防出动,消防平均到场,监控总数,在线数".split(",")
AT = {heading: place for place, heading in enumerate(HEADINGS)}
COUNTS = ("calls", "criminal", "public_order", "disputes", "help_calls", "traffic_calls")
CROWD = ("重点区域", "时间", "实时人数", "核定承载")
SECONDS, CLOCK, MINUTES = range(3)

FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0012, put(AT["派出所"], "示例新区派出所")),
    Fault("BAD_NUMBER", 0.0008, put(AT["平均到场时长"], "较快")),
    Fault("BAD_NUMBER", 0.0006, put(AT["110有效警情"], "十余起")),
    Fault("OUT_OF_RANGE", 0.0005, put(AT["纠纷"], -1)),
    Fault("INCONSISTENT", 0.0008, put(AT["在线数"], 9999)),
    Fault("BAD_DATE", 0.0005, put(AT["日期"], "2月30日")),
    Fault("FUTURE_DATE", 0.0003, put(AT["日期"], "2061-3-7")),
    Fault("MISSING_KEY", 0.0004, put(AT["派出所"], None)),
    Fault("DUPLICATE_CONFLICT", 0.0005, conflict(AT["求助"], 888)),
    Fault(COPY, 0.001, copy),
)
CROWD_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.002, put(0, "示例新区广场")),
    Fault("BAD_NUMBER", 0.002, put(2, "设备离线")),
    Fault("OUT_OF_RANGE", 0.001, put(3, 0)),
    Fault(COPY, 0.002, copy),
)


def call_sheet(
    world: World, calls: pd.DataFrame, eligible: np.ndarray, title: str, rng: np.random.Generator
) -> tuple[Sheet, Soiled, pd.DataFrame]:
    """Return the sheet by police station, what is in it, and the records with their times in minutes as they were written."""
    form = rng.choice([SECONDS, CLOCK, MINUTES], len(calls), p=[0.5, 0.3, 0.2])
    police, police_min = _lengths(world, calls["arrival"].to_numpy(), form, rng)
    fire, fire_min = _lengths(world, calls["fire_arrival"].to_numpy(), form, rng)
    dated = np.full(len(calls), rng.choice([EXCEL, SERIAL, DASHES, SLASHES, CHINESE]))
    blank = (rng.random(len(calls)) < 0.8).tolist()
    columns: list[list[Cell]] = [
        days(calls["day"].to_numpy(), dated, None),
        _stations(world, calls["police_station"].tolist(), rng),
        *(calls[name].tolist() for name in COUNTS),
        police,
        _counts(calls["fires"].tolist(), blank),
        _counts(calls["fire_calls"].tolist(), blank),
        fire,
        calls["cameras"].tolist(),
        calls["online"].tolist(),
    ]
    soiled = soil([list(row) for row in zip(*columns, strict=True)], eligible, FAULTS, rng)
    tail: list[Row] = [["合计", None, *(int(calls[name].sum()) for name in COUNTS)]]
    if rng.random() < 0.5:
        tail.append(["审核人：示例"])
    return *lay_out("警情日报", title, HEADINGS, soiled, tail), calls.assign(arrival=police_min, fire_arrival=fire_min)


def crowd_sheet(world: World, crowd: pd.DataFrame, eligible: np.ndarray, rng: np.random.Generator) -> tuple[Sheet, Soiled, pd.DataFrame]:
    """Return the sheet of key sites, what is in it, and its records."""
    sites = world.places["site"]
    form = np.full(len(crowd), rng.choice([EXCEL, DASHES]))
    columns: list[list[Cell]] = [
        [world.names[sites[place]] for place in crowd["site"].tolist()],
        stamps(crowd["counted_at"].to_numpy(), form, None),
        [
            f"{count}人" if draw < 0.1 else count
            for count, draw in zip(crowd["people"].tolist(), rng.random(len(crowd)).tolist(), strict=True)
        ],
        crowd["capacity"].tolist(),
    ]
    soiled = soil([list(row) for row in zip(*columns, strict=True)], eligible, CROWD_FAULTS, rng)
    return *lay_out("重点区域", "", CROWD, soiled), crowd


def _lengths(world: World, seconds: np.ndarray, form: np.ndarray, rng: np.random.Generator) -> tuple[list[Cell], np.ndarray]:
    """Write each length of time as 5′32″, 05:32 or 5.53, and say how many minutes that is."""
    missing = world.words["police_fire"]["no_time"]
    tokens = rng.integers(0, len(missing), len(seconds)).tolist()
    minutes = np.where(form == MINUTES, np.round(seconds / 60, 2), seconds / 60)
    cells = [
        missing[token] if np.isnan(count) else _length(int(count), float(decimal), how)
        for count, decimal, how, token in zip(seconds.tolist(), minutes.tolist(), form.tolist(), tokens, strict=True)
    ]
    return cells, minutes


def _length(seconds: int, minutes: float, form: int) -> Cell:
    if form == MINUTES:
        return minutes
    whole, rest = divmod(seconds, 60)
    return f"{whole}′{rest:02d}″" if form == SECONDS else f"{whole:02d}:{rest:02d}"


def _counts(counts: list[int], blank: list[bool]) -> list[Cell]:
    """Leave most zeros blank, as the duty officers do."""
    return [None if not count and empty else count for count, empty in zip(counts, blank, strict=True)]


def _stations(world: World, stations: list[int], rng: np.random.Generator) -> list[Cell]:
    draws = (rng.random(len(stations)) * 1000).astype(int).tolist()
    names: list[Cell] = []
    for station, draw in zip(stations, draws, strict=True):
        spellings = world.spellings[world.places["police_station"][station]]
        name = spellings[0] if draw < 700 else spellings[draw % len(spellings)]
        names.append(f"{name}　" if draw % 50 == 0 else name)
    return names

"""Turns a day's or a month's traffic into the CSV files that three offices would send, each with its own mess."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.forms import CHINESE, DASHES, ISO, SLASHES, WIDE, days, stamps
from data.demo.world import World

FLOW = "时间,区域,街道,交通指数,平均车速,拥堵里程(km),总里程(km)".split(",")
BUS = "线路,计划班次,准点班次".split(",")
PARKING = "停车场,街道,泊位总数,占用数,时间".split(",")
MISSING = ("—", "", "NULL")
UTC = np.timedelta64(8 * 3600, "s")
FLOW_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0006, put(2, "示例新区")),
    Fault("BAD_VALUE", 0.0003, put(1, "东部")),
    Fault("BAD_DATE", 0.0004, put(0, "2015-02-30 08:00")),
    Fault("FUTURE_DATE", 0.0002, put(0, "2886307200000")),
    Fault("BAD_NUMBER", 0.0004, put(4, "#DIV/0!")),
    Fault("OUT_OF_RANGE", 0.0003, put(3, "99.0")),
    Fault("INCONSISTENT", 0.0005, put(5, "999.00")),
    Fault("MISSING_KEY", 0.0003, put(2, "")),
    Fault("COLUMN_COUNT", 0.0003, lambda row: [row[:-1]]),
    Fault("DUPLICATE_CONFLICT", 0.0008, conflict(4, "1.0")),
    Fault(COPY, 0.002, copy),
)
BUS_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0008, put(0, "示例999路")),
    Fault("BAD_NUMBER", 0.0008, put(1, "加密")),
    Fault("INCONSISTENT", 0.0012, put(2, "999")),
    Fault("MISSING_KEY", 0.0004, put(0, "")),
    Fault(COPY, 0.001, copy),
)
PARKING_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0006, put(0, "示例停车场99")),
    Fault("UNKNOWN_UNIT", 0.0003, put(1, "示例新区街道")),
    Fault("BAD_NUMBER", 0.0005, put(3, "满")),
    Fault("BAD_NUMBER", 0.0002, put(3, "12.5")),
    Fault("OUT_OF_RANGE", 0.0003, put(3, "-3")),
    Fault("BAD_DATE", 0.0003, put(4, "25:00")),
    Fault("COLUMN_COUNT", 0.0003, lambda row: [[*row, "备用"]]),
    Fault("DUPLICATE_CONFLICT", 0.0005, conflict(3, "0")),
    Fault(COPY, 0.002, copy),
)


def flow_sheet(world: World, flow: pd.DataFrame, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the CSV (UTF-8, LF) of the roads: whole files count milliseconds since 1970, others write the time."""
    zones = {street: zone for zone, names in world.words["traffic"]["zones"].items() for street in names}
    named = [world.names[code] for code in world.streets]
    spelt = [world.spellings[code] for code in world.streets]
    rows = _rows(
        _moments(flow["measured_at"].to_numpy(), rng),
        [zones[named[place]] for place in flow["street"].tolist()],
        [spelt[place][draw % 2] for place, draw in zip(flow["street"].tolist(), _draws(rng, flow), strict=True)],
        *(_numbers(flow[name].to_numpy(), digits, rng) for name, digits in (("index", 1), ("speed", 1), ("jam_km", 2), ("length_km", 2))),
    )
    soiled = soil(rows, np.ones(len(rows), dtype=bool), FLOW_FAULTS, rng)
    return _text(FLOW, soiled.rows, "\n").encode(), soiled


def bus_sheet(world: World, bus: pd.DataFrame, rng: np.random.Generator, *, dated: bool) -> tuple[bytes, Soiled]:
    """Return the CSV (GB18030, CRLF) of the bus company; a day's file has no date, a back-file has a column for it."""
    spelt = [world.spellings[code] for code in world.places["bus_line"]]
    lines = [_wide(spelt[place][draw % 3], draw) for place, draw in zip(bus["bus_line"].tolist(), _draws(rng, bus), strict=True)]
    rows = _rows(lines, _numbers(bus["planned"].to_numpy(float), 0, rng), _numbers(bus["on_time"].to_numpy(), 0, rng))
    soiled = soil(_with_days(rows, bus, rng) if dated else rows, np.ones(len(rows), dtype=bool), BUS_FAULTS, rng)
    return _text([*BUS, "日期"] if dated else BUS, soiled.rows, "\r\n").encode("gb18030"), soiled


def parking_sheet(world: World, parking: pd.DataFrame, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the CSV (UTF-8 with BOM, CRLF, semicolons) of the parking company."""
    parks = [world.spellings[code] for code in world.places["car_park"]]
    streets = [world.spellings[code] for code in world.streets]
    draws = _draws(rng, parking)
    rows = _rows(
        [parks[place][draw % 3] for place, draw in zip(parking["car_park"].tolist(), draws, strict=True)],
        [streets[place][draw % 2] for place, draw in zip(parking["street"].tolist(), draws, strict=True)],
        _numbers(parking["spaces"].to_numpy(float), 0, rng),
        _numbers(parking["occupied"].to_numpy(), 0, rng),
        _moments(parking["measured_at"].to_numpy(), rng),
    )
    soiled = soil(rows, np.ones(len(rows), dtype=bool), PARKING_FAULTS, rng)
    return _text(PARKING, soiled.rows, "\r\n", ";").encode("utf-8-sig"), soiled


def _rows(*columns: list[str]) -> list[Row]:
    return [list(row) for row in zip(*columns, strict=True)]


def _with_days(rows: list[Row], bus: pd.DataFrame, rng: np.random.Generator) -> list[Row]:
    form = rng.choice([ISO, DASHES, SLASHES, CHINESE])
    return [[*row, day] for row, day in zip(rows, days(bus["run_on"].to_numpy(), np.full(len(rows), form), ""), strict=True)]


def _text(headings: list[str], rows: list[Row], end: str, delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + end for row in (headings, *rows))


def _draws(rng: np.random.Generator, frame: pd.DataFrame) -> list[int]:
    draws: list[int] = rng.integers(0, 6000, len(frame)).tolist()
    return draws


def _wide(text: str, draw: int) -> str:
    return text.translate(WIDE) if draw % 50 == 0 else text


def _moments(moments: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Write the moments of a file: all as milliseconds since 1970 in UTC, or all as local time."""
    if rng.random() < 0.5:
        return [str(second * 1000) for second in (moments - UTC).astype("datetime64[s]").astype("int64").tolist()]
    return [str(text) for text in stamps(moments, np.full(len(moments), rng.choice([ISO, DASHES, SLASHES])), "")]


def _numbers(values: np.ndarray, digits: int, rng: np.random.Generator) -> list[str]:
    """Write numbers; NaN as one of the tokens for missing."""
    texts = [f"{value:.{digits}f}" for value in values.tolist()]
    for place in np.flatnonzero(np.isnan(values)).tolist():
        texts[place] = MISSING[rng.integers(len(MISSING))]
    return texts

"""Turns hourly readings into the CSV (UTF-8 with BOM, LF) that the environment bureau would send, mess and all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.feeds.environment.simulate import GASES, STATUS, WEATHER
from data.demo.forms import WIDE
from data.demo.world import World

HEADINGS = ("监测时间,站点编码,站点名称,PM2.5,PM10,SO2,NO2,CO,O3,AQI,首要污染物,状态,气温,降水量(mm),风速(m/s),Leq(dB)").split(",")
AT = {heading: place for place, heading in enumerate(HEADINGS)}
DIGITS = {name: {"co": 2, "aqi": 0}.get(name, 1) for name in (*GASES, *WEATHER)}
MISSING = ("—", "—", "NA", "-99")


def _more_fine_than_coarse(row: Row) -> list[Row]:
    """Let the analyser show more PM2.5 than PM10, which cannot be."""
    row[AT["PM2.5"]], row[AT["PM10"]], row[AT["状态"]] = "188.0", "96.0", "N"
    return [row]


FAULTS = (
    Fault("INCONSISTENT", 0.0009, _more_fine_than_coarse),
    Fault("UNKNOWN_UNIT", 0.0003, put(AT["站点编码"], "HP-ENV-99")),
    Fault("COLUMN_COUNT", 0.0002, lambda row: [row[:-3]]),
    Fault("BAD_DATE", 0.0002, put(AT["监测时间"], "2015-02-30 08:00")),
    Fault("FUTURE_DATE", 0.0001, put(AT["监测时间"], "2061-03-07 08:00")),
    Fault("BAD_NUMBER", 0.0003, put(AT["气温"], "异常")),
    Fault("OUT_OF_RANGE", 0.0002, put(AT["气温"], "88.0")),
    Fault("BAD_VALUE", 0.0002, put(AT["状态"], "X")),
    Fault("MISSING_KEY", 0.0002, put(AT["站点编码"], "")),
    Fault("DUPLICATE_CONFLICT", 0.0003, conflict(AT["风速(m/s)"], "9.9")),
    Fault(COPY, 0.0008, copy),
)


def air_sheet(world: World, readings: pd.DataFrame, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the CSV of `readings` and what is in it."""
    rows = [list(row) for row in zip(*_columns(world, readings, rng), strict=True)]
    soiled = soil(rows, np.ones(len(rows), dtype=bool), FAULTS, rng)
    lines = [",".join(row) + "\n" for row in (HEADINGS, *soiled.rows)]
    return "".join(lines).encode("utf-8-sig"), soiled


def _columns(world: World, readings: pd.DataFrame, rng: np.random.Generator) -> list[list[str]]:
    """Render every column of the file, from 监测时间 to Leq(dB)."""
    stations = [world.stations[place] for place in readings["station"].tolist()]
    numbers = {name: _numbers(readings[name].to_numpy(), digits, rng) for name, digits in DIGITS.items()}
    return [
        _hours(readings["hour"].to_numpy(), rng),
        stations,
        [world.names[station] for station in stations],
        *(numbers[name] for name in GASES),
        ["PM2.5" if aqi > 50 else "—" for aqi in readings["aqi"].tolist()],
        [STATUS[status] for status in readings["status"].tolist()],
        *(numbers[name] for name in WEATHER),
    ]


def _hours(starts: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Write the end of each hour; midnight mostly as 24:00 of the old day, sometimes as 00:00 of the new one."""
    after: np.ndarray = np.add(starts, np.timedelta64(3600, "s"))
    ends = np.datetime_as_string(after, unit="m").tolist()
    days = np.datetime_as_string(starts, unit="D").tolist()
    new_day = (rng.random(len(ends)) < 0.1).tolist()
    return [
        f"{day} 24:00" if end.endswith("T00:00") and not new else end.replace("T", " ")
        for day, end, new in zip(days, ends, new_day, strict=True)
    ]


def _numbers(values: np.ndarray, digits: int, rng: np.random.Generator) -> list[str]:
    """Write numbers; NaN as one of the tokens for missing, some cells in full-width digits."""
    texts = [f"{value:.{digits}f}" for value in values.tolist()]
    for place in np.flatnonzero(np.isnan(values)).tolist():
        texts[place] = MISSING[rng.integers(len(MISSING))]
    for place in np.flatnonzero(~np.isnan(values) & (rng.random(len(values)) < 0.002)).tolist():
        texts[place] = texts[place].translate(WIDE)
    return texts

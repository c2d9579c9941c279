"""Makes daily series of the files of REAL_DATA: mean, sum or number of rows of each day; what is missing stays missing."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.detection.plan import Source
from data.festivals import Festival, festival_of
from data.register import Day
from indicators.daykinds import DayKinds, day_kinds

HOLIDAYS = {"china": "cn_public_holidays"}
FESTIVALS = Path(__file__).parents[2] / "data/reference/festivals.csv"


@dataclass(frozen=True, slots=True)
class Series:
    """A daily series without holes in its days: a value or NaN for each, and what kind of day it is."""

    name: str
    daily: npt.NDArray[np.float64]
    days: DayKinds
    is_count: bool
    floor: float


def read_series(name: str, source: Source, folder: Path) -> Series:
    """Return one series of the plan; raises FileNotFoundError where its file is not there."""
    days = _daily(source, folder)
    if source.since:
        days = days[pd.Timestamp(source.since) :]
    days = days[days.first_valid_index() : days.last_valid_index()].asfreq("D")
    if source.take == "rows":
        days = days.fillna(0)
    calendar = _calendar(folder / HOLIDAYS[source.holidays]) if source.holidays else []
    festivals = _festivals() if source.holidays else []
    floor = -np.inf if source.floor is None else source.floor
    first = days.index[0].date()
    return Series(name, days.to_numpy(dtype=float), day_kinds(first, len(days), calendar, festivals), source.take == "rows", floor)


def _daily(source: Source, folder: Path) -> pd.Series:
    """Return the value of each day that has one."""
    paths = sorted(folder.glob(source.files))
    if not paths:
        msg = f"no file {source.files} in {folder}"
        raise FileNotFoundError(msg)
    rows = pd.concat([pd.read_csv(path, encoding=source.encoding, low_memory=False) for path in paths])
    for column, wanted in source.only.items():
        rows = rows[rows[column] == wanted]
    if source.parts:
        moments = pd.to_datetime(rows[list(source.parts)])
    else:
        moments = pd.to_datetime(rows[source.time].astype(str).str.removesuffix("+00:00"), format=source.format)
    days = moments.dt.floor("D")
    if source.take == "rows":
        return days.value_counts().sort_index().astype(float)
    values = rows[source.value]
    if source.lowest is not None:
        values = values.where(values >= source.lowest)
    groups = values.groupby(days.to_numpy())
    taken = groups.mean() if source.take == "mean" else groups.sum()
    return taken.where(groups.count() >= source.least)


def _calendar(folder: Path) -> list[Day]:
    """Return the public holidays and make-up workdays of the files of a year each."""
    days = (day for path in sorted(folder.glob("*.json")) for day in json.loads(path.read_text(encoding="utf-8"))["days"])
    found = {date.fromisoformat(day["date"]): day for day in days}
    return [Day(day, not one["isOffDay"], one["name"]) for day, one in sorted(found.items())]


def _festivals() -> list[Festival]:
    """Return the festivals of the table that the repository carries."""
    with FESTIVALS.open(encoding="utf-8", newline="") as lines:
        return [festival_of(row) for row in csv.DictReader(lines)]

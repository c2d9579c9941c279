"""Simulates the air over the district: a day -> the hourly readings of every station.

The noise is an AR(1) process cut off after eight days, so that a day needs only the draws of the days just before it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.world import World

STATUS = ("N", "H", "B", "校准")
GASES = ("pm25", "pm10", "so2", "no2", "co", "o3", "aqi")
WEATHER = ("temperature", "rain", "wind", "noise")
BREAKS_PM25 = (0, 35, 75, 115, 150, 250, 500)
BREAKS_AQI = (0, 50, 100, 150, 200, 300, 500)
MEMORY_DAYS, PHI = 8, 0.982
PM25 = (74, 67, 54, 45, 39, 34, 31, 30, 36, 52, 73, 77)
TEMPERATURE = (-12, -8, 1, 10, 17, 22, 25, 24, 18, 10, 0, -9)
SO2 = (118, 98, 62, 32, 24, 20, 18, 18, 22, 38, 84, 112)
QUIET = (47.4, 52.6, 48.1, 47.2, 47.7, 53.3)
"""How loud the nights are at each station, in dB."""
HOUR = np.arange(24)[:, None]


def simulate_air(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per station and hour (its start); a silent hour has no row, a missing value is NaN."""
    stations = len(world.stations)
    noise = _noise(seed, day, stations + 1)
    rng = dice(seed, "air_day", day)
    own = rng.normal(size=(6, 24, stations))
    warmth = _yearly(TEMPERATURE, day)
    mood = noise[:, :1] * 0.46 + noise[:, 1:] * 0.1
    pm25 = _yearly(PM25, day) * (1 - 0.035 * (day.year - 2013)) * np.exp(mood - 0.1 + _diurnal())
    wanted = [one.of_day("mean", day, 0) for one in world.happening("environment", day) if "mean" in one.effect]
    pm25 = np.round(np.clip(pm25 * (wanted[0] / pm25.mean() if wanted else 1), 3, 1400), 1)
    values = {
        "pm25": pm25,
        "pm10": pm25 * (1.28 + 0.1 * np.abs(own[0])) + 8,
        "so2": _yearly(SO2, day) * np.exp(0.6 * mood + 0.08 * own[1]),
        "no2": 42 * np.exp(0.45 * mood + 0.1 * own[2] + _diurnal()),
        "co": 1.1 * np.exp(0.6 * mood + 0.08 * own[3]),
        "o3": (28 + 3.2 * max(warmth, -6) * _sun() + 20 * _sun()) * np.exp(0.1 * own[4]),
        "temperature": warmth + 4.5 * np.sin((HOUR - 9) * np.pi / 12) + 3 * noise[:, :1] + 0.2 * own[5],
        "rain": _rain(world, rng, day, stations),
        "wind": 2.4 * np.exp(-0.4 * noise[:, :1] + 0.12 * own[0]),
        "noise": np.array(QUIET) + 12 * _sun() + 1.5 * own[1],
    }
    start = np.datetime64(day, "s") + HOUR * np.timedelta64(3600, "s")
    columns: dict[str, np.ndarray] = {"hour": np.repeat(start.ravel(), stations), "station": np.tile(np.arange(stations), 24)}
    for name, cells in values.items():
        column = np.round(np.broadcast_to(cells, (24, stations)), 2 if name == "co" else 1).ravel()
        columns[name] = np.where(rng.random(column.size) < 0.007, np.nan, column)
    aqi = np.minimum(np.ceil(np.interp(columns["pm25"], BREAKS_PM25, BREAKS_AQI).round(6)), 500)
    columns["aqi"] = np.where(rng.random(aqi.size) < 0.004, np.nan, aqi)
    columns["status"] = rng.choice(4, aqi.size, p=[0.989, 0.005, 0.002, 0.004])
    heard = rng.random(aqi.size) >= 0.004
    return pd.DataFrame({name: column[heard] for name, column in columns.items()})


@lru_cache(maxsize=64)
def _innovations(seed: int, day: date, columns: int) -> np.ndarray:
    return dice(seed, "air", day).normal(size=(24, columns))


def _noise(seed: int, day: date, columns: int) -> np.ndarray:
    """Return the AR(1) noise of the day's hours with variance 1; column 0 is the district's."""
    past = [_innovations(seed, day - timedelta(days=back), columns) for back in range(MEMORY_DAYS, -1, -1)]
    return _kernel() @ np.concatenate(past)


@lru_cache(maxsize=1)
def _kernel() -> np.ndarray:
    lag = MEMORY_DAYS * 24 + np.arange(24)[:, None] - np.arange((MEMORY_DAYS + 1) * 24)[None, :]
    return np.where(lag >= 0, PHI ** np.maximum(lag, 0), 0) * np.sqrt(1 - PHI**2)


def _yearly(months: tuple[int, ...], day: date) -> float:
    """Interpolate between the middles of the months."""
    position = day.month - 1 + (day.day - 15) / 30.5
    return float(np.interp(position, range(-1, 13), (months[-1], *months, months[0])))


def _diurnal() -> np.ndarray:
    return 0.07 * np.cos((HOUR - 8) * np.pi / 6) + 0.05 * np.cos((HOUR - 22) * np.pi / 12)


def _sun() -> np.ndarray:
    return np.maximum(np.sin((HOUR - 6) * np.pi / 13), 0)


def _rain(world: World, rng: np.random.Generator, day: date, stations: int) -> np.ndarray:
    """Return mm by hour: a spell on some days, more often in summer, or what an incident says."""
    wet, amount = rng.random(), rng.exponential(9 if 5 <= day.month <= 9 else 3)
    first, hours = rng.integers(0, 18), rng.integers(2, 7)
    told = [one.of_day("rain", day, 0) for one in world.happening("environment", day) if "rain" in one.effect]
    total = told[0] if told else amount if wet < (0.3 if 5 <= day.month <= 9 else 0.12) else 0.0
    spell = (first <= HOUR) & (first + hours > HOUR)
    return np.where(spell, total / hours, 0.0) * rng.uniform(0.9, 1.1, (1, stations))

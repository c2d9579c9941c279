"""Simulates a day's traffic: the roads of each street by the hour, the departures of each bus line, the car parks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.world import World

ARCHIVED_FLOW = (7, 8, 17, 18)
"""The hours that the traffic police kept of the years before go-live: the peaks."""
ARCHIVED_PARKING = (3, 9, 15, 21)


def simulate_flow(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per hour and street: measured_at, street (position), index, speed (km/h), jam_km, length_km; NaN is missing."""
    rng, streets = dice(seed, "traffic_flow", day), len(world.streets)
    hour, street = (place.ravel() for place in np.indices((24, streets)))
    usual = np.array(world.words["traffic"]["road_hours"])
    busy = (0.72 if _is_off(world, day) else 1.0) * _effect(world, day, "roads")
    own = 0.86 + 0.3 * (np.arange(streets) * 7 % streets) / streets
    index = np.clip(usual[hour] * own[street] * busy * np.exp(rng.normal(0, 0.1, hour.size) + rng.normal(0, 0.05)), 0.3, 9.9).round(1)
    length = np.round(12 + np.arange(streets) * 5 % 11 + np.arange(streets) * 0.17, 2)[street]
    speed = np.clip(50 - 6.2 * index + rng.normal(0, 1.1, hour.size), 6, 70).round(1)
    jam = np.round(length * np.clip((index - 2) / 12, 0, 0.8), 2)
    silent = rng.random((2, hour.size)) < 0.004
    return pd.DataFrame({
        "measured_at": _at(day, hour), "street": street, "index": np.where(silent[0], np.nan, index),
        "speed": np.where(silent[1], np.nan, speed), "jam_km": jam, "length_km": length,
    })  # fmt: skip


def simulate_bus(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per line: run_on, bus_line (position), planned, on_time (NaN where it was not counted)."""
    rng = dice(seed, "traffic_bus", day)
    planned = np.array(world.words["traffic"]["departures"])
    planned = (planned * (0.9 if _is_off(world, day) else 1.0)).astype(int)
    share = np.clip(0.895 / _effect(world, day, "buses") + rng.normal(0, 0.012) + rng.normal(0, 0.02, planned.size), 0.4, 0.99)
    on_time = rng.binomial(planned, share).astype(float)
    on_time[rng.random(planned.size) < 0.004] = np.nan
    return pd.DataFrame({
        "run_on": np.full(planned.size, np.datetime64(day, "s")), "bus_line": np.arange(planned.size),
        "planned": planned, "on_time": on_time,
    })  # fmt: skip


def simulate_parking(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per hour and car park: measured_at, car_park and street (positions), spaces, occupied (NaN is missing)."""
    rng, parks = dice(seed, "traffic_parking", day), world.places["car_park"]
    hour, park = (place.ravel() for place in np.indices((24, len(parks))))
    spaces = np.array(world.words["traffic"]["spaces"])[park]
    street = np.array([world.streets.index(world.parents[one]) for one in parks])[park]
    share = np.array(world.words["traffic"]["park_hours"])[hour] / 100 * (0.9 + 0.2 * (park * 5 % len(parks)) / len(parks))
    share = share * (0.84 if _is_off(world, day) else 1.0) * np.exp(rng.normal(0, 0.05, hour.size) + rng.normal(0, 0.03))
    occupied = np.minimum(np.round(spaces * share), spaces)
    over = rng.random(hour.size) < 0.006
    occupied = np.where(over, spaces + rng.integers(1, 30, hour.size), occupied)
    occupied[rng.random(hour.size) < 0.003] = np.nan
    return pd.DataFrame({"measured_at": _at(day, hour), "car_park": park, "street": street, "spaces": spaces, "occupied": occupied})


def _at(day: date, hour: np.ndarray) -> np.ndarray:
    return np.datetime64(day, "s") + hour * np.timedelta64(3600, "s")


def _is_off(world: World, day: date) -> bool:
    return not world.calendar.hold(day)


def _effect(world: World, day: date, name: str) -> float:
    """Return how many times as bad as usual it is, by what is happening."""
    return float(np.prod([one.of_day(name, day, 1) for one in world.happening("traffic", day)]))

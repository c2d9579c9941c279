"""Simulates calls, fires, cameras and crowds: a statistic day -> one row per police station, and per key site and hour."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.world import World

COUNTERS_SINCE = date(2015, 7, 1)
HOURS = np.array([8, 11, 14, 17, 20, 23])
WEEK = (0.98, 0.96, 0.97, 1.0, 1.06, 1.04, 0.99)
WEEKEND = (1.0, 1.0, 1.0, 1.0, 1.08, 1.22, 1.18)


def simulate_calls(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per police station; times of arrival in whole seconds, NaN where nobody had to arrive or noted it."""
    rng, words = dice(seed, "police_fire", day), world.words["police_fire"]
    stations = words["stations"]
    size = len(stations)
    share = np.array([one["share"] for one in stations], dtype=float)
    level = words["calls_a_day"] * WEEK[day.weekday()] * (1 + 0.12 * np.sin(2 * np.pi * (day.timetuple().tm_yday - 110) / 365.25))
    calls = rng.poisson(level * share / share.sum())
    kinds = np.array(list(words["kinds"].values()), dtype=float)
    parts = np.array([rng.multinomial(count, kinds / kinds.sum()) for count in calls])
    fires = rng.poisson(words["fires_a_day"] * (1.5 if day.month in {1, 2, 3, 4} else 0.8) / size, size)
    fire_calls = fires + rng.poisson(0.05, size)
    noted = rng.random((2, size))
    arrival = np.rint(rng.normal(words["arrival_seconds"], 34, size))
    fire_arrival = np.rint(rng.normal(words["fire_arrival_seconds"], 60, size))
    grown = 1 + words["new_cameras_a_year"] * (day - date(2013, 1, 1)).days / 365.25
    cameras = np.array([int(one["cameras"] * grown) for one in stations])
    return pd.DataFrame({
        "day": np.full(size, np.datetime64(day, "s")),
        "police_station": np.arange(size),
        "calls": calls,
        **{name: parts[:, place] for place, name in enumerate(words["kinds"])},
        "arrival": np.where((noted[0] < 0.97) & (calls > 0), arrival, np.nan),
        "fires": fires,
        "fire_calls": fire_calls,
        "fire_arrival": np.where((noted[1] < 0.97) & (fire_calls > 0), fire_arrival, np.nan),
        "cameras": cameras,
        "online": rng.binomial(cameras, _online(world, day, size)),
    })  # fmt: skip


def simulate_crowd(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per key site and hour of counting; none before the sites had counters."""
    rng, sites = dice(seed, "crowd", day), world.words["police_fire"]["sites"]
    capacity = np.array([one["capacity"] for one in sites])
    usual = np.array([one["usual"] for one in sites])
    full = usual * WEEKEND[day.weekday()] * rng.normal(1, 0.06, usual.shape)
    for one in world.happening("police_fire", day):
        if one.area in world.places["site"] and "full" in one.effect:
            full[world.places["site"].index(one.area)] *= one.of_day("full", day, 1)
    hours = len(HOURS) if day >= COUNTERS_SINCE else 0
    start = np.datetime64(day, "s") + HOURS[:hours] * np.timedelta64(3600, "s")
    return pd.DataFrame({
        "site": np.repeat(np.arange(len(sites)), hours),
        "counted_at": np.tile(start, len(sites)),
        "people": np.rint(np.clip(full[:, :hours], 0.01, 1.3) * capacity[:, None]).astype(int).ravel(),
        "capacity": np.repeat(capacity, hours),
    })  # fmt: skip


def _online(world: World, day: date, size: int) -> np.ndarray:
    """Return the share of its cameras that each station sees."""
    share = np.full(size, world.words["police_fire"]["online"])
    for one in world.happening("police_fire", day):
        if one.area in world.places["police_station"]:
            share[world.places["police_station"].index(one.area)] = one.of_day("online", day, share[0])
    return share

"""Simulates the hospitals: a day -> one row each, as it was first reported and as it was put right within a week."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.world import World

WEEK = (1.0, 0.97, 0.95, 0.93, 0.94, 0.62, 0.5)
LATEST_CORRECTION = 7
DAY = np.timedelta64(86400, "s")
COUNTED = ("visits", "fever_visits", "ili_cases", "infections", "infections_timely")


def simulate_health(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return two rows per hospital that was corrected, one per other hospital.

    `known_at` is the first day on which a row can be sent. A health centre that is closed reports zeros; a hospital without
    ambulances has no time of response (NaN).
    """
    rng, words = dice(seed, "health", day), world.words["health"]
    hospitals = words["hospitals"]
    size = len(hospitals)
    usual, beds, full, calls = (np.array([one[name] for one in hospitals], dtype=float) for name in ("visits", "beds", "full", "calls"))
    is_open = (beds > 0) | (day.weekday() < 5 and day not in world.calendar.holidays)
    quiet = 0.55 if day in world.calendar.holidays else WEEK[day.weekday()]
    visits = rng.poisson(usual * quiet) * is_open
    ili = rng.binomial(visits, words["ili"][day.month - 1] * rng.uniform(0.92, 1.08))
    infections = rng.poisson(visits * words["infections"])
    ambulances = rng.poisson(calls * (1.1 if day.month in {12, 1, 2} else 1.0))
    response = np.round(rng.normal(words["response_min"], 0.7, size), 1)
    at_last = {
        "day": np.full(size, np.datetime64(day, "s")),
        "hospital": np.arange(size),
        "visits": visits,
        "fever_visits": rng.binomial(visits, np.minimum(words["fever"] * ili / np.maximum(visits, 1), 1)),
        "ili_cases": ili,
        "beds": beds.astype(int),
        "beds_used": np.minimum(rng.normal(full, 0.018) * beds, beds * 1.02).astype(int),
        "ems_calls": ambulances,
        "ems_min": np.where(ambulances > 0, response, np.nan),
        "infections": infections,
        "infections_timely": rng.binomial(infections, words["timely"]),
        "known_at": np.full(size, np.datetime64(day, "s") + DAY),
    }
    corrected = (rng.random(size) < words["corrected"]) & (visits > 0)
    lag = rng.integers(1, LATEST_CORRECTION + 1, size)
    at_first = at_last | {name: np.where(corrected, (at_last[name] * 0.94).astype(int), at_last[name]) for name in COUNTED}
    at_last["known_at"] = at_last["known_at"] + lag * DAY
    return pd.DataFrame({name: np.concatenate([at_first[name], at_last[name][corrected]]) for name in at_last})

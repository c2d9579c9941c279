"""Simulates urban management: a day -> the cases opened that day, with everything that will ever happen to them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.demo.dice import dice, draw, minutes
from data.demo.world import BLANK, World

HOURS = np.array([0, 0, 0, 0, 0, 0, 8, 24, 60, 66, 60, 48, 26, 44, 60, 58, 46, 30, 16, 10, 6, 0, 0, 0], dtype=float)
DAY = np.timedelta64(86400, "s")


def simulate_cases(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per case, in the order of opening."""
    rng = dice(seed, "urban_cases", day)
    items = world.words["urban_cases"]["items"]
    counts = rng.poisson(world.intensity("urban_cases", day, [one["item"] for one in items], _level(world, day)))
    item, street = (np.repeat(place.ravel(), counts.ravel()) for place in np.indices(counts.shape))
    size = len(item)
    reported = np.datetime64(day, "s") + rng.choice(24, size, p=HOURS / HOURS.sum()) * np.timedelta64(3600, "s")
    reported = reported + minutes(rng, 0, 60, size)
    opened = reported + minutes(rng, 3, 40, size)
    turn = np.argsort(opened, kind="stable")
    item, street, reported, opened = item[turn], street[turn], reported[turn], opened[turn]
    sent = opened + minutes(rng, 4, 50, size)
    due = _due(world, item, sent)
    deferred = rng.choice([0, 1, BLANK], size, p=[0.956, 0.004, 0.04])
    closed = _closed(rng, sent, due, deferred == 1)
    lost = rng.random(size) < 0.004
    return pd.DataFrame({
        "case": int(f"{day:%Y%m%d}") * 100_000 + np.arange(1, size + 1),
        "item": item,
        "source": draw(rng, world.words["urban_cases"]["sources"], size),
        "street": np.where(lost, BLANK, street),
        "community": np.where(lost, BLANK, world.place_people(rng, street, 0.06)),
        "pick": rng.integers(0, 1_000_000, size),
        "reported_at": reported,
        "opened_at": opened,
        "sent_at": sent,
        "due_at": due,
        "done_at": _part_way(sent, closed, 0.8),
        "verified_at": _part_way(sent, closed, 0.9),
        "closed_at": closed,
        "rework_count": rng.choice([0, 1, 2], size, p=[0.96, 0.034, 0.006]),
        "extension_count": rng.choice([0, 1, BLANK], size, p=[0.55, 0.02, 0.43]),
        "deferred": deferred,
        "supervised": rng.choice([0, 1], size, p=[0.98, 0.02]),
    })  # fmt: skip


def known_cases(cases: pd.DataFrame, moment: np.datetime64) -> pd.DataFrame:
    """Return the cases opened before `moment`, without anything that happened at or after it."""
    known = cases[cases["opened_at"] < moment].copy()
    for column in ("sent_at", "done_at", "verified_at", "closed_at"):
        known.loc[~(known[column] < moment).to_numpy(), column] = pd.NaT
    known.loc[known["done_at"].isna(), "rework_count"] = 0
    return known


def _level(world: World, day: date) -> np.ndarray:
    """Return the expected cases of a day by item: a slow trend, fewer at weekends and holidays, more in spring."""
    years = (day - date(2013, 1, 1)).days / 365.25
    total = 132 + 5 * years + 9 * np.sin(2 * np.pi * (day.timetuple().tm_yday - 40) / 365.25)
    total *= 0.85 if day in world.calendar.holidays else 0.94 if day.weekday() > 4 else 1.0
    weights = np.array([one["weight"] for one in world.words["urban_cases"]["items"]], dtype=float)
    return total * weights / weights.sum()


def _due(world: World, item: np.ndarray, sent: np.ndarray) -> np.ndarray:
    limits = [world.words["urban_cases"]["limits"][one["limit"]] for one in world.words["urban_cases"]["items"]]
    days = np.array([limit.get("days", 0) for limit in limits])[item]
    hours = np.array([limit.get("hours", 0) for limit in limits])[item]
    return world.calendar.add(sent, days) + hours * np.timedelta64(3600, "s")


def _part_way(start: np.ndarray, end: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """Return the whole minute at `share` of the way."""
    return start + ((end - start).astype("int64") * share // 60 * 60).astype("timedelta64[s]")


def _closed(rng: np.random.Generator, sent: np.ndarray, due: np.ndarray, deferred: np.ndarray) -> np.ndarray:
    """Most cases close within their limit, a few some days later, deferred ones after weeks."""
    size = len(sent)
    within = _part_way(sent, due, rng.beta(2, 1.6, size))
    over = due + minutes(rng, 60, 600, size) + rng.geometric(0.42, size) * DAY
    closed = np.where(rng.random(size) < 0.045, over, within)
    return np.where(deferred, due + rng.integers(20, 70, size) * DAY + minutes(rng, 0, 600, size), closed)

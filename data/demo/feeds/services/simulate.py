"""Simulates the service halls and the supervised documents: a day -> what was taken in that day, with all that will happen to it.

What an office knew at a moment is `known_at`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from data.demo.dice import dice, draw, minutes
from data.demo.world import BLANK, World

HOURS = np.array([0, 0, 0, 0, 0, 0, 0, 0, 14, 20, 18, 10, 1, 12, 16, 14, 6, 0, 0, 0, 0, 0, 0, 0], dtype=float)
BY_DEFAULT = 0
COUNTER, BY_MACHINE = 0, 3


def simulate_items(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per item accepted on a working day, none on others; positions stand for names, NaT for what never comes."""
    words, rng = world.words["services"], dice(seed, "services_items", day)
    years = (day - date(2013, 1, 1)).days / 365.25
    size = int(rng.poisson((64 + 4 * years) * (1.15 if day.weekday() == 0 else 1.0))) if world.calendar.hold(day) else 0
    item = draw(rng, {one["item"]: one["weight"] for one in words["items"]}, size)
    heard = np.datetime64(day, "s") + rng.choice(24, size, p=HOURS / HOURS.sum()) * np.timedelta64(3600, "s") + minutes(rng, 0, 60, size)
    heard = np.sort(heard)
    channel = draw(rng, {"窗口": 0.36 - 0.07 * years, "网上": 0.36 + 0.03 * years, "移动": 0.12 + 0.04 * years, "自助": 0.16}, size)
    hall = np.where(np.isin(channel, (COUNTER, BY_MACHINE)), np.array([one["hall"] for one in words["items"]])[item], BLANK)
    waits = channel == COUNTER
    usual = np.array(words["waiting_minutes"], dtype=float)[hall] * (1.25 if day.weekday() == 0 else 1.0)
    waited = np.round(rng.gamma(2.2, usual / 2.2, size)).astype(int) * np.timedelta64(60, "s")
    called = heard + waited
    accepted = np.where(waits, called + minutes(rng, 1, 6, size), heard)
    promise = np.array([one["promise"] for one in words["items"]])[item]
    never = np.datetime64("NaT")
    return pd.DataFrame({
        "item_no": int(f"{day:%Y%m%d}") * 10_000 + np.arange(1, size + 1), "item": item, "channel": channel, "hall": hall,
        "ticket_at": np.where(waits, heard, never), "called_at": np.where(waits, called, never), "accepted_at": accepted,
        "promise": promise, "due_at": _due(world, accepted, promise), "closed_at": _closed(world, rng, accepted, promise),
        "rejected": rng.random(size) < 0.012, "rating": draw(rng, words["ratings"], size),
    })  # fmt: skip


def _due(world: World, accepted: np.ndarray, promise: np.ndarray) -> np.ndarray:
    """What is done on the spot is due in the last hour of its day."""
    last_hour = accepted.astype("datetime64[D]").astype("datetime64[s]") + np.timedelta64(23 * 3600, "s")
    past = accepted - accepted.astype("datetime64[h]")
    return np.where(promise == 0, last_hour + past, world.calendar.add(accepted, promise))


def _closed(world: World, rng: np.random.Generator, accepted: np.ndarray, promise: np.ndarray) -> np.ndarray:
    size = len(accepted)
    worked = np.floor(rng.beta(1.5, 1.8, size) * promise).astype(int)
    worked = np.where(rng.random(size) < 0.009, promise + rng.geometric(0.5, size), worked)
    opens = accepted.astype("datetime64[D]").astype("datetime64[s]")
    later = world.calendar.add(opens, worked) + minutes(rng, 8 * 60 + 30, 17 * 60, size)
    return np.where(worked > 0, later, accepted + minutes(rng, 4, 45, size))


def simulate_documents(world: World, seed: int, days: Sequence[date]) -> pd.DataFrame:
    """Return one row per document put under supervision on these days: assigned_at, due_at and done_at are days."""
    drawn = [_documents_of(world, seed, day) for day in days]
    return pd.DataFrame({name: np.concatenate([one[name] for one in drawn]) for name in drawn[0]})


@lru_cache(maxsize=4096)  # the register of each week tells all earlier days again
def _documents_of(world: World, seed: int, day: date) -> dict[str, np.ndarray]:
    words, rng = world.words["services"], dice(seed, "services_documents", day)
    size = int(rng.poisson(0.5)) if world.calendar.hold(day) else 0
    assigned = np.full(size, np.datetime64(day, "s"))
    allowed = rng.integers(7, 31, size)
    taken = np.where(rng.random(size) < 0.04, allowed + rng.integers(1, 25, size), np.ceil(allowed * rng.beta(4, 2, size)).astype(int))
    return {
        "document": int(f"{day:%Y%m%d}") * 100 + np.arange(1, size + 1), "matter": rng.integers(0, len(words["matters"]), size),
        "bureau": rng.integers(0, len(words["bureaus"]), size), "assigned_at": assigned,
        "due_at": assigned + allowed * np.timedelta64(86400, "s"), "done_at": assigned + taken * np.timedelta64(86400, "s"),
    }  # fmt: skip


def known_at(moment: date, records: pd.DataFrame, opened: str, closed: str) -> pd.DataFrame:
    """Return what was opened before `moment`, as not yet closed where that happened at or after it."""
    at = np.datetime64(moment, "s")
    known = records[records[opened] < at].copy()
    known.loc[~(known[closed] < at).to_numpy(), closed] = pd.NaT
    return known

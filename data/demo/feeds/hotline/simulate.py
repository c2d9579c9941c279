"""Simulates the hotline: a day -> the orders received that day, with everything that will ever happen to them.

Times are clean and whole minutes; what a department knew at a moment is `known_orders`. It knows nothing of files.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from data.demo.dice import dice, draw, minutes
from data.demo.world import BLANK, World

HEATING = "供热"
OFFICE = "街道办事处"
HOURS = np.array([4, 3, 2, 2, 2, 4, 10, 22, 48, 60, 62, 54, 36, 46, 58, 60, 54, 44, 36, 32, 28, 22, 14, 8], dtype=float)
WEEK = (1.12, 1.06, 1.05, 1.04, 1.0, 0.8, 0.74)
LEARNT = {
    "sent_at": ["limit_days"],
    "acknowledged_at": [],
    "closed_at": ["result", "rework_count"],
    "called_back_at": ["satisfaction", "resolved"],
}


@lru_cache(maxsize=4)
def handlers(world: World) -> list[str]:
    """Return the names of all handlers; the offices of the streets come last, in their order."""
    named = {name for theme in world.words["hotline"]["themes"] for name in theme["handlers"] if name != OFFICE}
    return [*sorted(named), *(f"{world.names[street]}办事处" for street in world.streets)]


def simulate_orders(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per order and handler, in the order of their arrival."""
    rng = dice(seed, "hotline", day)
    themes = [theme["theme"] for theme in world.words["hotline"]["themes"]]
    counts = rng.poisson(world.intensity("hotline", day, themes, _level(world, day)))
    theme, street = (np.repeat(place.ravel(), counts.ravel()) for place in np.indices(counts.shape))
    size = len(theme)
    heard = np.datetime64(day, "s") + rng.choice(24, size, p=HOURS / HOURS.sum()) * np.timedelta64(3600, "s")
    heard = heard + minutes(rng, 0, 60, size)
    turn = np.argsort(heard, kind="stable")
    heard, theme, street = heard[turn], theme[turn], street[turn]
    vague = rng.random(size) < 0.05
    lost = rng.random(size) < 0.005
    orders = {
        "order": int(f"{day:%Y%m%d}") * 100_000 + np.arange(1, size + 1),
        "received_at": np.where(vague, heard.astype("datetime64[h]"), heard),
        "theme": theme,
        "street": np.where(lost, BLANK, street),
        "community": np.where(lost, BLANK, world.place_people(rng, street, 0.29)),
        "channel": draw(rng, world.words["hotline"]["channels"], size),
        "request_type": draw(rng, world.words["hotline"]["request_types"], size),
        "pick": rng.integers(0, 1_000_000, size),
        "repeated": (rng.random(size) < 0.04).astype(int),
        "sent_at": heard + minutes(rng, 5, 90, size),
        "limit_days": _table(world, "limits")[theme, rng.integers(0, 6, size)],
        "vague": vague,
        "area": street,
    }
    fate = rng.random(size)
    parts = np.where(fate < 0.01, 3, np.where(fate < 0.09, 2, 1))
    parts = np.minimum(parts, np.array([len(one["handlers"]) for one in world.words["hotline"]["themes"]])[theme])
    rows = {name: np.repeat(values, parts) for name, values in orders.items()}
    rows["part"] = np.arange(len(rows["order"])) - np.repeat(np.cumsum(parts) - parts, parts)
    return pd.DataFrame(rows | _handled(world, day, rng, rows))


def known_orders(orders: pd.DataFrame, moment: np.datetime64) -> pd.DataFrame:
    """Return the orders received before `moment`, without anything that happened at or after it."""
    known = orders[orders["received_at"] < moment].copy()
    for column, others in LEARNT.items():
        ahead = ~(known[column] < moment).to_numpy()
        known.loc[ahead, column] = pd.NaT
        known.loc[ahead, others] = BLANK
    return known


def _level(world: World, day: date) -> np.ndarray:
    """Return the expected orders of a day by theme: trend, week, holidays and season."""
    years = (day - date(2013, 1, 1)).days / 365.25
    total = 98 + 21 * years
    total *= 0.6 if day in world.calendar.holidays else WEEK[day.weekday()]
    month = day.month - 1
    weights = np.array([theme["weight"] * theme.get("monthly", [1] * 12)[month] for theme in world.words["hotline"]["themes"]])
    others = sum(theme["weight"] for theme in world.words["hotline"]["themes"] if theme["theme"] != HEATING)
    return total * weights / others


@lru_cache(maxsize=4)
def _table(world: World, name: str) -> np.ndarray:
    """Return the limits or the handlers of every theme as six columns, repeated in turn; -1: the street's office."""
    lists = [theme[name] for theme in world.words["hotline"]["themes"]]
    if name == "handlers":
        lists = [[BLANK if one == OFFICE else handlers(world).index(one) for one in able] for able in lists]
    return np.array([[one[place % len(one)] for place in range(6)] for one in lists])


def _handled(world: World, day: date, rng: np.random.Generator, rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Let each handler acknowledge and close its part, and the centre call back."""
    size, sent, limit = len(rows["order"]), rows["sent_at"], rows["limit_days"]
    handler = _table(world, "handlers")[rows["theme"], (rows["pick"] + rows["part"]) % 6]
    late = rng.random(size) < _share(world, day, rows, "late", 0.02)
    worked = np.where(late, limit + rng.geometric(0.45, size), np.floor(rng.beta(1.6, 1.6, size) * limit).astype(int))
    worked = np.where(rng.random(size) < 0.002, limit + 20, worked)
    later = world.calendar.add(_midnight(sent), worked) + minutes(rng, 8 * 60 + 30, 17 * 60, size)
    closed = np.where(worked > 0, later, sent + minutes(rng, 20, 200, size))
    called = world.calendar.add(_midnight(closed), rng.integers(1, 4, size)) + minutes(rng, 9 * 60, 17 * 60, size)
    return {
        "handler": np.where(handler == BLANK, len(handlers(world)) - len(world.streets) + rows["area"], handler),
        "acknowledged_at": sent + minutes(rng, 8, 300, size),
        "closed_at": closed,
        "result": rng.integers(0, len(world.words["hotline"]["results"]), size),
        "rework_count": rng.choice([0, 1, 2], size, p=[0.97, 0.025, 0.005]),
        "called_back_at": np.where(rng.random(size) < 0.85, called, np.datetime64("NaT")),
        "satisfaction": draw(rng, world.words["hotline"]["satisfactions"], size),
        "resolved": (rng.random(size) >= _share(world, day, rows, "unresolved", 0.09)).astype(int),
    }


def _midnight(moments: np.ndarray) -> np.ndarray:
    return moments.astype("datetime64[D]").astype("datetime64[s]")


def _share(world: World, day: date, rows: dict[str, np.ndarray], effect: str, usual: float) -> np.ndarray:
    """Return the chance of each row to be closed after its limit, or to be left unresolved, with what is happening on top."""
    themes = [theme["theme"] for theme in world.words["hotline"]["themes"]]
    share = np.full(len(rows["order"]), usual)
    for one in world.happening("hotline", day):
        theirs = rows["theme"] == themes.index(one.theme) if one.theme else True
        here = rows["area"] == world.streets.index(one.area) if one.area in world.streets else True
        share += one.of_day(effect, day, 0) * (theirs & here)
    return share

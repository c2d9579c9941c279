"""Simulates the district's economy: what a month came to, who opened and closed a business, how full its office buildings are."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.world import World

SMALLEST = {"亿元": 100, "万元": 1, "万千瓦时": 1, "万美元": 1}
"""The last digit printed, in 万."""
OPENED = date(2013, 1, 1)


def unit_of(figure: dict[str, dict[int, str]], year: int) -> str:
    """Return the unit in which a figure is published in a year."""
    return figure["unit"][max(since for since in figure["unit"] if since <= max(year, OPENED.year))]


def bulletin(world: World, seed: int, first: date, last: date) -> pd.DataFrame:
    """Return what the bulletin of the months from `first` to `last` says, a row per figure.

    Columns: month_end, figure (position), unit, month_amount, to_date and last_year in 万, growth (%); NaN: not published.
    """
    rows = []
    for place, figure in enumerate(world.words["economy"]["figures"]):
        told = not figure.get("quarterly") or last.month % 3 == 0
        months = [_amount(world, seed, place, last.year, month) for month in range(1, last.month + 1)]
        before = sum(_amount(world, seed, place, last.year - 1, month) for month in range(1, last.month + 1))
        revised = before * (1 + 0.01 * float(dice(seed, f"economy_base_{place}", date(last.year, 1, 1)).normal()))
        unit = unit_of(figure, last.year)
        month = np.nan if figure.get("quarterly") else sum(months[first.month - 1 :])
        rows.append({
            "month_end": np.datetime64(last, "s"), "figure": place, "unit": unit, "month_amount": _printed(month, unit),
            "to_date": _printed(sum(months), unit) if told else np.nan, "last_year": _printed(revised, unit) if told else np.nan,
            "growth": round(100 * (sum(months) / revised / 1.012 - 1), 1) if told else np.nan,
        })  # fmt: skip
    return pd.DataFrame(rows)


def is_slight(amount: float, unit: str) -> bool:
    """Say whether an amount is less than half of the last digit printed."""
    return amount < SMALLEST[unit] / 2


def _printed(amount: float, unit: str) -> float:
    return amount if np.isnan(amount) or is_slight(amount, unit) else float(round(amount / SMALLEST[unit]) * SMALLEST[unit])


@lru_cache(maxsize=4096)
def _amount(world: World, seed: int, place: int, year: int, month: int) -> float:
    words = world.words["economy"]
    figure = words["figures"][place]
    trend = (1 + figure["yearly"]) ** (year - 2013 + (month - 1) / 12)
    noise = float(dice(seed, f"economy_{place}", date(year, month, 1)).normal())
    return float(figure["level"] * trend * words["months"][month - 1] * np.exp(0.03 * noise))


def subjects(world: World, seed: int, first: date) -> pd.DataFrame:
    """Return the market subjects of a month, a row per street: reported_month, street (position), new_count, closed_count, standing."""
    new, closed = _subjects_of(world, seed, first)
    standing = np.round(world.words["economy"]["subjects"]["standing"] * world.street_share).astype(int)
    month = OPENED
    while month <= first:
        opened, ended = _subjects_of(world, seed, month)
        standing = standing + opened - ended
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return pd.DataFrame({
        "reported_month": np.full(len(new), np.datetime64(first, "s")), "street": np.arange(len(new)), "new_count": new,
        "closed_count": closed, "standing": standing,
    })  # fmt: skip


@lru_cache(maxsize=256)
def _subjects_of(world: World, seed: int, first: date) -> tuple[np.ndarray, np.ndarray]:
    words, rng = world.words["economy"]["subjects"], dice(seed, "economy_subjects", first)
    years = first.year - 2013 + first.month / 12
    return (
        rng.poisson(words["new"] * (1 + 0.07 * years) * words["months"][first.month - 1] * world.street_share),
        rng.poisson(words["closed"] * world.street_share),
    )


def offices(world: World, seed: int, last: date) -> pd.DataFrame:
    """Return the office buildings at the end of a quarter.

    Columns: quarter_end, building and street (positions), office_space and vacant_space (万㎡), tax (万元).
    """
    words, codes = world.words["economy"]["buildings"], world.places["building"]
    rng, own = dice(seed, "economy_offices", last), dice(seed, "economy_offices", OPENED).normal(size=len(codes))
    space = np.array(words["space"])
    share = np.clip(words["vacancy"] + 0.05 * own + 0.008 * (last.year - 2013) + rng.normal(0, 0.012, len(codes)), 0.02, 0.6)
    return pd.DataFrame({
        "quarter_end": np.full(len(codes), np.datetime64(last, "s")), "building": np.arange(len(codes)),
        "street": [world.streets.index(world.parents[code]) for code in codes], "office_space": space,
        "vacant_space": np.round(space * share, 2), "tax": np.round(space * (1 - share) * rng.uniform(260, 420, len(codes)), 2),
    })  # fmt: skip

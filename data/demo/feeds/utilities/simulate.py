"""Simulates the utilities: a day -> one row for the district, and in the heating season one per street and company."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.world import World

SUMMER = range(4, 11)
SMALLER_SHARE = 0.3


def simulate_works(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row with what every utility but heating reports of the district."""
    rng, words, month = dice(seed, "utilities", day), world.words["utilities"], day.month - 1
    years = (day - date(2013, 1, 1)).days / 365.25
    checks, lamps, waste = (int(count * (1 + 0.02 * years)) for count in _stock(words))
    cut_off = int(rng.poisson(words["outage"]["households"])) if rng.random() < words["outage"]["days"] else 0
    hours = round(float(rng.gamma(2, words["power_cut"]["hours"] / 2)), 1) if rng.random() < words["power_cut"]["days"] else 0.0
    row = {
        "day": np.datetime64(day, "s"),
        "supply": int(words["supply"][month] * rng.normal(1, 0.02) * 100),
        "pressure_checks": checks,
        "pressure_ok": int(rng.binomial(checks, words["pressure"]["ok"])),
        "outage_households": cut_off,
        "peak_load": round(words["load"][month] * float(rng.normal(1, 0.03)), 2),
        "outage_hours": hours,
        "customers": words["customers"] + 14 * (day - date(2013, 1, 1)).days,
        "gas": round(words["gas"][month] * float(rng.normal(1, 0.04)), 2),
        "leaks": int(rng.poisson(words["leaks"])),
        "flooded": int(rng.poisson(words["flooded"])) if 5 <= day.month <= 9 else 0,
        "lamps": lamps,
        "lamps_on": int(rng.binomial(lamps, words["lamps"]["on"])),
        "waste": waste,
        "waste_cleared": int(rng.binomial(waste, words["waste"]["cleared"])),
    }
    for one in world.happening("utilities", day):
        row |= {name: int(one.of_day(name, day, 0)) for name in ("outage_households", "flooded") if name in one.effect}
    return pd.DataFrame([row])


def simulate_heating(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per street and company; none from April to October."""
    if day.month in SUMMER:
        return pd.DataFrame()
    rng, words = dice(seed, "heating", day), world.words["utilities"]
    rates, usual = words["heating"], np.mean(world.street_share)
    rows = []
    for street, companies in enumerate(words["companies"]):
        share, ok, rooms = world.street_share[street] / usual, _ok(world, day, street, rng), _rooms(world, day, street)
        for place, company in enumerate(companies):
            part = 1 if len(companies) == 1 else (1 - SMALLER_SHARE, SMALLER_SHARE)[place]
            measured = rooms or int(rates["rooms"] * share * part * rng.uniform(0.9, 1.1)) + 20
            rows.append({
                "day": np.datetime64(day, "s"), "company": company, "street": street,
                "households": int(rates["households"] * share * part / 10) * 10,
                "measured": measured, "warm": min(round(measured * ok), measured),
                "complaints": int(rng.poisson(rates["complaints"] * part * (1 + 40 * max(rates["ok"] - ok, 0)))),
            })  # fmt: skip
    return pd.DataFrame(rows).sort_values(["company", "street"], ignore_index=True)


def _stock(words: dict[str, dict[str, int]]) -> tuple[int, int, int]:
    return words["pressure"]["checks"], words["lamps"]["count"], words["waste"]["points"]


def _ok(world: World, day: date, street: int, rng: np.random.Generator) -> float:
    """Return the share of the rooms of a street that are warm enough: what an incident there says, else one of the district."""
    usual = float(np.clip(rng.normal(world.words["utilities"]["heating"]["ok"], 0.008), 0.9, 1))
    told = {one.area: one.of_day("warm", day, usual) for one in world.happening("utilities", day) if "warm" in one.effect}
    if world.streets[street] in told:
        return told[world.streets[street]]
    return float(np.clip(told[world.root] + rng.normal(0, 0.006), 0, 1)) if world.root in told else usual


def _rooms(world: World, day: date, street: int) -> int:
    """Return how many rooms an incident let them measure in a street, or 0."""
    return next((int(one.of_day("rooms", day, 0)) for one in world.happening("utilities", day) if one.area == world.streets[street]), 0)

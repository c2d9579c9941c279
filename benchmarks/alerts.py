"""Play a thousand rules over thirteen areas and five years of days, and one day more of all of them, each in seconds beside its guide.

Levels are drawn: nine days in ten are normal, and a worse level lasts some days. Every rule has its own line, confirmation and keep.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.turns import Row
from data.settings import Settings
from indicators.alerts import Evidence, Observed, Standing, Terms, run, step
from indicators.directory import load
from indicators.observing import Laid, observe
from indicators.rule import Rule

ROOT = Path(__file__).resolve().parents[1]
RULES, AREAS, DAYS = 1000, 13, 5 * 365 + 1
BACKTEST_S, STEP_S = 10.0, 1.0  # guides
_SEED, _LASTS = 20160307, 4


def measure(rules: int = RULES, areas: int = AREAS, days: int = DAYS) -> list[Row]:
    """Return a row of the backtest and one of a live step."""
    catalogue = load(Settings(ROOT, ROOT / "var")).catalogue
    names = [name for name, one in catalogue.definitions.items() if one.spec.cadence == "day" and "street" in one.spec.grain]
    laid = _laid(names, areas, days)
    made = [_rule(number, names[number % len(names)]) for number in range(rules)]
    began = time.perf_counter()
    seen = [observe(rule, catalogue, laid) for rule in made]
    evidence, level, breaches = (np.concatenate([getattr(one, name) for one in seen], axis=1) for name in ("evidence", "level", "breaches"))
    each = [rule.terms(one.level.shape[1]) for rule, one in zip(made, seen, strict=True)]
    terms = Terms(*(np.concatenate([getattr(one, name) for one in each]) for name in Terms.__slots__))
    periods = [(start, Observed(evidence[at], level[at], breaches[at], breaches[at])) for at, start in enumerate(laid.starts)]
    standing, told = run(terms, Standing.new(evidence.shape[1]), periods)
    backtest_s = time.perf_counter() - began
    began = time.perf_counter()
    step(terms, standing, periods[-1][1], laid.starts[-1] + timedelta(days=1))
    step_s = time.perf_counter() - began
    size = {"rules": rules, "areas": areas, "days": days}
    return [
        {"what": "backtest", **size, "transitions": len(told), "seconds": round(backtest_s, 2), "most_s": BACKTEST_S},
        {"what": "live step", **size, "seconds": round(step_s, 4), "most_s": STEP_S},
    ]


def _laid(names: list[str], areas: int, days: int) -> Laid:
    rng = np.random.default_rng(_SEED)
    keys = pd.DataFrame(
        [(name, "street", f"A{area}") for name in names for area in range(areas)], columns=["indicator", "entity_kind", "entity"]
    )
    shape = (days, len(keys))
    begins = rng.random(shape) < 0.1 / _LASTS
    drawn = np.where(begins, rng.integers(1, 5, shape), 0)
    rank = np.maximum.reduce([np.roll(drawn, back, axis=0) for back in range(_LASTS)])
    seen = np.where(rng.random(shape) < 0.02, int(Evidence.NONE), int(Evidence.SEEN))
    starts = [datetime(2011, 3, 7) + timedelta(days=day) for day in range(days)]
    return Laid("day", keys, starts, rank, seen, {}, {})


def _rule(number: int, name: str) -> Rule:
    levels = ("blue", "yellow", "orange", "red")
    return Rule.model_validate({
        "rule": f"r{number}", "name": {"zh": "规"}, "indicators": [name], "kinds": ["street"], "grain": "day", "version": 1,
        "least": levels[number % 4], "least_watch": levels[number % 4], "confirm": 1 + number % 3, "keep": number % 5,
        "cases": [{"says": {"zh": "例"}, "series": "n", "states": "."}],
    })  # fmt: skip

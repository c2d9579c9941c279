"""Score thirteen units on all signs of the demonstration's index over three years of days, and draw one day a thousand times.

The yardstick is what a spreadsheet would do in pandas: the weighted mean of the same points, without hierarchy, cap, coverage or rank.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from benchmarks.turns import Row
from data.settings import Settings
from indicators.definition import Catalogue
from indicators.directory import City, load
from indicators.evaluation.inputs import NUMBERS, Inputs
from indicators.evaluation.scheme import Scheme, Uncertainty
from indicators.evaluation.scores import epochs, points_of, score_frame
from indicators.evaluation.uncertainty import drawn_scores

ROOT = Path(__file__).resolve().parents[1]
UNITS, DAYS, RUNS = 13, 3 * 365, 1000
SCORED_S, DRAWN_S = 5.0, 10.0  # guides
_SEED = 20160307
Result = TypeVar("Result")


def measure(days: int = DAYS, runs: int = RUNS, units: int = UNITS) -> list[Row]:
    """Return a row of scoring and one of drawing, each in seconds beside its guide."""
    city = load(Settings(ROOT, ROOT / "var"))
    baseline = city.reference.city.baseline
    scheme = _scheme(city, runs)
    inputs = _inputs(scheme, city.catalogue, days, units)
    scored_s, frame = _timed(lambda: score_frame(scheme, inputs, epochs(scheme, inputs, city.catalogue, baseline)))
    found = epochs(scheme, inputs, city.catalogue, baseline)
    points = points_of(inputs, city.catalogue, baseline, np.arange(days), "anchors")
    long = pd.DataFrame({
        "day": np.repeat(np.arange(days), units * len(inputs.indicators)),
        "unit": np.tile(np.repeat(np.arange(units), len(inputs.indicators)), days),
        "points": points.ravel(), "weight": 1.0,
    })  # fmt: skip
    bare_s, _ = _timed(lambda: _weighted(long))
    assert scheme.uncertainty
    terms = scheme.uncertainty
    drawn_s, drawn = _timed(lambda: drawn_scores(scheme, inputs, found[-1], len(found[-1].places) - 1, city.catalogue, baseline, terms))
    what = f"{units} units x {len(inputs.indicators)} signs"
    return [
        {"what": f"score {what} x {days:,} days", "guide_s": SCORED_S, "ours_s": round(scored_s, 2), "bare_s": round(bare_s, 2),
         "time_ratio": round(scored_s / bare_s, 2), "rows": len(frame)},
        {"what": f"{runs:,} Monte Carlo runs of {what}", "guide_s": DRAWN_S, "ours_s": round(drawn_s, 2), "scores": int(drawn.size)},
    ]  # fmt: skip


def _scheme(city: City, runs: int) -> Scheme:
    """Return the demonstration's largest scheme, as if it scored several units, with every choice open."""
    largest = max(city.schemes.values(), key=lambda one: len(one.signs))
    return largest.model_copy(update={"uncertainty": Uncertainty(runs=runs, seed=_SEED)})


def _inputs(scheme: Scheme, catalogue: Catalogue, days: int, units: int) -> Inputs:
    """Return figures around the lines of each sign, one in twenty missing."""
    dice = np.random.default_rng(_SEED)
    shape = (days, units, len(scheme.signs))
    numbers = {name: np.full(shape, np.nan) for name in NUMBERS}
    for column, name in enumerate(scheme.signs):
        posts = catalogue.definitions[name].spec.goalposts
        low, high = (posts.low, posts.high) if posts else (0.0, 100.0)
        numbers["value"][..., column] = dice.uniform(low, high, shape[:2])
    numbers["n"] = dice.integers(30, 3000, shape).astype(float)
    numbers["denominator"], numbers["numerator"] = numbers["n"], np.floor(numbers["n"] * dice.uniform(0, 1, shape))
    numbers["distance"] = np.abs(dice.normal(0, 1, shape))
    for name in ("value", "distance"):
        numbers[name][dice.random(shape) < 0.05] = np.nan
    starts = tuple(datetime(2013, 1, 1) + timedelta(days=day) for day in range(days))
    level = np.where(dice.random(shape) < 0.01, "red", "normal").astype(object)
    names = tuple(f"u{unit}" for unit in range(units))
    return Inputs(scheme.signs, starts, names, numbers, np.ones(shape, dtype=bool), level, np.ones(shape))


def _weighted(long: pd.DataFrame) -> pd.Series[float]:
    """Return the weighted mean of each unit and day."""
    known = long.dropna(subset="points")
    total = known.assign(brings=known["points"] * known["weight"]).groupby(["day", "unit"])[["brings", "weight"]].sum()
    return total["brings"] / total["weight"]


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result

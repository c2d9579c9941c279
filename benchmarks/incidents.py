"""How many planted incidents of the demonstration are told in time, and how quiet it is otherwise, on seeds that nobody tuned on.

`python -m benchmarks.incidents [--seeds N]`. An incident counts where a sign of its feed, in its area or the whole city, lies at least four
scale units from what is usual within its first two days; it is told where a rule has an alert up on such a sign by then.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.turns import Row
from data import alerted, readings
from data.demo import write_demo
from data.demo.world import Incident, load_world
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.directory import City, load
from indicators.refresh import refresh

ROOT = Path(__file__).resolve().parents[1]
SEEDS = range(7001, 7021)
LEAST, PERIODS = 4.0, 2  # scale units, and days in which an incident must be told
TOLD, USUAL, BUSY = 0.95, 3, 8  # the guides: share told, new alerts on the median day without an incident and on the 95th of a hundred
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """One seed: how many incidents were large enough and how many of them were told, and the new alerts of each quiet day."""

    seed: int
    incidents: int
    told: int
    missed: tuple[str, ...]
    quiet: tuple[int, ...]


def measure(seeds: Iterable[int] = SEEDS, start: date = date(2013, 1, 1)) -> Iterator[Row]:
    """Yield a row for each seed and one for all of them."""
    found = []
    for seed in seeds:
        found.append(of_seed(seed, start))
        yield _row(f"incidents, seed {seed}", found[-1:])
    yield _row(f"incidents, {len(found)} seeds", found)


def of_seed(seed: int, start: date) -> Found:
    """Build the demonstration with a seed, refresh it, and hold its alerts against what was planted."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(ROOT, Path(folder))
        write_demo(settings, seed=seed, start=start)
        snapshot = refresh(settings, datetime.now(UTC)).snapshot
        city = load(settings)
        planted = [one for one in load_world(settings).incidents if one.span[0] > start + 120 * DAY]
        alerts = alerted.alerts(settings, snapshot)
        alerts = alerts[alerts["fired_at"].notna() & (alerts["entity_kind"] != "feed")]
        large = [(one, beyond) for one in planted if (beyond := _beyond(settings, snapshot, city, one))]
        missed = [one.incident for one, beyond in large if not _is_told(alerts, one, beyond)]
        return Found(seed, len(large), len(large) - len(missed), tuple(missed), _quiet(alerts, planted, start, snapshot))


def _beyond(settings: Settings, snapshot: Snapshot, city: City, one: Incident) -> set[tuple[str, str]]:
    """Return the signs (indicator, entity) that lie far enough from what is usual in the first days of an incident."""
    begins = datetime.combine(one.span[0], datetime.min.time())
    names = [name for name in city.catalogue.definitions if one.feed in city.catalogue.feeds_of(name)]
    entities = [one.area, city.reference.root.entity]
    signs = readings.signs(settings, snapshot, indicator=names, entity=entities, grain="day", start=begins, end=begins + PERIODS * DAY)
    scale = (signs["baseline_high"] - signs["baseline_low"]) / 2 / city.reference.city.baseline.blue
    size = (signs["value"] - signs["baseline"]).abs() / scale.where(scale > 0)
    large = signs[size >= LEAST]
    return set(zip(large["indicator"], large["entity"], strict=True))


def _is_told(alerts: pd.DataFrame, one: Incident, beyond: set[tuple[str, str]]) -> bool:
    begins = datetime.combine(one.span[0], datetime.min.time())
    mine = alerts[[key in beyond for key in zip(alerts["indicator"], alerts["entity"], strict=True)]]
    up = (mine["fired_at"] < begins + PERIODS * DAY) & (mine["resolved_at"].isna() | (mine["resolved_at"] > begins))
    return bool(up.any())


def _quiet(alerts: pd.DataFrame, planted: list[Incident], start: date, snapshot: Snapshot) -> tuple[int, ...]:
    """Return how many alerts were raised on each day that no incident touches; the first months only teach."""
    days = pd.date_range(start + 120 * DAY, snapshot.as_of.date() - DAY)
    touched = {day for one in planted for day in pd.date_range(one.span[0], one.span[1] + PERIODS * DAY)}
    counts = alerts["fired_at"].dt.normalize().value_counts()
    return tuple(int(counts.get(day, 0)) for day in days if day not in touched)


def _row(name: str, found: list[Found]) -> Row:
    quiet = np.concatenate([one.quiet for one in found])
    incidents, told = sum(one.incidents for one in found), sum(one.told for one in found)
    return {
        "what": name, "incidents": incidents, "told": told, "told_share": round(told / incidents, 4) if incidents else None, "least": TOLD,
        "missed": sorted({name for one in found for name in one.missed}), "median_day": float(np.median(quiet)), "most_median": USUAL,
        "busy_day": float(np.quantile(quiet, 0.95, method="closest_observation")), "most_busy": BUSY,
    }  # fmt: skip


def main() -> None:
    """Print a row for each seed and one for all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=len(SEEDS))
    for row in measure(SEEDS[: options.parse_args().seeds]):
        print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

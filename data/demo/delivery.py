"""Writes the demonstration: files and manifests into the inbox, and beside them the truth about both.

It reads no clock but the stop-watch of the summary. What was learnt so far is kept in `demo/`, so that one more day
can be added without writing the earlier ones again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, groupby
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from data.demo.drops import Batch, Lesson, as_row, write_batch, write_manifests
from data.demo.feeds import FEEDS
from data.demo.parcels import GO_LIVE, Parcel, clock_after
from data.demo.periods import DAY
from data.demo.quotients import quotient_signs
from data.demo.truth import feed_signs, latest
from data.demo.world import load_world
from data.register import load_reference
from data.settings import Settings

DAYS_IN_A_BATCH = 12


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was written, and how long it took."""

    drops: int
    rows: int
    seconds: float


def write_demo(settings: Settings, *, seed: int = 2016, until: date = date(2016, 3, 6), start: date = date(2013, 1, 1)) -> DemoSummary:
    """Write every drop that has arrived by the morning after `until`, with truth.json beside the inbox.

    The same arguments write the same bytes. The platform went live on 2016-01-07: `start <= then <= until`.
    """
    if not start < GO_LIVE <= until:
        msg = f"start {start} before {GO_LIVE}, until {until} not before it"
        raise ValueError(msg)
    return _write(settings, seed, start, until, None)


def write_next_day(settings: Settings, *, seed: int = 2016) -> DemoSummary:
    """Write what arrives in the 24 hours after the demonstration written last; truth.json moves on a day."""
    before = json.loads(_truth_file(settings).read_text(encoding="utf-8"))
    if before["seed"] != seed:
        msg = f"the demonstration was written with seed {before['seed']}, not {seed}"
        raise ValueError(msg)
    start, until = (date.fromisoformat(before[name]) for name in ("start", "until"))
    return _write(settings, seed, start, until + DAY, before)


def _write(settings: Settings, seed: int, start: date, until: date, before: dict[str, object] | None) -> DemoSummary:
    began = time.perf_counter()
    world = load_world(settings)
    planned = [parcel for feed in FEEDS for parcel in feed.plan(world, start, until) if parcel.arrived <= clock_after(until)]
    if before:
        planned = [parcel for parcel in planned if parcel.arrived > clock_after(until - DAY)]
    # Two processes: a batch is written, and a feed's truth worked out, apart from all others.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        written = list(chain.from_iterable(pool.map(partial(write_batch, world, seed, start, settings.inbox), _batches(planned))))
        written.sort(key=lambda pair: (pair[0].arrived_at, pair[0].feed))
        known = _learn(settings, written, more=before is not None)
        tell = partial(feed_signs, world, load_reference(settings), start, until)
        signs = list(chain.from_iterable(pool.map(tell, known, known.values())))
    signs += list(quotient_signs(signs))
    drops = [drop for drop, _ in written]
    write_manifests(settings.inbox, drops, more=before is not None)
    earlier = before["drops"] if before else []
    assert isinstance(earlier, list)
    truth = {
        "seed": seed, "start": str(start), "until": str(until), "drops": [*earlier, *map(as_row, drops)], "signs": signs,
    }  # fmt: skip
    _truth_file(settings).write_text(_json(truth), encoding="utf-8")
    return DemoSummary(len(drops), sum(drop.rows for drop in drops), round(time.perf_counter() - began, 1))


def _batches(planned: Sequence[Parcel]) -> Iterator[Batch]:
    """Group the parcels of a feed that share a simulated span: a month of history, or some days in a row."""

    def span(parcel: Parcel) -> tuple[str, int, date]:
        place = -1 if parcel.is_history else (parcel.first - GO_LIVE).days // DAYS_IN_A_BATCH
        return parcel.feed, place, parcel.first if parcel.is_history else GO_LIVE

    ordered = sorted(planned, key=lambda parcel: (span(parcel), parcel.first, parcel.arrived))
    for (feed, _, _), group in groupby(ordered, key=span):
        yield Batch(feed, tuple(group))


def _learn(settings: Settings, written: list[Lesson], *, more: bool) -> dict[str, dict[str, pd.DataFrame]]:
    """Return the records of each feed, by table, as known after the last drop, and keep them for the next day."""
    folder = settings.var_dir / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, dict[str, pd.DataFrame]] = {feed.feed: {} for feed in FEEDS}
    for feed in FEEDS:
        for name, table in feed.tables.items():
            file = folder / f"{feed.feed}.{name}.parquet"
            earlier = [pd.read_parquet(file)] if more else []
            frames = [learnt[name] for drop, learnt in written if drop.feed == feed.feed and name in learnt]
            known[feed.feed][name] = latest(table, [*earlier, *frames])
            known[feed.feed][name].to_parquet(file)
    return known


def _truth_file(settings: Settings) -> Path:
    return settings.var_dir / "truth.json"


def _json(truth: dict[str, object]) -> str:
    """Write one drop or sign per line."""

    def told(value: object) -> str:
        if not isinstance(value, list):
            return json.dumps(value)
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n]"

    return "{" + ",\n".join(f"{json.dumps(name)}: {told(value)}" for name, value in truth.items()) + "}\n"

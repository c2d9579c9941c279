"""Writes parcels as files into the inbox and says what a reader must find in each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.dirt import Soiled
from data.demo.parcels import DAY, FEEDS, Parcel
from data.demo.simulate_air import GASES, simulate_air
from data.demo.simulate_cases import known_cases, simulate_cases
from data.demo.simulate_orders import LEARNT, known_orders, simulate_orders
from data.demo.truth import FACTS, KEYS
from data.demo.world import World
from data.demo.write_air import air_sheet
from data.demo.write_cases import case_sheet
from data.demo.write_orders import order_sheet

LONGEST = timedelta(days=95)
"""No order or case changes later than this after it was opened."""
SIMULATE = {"hotline": simulate_orders, "urban_cases": simulate_cases, "environment": simulate_air}
TITLE = "沈阳市和平区12345政务服务便民热线工单明细"


@dataclass(slots=True)
class Drop:
    """What the ledger must say of one file."""

    feed: str
    file: str
    sha256: str
    arrived_at: str
    state: str
    reason: str = ""
    rows: int = 0
    accepted: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Parcels of one feed that are written together, over one simulated span."""

    feed: str
    parcels: tuple[Parcel, ...]


def write_batch(world: World, seed: int, start: date, inbox: Path, batch: Batch) -> list[tuple[Drop, pd.DataFrame]]:
    """Write the files of a batch; return each drop with the records that it teaches."""
    first, last = batch.parcels[0].first, max(parcel.last for parcel in batch.parcels)
    if batch.feed != "environment" and not batch.parcels[0].is_history:
        first = max(start, first - LONGEST)
    days = [first + DAY * place for place in range((last - first).days + 1)]
    records = pd.concat([SIMULATE[batch.feed](world, seed, day) for day in days], ignore_index=True)
    folder = inbox / batch.feed
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(world, seed, folder, parcel, records) for parcel in batch.parcels]


def write_manifests(inbox: Path, drops: Sequence[Drop], *, more: bool) -> None:
    """Write when each file arrived, one line per file; with `more`, after those already there."""
    for feed in FEEDS:
        lines = [{"file": drop.file, "arrived_at": drop.arrived_at} for drop in drops if drop.feed == feed]
        with (inbox / feed / "manifest.jsonl").open("a" if more else "w", encoding="utf-8") as manifest:
            manifest.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _write(world: World, seed: int, folder: Path, parcel: Parcel, records: pd.DataFrame) -> tuple[Drop, pd.DataFrame]:
    known, content, soiled = _compose(world, seed, parcel, records)
    drop = Drop(parcel.feed, parcel.file, "", f"{parcel.arrived.isoformat()}+08:00", "taken")
    match parcel.fate:
        case "broken":
            content = content[: len(content) * 6 // 10]
            drop.state, drop.reason = "refused", "CORRUPT"
        case "empty":
            content = b""
            drop.state, drop.reason = "refused", "EMPTY"
        case "again":
            drop.state = "duplicate"
        case _:
            drop.rows, drop.skipped = len(soiled.rows), soiled.skipped
            drop.quarantined = dict(sorted(soiled.quarantined.items()))
            drop.accepted = drop.rows - drop.skipped - soiled.quarantined.total()
    drop.sha256 = hashlib.sha256(content).hexdigest()
    (folder / parcel.file).write_bytes(content)
    learnt = known[soiled.accepted] if drop.state == "taken" else known[:0]
    return drop, learnt[KEYS[parcel.feed] + FACTS[parcel.feed]]


def _compose(world: World, seed: int, parcel: Parcel, records: pd.DataFrame) -> tuple[pd.DataFrame, bytes, Soiled]:
    """Choose the records of a parcel and render them; return what was learnt, the bytes and the counts."""
    rng = dice(seed, f"{parcel.feed}_{parcel.known}_{parcel.hour}", parcel.first)
    if parcel.feed == "environment":
        return _compose_air(world, parcel, records, rng)
    compose = _compose_cases if parcel.feed == "urban_cases" else _compose_orders
    return compose(world, parcel, records, rng)


def _compose_orders(world: World, parcel: Parcel, records: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, bytes, Soiled]:
    """Send the orders of the span and, whole, the earlier ones to which something happened in it."""
    known = known_orders(records, np.datetime64(parcel.known, "s"))
    first = np.datetime64(parcel.first, "s")
    happened = (known[["received_at", *LEARNT]] >= first).any(axis=1)
    known = known[known["order"].isin(known.loc[happened, "order"])]
    new = (known["received_at"] >= first).to_numpy()
    day = "" if parcel.is_history else f"{parcel.first.day}日"
    title = f"{TITLE}({parcel.first.year}年{parcel.first.month}月{day})"
    content, soiled = order_sheet(world, known, new, parcel.first, title, rng)
    return _with_due(world, known), content, soiled


def _compose_cases(world: World, parcel: Parcel, records: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, bytes, Soiled]:
    """Send the cases opened in the span, all that are still open, and those closed in it.

    Faults fall on new or open cases only: a quarantined closing would leave its case open for ever.
    """
    known = known_cases(records, np.datetime64(parcel.known, "s"))
    first = np.datetime64(parcel.first, "s")
    new, is_open = (known["opened_at"] >= first).to_numpy(), known["closed_at"].isna().to_numpy()
    sent = new | is_open | (known["closed_at"] >= first).to_numpy()
    content, soiled = case_sheet(world, known[sent], (new | is_open)[sent], rng)
    return known[sent], content, soiled


def _compose_air(world: World, parcel: Parcel, records: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, bytes, Soiled]:
    """Send the hours of the span; what a flagged instrument showed is no reading."""
    low, high = np.datetime64(parcel.first, "s"), np.datetime64(parcel.last + DAY, "s")
    if parcel.hour is not None:
        high = low + np.timedelta64(parcel.hour * 3600, "s")
        low = high - np.timedelta64(3600, "s")
    known = records[(records["hour"] >= low) & (records["hour"] < high)]
    content, soiled = air_sheet(world, known, rng)
    flagged = (known["status"] != 0).to_numpy()
    return known.assign(**{name: known[name].mask(flagged) for name in GASES}), content, soiled


def _with_due(world: World, orders: pd.DataFrame) -> pd.DataFrame:
    """Add the moment by which each order was to be closed."""
    sent = orders["sent_at"].to_numpy()
    known = ~np.isnat(sent)
    due = np.full(len(orders), np.datetime64("NaT"), dtype="datetime64[s]")
    due[known] = world.calendar.add(sent[known], orders["limit_days"].to_numpy()[known])
    return orders.assign(due_at=due)


def as_row(drop: Drop) -> dict[str, object]:
    """Return a drop as it stands in truth.json."""
    return asdict(drop)

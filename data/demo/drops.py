"""Writes parcels as files into the inbox and says what a reader must find in each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from data.demo.feed import Feed, Written
from data.demo.feeds import FEEDS
from data.demo.parcels import Parcel
from data.demo.world import World


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


Lesson = tuple[Drop, dict[str, pd.DataFrame]]
"""A drop with the records that it teaches, by table."""


def write_batch(world: World, seed: int, start: date, inbox: Path, batch: Batch) -> list[Lesson]:
    """Write the files of a batch; return each drop with the records that it teaches."""
    feed = next(one for one in FEEDS if one.feed == batch.feed)
    folder = inbox / feed.feed
    folder.mkdir(parents=True, exist_ok=True)
    files = feed.write(world, seed, start, batch.parcels)
    return [_deliver(feed, folder, parcel, file) for parcel, file in zip(batch.parcels, files, strict=True)]


def write_manifests(inbox: Path, drops: Sequence[Drop], *, more: bool) -> None:
    """Write when each file arrived, one line per file; with `more`, after those already there."""
    for feed in FEEDS:
        lines = [{"file": drop.file, "arrived_at": drop.arrived_at} for drop in drops if drop.feed == feed.feed]
        folder = inbox / feed.feed
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "manifest.jsonl").open("a" if more else "w", encoding="utf-8") as manifest:
            manifest.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _deliver(feed: Feed, folder: Path, parcel: Parcel, file: Written) -> Lesson:
    """Let a file fare as it is fated."""
    content = file.content
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
        case _ if file.refused:
            drop.state, drop.reason = "refused", file.refused
        case _:
            drop.rows, drop.skipped = file.rows, file.skipped
            drop.quarantined = dict(sorted(file.quarantined.items()))
            drop.accepted = drop.rows - drop.skipped - file.quarantined.total()
    drop.sha256 = hashlib.sha256(content).hexdigest()
    (folder / parcel.file).write_bytes(content)
    taught = drop.state == "taken"
    return drop, {name: file.learnt[name][table.columns] for name, table in feed.tables.items() if taught and name in file.learnt}


def as_row(drop: Drop) -> dict[str, object]:
    """Return a drop as it stands in truth.json."""
    return asdict(drop)

"""Removes the bytes of drops that have been kept long enough. Hash, ledger, journal and records stay, and every figure with them.

A drop is purged once it has been taken in: its residue is kept first, then the journal says so, then the bytes go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from data import journal, residue, warehouse
from data.contract import Contract
from data.journal import Arrival
from data.register import Reference
from data.returns import refusal_path, return_path
from data.settings import Settings


@dataclass(frozen=True, slots=True)
class Purged:
    """What was removed, or would be: drops, files and their bytes. `shared` drops keep theirs, since a drop that stays has the same."""

    drops: tuple[str, ...]
    files: tuple[Path, ...]
    size: int
    shared: tuple[str, ...]


def due(reference: Reference, contracts: Mapping[str, Contract], as_of: datetime) -> dict[str, datetime]:
    """Return, by feed, before which arrival the retention of `city.yaml` lets bytes go; feeds without one are not there."""
    found = {}
    for feed, contract in contracts.items():
        days = reference.city.retention_days(feed, contract.grade)
        if days:
            found[feed] = first_moment((as_of - timedelta(days=days)).date(), reference)
    return found


def first_moment(day: date, reference: Reference) -> datetime:
    """Return when a day begins in the city."""
    return datetime.combine(day, time(), reference.city.zone)


def purge(settings: Settings, before: Mapping[str, datetime], now: datetime, by: str, *, dry_run: bool = False) -> Purged:
    """Remove what arrived before the moment given for its feed: bytes, return workbooks and notes of refusal.

    Raises NoSnapshotError before the first refresh and BusyError while one runs; what is not yet taken in stays.
    """
    with warehouse.only_refresh(settings), warehouse.look(settings) as con:
        known = {row[0] for row in con.execute('SELECT "drop" FROM ledger').fetchall()}
        arrivals = journal.arrivals(settings)
        old = [one for one in arrivals if one.drop in known and one.feed in before and one.arrived_at < before[one.feed]]
        old = [one for one in old if journal.archived(settings, one.sha256).is_file()]
        names = {one.drop for one in old}
        needed = {one.sha256 for one in arrivals if one.drop not in names}
        going = [one for one in old if one.sha256 not in needed]
        files = sorted({path for one in going for path in _files(settings, one) if path.is_file()})
        done = Purged(
            tuple(one.drop for one in going), tuple(files), sum(path.stat().st_size for path in files),
            tuple(one.drop for one in old if one.sha256 in needed),
        )  # fmt: skip
        if going and not dry_run:
            for one in going:
                residue.keep(con, settings, one.drop)
            journal.note_purge(settings, {feed: moment.isoformat() for feed, moment in before.items()}, done.drops, now, by)
            for path in files:
                path.unlink(missing_ok=True)
    return done


def _files(settings: Settings, arrival: Arrival) -> tuple[Path, ...]:
    feed, drop = arrival.feed, arrival.drop
    return journal.archived(settings, arrival.sha256), return_path(settings, feed, drop), refusal_path(settings, feed, drop)
